"""Reads the structure of texts: outlines, units, signatures. May import `checks` and `text`."""
