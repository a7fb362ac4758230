"""Names that stand in running words: addresses, templates, files, hosts, flags, calls.

Addresses and templates are found in the whole text; the others by looking at the token that a match
stands in, since few matches are to be judged and most tokens are plain words.
"""

import re
from collections.abc import Iterator

from self_refine.checks.markup.prose_map import Mark, Sort
from self_refine.text.spans import Span

_NOTHING = re.compile("")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}\Z")
_REST = re.compile(r"[^\s<>\"'`)]*+")
_MAILBOX = re.compile(r"[\w.+-]{1,64}\Z")
_HOST = re.compile(r"[\w-]{1,64}+(?:\.[\w-]{1,64}+){1,8}+")
_TEMPLATE = re.compile(
    r"\{\{(?:[^{}]|\{[^{}]{0,200}+\}){0,400}+\}\}|\{%[^%]{0,600}+%\}|\$\{[^{}\n]{0,300}+\}"
    r"|<%[^%]{0,600}+%>|\{[A-Za-z_][\w.:!-]{0,60}+\}|%\(\w{1,60}+\)[a-z]|%[A-Z_]{2,40}+%"
    r"|\$\([A-Za-z_]\w{0,60}+\)|\{[#/:@.!][^{}\n]{0,300}+\}"
)
_OBSIDIAN = re.compile(r"%%(?:[^%]|%(?!%)){0,2000}+%%")
_DIRECTIVE = re.compile(
    r"^[ \t]*+(?::{3,}[^\n]*+|(?:!!!|\?\?\?\+?+)[ \t]++[\w-]++|--8<--[^\n]*+)", re.MULTILINE
)
_VERSION = r"(?:v\d[\w.]*+|\d++(?:\.\d++)++)"
_LABEL_END = re.compile(r"\](?![(\[])")
_BEHIND_NAME = re.compile(
    rf"[ \t]++(?:--?[A-Za-z]|(?:(?:from|to)[ \t]++)?+{_VERSION}(?![\w%])(?![ \t]++\w++[ \t]++of\b))"
)
"""An option of a command, or a version."""
_COMPANY = re.compile(
    r"[™®]|,?[ \t\xa0]++(?:(?:Inc|LLC|LLP|Ltd|Limited|Corp|Corporation|Co|PLC|plc|GmbH|AG|KG|SE|SA"
    r"|S\.A|SARL|SAS|Srl|SpA|S\.p\.A|BV|B\.V|NV|N\.V|Oy|AB|ASA?|ApS|Pty|KK|Group|Holdings?"
    r"|Partners|Labs|Foundation|Institute|University|Conference)\b|& [A-Z])"
)
_MORE_NAMES = re.compile(r", [A-Z]\w+(?:[,.]| and | or )")
_WIDEST = 200
"""Code points of a token that are looked at on each side of a match."""
_OPENERS = "([{\"'“\u2018«„\u201a\u2039*_~>—\u2013…|¿¡「『\uff08【"
_CLOSERS = ".,;:!?)]}\"'”\u2019»\u203a*_~…—\u2013|」』\uff09】"
_SIGILS = "#$%\\&@^<=:/"


def addresses(text: str) -> Iterator[Mark]:
    """Web and mail addresses, found by the characters that each must have."""
    for at in _places_of("://", text):
        yield from _address(text, _SCHEME.search(text, max(0, at - 21), at), at, _REST)
    for at in _places_of("www.", text):
        yield from _address(text, _NOTHING.match(text, at), at, _REST)
    for at in _places_of("@", text):
        yield from _address(text, _MAILBOX.search(text, max(0, at - 64), at), at + 1, _HOST)


def _places_of(characters: str, text: str) -> Iterator[int]:
    at = text.find(characters)
    while at >= 0:
        yield at
        at = text.find(characters, at + len(characters))


def _address(
    text: str, first: re.Match[str] | None, at: int, rest: re.Pattern[str]
) -> Iterator[Mark]:
    last = rest.match(text, at)
    if first is not None and last is not None:
        words = text[first.start() : last.end()].rstrip(".,;:!?*_]")
        yield Mark(Span(first.start(), first.start() + len(words)), Sort.LINK)


def templates(text: str, *, markdown: bool) -> Iterator[Mark]:
    """What a program fills in or leaves out before anybody reads the text."""
    if "{" in text or "%" in text or "$(" in text:
        for found in _TEMPLATE.finditer(text):
            yield Mark(Span(*found.span()), Sort.TEMPLATE)
    if markdown and "%%" in text:
        for found in _OBSIDIAN.finditer(text):
            yield Mark(Span(*found.span()), Sort.COMMENT)
    if markdown and any(mark in text for mark in (":::", "!!!", "???", "--8<--")):
        for found in _DIRECTIVE.finditer(text):
            yield Mark(Span(*found.span()), Sort.MARKUP)


def is_name(text: str, span: Span) -> bool:
    """Whether the words at `span` are a part of a file's name, a flag, a call or the like.

    Judged by what stands directly before and behind them, up to the next white space, and by what
    makes the next word a version, an option, or the legal form of a company.
    """
    return (
        _names_before(_before(text, span.start))
        or _names_after(_after(text, span.end))
        or (
            text[span.start - 1 : span.start] == "["
            and _LABEL_END.match(text, span.end) is not None
        )
        or _BEHIND_NAME.match(text, span.end) is not None
        or _is_company(text, span)
    )


def _is_company(text: str, span: Span) -> bool:
    """Whether the words have a capital and "Inc.", "GmbH" or the like stands behind them."""
    if not span.of(text)[:1].isupper():
        return False
    before = text[max(0, span.start - 2) : span.start].rstrip()
    return _COMPANY.match(text, span.end) is not None or (
        before.endswith(":") and _MORE_NAMES.match(text, span.end) is not None
    )


def _before(text: str, at: int) -> str:
    words = text[max(0, at - _WIDEST) : at]
    if not words or words[-1].isspace():
        return ""
    return words.split()[-1]


def _after(text: str, at: int) -> str:
    words = text[at : at + _WIDEST]
    if not words or words[0].isspace():
        return ""
    return words.split(None, 1)[0]


def _names_before(token: str) -> bool:
    """Whether what stands before a word makes it a name: `--`, `./`, `self.`, `@`, `x=`."""
    if not token:
        return False
    if token.startswith("-") and set(token) <= {"-"}:
        return True
    bare = token.lstrip(_OPENERS)
    if token[-1] in _SIGILS and not (token[-1] == ":" and len(token) > 1 and token[-2] in "*_"):
        return True
    if token[-1] == "." and bare.rstrip(".") and bare[:1].isalnum():
        return True
    return "/" in bare or "\\" in bare or "@" in bare


def _names_after(token: str) -> bool:
    """Whether what stands behind a word makes it a name: `()`, `.py`, `/`, `=`, `:8080`."""
    if not token:
        return False
    if token.startswith("</"):  # the tag that ends an element round the words
        return _names_after(token.partition(">")[2])
    if token[0] in "(=/\\@[<$":
        return True
    if token[0] in ".:" and token[1:2].isalnum():
        return True
    if token.startswith(("::", "->", "=>")):
        return True
    return "/" in token.rstrip(_CLOSERS) and "://" not in token
