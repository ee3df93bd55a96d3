"""How people come in: invitations by letter, and requests for registration that wait for approval."""
