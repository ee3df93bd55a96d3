"""Releases: accepted figures made public."""
