"""Asks the writer and turns its reply into a text. May import `loop` and `text`."""
