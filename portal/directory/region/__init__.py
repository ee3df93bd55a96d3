"""Regions and their official series."""
