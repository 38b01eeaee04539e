"""The house rules as functions that return what breaks them, so that each can be shown to fail."""
