"""Agreements: what a winner promised, binding."""
