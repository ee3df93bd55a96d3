"""Amendments: the plan of an agreement in force is changed, for a reason, by both sides."""
