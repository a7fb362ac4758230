"""Finds criteria files in a workspace and in the wheel. May import `criteria` and below."""
