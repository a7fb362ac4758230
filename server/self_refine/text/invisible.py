"""Owns what cannot be seen: control, bidi, zero-width and filler characters; and plain forms.

A category is not enough: Hangul fillers count as letters, variation selectors as marks. Sources:
Unicode Technical Reports 36 and 39; the table `Default_Ignorable_Code_Point` of Unicode.
"""

import re
from collections.abc import Iterator
from functools import cache
from unicodedata import category

from self_refine.text.spans import Span

_HIDDEN = (
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # C0 and C1 but tab, LF and CR; ESC is among them
    "\xad\u034f\u061c"  # soft hyphen, grapheme joiner, Arabic letter mark
    "\u115f\u1160\u3164\uffa0"  # Hangul fillers
    "\u17b4\u17b5\u180b-\u180f"  # Khmer inherent vowels, Mongolian selectors
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, bidi, separators, invisible operators
    "\u2800"  # the blank pattern of Braille
    "\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff"  # variation selectors, byte order mark
    "\ud800-\udfff"  # halves of surrogate pairs: no text at all
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # shorthand and musical format controls
    "\U000e0000-\U000e0fff"  # tags, and the supplement of variation selectors
    "]"
)
_EMOJI_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f"

_JOINERS = "\u200c\u200d"
_PICTURES = (
    "[#*0-9\xa9\xae\u203c\u2049\u20e3\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff]"
)
# Arabic, Syriac, N'Ko, the Indic scripts, Thai to Myanmar, Khmer, Mongolian: letters that join.
_JOINING = (
    "[\u0600-\u08ff\u0900-\u0dff\u0e00-\u109f\u1780-\u18af\u1a20-\u1aaf\u1b00-\u1c4f"
    "\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff]"
)
_IDEOGRAPH = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when a text is first looked at: an editor that starts has none yet."""
    return re.compile(pattern)


def _is(kind: str, char: str) -> bool:
    return _compiled(kind).match(char) is not None


def invisible(text: str, *, strict: bool = False) -> tuple[Span, ...]:
    """The stretches of `text` that nobody can see, in order.

    Args:
        text: any text, also one with lone surrogates.
        strict: for criteria files: nothing is let through. Otherwise joiners and selectors pass
            where writing needs them: inside emoji, after letters of joining scripts, once after
            an ideograph.
    """
    spans: list[Span] = []
    for at in _found(text, strict=strict):
        if spans and spans[-1].end == at:
            spans[-1] = Span(spans[-1].start, at + 1)
        else:
            spans.append(Span(at, at + 1))
    return tuple(spans)


def escape(text: str) -> str:
    """The text for a terminal: what cannot be seen, or moves the cursor, reads as `<U+202E>`.

    Tabs and line ends stay, but for a carriage return without its line feed.
    """
    parts: list[str] = []
    at = 0
    for hidden in sorted({*_found(text, strict=False), *_returns(text)}):
        parts += (text[at:hidden], f"<U+{ord(text[hidden]):04X}>")
        at = hidden + 1
    return "".join([*parts, text[at:]])


def plain(text: str, most: int) -> str:
    """One line for a message: white space folded, nothing hidden, cut at a word with "…".

    Args:
        text: any words, such as a model's.
        most: code points of the result at the most.
    """
    # Nothing past this can be shown; a reply of megabytes is not to be escaped whole.
    line = escape(" ".join(text[: 8 * most + 64].split()))
    if len(line) <= most:
        return line
    cut = line[: max(0, most - 1)]
    space = cut.rfind(" ")
    return (cut[:space] if space > most // 2 else cut).rstrip() + "…"[:most]


def _returns(text: str) -> Iterator[int]:
    if "\r" in text:
        yield from (found.start() for found in re.finditer(r"\r(?!\n)", text))


def _found(text: str, *, strict: bool) -> Iterator[int]:
    if text.isascii() and text.isprintable():
        return
    flags = () if strict else _compiled(_EMOJI_FLAG).finditer(text)
    inside = {at for flag in flags for at in range(flag.start() + 1, flag.end())}
    for found in _compiled(_HIDDEN).finditer(text):
        at = found.start()
        if strict or not (at in inside or _is_needed(text, at)):
            yield at


def _is_needed(text: str, at: int) -> bool:
    """Whether writing needs this character here."""
    char = text[at]
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if char in _JOINERS:
        base = _base(text, at)
        if char == "\u200d" and _is(_PICTURES, base) and _is(_PICTURES, after):
            return True
        return _is(_JOINING, base)
    if "\ufe00" <= char <= "\ufe0f":
        return _is_selector_needed(char, before, after)
    if "\U000e0100" <= char <= "\U000e01ef":
        return _is(_IDEOGRAPH, before)
    return "\u180b" <= char <= "\u180f" and "\u1800" <= before <= "\u18af"


def _is_selector_needed(char: str, before: str, after: str) -> bool:
    """Whether the character before has a form that this selector chooses.

    Any other selector behind a picture or a digit changes nothing, and could carry hidden bits.
    """
    if _is(_IDEOGRAPH, before):
        return True
    if before.isascii() and _is(_PICTURES, before):  # a digit, # or *: part of a keycap alone
        return char == "\ufe0f" and after == "\u20e3"
    if _is(_PICTURES, before) and char in "\ufe0e\ufe0f":
        return True
    return before != "" and char == "\ufe00" and category(before) == "Sm"


def _base(text: str, at: int) -> str:
    """The character before `at` that marks, selectors and skin tones belong to; "" for none."""
    for back in range(at - 1, max(-1, at - 6), -1):
        char = text[back]
        if _is(_JOINING, char) or not (category(char)[0] == "M" or char in "🏻🏼🏽🏾🏿"):
            return char
    return ""
