"""Calls: the rules and dates of one competition."""
