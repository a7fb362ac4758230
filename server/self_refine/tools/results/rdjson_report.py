"""rdjson and rdjsonl: reviewdog's diagnostics, as one value or one a line; and plain `json`.

Columns are bytes of UTF-8 by the format's own words; ruff writes code points.
"""

from typing import Any

from self_refine.tools.results.json_values import inside, number, objects, parsed, words
from self_refine.tools.results.reported import At, Columns, Level, Report, Reported, Unreadable

_LEVELS: dict[str, Level] = {"ERROR": "error", "INFO": "info"}


def read_rdjson(text: str) -> Report:
    """The diagnostics of one value."""
    value = parsed(text)
    if isinstance(value, Unreadable):
        return value
    if not isinstance(inside(value, "diagnostics"), list):
        return Unreadable("its report has no diagnostics, so it is no rdjson")
    counts: Columns = "code points" if inside(value, "source", "name") == "ruff" else "utf-8"
    whole = words(inside(value, "severity"))
    return tuple(_diagnostic(each, counts, whole) for each in objects(value["diagnostics"]))


def read_rdjsonl(text: str) -> Report:
    """A diagnostic a line; no line is no diagnostic."""
    found: list[Reported] = []
    for line in filter(str.strip, text.splitlines()):
        value = parsed(line)
        if not isinstance(value, dict):
            return Unreadable("a line of its report is no JSON object")
        counts: Columns = "code points" if inside(value, "source", "name") == "ruff" else "utf-8"
        found.append(_diagnostic(value, counts, ""))
    return tuple(found)


def read_json(text: str) -> Report:
    """For a team's own scripts: a list of objects with `line`, `column`, `message`, `rule`, `path`.

    The list may stand below `diagnostics`. Columns are code points.
    """
    value = parsed(text)
    if isinstance(value, Unreadable):
        return value
    listed = value if isinstance(value, list) else inside(value, "diagnostics")
    if not isinstance(listed, list):
        return Unreadable("its report is no list, and has none below `diagnostics`")
    return tuple(_plain(each) for each in objects(listed))


def _diagnostic(value: dict[str, Any], counts: Columns, whole: str) -> Reported:
    start, end = (inside(value, "location", "range", name) for name in ("start", "end"))
    code = inside(value, "code")
    return Reported(
        rule=words(inside(code, "value")) or words(code),
        message=words(value.get("message")),
        level=_LEVELS.get(words(value.get("severity")) or whole, "warning"),
        at=At(
            words(inside(value, "location", "path")),
            number(inside(start, "line")),
            number(inside(start, "column")),
            number(inside(end, "line")),
            number(inside(end, "column")),
            counts,
        ),
    )


def _plain(value: dict[str, Any]) -> Reported:
    return Reported(
        rule=words(value.get("rule")),
        message=words(value.get("message")),
        detail=words(value.get("detail")),
        at=At(
            words(value.get("path")),
            number(value.get("line")),
            number(value.get("column")),
            number(value.get("end_line")),
            number(value.get("end_column")),
        ),
    )
