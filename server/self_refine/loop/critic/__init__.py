"""Asks the critic and decides what of its reply counts. May import `loop` and `text`."""
