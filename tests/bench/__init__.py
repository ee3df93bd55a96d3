"""What answers cost: processor time and queries, as multiples of a bare answer and of one row."""
