"""How things end: agreements are closed or terminated, and a call whose agreements are all over is archived."""
