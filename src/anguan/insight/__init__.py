"""研判: analysis, dynamic scores, burden figures, statistics."""
