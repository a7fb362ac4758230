"""Finds phrases and patterns in a text. May import `text`, and re2 in `patterns` alone."""
