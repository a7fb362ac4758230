"""Owns words from documents, models and criteria files as Markdown: they show as what they are.

Nothing in them is a heading, a link, an image, HTML or a command; nothing invisible stays so.
"""

import re

from self_refine.text.invisible import escape, plain

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~&@$]|:(?=//)|(?<=www)\.|^[#+=-]|(?<=^\d)[.)]", re.IGNORECASE)
"""What begins markup, a block at the start of a line, or a link that some viewers make of words."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_TICKS = re.compile(r"`+")


def words(text: str, most: int = 500) -> str:
    """One line of running text.

    Args:
        text: anything at all.
        most: code points of `text` that are shown.
    """
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", plain(text, most))


def code(text: str, most: int = 200) -> str:
    """One line in a code span."""
    shown = plain(text, most)
    ticks = "`" * (_longest(shown) + 1)
    beside = " " if shown.startswith("`") or shown.endswith("`") or not shown.strip() else ""
    return f"{ticks}{beside}{shown}{beside}{ticks}"


def cell(text: str, most: int = 200) -> str:
    """A code span in a table, where a bar would end the cell even inside a span."""
    return code(text, most).replace("|", "\\|")


def block(text: str, language: str = "text", most: int = 20_000) -> str:
    """Lines in a fence that nothing in them can end.

    Args:
        text: anything at all; its line ends become plain ones.
        language: an identifier of ours, never of a model.
        most: code points that are shown.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    cut = "" if len(lines) <= most else f"\n… {len(lines) - most:,} characters more"
    shown = _CONTROL.sub(lambda found: escape(found[0]), lines[:most].rstrip("\n"))
    fence = "`" * max(3, _longest(shown) + 1)
    return f"{fence}{language}\n{shown}{cut}\n{fence}"


def _longest(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)
