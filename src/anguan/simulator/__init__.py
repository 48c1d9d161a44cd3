"""Real frames over real sockets."""
