"""The portal of programmes for families: from a call to a public number."""

__version__ = "0.1.0"
