"""模拟器: fire-alarm devices that send real frames over real sockets, and keep a journal of what was acknowledged."""
