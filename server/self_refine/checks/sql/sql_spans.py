"""Where the parts of a statement stand in its text.

sqlglot knows the places of names, literals and most functions; those of casts, brackets and
clauses follow from the tokens around them.
"""

from bisect import bisect_left
from functools import cached_property

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from self_refine.text.spans import Span

_OPEN = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET})
_CLOSED = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET})
_NO_FUNCTION = frozenset({
    "all", "and", "any", "between", "by", "case", "else", "exists", "from", "having", "ilike",
    "in", "is", "like", "not", "on", "or", "over", "select", "some", "then", "using", "values",
    "when", "where",
})  # fmt: skip
_UNITS = frozenset(
    ["year", "quarter", "month", "week", "day", "hour", "minute", "second", "millisecond"]
)
_FARTHEST = 24
"""Tokens between the bracket of a function and the first name in it."""


class Places:
    """The places of one text's nodes."""

    def __init__(self, text: str, tokens: tuple[Token, ...]) -> None:
        self.text = text
        self._tokens = tokens

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self._tokens]

    def extent(self, node: exp.Expr) -> Span | None:
        """From the first to the last thing below a node whose place is known."""
        known = [n.meta for n in node.walk() if "start" in n.meta]
        if not known:
            return None
        return Span(min(m["start"] for m in known), max(m["end"] for m in known) + 1)

    def table(self, table: exp.Table) -> Span | None:
        """The name of a table, with its schema and without its alias."""
        parts = [part for key in ("catalog", "db", "this") if (part := table.args.get(key))]
        spans = [span for part in parts if (span := self.extent(part)) is not None]
        return Span(spans[0].start, spans[-1].end) if spans else None

    def star(self, shown: exp.Expr) -> Span | None:
        """A star with the table before it, without what it leaves out (`* EXCEPT (id)`)."""
        span = self.extent(shown)
        star = shown.this if isinstance(shown, exp.Column) else shown
        own = star.meta.get("end")
        return span if span is None or own is None else Span(span.start, own + 1)

    def expression(self, node: exp.Expr) -> Span | None:
        """All of an expression: its functions' names and brackets, too."""
        span = self.extent(node)
        if span is None:
            return None
        first, last = self._at(span.start), self._at(span.end - 1)
        for _ in range(self._opened_before(node, span.start)):
            first = self._bracket_before(first)
        last = self._closed(first, last)
        while self._kind(last + 1) is TokenType.DCOLON:
            last = self._closed(first, last + 2)
            if self._kind(last + 1) in _OPEN:
                last = self._closed(first, last + 1)
        if node.find(exp.Interval) and self._word(last + 1).removesuffix("s") in _UNITS:
            last += 1
        return Span(self._tokens[first].start, self._tokens[last].end + 1)

    def statement(self, word: TokenType, target: Span) -> Span:
        """From the keyword of a statement to the end of the table that it is about."""
        at = self._at(target.start)
        while at > 0 and self._kind(at) is not word and self._kind(at) is not TokenType.SEMICOLON:
            at -= 1
        begins = self._kind(at) is word
        return Span(self._tokens[at].start, target.end) if begins else target

    def after_where(self, condition: exp.Expr) -> Span | None:
        """The word behind the WHERE of a condition whose own place is not known, such as TRUE."""
        around = condition.find_ancestor(exp.Update, exp.Delete)
        begin = self.extent(around) if around is not None else None
        if begin is None:
            return None
        for at in range(self._at(begin.start), len(self._tokens) - 1):
            if self._kind(at) is TokenType.WHERE:
                token = self._tokens[at + 1]
                return Span(token.start, token.end + 1)
        return None

    def _opened_before(self, node: exp.Expr, start: int) -> int:
        """How many brackets belong to the node and stand before the first name in it."""
        leaf = next(n for n in node.walk() if n.meta.get("start") == start)
        count = 0
        below: exp.Expr | None = leaf
        while below is not None and below is not node.parent:
            bracketed = isinstance(below, exp.Func | exp.Paren) and "start" not in below.meta
            infix = isinstance(below, exp.Binary | exp.Case | exp.Connector)
            count += bracketed and not infix and not self._is_short_cast(below)
            below = below.parent
        return count

    def _is_short_cast(self, node: exp.Expr) -> bool:
        """Whether a cast is written `x::type`."""
        span = self.extent(node.this) if isinstance(node, exp.Cast) else None
        if span is None:
            return False
        last = self._at(span.end - 1)
        while self._kind(last + 1) in _CLOSED:
            last += 1
        return self._kind(last + 1) is TokenType.DCOLON

    def _bracket_before(self, first: int) -> int:
        """The function's name, or the bracket, in which the token stands; itself for none."""
        depth = 0
        for at in range(first - 1, max(-1, first - _FARTHEST), -1):
            kind = self._kind(at)
            depth += (kind in _CLOSED) - (kind in _OPEN)
            if depth < 0:
                named = at > 0 and self._is_function(at - 1)
                return at - 1 if named else at
            if kind is TokenType.SEMICOLON:
                break
        return first

    def _is_function(self, at: int) -> bool:
        word = self._word(at)
        return word.isidentifier() and word not in _NO_FUNCTION

    def _closed(self, first: int, last: int) -> int:
        """The token that closes what is open between two tokens, or the last."""
        depth = 0
        for at in range(first, len(self._tokens)):
            kind = self._kind(at)
            depth += (kind in _OPEN) - (kind in _CLOSED)
            if at >= last and depth <= 0:
                return at
            if kind is TokenType.SEMICOLON:
                break
        return min(last, len(self._tokens) - 1)

    def _at(self, offset: int) -> int:
        """The number of the token that holds a character."""
        at = bisect_left(self._starts, offset + 1) - 1
        return max(at, 0)

    def _kind(self, at: int) -> TokenType | None:
        return self._tokens[at].token_type if 0 <= at < len(self._tokens) else None

    def _word(self, at: int) -> str:
        return self._tokens[at].text.lower() if 0 <= at < len(self._tokens) else ""
