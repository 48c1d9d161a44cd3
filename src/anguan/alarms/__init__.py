"""报警: devices, signals, incidents."""
