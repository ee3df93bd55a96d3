"""The catalogue of indicators and the directions of programmes."""
