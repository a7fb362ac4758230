r"""What of a text leads elsewhere, is hidden, or is markup, in whatever form it is written.

Links count as what a renderer would make of them, not as what a grammar calls one: browsers take
`https:x`, `/\x` and `&#106;avascript:` for addresses, file managers `\\host\share`, and readers
take `paypal` with a Cyrillic `a` for a name that they know. So texts are compared after entities
are decoded, and letters that look alike are one. Sources: WHATWG URL (4.4),
CommonMark (6.3 to 6.6), UTS 39.

Every search here goes through a text once: tokens are split off by one pass and looked at with
methods of `str`, and what follows a mark is cut after a fixed length.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from unicodedata import normalize

from self_refine.text.invisible import invisible
from self_refine.text.segmenting.segments import is_prose

_LONGEST = 300
"""Code points that are kept of a link or a tag: enough to tell two of them apart."""

_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d"
    "\u043a\u043c\u043d\u0442\u0432\u0433"  # Cyrillic
    "\u03bf\u03b1\u03bd\u03c1\u03c4\u03b9\u03ba\u03c5\u03b7\u03c7\u03b3"  # Greek
    "\u0585\u0578\u057d\u0581\u0570"  # Armenian
    "\u0251\u0131\u0261"  # Latin
    "\u3002\u2044\u2215\u29f8\u2236\ua789\u2216\u29f5",  # full stop, slashes, colons, backslashes
    "aeopcyxijshdqwkmhtbroavptikunxyonughaig.///::\\\\",
)
"""Letters and marks that look like those of ASCII, in lower case; a choice from UTS 39's table."""

_FOREIGN = frozenset(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d"
    "\u03bf\u03b1\u03bd\u03c1\u03c4\u03b9\u03ba"
    "\u0585\u0578\u057d"
    "\u0410\u0415\u041e\u0420\u0421\u0423\u0425\u0406\u0408\u0405\u0412\u041d\u041a\u041c\u0422"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
)
"""Letters of other alphabets that pass for Latin ones inside a Latin word."""

_TOKEN = re.compile(r"[^\s<>\"'`()\[\]{}|,;]+")
_WORD = re.compile(r"[^\W\d_]+")
_SCHEME = re.compile(
    r"(?<![a-z0-9])(?:https?|ftps?|wss?|mailto|javascript|vbscript|data|file|blob|command|vscode"
    r"|tel|sms|magnet|ssh|git|smb|ms-[a-z]{1,12}):(?=[^\s:])"
)
_SCHEME_IN_CODE = re.compile(r"(?<![a-z0-9])(?:javascript|vbscript):(?=\S)")
_SHARE = re.compile(r"\\\\[\w.?-]{1,100}\\\w")
_HOST = re.compile(r"[/\\]{2}[\w.?-]")
_DOMAIN = re.compile(
    r"(?:^|(?<=[/@.]))[\w-]{1,63}\.(?:com|net|org|io|dev|app|ai|co|info|biz|ru|cn|tk|top|xyz|online"
    r"|site|shop|click|link|live|uk|de|fr|test|example|onion|zip|mov)(?=[/:?#]|$)"
)
_TAG = re.compile(r"<[a-zA-Z][a-zA-Z0-9-]{0,30}(?:[\s/>]|$)")
_AUTOLINK = re.compile(r"<[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>]")
_MARKUP = frozenset({"astro", "handlebars", "html", "php", "razor", "svelte", "vue", "xml"})
_TRAILING = ".,;:!?*_)"

_TARGETS = (("](", ") \n\t"), ("]: ", " \n\t"), ("][", "]\n"), ("[[", "]\n"))
"""Marks of Markdown, Org and wikis, and what ends the target behind each."""

_COMMANDS = re.compile(
    r"(?:\\href|\\url|\\includegraphics|\\input|#link|#image)\b[^\n})]{0,120}"
    r"|\b(?:image|link|include|xref)::?(?=[^\s:])[^\s\[]{1,120}"
    r"|^[ \t]{0,40}\.\. (?:image|figure|raw|include)::[^\n]{0,120}",
    re.MULTILINE,
)
_IMAGES = ("\\includegraphics", "#image", "image:", ".. image", ".. figure")


@dataclass(frozen=True, slots=True)
class Traces:
    """What was found, each in the order of the text."""

    links: tuple[str, ...]
    images: tuple[str, ...]
    tags: tuple[str, ...]
    """Whole tags of HTML, without what is beyond 300 characters."""
    comments: tuple[str, ...]
    mixed: tuple[str, ...]
    """Words whose letters come from several alphabets and look like one."""
    hidden: Counter[str]
    """Characters that nobody can see."""


def is_markup(language: str) -> bool:
    """Whether tags as such are what a language is made of."""
    return language.lower() in _MARKUP


def traces(text: str, language: str) -> Traces:
    """Look through a text.

    Args:
        text: any text.
        language: an editor's language id; in code `//` begins comments and `<T>` is a type.
    """
    prose = is_prose(language)
    written = prose or is_markup(language)
    flat = normalize("NFKC", unescape(text))
    plain = _without_hidden(flat)
    links, images = _targets(plain)
    tags, comments, autolinks = _html(plain)
    found = [*_bare(plain, prose=written), *(links if prose else ()), *autolinks]
    commands = [m[0].strip() for m in _COMMANDS.finditer(plain)] if prose else []
    return Traces(
        links=_each_once([*found, *(c for c in commands if not c.startswith(_IMAGES))]),
        images=_each_once([*images, *(c for c in commands if c.startswith(_IMAGES))]),
        tags=_each_once(tags),
        comments=_each_once(comments),
        mixed=_each_once(_mixed(plain)),
        hidden=Counter("".join(span.of(text) for span in invisible(text)))
        + Counter("".join(span.of(flat) for span in invisible(flat))),
    )


def _without_hidden(text: str) -> str:
    parts, at = [], 0
    for span in invisible(text):
        parts.append(text[at : span.start])
        at = span.end
    return "".join([*parts, text[at:]])


def _bare(text: str, *, prose: bool) -> Iterator[str]:
    """Addresses that a renderer finds without any mark round them."""
    for token in _TOKEN.finditer(text):
        word = token[0].strip("*_~").rstrip(_TRAILING)
        if len(word) > 2 and _is_address(word.lower().translate(_ALIKE), prose=prose):
            yield word[:_LONGEST]


def _is_address(word: str, *, prose: bool) -> bool:
    if "://" in word or word.startswith("www."):
        return True
    if not prose:
        share = _SHARE.match(word) is not None or word.count("\\\\") > 2
        return share or _SCHEME_IN_CODE.search(word) is not None
    if ":" in word and _SCHEME.search(word):
        return True
    if _HOST.match(word) or word.startswith(("/\\", "\\/")):
        return True
    name, at, host = word.partition("@")
    return _DOMAIN.search(word) is not None or bool(name and at and "." in host.strip("."))


def _targets(text: str) -> tuple[list[str], list[str]]:
    """What marks of Markdown and its like lead to: links, and images."""
    links: list[str] = []
    images: list[str] = []
    for mark, ends in _TARGETS:
        at = text.find(mark)
        while at >= 0:
            start = at + len(mark)
            target = _until(text[start : start + _LONGEST].lstrip(" <"), ends)
            if target:
                (images if _is_image(text, at) else links).append(target)
            at = text.find(mark, start + len(target))
    return links, images


def _until(words: str, ends: str) -> str:
    """Up to the first of `ends` that is outside round brackets."""
    depth = 0
    for at, char in enumerate(words):
        if char in ends and not (char == ")" and depth):
            return words[:at].rstrip(">")
        depth += (char == "(") - (char == ")")
    return words


def _is_image(text: str, at: int) -> bool:
    """Whether the brackets that end at `at`, or begin there, are those of an image."""
    if text.startswith("[[", at):
        return text[at - 1 : at] == "!"
    opened = text.rfind("[", max(0, at - _LONGEST), at)
    return opened > 0 and text[opened - 1] == "!"


def _html(text: str) -> tuple[list[str], list[str], list[str]]:
    """Tags, comments, and links in angles; also such as nothing closes."""
    tags: list[str] = []
    comments: list[str] = []
    links: list[str] = []
    at = text.find("<")
    while at >= 0:
        piece = text[at : at + _LONGEST]
        if piece.startswith(("<!", "<?")):
            comments.append(piece.partition(">")[0])
        elif _AUTOLINK.match(piece) or piece.partition(">")[2].startswith("`_"):
            links.append(piece[1:].partition(">")[0])
        elif _TAG.match(piece):
            tags.append(" ".join(piece.partition(">")[0].split()))
        at = text.find("<", at + 1)
    return tags, comments, links


def _mixed(text: str) -> Iterator[str]:
    if text.isascii():
        return
    for found in _WORD.finditer(text):
        word = found[0]
        mixed = not _FOREIGN.isdisjoint(word) and any(char.isascii() for char in word)
        if mixed and len(word) > 3:
            yield word[:_LONGEST]


def _each_once(found: list[str] | Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
