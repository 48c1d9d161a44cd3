"""Django settings; imported by no room."""
