"""A run in the editor, from its start to the end of its review. May import all but `requests`."""
