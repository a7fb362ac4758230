"""The one filter for words that are shown as plain text and may come from outside.

VS Code makes links of `[words](command:…)` in notifications; terminals obey escape sequences; a
hidden or bidi character makes a sentence read as another. What comes from an endpoint, a model, a
file's name or a repository is shown as what it is.
"""

from self_refine.text.invisible import escape

MOST = 1_000
"""Code points of a message: nobody reads more, and some editors show all of it."""


def inert(message: str, most: int = MOST) -> str:
    """A message that does nothing but say its words: no links, nothing hidden, cut where long.

    Args:
        message: a sentence of ours that may hold words from outside; line ends stay.
        most: code points of the result at the most.
    """
    # Nothing past this can be shown; megabytes are not to be escaped whole.
    words = escape(message[: 2 * most]).replace("\t", " ")
    # A blank ends a link's beginning, and changes nothing for who reads it.
    words = words.replace("](", "] (")
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
