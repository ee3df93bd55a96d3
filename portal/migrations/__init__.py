"""The database, step by step; made by `portal makemigration`, read by `portal migrate`."""
