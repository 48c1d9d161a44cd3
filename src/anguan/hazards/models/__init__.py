"""隐患 and what is kept with it, a subject a file."""

from anguan.hazards.models.hazards import Hazard, Rectification, words_of

__all__ = ["Hazard", "Rectification", "words_of"]
