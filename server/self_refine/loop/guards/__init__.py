"""Says what a rewrite may not do, whatever a critic thinks of it. May import `loop` and `text`."""
