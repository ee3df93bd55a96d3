"""The pages: each reads rows through the window and answers with a view, or None if there is no such page."""
