"""What a person should look at before a rewrite lands: what is new, and leads elsewhere or hides.

A text that the model read may have asked for it, and so may a fix of a criteria file: an image is
fetched as soon as a preview shows it, a link is clicked, and a comment says what nobody sees.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from self_refine.text.invisible import plain
from self_refine.text.markup_traces import Traces, is_markup, traces
from self_refine.text.segmenting.segments import is_prose

BROAD = "broad edit: it changes words that no finding is about"

_ACTIVE = frozenset({"a", "applet", "area", "audio", "base", "button", "embed", "form", "frame",
                     "iframe", "img", "input", "link", "math", "meta", "object", "script", "source",
                     "style", "svg", "track", "video"})  # fmt: skip
"""Tags that lead, fetch or run something, also where tags as such are nothing new."""
_NAME = re.compile(r"[a-z0-9-]+")


def held(new: str, known: Iterable[str], language: str) -> tuple[str, ...]:
    """Clauses that say what `new` has and none of `known` has; empty: nothing to look at.

    Args:
        new: the rewritten text.
        known: the texts that the user has seen: the original, the instruction.
        language: the editor's language id.
    """
    seen = [traces(text, language) for text in dict.fromkeys(known)]
    return tuple(_clauses(traces(new, language), _together(seen), language))


def _together(seen: Sequence[Traces]) -> Traces:
    """What several texts have; of hidden characters as many as the one that has most."""
    hidden: Counter[str] = Counter()
    for each in seen:
        hidden |= each.hidden
    return Traces(
        links=tuple(link for each in seen for link in each.links),
        images=tuple(image for each in seen for image in each.images),
        tags=tuple(tag for each in seen for tag in each.tags),
        comments=tuple(comment for each in seen for comment in each.comments),
        mixed=tuple(word for each in seen for word in each.mixed),
        hidden=hidden,
    )


def _clauses(now: Traces, seen: Traces, language: str) -> Iterator[str]:
    for url in _longest(_new(now.links, seen.links)):
        yield f"it adds the link {plain(url, 80)}"
    if _new(now.images, seen.images):
        yield "it adds an image"
    for tag in _new_tags(now, seen, language):
        yield f"it adds the HTML tag <{tag}>"
    if _new(now.comments, seen.comments) and (is_prose(language) or is_markup(language)):
        yield "it adds a comment that nobody sees"
    for word in _new(now.mixed, seen.mixed):
        yield f"it writes {plain(word, 40)!r} with letters of several alphabets"
    if hidden := now.hidden - seen.hidden:
        names = ", ".join(f"U+{ord(char):04X}" for char in sorted(hidden)[:5])
        yield f"it adds characters that nobody can see ({names})"


def _new_tags(now: Traces, seen: Traces, language: str) -> list[str]:
    """Names of tags; in code `<T>` is a type, and in markup another tag is no surprise."""
    alone = is_prose(language)
    names = (found[0] for tag in _new(now.tags, seen.tags) if (found := _name_of(tag)))
    return list(dict.fromkeys(name for name in names if alone or name in _ACTIVE))


def _name_of(tag: str) -> re.Match[str] | None:
    return _NAME.search(tag.lower())


def _new(found: tuple[str, ...], seen: tuple[str, ...]) -> list[str]:
    known = frozenset(seen)
    return [each for each in found if each not in known]


def _longest(links: list[str]) -> Iterator[str]:
    """Without those that are a part of another: one address is often found in two ways."""
    for link in links[:_MOST]:
        if not any(link != other and link in other for other in links[:_MOST]):
            yield link


_MOST = 20
"""Links that are named; one is enough for a person to look."""
