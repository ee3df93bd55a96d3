"""Reviews: marks that nobody else sees."""
