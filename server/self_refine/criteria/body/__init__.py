"""Reads the Markdown below front matter: questions, examples, and what is left out.

May import `criteria` and below.
"""
