"""The public dashboards: frozen rows of the releases, drawn by Dash inside the portal's own application."""
