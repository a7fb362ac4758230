"""Owns reading a critique in tagged lines, for servers that take no schema.

    <reply-0a1b2c3d>
    [email/too-formal]
    evidence: …
    issue: 3 wrong
    quote: …
    problem: …
    instruction: …
    verdict: fail
    </reply-0a1b2c3d>

Every value is one line, so that no quote can pass for a line of the form; a line that begins with
none of the keys goes on with the value before it.
"""

import re

from self_refine.loop.critic.replies.raw_critique import MOST, RawEntry, RawIssue
from self_refine.loop.critic.reply_schema import FIELDS
from self_refine.loop.types import Kind

_KEY = re.compile(
    rf"[ \t]*(?:[-*][ \t]+)?\**({'|'.join(FIELDS)})\**[ \t]*:\**[ \t]*(.*)", re.IGNORECASE
)
_ENTRY = re.compile(r"[ \t]*\**\[([^\[\]]{1,300})\]\**[ \t]*")
_NUMBER = re.compile(r"\d{1,9}")
_KIND = re.compile("|".join(Kind), re.IGNORECASE)
_THOUGHT = re.compile(r"</(?:think|thinking|thought)>")
_NONE = frozenset({"", "-", "none", "no", "(none)", "n/a"})


class TaggedReader:
    """Reads the one block between the reply's tags.

    Args:
        tag: the reply's tag; None takes the first of that form, for display while it streams.
    """

    def __init__(self, tag: str | None) -> None:
        name = re.escape(tag) if tag else r"reply-[0-9a-f]{8,}"
        self._opening = re.compile(rf"[ \t]*<({name})>[ \t]*")
        self._closing: str | None = None
        self._left = MOST
        self._blocks = 0
        self._line: list[str] = []
        self._entries: list[RawEntry] = []
        self._entry: _Open | None = None

    @property
    def entries(self) -> tuple[RawEntry, ...]:
        """The entries that are complete so far; none where two blocks leave open which counts."""
        return tuple(self._entries) if self._blocks <= 1 else ()

    def feed(self, delta: str) -> list[RawIssue]:
        """Read on; the issues that became complete."""
        *whole, rest = delta[: self._left].split("\n")
        self._left = max(0, self._left - len(delta))
        issues: list[RawIssue] = []
        for piece in whole:
            line = "".join((*self._line, piece))
            self._line = []
            issues += self._take(line.removesuffix("\r"))
        self._line.append(rest)
        return issues

    def end(self, *, cut: bool) -> list[RawIssue]:
        """Nothing more comes. In a whole reply the last line counts, without a closing tag too."""
        line, self._line = "".join(self._line), []
        if not cut:
            return self._take(line) + self._end_entry()
        return self._end_entry() if self._entry and self._entry.is_complete else []

    def _take(self, line: str) -> list[RawIssue]:
        if self._closing is None and (thought := _THOUGHT.search(line)):
            # Whatever was thought aloud before is no reply, a draft of one neither.
            self._blocks, self._entries, self._entry = 0, [], None
            line = line[thought.end() :]
        if opened := self._opening.fullmatch(line):
            self._blocks += 1
            self._closing = f"</{opened[1]}>"
            return []
        if self._closing is None:
            return []
        before, closed, _ = line.partition(self._closing)
        issues = self._inside(before) if before.strip() or not closed else []
        if closed:
            issues += self._end_entry()
            self._closing = None
        return issues

    def _inside(self, line: str) -> list[RawIssue]:
        if entry := _ENTRY.fullmatch(line):
            issues = self._end_entry()
            self._entry = _Open(entry[1].strip())
            return issues
        if self._entry is None:
            return []
        if key := _KEY.fullmatch(line):
            return self._entry.begin(key[1].lower(), key[2])
        self._entry.go_on(line)
        return []

    def _end_entry(self) -> list[RawIssue]:
        if self._entry is None:
            return []
        entry, self._entry = self._entry, None
        issues = entry.end_issue()
        self._entries.append(entry.done())
        return issues


class _Open:
    """An entry that is being read."""

    def __init__(self, criterion: str) -> None:
        self._criterion = criterion
        self._values: dict[str, list[str]] = {}
        self._issue: dict[str, list[str]] | None = None
        self._issues: list[RawIssue] = []
        self._last: list[str] = []
        self._twice: set[str] = set()

    @property
    def is_complete(self) -> bool:
        """Whether its verdict, which comes last, is there."""
        return "verdict" in self._values and self._issue is None

    def begin(self, key: str, value: str) -> list[RawIssue]:
        """A line with a key; the issue that it ends, if any."""
        ended: list[RawIssue] = []
        if key in ("issue", "verdict"):
            ended = self.end_issue()
        if key == "issue":
            self._issue = {}
        in_issue = self._issue is not None and key not in ("evidence", "verdict")
        into = self._issue if in_issue and self._issue is not None else self._values
        if key in into and into[key] != [value]:
            self._twice.add(key)
            if in_issue:
                into["twice"] = [key]
        into[key] = [value]
        self._last = [] if key == "verdict" else into[key]
        return ended

    def go_on(self, line: str) -> None:
        """A line without a key."""
        if line.strip():
            self._last.append(line.strip())

    def end_issue(self) -> list[RawIssue]:
        """Close the issue that is open; returns it, unless it says that there is none."""
        if self._issue is None:
            return []
        fields = {key: "\n".join(value).strip() for key, value in self._issue.items()}
        self._issue = None
        head = fields.pop("issue", "")
        whole = "twice" not in fields and "quote" in fields
        words = {key: fields.get(key, "") for key in ("quote", "problem", "instruction")}
        if head.lower() in _NONE and not any(w.lower() not in _NONE for w in words.values()):
            return []
        number, kind = _NUMBER.search(head), _KIND.search(head)
        issue = RawIssue(
            criterion=self._criterion,
            segment=number.group() if number else "",
            kind=kind.group() if kind else "",
            whole=whole,
            **words,
        )
        self._issues.append(issue)
        return [issue]

    def done(self) -> RawEntry:
        """The entry, all that it will ever have."""
        values = {key: "\n".join(value).strip() for key, value in self._values.items()}
        return RawEntry(
            criterion=self._criterion,
            evidence=values.get("evidence", ""),
            issues=tuple(self._issues),
            verdict="" if "verdict" in self._twice else values.get("verdict", ""),
        )
