"""检查表: published item lists and checklists with clause."""
