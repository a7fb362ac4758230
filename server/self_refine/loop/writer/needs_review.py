"""Owns what a person should look at before a rewrite lands: links, images, HTML that are new.

Text that a model read may have asked for them; an image is fetched as soon as a preview shows it.
"""

import re
from collections.abc import Iterable, Iterator

from self_refine.loop.writer.protected import URL
from self_refine.text.invisible import plain
from self_refine.text.segmenting.segments import is_prose

BROAD = "broad edit: it changes words that no finding is about"

_BARE = re.compile(r"\bwww\.[^\s<>\"'`()\[\]{}]+(?<![.,;:!?*_])", re.IGNORECASE)
_TARGET = re.compile(
    r"(?:\]\(\s*<?|\]:\s*<?|(?:href|src)\s*=\s*[\"']?)"
    r"((?://|(?:javascript|vbscript|data|command|file|mailto):)"
    r"(?:\([^()\s]*\)|[^\s\"'<>()])*)",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"!\[[^\]\n]*\][(\[]|<img\b", re.IGNORECASE)
_TAG = re.compile(r"<([a-z][a-z0-9-]{0,30})(?=[\s/>])[^<>]*>", re.IGNORECASE)

_MARKUP = frozenset({"astro", "handlebars", "html", "php", "razor", "svelte", "vue", "xml"})
_ACTIVE = frozenset({"audio", "embed", "form", "iframe", "img", "link", "meta", "object", "script",
                     "svg", "video"})  # fmt: skip
"""Tags that fetch or run something, also where tags as such are nothing new."""


def held(new: str, known: Iterable[str], language: str) -> tuple[str, ...]:
    """Clauses that say what `new` has and none of `known` has; empty: nothing to look at.

    Args:
        new: the rewritten text.
        known: the texts that the user has seen: the original, the instruction.
        language: the editor's language id.
    """
    seen = "\n".join(known)
    return tuple(_new_links(new, seen)) + tuple(_new_markup(new, seen, language))


def _new_links(new: str, seen: str) -> Iterator[str]:
    for url in _each_new(_links(new), _links(seen)):
        yield f"it adds the link {plain(url, 80)}"


def _new_markup(new: str, seen: str, language: str) -> Iterator[str]:
    if len(_IMAGE.findall(new)) > len(_IMAGE.findall(seen)):
        yield "it adds an image"
    markup = language.lower() in _MARKUP
    if not markup and not is_prose(language):
        return  # `List<String>` is no HTML
    for tag in _each_new(_tags(new), _tags(seen)):
        if not markup or tag in _ACTIVE:
            yield f"it adds the HTML tag <{tag}>"


def _links(text: str) -> list[str]:
    return [*URL.findall(text), *_BARE.findall(text), *_TARGET.findall(text)]


def _tags(text: str) -> list[str]:
    return [name.lower() for name in _TAG.findall(text)]


def _each_new(found: list[str], seen: list[str]) -> list[str]:
    return [each for each in dict.fromkeys(found) if each not in seen]
