"""URLconf, API root, the desk, public pages and every page that combines rooms."""
