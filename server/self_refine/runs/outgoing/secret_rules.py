"""The rules that say what looks like a secret: gitleaks' own, and ours for what those leave out.

Both files are in gitleaks' format. Its patterns are written for Go, whose syntax is RE2's, so they
run here as they are, in time linear in the text. A rule's pattern is compiled when one of its
keywords first stands in a text: few ever are.
"""

import math
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any, Literal

_FILES = ("gitleaks.toml", "more_secrets.toml")
_GENERIC = "generic-api-key"


@dataclass(frozen=True)
class AllowList:
    """What looks like a secret and is none."""

    target: Literal["secret", "match", "line"]
    patterns: tuple[str, ...]
    words: tuple[str, ...]

    def allows(self, secret: str, match: str, line: str) -> bool:
        """Whether this is one of the things that are none."""
        lowered = secret.lower()
        if any(word in lowered for word in self.words):
            return True
        looked_at = {"secret": secret, "match": match, "line": line}[self.target]
        data = looked_at.encode()
        return any(regexp.search(data) for regexp in self._compiled)

    @cached_property
    def _compiled(self) -> tuple[Any, ...]:
        return tuple(_compiled(pattern) for pattern in self.patterns)


@dataclass(frozen=True)
class Rule:
    """One kind of secret."""

    id: str
    """In words with dashes, such as `github-pat`; people are shown it with blanks."""
    pattern: str
    keywords: tuple[str, ...]
    """In small letters; a text with none of them has no such secret. Empty: always look."""
    group: int
    """The group of the pattern that is the secret; 0: the first that took part."""
    entropy: float
    """What is less random (in bits for each character) is no secret."""
    allowed: tuple[AllowList, ...]

    @cached_property
    def regexp(self) -> Any:
        """The pattern for RE2, over bytes."""
        return _compiled(self.pattern)

    def places(self, text: bytes) -> Iterator[int]:
        """Offsets in bytes of what looks like such a secret."""
        for found in self.regexp.finditer(text):
            groups = found.groups()
            secret = found[self.group] if self.group else next(filter(None, groups), found[0])
            if not self._is_harmless(_words(secret), _words(found[0]), _line(text, found.span())):
                yield found.start()

    def _is_harmless(self, secret: str, match: str, line: str) -> bool:
        if self.entropy and entropy(secret) <= self.entropy:
            return True
        if self.id == _GENERIC and not any(char.isdigit() for char in secret):
            return True  # as gitleaks does in its code
        return any(each.allows(secret, match, line) for each in self.allowed)


@cache
def rules() -> tuple[Rule, ...]:
    """All of them, gitleaks' first."""
    return tuple(rule for name in _FILES for rule in _read(name))


def _read(name: str) -> Iterator[Rule]:
    file = resources.files(__package__) / name
    given = tomllib.loads(file.read_text(encoding="utf-8"))
    everywhere = _allow_lists([given["allowlist"]] if "allowlist" in given else [])
    for rule in given["rules"]:
        yield Rule(
            id=rule["id"],
            pattern=rule["regex"],
            keywords=tuple(word.lower() for word in rule.get("keywords", ())),
            group=rule.get("secretGroup", 0),
            entropy=rule.get("entropy", 0.0),
            allowed=(*everywhere, *_allow_lists(rule.get("allowlists", ()))),
        )


def _allow_lists(given: Sequence[Mapping[str, Any]]) -> tuple[AllowList, ...]:
    return tuple(
        AllowList(
            target=one.get("regexTarget", "secret"),
            patterns=tuple(one.get("regexes", ())),
            words=tuple(word.lower() for word in one.get("stopwords", ())),
        )
        for one in given
    )


def entropy(words: str) -> float:
    """Shannon's, in bits for each character."""
    total = len(words)
    counts = Counter(words).values()
    return -sum(n / total * math.log2(n / total) for n in counts)


def _compiled(pattern: str) -> Any:
    import re2  # noqa: PLC0415 - nothing is looked through before the first run

    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern.encode(), options)


def _words(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _line(text: bytes, at: tuple[int, int]) -> str:
    """The lines around a match, no longer than a pattern of an allow list has to see."""
    start = max(text.rfind(b"\n", 0, at[0]) + 1, at[0] - 500)
    end = text.find(b"\n", at[1], at[1] + 500)
    return _words(text[start : end if end >= 0 else at[1] + 500])
