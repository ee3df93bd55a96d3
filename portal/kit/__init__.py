"""Tools that have never heard of grants: each a thin layer over a well-kept library."""
