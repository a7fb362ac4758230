"""Owns halves of characters: an editor that counts in UTF-16 may send one, and the other later.

Together they are one character, and must be one in the mirror: else every offset behind is wrong.
"""

from self_refine.text.spans import Edit, Span


def is_half(character: str) -> bool:
    """Whether it is one of two code units that make a character in UTF-16."""
    return "\ud800" <= character <= "\udfff"


def whole(text: str) -> str:
    """The text with pairs of halves made into characters, as UTF-16 has them anyway."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text


def with_whole_pairs(edit: Edit, before: str, after: str) -> tuple[Edit, str, str]:
    """The same edit where it puts two halves together: it replaces the halves by the character."""
    span, text = edit.span, edit.text
    if is_half(before[-1:]):
        span, text, before = Span(span.start - 1, span.end), before[-1] + text, before[:-1]
    if is_half(after[:1]):
        span, text, after = Span(span.start, span.end + 1), text + after[0], after[1:]
    return Edit(span, whole(text)), before, after
