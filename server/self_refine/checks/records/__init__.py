"""Structured texts as values that know where they stand. May import `text` and `loop.types`."""
