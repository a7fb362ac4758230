"""Reads a critique in each form that models write. May import `loop` and `text`."""
