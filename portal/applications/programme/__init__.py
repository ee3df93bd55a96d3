"""Programmes: what a region promises, as typed and as read; no tables."""
