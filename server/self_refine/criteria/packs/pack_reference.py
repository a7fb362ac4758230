"""How a pack is named: `./folder`, `git+https://host/repo@COMMIT#dir=…`, `pack:NAME`."""

import re
from dataclasses import dataclass

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_GIT = re.compile(
    r"git\+(?P<url>(?:https|ssh|file)://[^\s#@]+(?:@[^\s#@/:]+[^\s#@]*)?)"
    r"@(?P<ref>[0-9A-Za-z][\w./-]*)(?:#(?P<options>\S*))?"
)
_OPTION = re.compile(r"(?P<key>dir|name)=(?P<value>[\w./-]+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """One entry of `packs`."""

    text: str
    """As it is written."""
    name: str
    """The first part of the ids of its criteria."""
    folder: str = ""
    """Relative to the workspace, for a pack that lies in it."""
    url: str = ""
    ref: str = ""
    subfolder: str = ""
    distribution: str = ""


@dataclass(frozen=True, slots=True)
class BadReference:
    """Why it names none."""

    message: str


_FORMS = "./folder, git+https://host/repo@COMMIT#dir=folder or pack:NAME"


def parse_reference(text: str) -> Reference | BadReference:
    """Take an entry apart; nothing is looked up."""
    if text.startswith("./"):
        return _folder(text)
    if text.startswith("pack:"):
        name = text.removeprefix("pack:")
        if re.fullmatch(r"[A-Za-z0-9][\w.-]{0,80}", name):
            return _named(text, name, distribution=name)
        return BadReference("A distribution is named as it is installed: pack:acme-style.")
    if found := _GIT.fullmatch(text):
        return _git(text, found)
    return BadReference(f"A pack is named {_FORMS}.")


def _folder(text: str) -> Reference | BadReference:
    parts = text.rstrip("/").split("/")[1:]
    if not parts or any(part in ("", ".", "..") for part in parts):
        return BadReference(
            "A folder is named from the workspace on, without `..`: ./shared/style."
        )
    return _named(text, parts[-1], folder="/".join(parts))


def _git(text: str, found: re.Match[str]) -> Reference | BadReference:
    options: dict[str, str] = {}
    for option in (found["options"] or "").split("&"):
        if not option:
            continue
        one = _OPTION.fullmatch(option)
        if one is None or ".." in one["value"].split("/") or one["value"].startswith("/"):
            return BadReference("Behind `#` stand dir=folder and name=NAME, with & between.")
        options[one["key"]] = one["value"]
    last = found["url"].rstrip("/").rpartition("/")[2].removesuffix(".git")
    name = options.get("name") or options.get("dir", "").rstrip("/").rpartition("/")[2] or last
    return _named(text, name, url=found["url"], ref=found["ref"], subfolder=options.get("dir", ""))


def _named(text: str, name: str, **parts: str) -> Reference | BadReference:
    own = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not _NAME.fullmatch(own):
        return BadReference(f"{text!r} gives no name for the pack.")
    return Reference(text=text, name=own, **parts)
