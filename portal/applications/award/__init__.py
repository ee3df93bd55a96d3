"""Awards: ranking, recommendation, approval, announcement."""
