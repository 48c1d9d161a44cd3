"""网关: the process that holds the sockets of fire-alarm devices and hands what they say to `alarms.intake`."""
