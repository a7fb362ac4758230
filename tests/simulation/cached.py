"""Owns the segments of a text, cut once: critic, writer and both loops ask for the same ones."""

from functools import lru_cache

from self_refine.text.segmenting import segments as cutting


@lru_cache(maxsize=256)
def segments(text, language):
    """As `text.segments.segments`."""
    return cutting.segments(text, language)
