"""Files of other tools that have bullets and are no list of questions: YAML, JSON, code."""

import re

_KEY = re.compile(r"^(?P<key>[A-Za-z_][\w.-]*):(?:[ \t]+(?P<value>\S.*))?[ \t]*\r?$", re.MULTILINE)
_TOOLS = {
    "a Vale style": {"extends", "message"},
    "a CodeRabbit configuration": {"reviews"},
    "a list of prh": {"version", "rules"},
}
_TABLES = frozenset({"reviews", "rules"})
"""Keys with nothing but more keys below them."""
_IMPORT = "`self-refine criteria import FILE` makes criteria of it."


def no_markdown(source: str) -> str:
    """Say what a file without front matter is, where it is no Markdown; "" where it is."""
    text = source.lstrip("\ufeff \t\r\n")
    if re.match(r"(?:module\.exports\b|export default\b|import .* from |const \w+ = )", text):
        return f"This is JavaScript, not a Markdown list. {_IMPORT}"
    if re.match(r"[{\[]\s*(?:[\"{}]|\Z)", text):
        return f"This is JSON, not a Markdown list. {_IMPORT}"
    if not _is_yaml(text):
        return ""
    keys = {found["key"] for found in _KEY.finditer(text)}
    name = next((name for name, wanted in _TOOLS.items() if wanted <= keys), "YAML")
    return f"This is {name}, not a Markdown list. {_IMPORT}"


def _is_yaml(text: str) -> bool:
    """A mapping of small-letter keys from the first line on, one with a value on its own line."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    outer = [line for line in lines if not line[0].isspace() and not line.startswith("- ")]
    found = [_KEY.match(line) for line in outer]
    if len(outer) < 2 or outer[0] != lines[0] or not all(found):
        return False
    keys = [one for one in found if one is not None]
    if not all(re.fullmatch(r"[a-z_][\w.-]*", one["key"]) for one in keys):
        return False
    return any(one["value"] for one in keys) or any(one["key"] in _TABLES for one in keys)
