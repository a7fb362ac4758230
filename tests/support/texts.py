"""Owns the texts that property tests are made of: what breaks texts, mixed with any character."""

from hypothesis import strategies as st

_PIECES = [
    "word", "Two", "ice-cream", "don\u2019t", "3.5", " ", "  ", "\t", "\n", "\r", "\r\n", "\n\n",
    ". ", "! ", "Mr. ", "\u2026", "- ", "1. ", "# ", "> ", "```\n", "| a | b |\n", "---\n", "===\n",
    "\u201cquoted\u201d ", "'", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\xa0", "\ufeff",
    "\u0301", "e\u0301", "\xe9", "\U0001f44d\U0001f3fd", "\u200d", "\ufe0f",
    "\U0001f1e9\U0001f1ea", "\ud83d",
    "\ude00", "\u4e2d\u6587\u3002", "\u0645\u06cc\u200c", "\x00", "\x1b[31m", "\u202e", "\u3164",
]  # fmt: skip

TEXTS = st.lists(st.sampled_from(_PIECES) | st.characters(), max_size=25).map("".join)
"""Any code points, lone surrogates among them."""

VERSIONS = st.tuples(TEXTS, TEXTS) | st.tuples(TEXTS, TEXTS, TEXTS, TEXTS).map(
    lambda parts: (parts[0] + parts[1] + parts[2], parts[0] + parts[3] + parts[2])
)
"""Two texts, which share much or nothing."""
