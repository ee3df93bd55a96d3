"""After the award: agreements, reports, releases."""
