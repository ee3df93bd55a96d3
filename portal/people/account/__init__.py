"""How a person comes in: signing in and out, passwords, sessions."""
