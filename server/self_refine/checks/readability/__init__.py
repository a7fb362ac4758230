"""How hard a text is to read, by formulas of its sentences and words. May import `text`."""
