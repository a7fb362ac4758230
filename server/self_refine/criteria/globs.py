"""Owns globs: `*` and `?` stay inside one folder, `**` stands for any number of them, none too."""

import re
from fnmatch import fnmatchcase
from functools import lru_cache

_MOST_PARTS = 64


def unfit(glob: str) -> str:
    """Say why a glob cannot be used; "" where it can."""
    if "\\" in glob:
        return "A glob has `/` between folders on every system."
    if glob.startswith(("/", "~")) or re.match(r"[A-Za-z]:", glob) or "://" in glob:
        return "A glob is relative to the workspace folder: mail/**/*.md."
    parts = glob.split("/")
    if ".." in parts or "." in parts:
        return "A glob has no `.` or `..`: it is relative to the workspace folder."
    if "" in parts[:-1] or glob == "":
        return "A glob has one `/` between folders."
    if len(parts) > _MOST_PARTS:
        return f"A glob has at most {_MOST_PARTS} parts."
    if any("**" in part and part != "**" for part in parts):
        return "`**` stands alone between slashes: mail/**/*.md."
    return ""


def matches(glob: str, path: str) -> bool:
    """Whether the whole of a path, relative to the workspace and with `/`, fits the glob.

    A glob that ends in `/` is for everything below that folder. Case counts.
    """
    if glob.endswith("/"):
        glob += "**"
    if glob == "**" or glob.endswith("/**"):
        glob += "/*"
    return _fit(tuple(glob.split("/")), tuple(path.split("/")))


@lru_cache(maxsize=4096)
def _fit(globs: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Go through the path once, with every place in the glob that could be reached so far."""
    places = _with_empty({0}, globs)
    for part in parts:
        following: set[int] = set()
        for place in places:
            if place < len(globs) and globs[place] == "**":
                following.add(place)
            elif place < len(globs) and fnmatchcase(part, globs[place]):
                following.add(place + 1)
        places = _with_empty(following, globs)
    return len(globs) in places


def _with_empty(places: set[int], globs: tuple[str, ...]) -> set[int]:
    """Add the places behind each `**`, which may stand for no folder at all."""
    reached = set(places)
    for place in sorted(places):
        at = place
        while at < len(globs) and globs[at] == "**":
            at += 1
            reached.add(at)
    return reached
