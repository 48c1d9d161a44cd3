"""Base templates, tags, components, tokens and panel slots; knows no room."""
