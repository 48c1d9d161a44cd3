"""风险: risk points and methods."""
