"""The process that holds device sockets."""
