"""The home page, and what waits for me."""
