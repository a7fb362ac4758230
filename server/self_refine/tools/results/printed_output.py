"""`parse: exit`: the exit code decides; a pattern may find places in what is printed."""

from collections.abc import Iterator
from typing import Any

from self_refine.checks.search.patterns import BadPattern, compile_pattern
from self_refine.tools.results.reported import At, Reported

_MOST = 200


def read_output(text: str, pattern: str, code: int) -> tuple[Reported, ...]:
    """What is wrong, for a command that ended with another code than 0.

    Args:
        text: what was printed.
        pattern: with groups named line, column, message, rule, path, as far as it has them.
        code: the exit code.
    """
    if code == 0:
        return ()
    if pattern:
        return tuple(_matches(text, pattern))[:_MOST]
    lines = [line for line in text.splitlines() if line.strip()]
    last = lines[-1].strip() if lines else f"exit code {code}"
    return (Reported(message=last, detail=text.strip("\n")),)


def _matches(text: str, pattern: str) -> Iterator[Reported]:
    compiled = compile_pattern(pattern, multiline=True)
    if isinstance(compiled, BadPattern):  # the reader of the file has refused it
        return
    names = {name.decode(): number for name, number in compiled.regexp.groupindex.items()}
    for found in compiled.regexp.finditer(text.encode("utf-8", "replace")):
        group = {name: _text(found.group(number)) for name, number in names.items()}
        yield Reported(
            rule=group.get("rule", ""),
            message=group.get("message") or " ".join(_text(found.group(0)).split()),
            at=At(
                group.get("path", ""),
                _number(group.get("line", "")),
                _number(group.get("column", "")),
            ),
        )


def _text(data: Any) -> str:
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else ""


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 9 else 0
