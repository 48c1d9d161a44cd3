"""案件: penalty cases."""
