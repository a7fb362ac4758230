"""The workspace as a command sees it, with the candidate in its place. May import `tools`."""
