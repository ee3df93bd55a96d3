"""Applications: a region's programme on its way through a call."""
