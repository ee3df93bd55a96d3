"""Letters: the outbox for staff, and in the demo the mailbox where they are read."""
