"""Persons, organisations, roles, sign-in."""
