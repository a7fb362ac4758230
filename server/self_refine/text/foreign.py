"""Words from outside: a type that no surface takes, and the one filter that makes words to show.

VS Code makes links of `[words](command:…)` in notifications and icons of `$(name)`; terminals obey
escape sequences; a hidden or bidi character makes a sentence read as another. What comes from an
endpoint, a model, a file's name or a repository is shown as what it is.
"""

import json
from typing import final

from self_refine.text.invisible import escape, invisible, plain

MOST = 1_000
"""Code points of a message: nobody reads more, and some editors show all of it."""
_MOST_WORDS = 200
"""Code points of one stranger's words inside a sentence of ours."""


@final
class Foreign:
    """Words of somebody else: an endpoint's error, the name of a model, what a client answers.

    It is no `str`, so that a type checker refuses it where words are shown. In an f-string it
    writes itself as one short, plain line; `raw` is for code that compares or sends it on.
    """

    __slots__ = ("raw",)

    def __init__(self, raw: str) -> None:
        self.raw = raw

    def __str__(self) -> str:
        return " ".join(inert(plain(self.raw, _MOST_WORDS), _MOST_WORDS).split())

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __repr__(self) -> str:
        return repr(str(self))

    def __bool__(self) -> bool:
        return bool(self.raw.strip())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Foreign) and other.raw == self.raw

    def __hash__(self) -> int:
        return hash(self.raw)


def inert(message: str, most: int = MOST) -> str:
    """A message that does nothing but say its words: no links, nothing hidden, cut where long.

    Args:
        message: a sentence of ours that may hold words from outside; line ends stay.
        most: code points of the result at the most.
    """
    # Nothing past this can be shown; megabytes are not to be escaped whole.
    words = escape(message[: 2 * most]).replace("\t", " ")
    # A blank ends the beginning of a link, or of an icon, and changes nothing for who reads it.
    words = words.replace("](", "] (").replace("$(", "$ (")
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def visible_json(value: object, indent: int | None = None) -> str:
    """JSON that reads the same, with every character that cannot be seen written as an escape."""
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    parts: list[str] = []
    at = 0
    for span in invisible(written, strict=True):
        # Line ends and blanks between values are no part of these.
        parts += (written[at : span.start], json.dumps(span.of(written))[1:-1])
        at = span.end
    return "".join([*parts, written[at:]])
