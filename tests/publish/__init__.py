"""The room that publishes."""
