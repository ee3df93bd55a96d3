"""The commands of `portal …`, each file a few that belong together."""
