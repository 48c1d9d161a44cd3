"""党建结对: party pairing."""
