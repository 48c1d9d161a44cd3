"""台账表格: the tables that bureaus keep in Excel: their columns, reading, checking, and empty templates. No Django."""
