"""Reads the reply of one reading: verdicts, issues, and the new text of a segment below an issue.

    <reply-0a1b2c3d>
    [email/clear] pass
    [email/too-formal] fail: the greeting is stiff
    issue: 3 wrong
    quote: Kindly be informed
    problem: The greeting is stiff.
    <fix-0a1b2c3d>
    The report is done.
    </fix-0a1b2c3d>
    </reply-0a1b2c3d>

Words between the fix's tags are taken as they stand, so that no line of them can pass for a line
of the form. Every other value is one line; a line that belongs to none of the keys goes on with
the value before it. The tags end in what was drawn for this call: nothing in the text that is
judged can close them.
"""

import re

from self_refine.loop.critic.replies.raw_critique import MOST, RawEntry, RawIssue
from self_refine.loop.types import Kind

_ENTRY = re.compile(
    r"[ \t]*(?:[-*][ \t]+)?[*`]*\[([^\[\]]{1,300})\][*`]*[ \t]*:?[ \t]*"
    r"[*`]*(pass(?:ed)?|fail(?:ed)?|not[_ -]applicable|n/a)?\b[*`]*(.*)",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"[ \t]*(?:[-*][ \t]+)?\**(issue|quote|problem|needs|verdict|instruction|evidence)\**"
    r"[ \t]*:\**[ \t]*(.*)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,6})(?:[ \t]*(?:-|\u2013|to)[ \t]*(\d{1,6}))?")
_KIND = re.compile("|".join(Kind), re.IGNORECASE)
_NEEDS = re.compile("rewrite|author", re.IGNORECASE)
_THOUGHT = re.compile(r"</(?:think|thinking|thought)>")
_OPENING = r"[ \t]*<({name})>[ \t]*(.*)"


class ReadingReader:
    """Reads the one block between the reply's tags, piece by piece; linear in its length.

    Args:
        tag: the reply's tag; None takes the first of that form, for display while it streams.
    """

    def __init__(self, tag: str | None) -> None:
        name = re.escape(tag) if tag else r"reply-[0-9a-f]{8,}"
        self._opening = re.compile(_OPENING.format(name=name))
        self._closing: str | None = None
        self._fix = ""
        """The name of the tags round a fix."""
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
        issues = [] if cut else self._take(line)
        return issues if cut else issues + self._end_entry()

    def _take(self, line: str) -> list[RawIssue]:
        if self._closing is None and (thought := _THOUGHT.search(line)):
            # Whatever was thought aloud before is no reply, a draft of one neither.
            self._blocks, self._entries, self._entry = 0, [], None
            line = line[thought.end() :]
        if opened := self._opening.fullmatch(line):
            self._blocks += 1
            self._closing = f"</{opened[1]}>"
            self._fix = opened[1].replace("reply", "fix", 1)
            return self._inside(opened[2]) if opened[2] else []
        if self._closing is None:
            return []
        if self._entry is not None and self._entry.in_fix:
            return self._entry.more_of_fix(line, f"</{self._fix}>")
        before, closed, _ = line.partition(self._closing)
        issues = self._inside(before) if before.strip() or not closed else []
        if closed:
            issues += self._end_entry()
            self._closing = None
        return issues

    def _inside(self, line: str) -> list[RawIssue]:
        key = _KEY.fullmatch(line)
        entry = None if key else _ENTRY.fullmatch(line)
        if entry:
            issues = self._end_entry()
            self._entry = _Open(entry[1].strip(), entry[2] or "", entry[3])
            return issues
        if self._entry is None:
            return []
        if key:
            return self._entry.begin(key[1].lower(), key[2])
        before, opened, after = line.partition(f"<{self._fix}>")
        if opened and not before.strip():
            return self._entry.begin_fix(after, f"</{self._fix}>")
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

    def __init__(self, criterion: str, verdict: str, clause: str) -> None:
        self.in_fix = False
        self._criterion = criterion
        self._verdicts = [verdict] if verdict else []
        self._clause = clause.strip(" \t:.\u2013\u2014-*`")
        self._issue: dict[str, list[str]] | None = None
        self._issues: list[RawIssue] = []
        self._last: list[str] = []

    def begin(self, key: str, value: str) -> list[RawIssue]:
        """A line with a key; the issue that it ends, if any."""
        if key == "verdict":
            self._verdicts.append(value)
            return self.end_issue()
        ended: list[RawIssue] = []
        again = self._issue is not None and key in self._issue and key in ("quote", "needs")
        if key == "issue" or again:
            # A second place is sometimes written without a line of its own.
            head = list(self._issue["issue"]) if again and self._issue else [value]
            ended = self.end_issue()
            self._issue = {"issue": head}
        if key != "issue" and self._issue is not None:
            self._issue[key] = [value]
            self._last = self._issue[key]
        return ended

    def begin_fix(self, words: str, closing: str) -> list[RawIssue]:
        """The fix's opening tag, and what stands behind it on its line."""
        if self._issue is None:
            self._issue = {"issue": [""]}
        self._issue["fix"] = []
        self.in_fix = True
        return self.more_of_fix(words, closing) if words.strip() else []

    def more_of_fix(self, line: str, closing: str) -> list[RawIssue]:
        """A line of the fix; the issue, where it ends with it."""
        assert self._issue is not None  # noqa: S101 - `begin_fix` has made it
        words, closed, _ = line.partition(closing)
        if words or not closed:
            self._issue["fix"].append(words)
        if not closed:
            return []
        self.in_fix = False
        return self.end_issue()

    def go_on(self, line: str) -> None:
        """A line without a key."""
        if line.strip():
            self._last.append(line.strip())

    def end_issue(self) -> list[RawIssue]:
        """Close the issue that is open, if one is."""
        fields, self._issue, self._last = self._issue, None, []
        if fields is None:
            return []
        fix = None if self.in_fix else fields.pop("fix", None)
        self.in_fix = False
        words = {key: "\n".join(value).strip() for key, value in fields.items()}
        head = words.get("issue", "")
        place, kind = _RANGE.search(head), _KIND.search(head)
        needs = _NEEDS.search(words.get("needs", ""))
        issue = RawIssue(
            criterion=self._criterion,
            segment=place[1] if place else "",
            last=(place[2] or "") if place else "",
            quote=words.get("quote", ""),
            kind=kind.group() if kind else "",
            problem=words.get("problem", "") or self._clause,
            instruction=words.get("instruction", ""),
            fix=None if fix is None else "\n".join(fix),
            needs=needs.group().lower() if needs else "",
        )
        self._issues.append(issue)
        return [issue]

    def done(self) -> RawEntry:
        """The entry, all that it will ever have."""
        said = {verdict.strip().lower() for verdict in self._verdicts}
        return RawEntry(
            criterion=self._criterion,
            evidence=self._clause,
            issues=tuple(self._issues),
            verdict=self._verdicts[0] if len(said) == 1 else "",
        )
