"""Reports: what a region achieved, quarter by quarter."""
