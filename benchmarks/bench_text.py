"""Measures P7, the edits of a revision, and P8, the places of quotes, against difflib."""

import random
import re
from difflib import SequenceMatcher
from itertools import product

from prose import misquoted, prose, revision, sentence, words
from rows import CPU_CLOCK, Row, at_least, at_most, interleaved, milliseconds, percentile
from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.matching.locate import Located, locate
from self_refine.text.segmenting.segments import sentences
from self_refine.text.spans import Edit, Span, apply_edits

_TOKEN = re.compile(r"\S+\s*|\s+")
_SEED = 20
_SAMPLE = 4
"""difflib is asked for one quote of so many: it takes half a second for each."""


def rows() -> list[Row]:
    """P7 and P8."""
    return [*_edits(), *_quotes()]


def _edits() -> list[Row]:
    chance = random.Random(_SEED)
    old = prose(chance, 26_500)
    new = revision(chance, old, 0.1)
    mine, theirs = interleaved(lambda: minimal_edits(old, new), lambda: _difflib_edits(old, new))
    ours, peers = minimal_edits(old, new), _difflib_edits(old, new)
    assert apply_edits(old, ours) == apply_edits(old, peers) == new
    slowest = max((_slowest(name, *pair), name) for name, pair in _blow_ups(chance).items())
    return [
        at_most("P7", "difflib on words, no autojunk", mine, theirs, 0.05,
                note=f"{len(old.split())} words, 10 % changed; {len(ours)} edits, "
                f"difflib's {len(peers)}"),
        at_most("P7 characters", "difflib on words and blanks", _characters(ours),
                _characters(_difflib_edits(old, new, _FINE)), 1.02, unit="",
                note="taken out and put in; the slowest and finest that difflib does; on words: "
                f"{_characters(peers)}"),
        at_most("P7 blow-ups", "50 ms", slowest[0], 50, 1.0, note=f"slowest: {slowest[1]}"),
    ]  # fmt: skip


_FINE = re.compile(r"\w+|\s+|[^\w\s]")


def _difflib_edits(old: str, new: str, token: re.Pattern[str] = _TOKEN) -> list[Edit]:
    a, b = token.findall(old), token.findall(new)
    starts = [0]
    for each in a:
        starts.append(starts[-1] + len(each))
    codes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return [
        Edit(Span(starts[i], starts[j]), "".join(b[k:m]))
        for tag, i, j, k, m in codes
        if tag != "equal"
    ]


def _characters(edits: list[Edit] | tuple[Edit, ...]) -> int:
    return sum(edit.span.end - edit.span.start + len(edit.text) for edit in edits)


def _slowest(name: str, old: str, new: str) -> float:
    assert apply_edits(old, minimal_edits(old, new)) == new, name
    return milliseconds(lambda: minimal_edits(old, new), 5)


def _blow_ups(chance: random.Random) -> dict[str, tuple[str, str]]:
    """At most 5,000 tokens each; difflib needs from seconds to minutes."""
    first, second = words(chance, 2500), words(chance, 2500)
    table = [[chance.randrange(10**6) for _ in range(6)] for _ in range(160)]
    lines = [f"line {n} of many" for n in range(700)]
    mixed = chance.sample(lines, len(lines))
    return {
        "every word replaced": (" ".join(first), " ".join(f"{w}x" for w in second)),
        "other prose": (" ".join(first), " ".join(second)),
        "every number of a table": (_table(table), _table([[n + 1 for n in r] for r in table])),
        "x y x y": ("x y " * 1250, "y x " * 1250),
        "one word repeated": ("x " * 2500, "x " * 1200 + "y " + "x " * 1250),
        "repeated separators": (
            "\n---\n".join(first[:1200]), "\n---\n".join(second[:1200])
        ),
        "lines in another order": ("\n".join(lines), "\n".join(mixed)),
        "one long line of JSON": (str(first[:800]), str(second[:800])),
        "all white space": (" \t" * 2500, "\t " * 2400),
        "letters": (" ".join(map("".join, product("ab", repeat=11))), "b a " * 1200),
    }  # fmt: skip


def _table(numbers: list[list[int]]) -> str:
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in numbers)


def _quotes() -> list[Row]:
    chance = random.Random(_SEED)
    text = prose(chance, 100_000)
    asked = [_asked(chance, text, span) for span in chance.sample(sentences(text), 200)]
    ours, theirs = [], []
    found = exact = theirs_found = 0
    peer = SequenceMatcher(None, "", text, autojunk=False)
    for number, (span, quote) in enumerate(asked):
        start = CPU_CLOCK()
        place = locate(quote, text)
        ours.append((CPU_CLOCK() - start) * 1000)
        if isinstance(place, Located):
            found += _is_it(place.span, span)
            exact += place.span == span
        if number % _SAMPLE == 0:
            start = CPU_CLOCK()
            other = _difflib_place(peer, quote, text)
            theirs.append((CPU_CLOCK() - start) * 1000)
            theirs_found += other is not None and _is_it(other, span)
    absent = [_absent(chance, text, number) for number in range(100)]
    false = sum(isinstance(locate(quote, text), Located) for quote in absent)
    return [
        at_most("P8", "difflib and refinement", percentile(ours, 0.95), percentile(theirs, 0.95),
                0.02, note=f"p95 of 200 quotes in {len(text)} characters; median "
                f"{percentile(ours, 0.5):.2f} against {percentile(theirs, 0.5):.0f} ms"),
        at_least("P8 found", "all quotes", found, 200, 0.96, unit="",
                 note=f"{exact} exactly; difflib found {theirs_found} of {len(theirs)}"),
        at_most("P8 false", "all quotes of other texts", false, 100, 0.02, unit=""),
    ]  # fmt: skip


def _asked(chance: random.Random, text: str, span: Span) -> tuple[Span, str]:
    """A stretch of a sentence, and how it is quoted."""
    starts = [m.span() for m in re.finditer(r"\S+", span.of(text))]
    size = min(len(starts), chance.randint(6, 24))
    first = chance.randint(0, len(starts) - size)
    words_ = Span(span.start + starts[first][0], span.start + starts[first + size - 1][1])
    return words_, misquoted(chance, words_.of(text))


def _absent(chance: random.Random, text: str, number: int) -> str:
    """Words that stand nowhere: another sentence, or one with two words of three changed."""
    if number % 2:
        return sentence(chance)
    quote = chance.choice(sentences(text)).of(text).split()
    return " ".join(word if at % 3 == 1 else words(chance, 1)[0] for at, word in enumerate(quote))


def _is_it(found: Span, meant: Span) -> bool:
    """Whether the two share more than half of either."""
    both = min(found.end, meant.end) - max(found.start, meant.start)
    longer = max(found.end - found.start, meant.end - meant.start)
    return 2 * both > longer


def _difflib_place(matcher: SequenceMatcher, quote: str, text: str) -> Span | None:
    """The longest match, widened to where the quote would stand, its ends refined."""
    matcher.set_seq1(quote)
    longest = matcher.find_longest_match()
    start = max(0, longest.b - longest.a - 8)
    end = min(len(text), longest.b - longest.a + len(quote) + 8)
    part = SequenceMatcher(None, quote, text[start:end], autojunk=False)
    blocks = [b for b in part.get_matching_blocks() if b.size]
    if not blocks:
        return None
    found = Span(start + blocks[0].b, start + blocks[-1].b + blocks[-1].size)
    alike = SequenceMatcher(None, quote, found.of(text), autojunk=False).ratio()
    return found if alike >= 0.8 else None
