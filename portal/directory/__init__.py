"""Reference data: regions and indicators."""
