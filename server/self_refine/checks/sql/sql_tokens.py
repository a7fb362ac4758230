"""The tokens of an SQL text: templates found, parameters and ends of batches put in order.

Offsets are code points; the `end` of a token of sqlglot is that of its last character.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from self_refine.text.spans import Span

MOST_CHARACTERS = 400_000
"""A text of this size takes some four seconds."""
_DEEPEST = 60
"""Brackets in brackets: nobody writes more, and the parser's time can double with each."""
_MOST_OPERATORS = 2_000
"""Of one statement: a thousand conditions take a second, and five thousand twenty."""
_OPERATORS = frozenset(
    {
        TokenType.AND,
        TokenType.OR,
        TokenType.XOR,
        TokenType.PLUS,
        TokenType.DASH,
        TokenType.STAR,
        TokenType.SLASH,
        TokenType.DPIPE,
        TokenType.EQ,
        TokenType.NEQ,
        TokenType.LT,
        TokenType.LTE,
        TokenType.GT,
        TokenType.GTE,
    }
)
_JINJA = re.compile(r"\{%|\{\{[-+]?\s*(?:[A-Za-z_][\w.]*\s*[-+(|}.\[~]|['\"])")
"""As dbt has it; `'{{1,2},{3,4}}'` is an array of Postgres."""
_OTHER_TEMPLATE = re.compile(r"<%|\$\{|\$\(|\{[A-Za-z_]\w*\}")
"""ERB, the shell's, sqlcmd's, Python's; in a string these are words."""
_BATCH_END = re.compile(r"(?:GO(?:[ \t]+\d+)?|/)[ \t]*;?[ \t]*\Z", re.IGNORECASE)
_CLIENT = re.compile(r"\\\w|\.[a-z]\w+", re.IGNORECASE)
_DELIMITER = re.compile(r"(?im)^[ \t]*DELIMITER[ \t]+\S+[ \t]*\r?$")
_COPIED = re.compile(
    r"(?ims)^COPY\b[^;]*\bFROM\s+stdin\b[^;]*;[ \t]*\r?\n(?P<rows>.*?)(?:^\\\.[ \t]*\r?$|\Z)"
)
"""The rows that pg_dump writes behind COPY."""
_NO_END = re.compile(r"[^\r\n]")
_OPERANDS = frozenset(
    {
        TokenType.IDENTIFIER,
        TokenType.NUMBER,
        TokenType.R_BRACKET,
        TokenType.R_PAREN,
        TokenType.STRING,
        TokenType.VAR,
    }
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of the text that is not looked at."""

    reason: str
    """A clause without words of the text, such as "VACUUM is not read"."""
    span: Span
    is_syntax: bool = False
    """Whether it breaks the rules of the dialect, as far as the parser knows them."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, and the parts that have none."""

    all: tuple[Token, ...]
    unread: tuple[Unread, ...] = ()


def tokenize(text: str, dialect: Dialect) -> Tokens | Unread:
    """The tokens, or why there are none."""
    whole = Span(0, len(text))
    if len(text) > MOST_CHARACTERS:
        return Unread(f"more than {MOST_CHARACTERS:,} characters of SQL are not read", whole)
    bom = text.startswith("\ufeff")
    seen, unread = _without_clients(f" {text[1:]}" if bom else text)
    try:
        tokens = dialect.tokenize(seen)
    except (SqlglotError, RecursionError):
        return _no_tokens(text)
    if _is_template(text, tokens):
        return Unread(_TEMPLATE_REASON, whole)
    if _depth(tokens) > _DEEPEST:
        return Unread(f"brackets nested deeper than {_DEEPEST} are not read", whole)
    if _operators(tokens) > _MOST_OPERATORS:
        reason = f"more than {_MOST_OPERATORS:,} operators in one statement are not read"
        return Unread(reason, whole)
    return Tokens(tuple(_with_parameters(_with_batches(text, tokens))), unread)


_TEMPLATE_REASON = (
    "it is a template, and what it becomes is not known here; sqlfluff judges templates, as a "
    "check of kind command"
)


def _no_tokens(text: str) -> Unread:
    """Why a text cannot even be divided: as a rule a quotation mark that nothing closes."""
    if _JINJA.search(text):
        return Unread(_TEMPLATE_REASON, Span(0, len(text)))
    at = max(text.rfind(mark) for mark in "'\"`")
    place = Span(max(at, 0), max(at, 0) + (at >= 0))
    return Unread("a quotation mark is not closed", place, is_syntax=True)


def _is_template(text: str, tokens: Sequence[Token]) -> bool:
    """Whether one stands outside comments, which are no tokens."""
    starts = [token.start for token in tokens]

    def at(place: int) -> Token | None:
        token = tokens[bisect_right(starts, place) - 1] if starts else None
        return token if token is not None and token.start <= place <= token.end else None

    if any(at(found.start()) is not None for found in _JINJA.finditer(text)):
        return True
    others = (at(found.start()) for found in _OTHER_TEMPLATE.finditer(text))
    return any(token is not None and token.end - token.start < 2 for token in others)


def _depth(tokens: Sequence[Token]) -> int:
    depth = deepest = 0
    for token in tokens:
        if token.token_type in (TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.CASE):
            deepest = max(deepest, depth := depth + 1)
        elif token.token_type in (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.END):
            depth = max(0, depth - 1)
    return deepest


def _operators(tokens: Sequence[Token]) -> int:
    """How many the statement with most of them has."""
    count = most = 0
    for token in tokens:
        count = 0 if token.token_type is TokenType.SEMICOLON else count
        count += token.token_type in _OPERATORS
        most = max(most, count)
    return most


def _without_clients(text: str) -> tuple[str, tuple[Unread, ...]]:
    """The text with blanks for what a client takes for itself."""
    parts = [Span(found.start("rows"), found.end()) for found in _COPIED.finditer(text)]
    marks = list(_DELIMITER.finditer(text))
    unread = []
    if marks:
        part = Span(marks[0].start(), marks[-1].end() if len(marks) > 1 else len(text))
        parts.append(part)
        unread.append(Unread("what stands between two DELIMITER is not read", part))
    for part in parts:
        text = text[: part.start] + _NO_END.sub(" ", part.of(text)) + text[part.end :]
    lines = list(_client_lines(text))
    for line in lines:
        text = text[: line.start] + ";" + " " * (len(line.of(text)) - 1) + text[line.end :]
    unread += (Unread("a command of the client is not read", line) for line in lines)
    return text, tuple(unread)


def _client_lines(text: str) -> Iterator[Span]:
    r"""Lines such as `\\d orders` and `.mode csv`, where a statement may begin."""
    at, fresh = 0, True
    for line in text.splitlines(keepends=True):
        words = line.strip()
        if _CLIENT.match(words) and (fresh or words[0] == "\\"):
            start = at + len(line) - len(line.lstrip())
            yield Span(start, start + len(words))
        elif words and not words.startswith("--"):
            fresh = words.endswith(";")
        at += len(line)


def _with_batches(text: str, tokens: Sequence[Token]) -> Iterator[Token]:
    """`GO`, or `/`, alone on a line ends a statement as a semicolon does."""
    skipped = -1
    for token in tokens:
        if token.start <= skipped:
            continue
        if token.text.upper() in ("GO", "/") and (line := _line_of(text, token.start)) is not None:
            skipped = line
            yield _like(token, TokenType.SEMICOLON, ";", token.end)
        else:
            yield token


def _line_of(text: str, start: int) -> int | None:
    """Where the line of an end of a batch ends; None where other words stand on it."""
    begin = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    ends = [end for end in (text.find("\n", start), text.find("\r", start)) if end >= 0]
    end = min(ends, default=len(text))
    alone = not text[begin:start].strip() and _BATCH_END.match(text[start:end])
    return end if alone else None


def _with_parameters(given: Iterator[Token]) -> Iterator[Token]:
    """`%s` and `%(name)s`, the parameters of Python's drivers, as one token each."""
    tokens = list(given)
    at = 0
    while at < len(tokens):
        size = _parameter(tokens, at)
        if size:
            yield _like(tokens[at], TokenType.PLACEHOLDER, "?", tokens[at + size - 1].end)
        else:
            yield tokens[at]
        at += size or 1


def _parameter(tokens: Sequence[Token], at: int) -> int:
    """How many tokens a parameter has that begins here; 0 for none."""
    if tokens[at].token_type is not TokenType.MOD:
        return 0
    if at and tokens[at - 1].token_type in _OPERANDS:
        return 0
    for words in (["%", "s"], ["%", "(", None, ")", "s"]):
        part = tokens[at : at + len(words)]
        fits = len(part) == len(words) and all(
            wanted in (None, token.text) for wanted, token in zip(words, part, strict=True)
        )
        if fits and part[-1].end - part[0].start == sum(t.end - t.start + 1 for t in part) - 1:
            return len(part)
    return 0


def _like(token: Token, kind: TokenType, text: str, end: int) -> Token:
    return Token(kind, text, token.line, token.col, token.start, end)
