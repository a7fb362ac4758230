"""Packs that teams share, and `self-refine.toml`, which names them. Fetches and imports nothing.

May import `criteria` and below.
"""
