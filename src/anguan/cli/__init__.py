"""The `anguan` command."""
