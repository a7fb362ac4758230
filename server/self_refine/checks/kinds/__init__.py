"""One module per kind of check. May import `checks`, `loop` and `text`."""
