"""Starts one command, bounds it, and ends its whole process tree. May import `tools`."""
