"""隐患: the closed loop from finding to closure."""
