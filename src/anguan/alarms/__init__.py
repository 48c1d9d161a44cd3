"""报警: devices, signals, incidents and what becomes of them."""
