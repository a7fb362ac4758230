"""Markdown: its map, its outline. May import the rest of `markup` but its readers, and `search`."""
