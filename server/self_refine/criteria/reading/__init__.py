"""Reads one criteria file into criteria, checks and problems. May import `criteria` and below."""
