"""维保: maintenance, patrols, impairments."""
