"""机构与人员: organs, entrustments, departments, users, roles, officers, experts."""
