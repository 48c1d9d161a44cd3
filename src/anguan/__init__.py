"""安关 Anguan: the gate of safety moves forward, from the accident to the hazard, from the hazard to the risk."""
