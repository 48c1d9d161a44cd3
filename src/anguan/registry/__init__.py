"""底账: enterprises, complexes and tenants, buildings, sites, key units."""
