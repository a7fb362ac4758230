"""Owns globs: `*` and `?` stay inside one folder, `**` stands for any number of them, none too.

`[ab]`, `[a-z]` and `[!ab]` stand for one character, `{a,b}` for any of its choices. What other
tools read besides is refused with what to write instead: taken literally, it would fit no file,
and its criteria would be used for nothing without a word.
"""

import re
from fnmatch import fnmatchcase
from functools import lru_cache

_MOST_PARTS = 64
_MOST_CHOICES = 64
"""Globs that one with braces may stand for."""

# Atomic: "[!a]" could be read in two ways, and so many of them in two to the power of their number.
_CLASS = r"(?>\[!?[^\]/][^\]/\[]*\])"
_CHOICE = re.compile(rf"(?P<before>(?:{_CLASS}|[^{{}}\[])*+)\{{(?P<inside>[^{{}}]*)\}}")
_TOKEN = re.compile(rf"{_CLASS}|.", re.DOTALL)


def unfit(glob: str) -> str:
    """Say why a glob cannot be used; "" where it can."""
    if wrong := _foreign(glob) or _braces(glob):
        return wrong
    return next((wrong for one in expanded(glob) if (wrong := _misplaced(one))), "")


def _foreign(glob: str) -> str:
    """What other tools have, and globs here have not."""
    if "\\" in glob:
        return "A glob has `/` between folders on every system."
    if glob.startswith("!"):
        return (
            "A glob leaves nothing out, `!` means nothing here: write globs for what the file is "
            "for, such as {mail,notes}/**/*.md."
        )
    if re.search(r"[@+!]\(|\([^()]*\|", glob):
        return "`(a|b)` means nothing in a glob: write {a,b}."
    if re.search(r"\[\^", glob):
        return "`[^a]` means nothing in a glob: write [!a] for any character but these."
    several = re.sub(r"\{[^{}]*\}", "", glob).split(",")
    if glob != glob.strip() or (len(several) > 1 and all("*" in one for one in several)):
        return 'An entry is one glob: write a list, such as ["mail/**", "notes/**"].'
    return ""


def _braces(glob: str) -> str:
    """What is wrong with the choices and the classes of a glob."""
    pieces = _TOKEN.findall(glob)
    if "[" in pieces:
        return "`[` begins a class such as [a-z], and no `]` ends it; for the bracket write [[]."
    depth = 0
    for piece in pieces:
        depth += (piece == "{") - (piece == "}")
        if not 0 <= depth <= 1:
            break
    plain = _unclassed(pieces)
    if any("," not in inside for inside in re.findall(r"\{([^{}]*)\}", plain)):
        return "Braces hold choices, a comma between two: {mail,notes}/**/*.md."
    choices = expanded(glob)
    if depth == 0 and len(choices) > _MOST_CHOICES:
        return f"A glob stands for at most {_MOST_CHOICES} choices: write some as entries."
    if depth or any(set("{}") & set(_unclassed(_TOKEN.findall(one))) for one in choices):
        return "Braces hold choices and do not nest: {mail,notes}/**/*.md; for a brace write [{]."
    return ""


def _unclassed(tokens: list[str]) -> str:
    return "".join(token if len(token) == 1 else "?" for token in tokens)


@lru_cache(maxsize=1024)
def expanded(glob: str) -> tuple[str, ...]:
    """The globs without braces that one stands for; one too many at most."""
    done: list[str] = []
    open_ = [glob]
    while open_ and len(done) + len(open_) <= _MOST_CHOICES:
        at = open_.pop()
        if found := _CHOICE.match(at):
            rest = at[found.end() :]
            choices = found["inside"].split(",")
            open_ += [found["before"] + choice + rest for choice in reversed(choices)]
        else:
            done.append(at)
    return (*done, *open_)


def _misplaced(glob: str) -> str:
    """What is wrong with the folders of a glob."""
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
    return any(_matches(one, path) for one in expanded(glob))


def _matches(glob: str, path: str) -> bool:
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
