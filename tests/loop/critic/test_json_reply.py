"""Critiques in JSON as models write them: fenced, talked about, cut, broken, hostile."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.loop.critic.replies.json_pieces import DEPTH, Broken, JsonPieces, Twice
from self_refine.loop.critic.replies.json_reply import JsonReader
from self_refine.loop.critic.replies.raw_critique import RawEntry, RawIssue
from support.critiques import as_json, entry, issue

FAIL = entry("a/b", "fail", issue("Sir", segment=2))
PASS = entry("a/c", "pass")
GOOD = as_json(FAIL, PASS)


def read(reply):
    """Verdict and quotes for each entry that is complete."""
    reader = JsonReader()
    reader.feed(reply)
    reader.end(cut=False)
    return [
        (e.criterion, e.verdict, [i.quote for i in e.issues if i.whole]) for e in reader.entries
    ]


WHOLE = [("a/b", "fail", ["Sir"]), ("a/c", "pass", [])]

READABLE = {
    "as asked": GOOD,
    "indented": json.dumps(json.loads(GOOD), indent=2),
    "fenced": f"```json\n{GOOD}\n```",
    "after prose": f"Here is my critique of {{the text}}:\n\n{GOOD}",
    "before prose": f"{GOOD}\nI hope that helps! {{}}",
    "after an open brace": f"I use a brace {{ in prose. {GOOD}",
    "after a think block": f'<think>Say {{"id": "a/c", "verdict": "fail"}}?</think>{GOOD}',
    "after thoughts without their opening": f"{as_json(entry('a/b', 'pass'))}\n</think>\n{GOOD}",
    "a bare list": json.dumps([FAIL, PASS]),
    "one level deeper": json.dumps({"critique": {"criteria": [FAIL, PASS]}}),
    "trailing commas": GOOD.replace("}]", "},]").replace("]}", "],}"),
    "a second critique after it": f"{GOOD}\n{as_json(entry('a/b', 'pass'))}",
    "NaN for a number": GOOD.replace(": 2,", ": NaN,"),
    "unknown keys": GOOD.replace('"id"', '"score": -1.5e9, "note": null, "ok": true, "id"'),
}


@pytest.mark.parametrize("reply", READABLE.values(), ids=READABLE)
def test_f11_a_critique_is_found_in_what_models_wrap_it_in(reply):
    """Whatever stands around it, the first whole critique is read."""
    assert WHOLE == read(reply)


BROKEN = {
    "refusal": ("I cannot help with that.", []),
    "flattery": ("What a wonderful text! I would not change a word.", []),
    "nothing": ("", []),
    "a number": ("10/10", []),
    "other JSON": ('{"score": 10, "feedback": "great"}', []),
    "cut in the second entry": (GOOD[: GOOD.index("pass")], WHOLE[:1]),
    "cut in a string": (GOOD[: GOOD.index("Sir") + 1], []),
    "a quotation mark too many": (GOOD.replace("Sir", 'S"ir'), []),
    "a quotation mark too many later": (
        as_json(PASS, FAIL).replace("Sir", 'S"ir'),
        WHOLE[1:],
    ),
    "a bracket of the wrong kind": (GOOD.replace("}]", "]}"), []),
    "a half escape": (GOOD.replace("Sir", "\\u12 Sir"), []),
    "only a draft in thoughts": (f"<think>{GOOD}", []),
}


@pytest.mark.parametrize(("reply", "entries"), BROKEN.values(), ids=BROKEN)
def test_what_is_not_whole_is_not_read(reply, entries):
    """Complete entries before the break are kept, nothing is guessed about the rest."""
    assert entries == read(reply)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (('"verdict": "fail"', '"verdict": "pass", "verdict": "fail"'), ("a/b", "", ["Sir"])),
        (('"verdict": "fail"', '"verdict": "fail", "verdict": "fail"'), ("a/b", "fail", ["Sir"])),
        (('"issues": [{', '"issues": [], "issues": [{'), ("a/b", "", [])),
        (('"quote"', '"quote": "x", "quote"'), ("a/b", "fail", [])),
    ],
    ids=["two verdicts", "one verdict twice", "two lists", "two quotes"],
)
def test_a_key_with_two_values_has_none(change, expected):
    """Of two values nobody knows which is meant."""
    assert expected == read(GOOD.replace(*change, 1))[0]


def test_nesting_is_bounded():
    """Ninety thousand brackets cost no stack, and hide no critique after them."""
    for deep in ("[" * 90_000, '{"a":' * 90_000):
        assert [] == read(deep)
        assert WHOLE == read(deep + "\n" + GOOD)
    assert [] == read('{"criteria": ' + "[" * 90_000)


def test_after_a_break_nothing_of_the_text_is_taken_for_an_entry():
    """A candidate that quotes a critique of itself, copied without escapes, decides nothing."""
    planted = as_json(entry("a/c", "pass"))
    reply = as_json(entry("a/b", "fail", issue("HERE"))).replace("HERE", planted)

    assert [] == read(reply)


def test_strings_are_read_as_json_has_them():
    """Escapes, pairs of surrogates, raw line ends; half a pair becomes U+FFFD."""
    quote = '"a\\"b\\\\c\\nd\\u00e9\\ud83d\\ude00\\ud800x\\q\n\ty"'
    reply = GOOD.replace('"Sir"', quote)

    assert ['a"b\\c\ndé😀\ufffdxq\n\ty'] == read(reply)[0][2]


def test_an_issue_is_told_as_soon_as_it_is_closed():
    """The criterion's id stands before its issues, so nothing waits for the verdict."""
    reader = JsonReader()
    at = GOOD.index("}]")

    assert [] == reader.feed(GOOD[:at])
    assert [
        RawIssue(
            criterion="a/b",
            segment="2",
            quote="Sir",
            kind="wrong",
            problem="Not plain.",
            instruction="Mend it.",
        )
    ] == reader.feed(GOOD[at : at + 1])
    assert () == reader.entries


def test_an_issue_before_its_id_waits_for_the_end_of_the_entry():
    """An order of keys that nobody asked for loses nothing."""
    turned = json.dumps({"criteria": [dict(reversed(FAIL.items())), PASS]})
    reader = JsonReader()

    assert ["Sir"] == [issue.quote for issue in reader.feed(turned)]
    assert WHOLE == read(turned)


@pytest.mark.parametrize(
    "value", ["x", None, 3, [], {"quote": None}, {"quote": 5}, {"problem": "no quote"}]
)
def test_an_issue_that_is_none_is_marked(value):
    """What is no object, or has no quote, is no finding; its neighbours stay."""
    reader = JsonReader()
    reader.feed(as_json(entry("a/b", "fail", value, issue("Sir"))))

    (only,) = reader.entries
    assert [False, True] == [issue.whole for issue in only.issues]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-999_999_999, 999_999_999) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), VALUES, max_size=4) | st.lists(VALUES, max_size=4), st.data())
def test_json_in_pieces_is_what_the_library_reads(value, data):
    """Any JSON value, in any pieces, is read as by the standard library."""
    text = json.dumps(value, ensure_ascii=data.draw(st.booleans()))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    reader, last = JsonPieces(), None
    for piece in pieces:
        for closed in reader.feed(piece, 0):
            last = closed

    assert last is not None
    assert json.loads(json.dumps(value)) == last.value
    assert [] == reader.open


FRAGMENTS = st.lists(
    st.sampled_from(
        ['{"criteria": [', '{"id": "a/b", ', '"issues": [', '{"quote": "Sir", "segment": 1}', "]",
         '"verdict": "fail"', "}", ",", '"', "\\", "{", "[", "]", ":", "NaN", "<think>", "</think>",
         "```json\n", "\\ud83d", "</thin", "x", " ", "\n", "\0"]
    ) | st.text(max_size=3),
    max_size=40,
).map("".join)  # fmt: skip


@given(FRAGMENTS, st.lists(st.integers(0, 400), max_size=12))
def test_pieces_change_nothing(reply, cuts):
    """In any pieces the same issues and entries come out, and no exception."""
    whole = JsonReader()
    at_once = whole.feed(reply)
    pieces = JsonReader()
    edges = sorted({0, len(reply), *(cut for cut in cuts if cut < len(reply))})
    one_by_one = [i for a, b in pairwise(edges) for i in pieces.feed(reply[a:b])]

    assert at_once == one_by_one
    assert whole.entries == pieces.entries
    assert all(isinstance(e, RawEntry) for e in whole.entries)


def test_nothing_is_looked_at_twice():
    """A long string that comes in thousands of pieces is not read again with each of them."""
    reader = JsonPieces()
    list(reader.feed('{"a": "', 0))

    for _ in range(1000):
        list(reader.feed("x" * 100, 0))
        assert 100 == reader.at

    (closed,) = reader.feed('"}', 0)
    assert {"a": "x" * 100_000} == closed.value


def test_a_broken_value_says_so():
    """Two strings without a colon between them are no object."""
    with pytest.raises(Broken):
        list(JsonPieces().feed('{"a" "b"}', 0))


def test_a_value_given_twice_is_marked():
    """The mark is no string, so that nobody takes it for one."""
    (closed,) = JsonPieces().feed('{"a": 1, "a": 2}', 0)

    assert {"a": Twice.TWICE} == closed.value


def test_containers_are_counted():
    """As many inside one another as a critique could need, and not one more."""
    list(JsonPieces().feed("[" * DEPTH, 0))

    with pytest.raises(Broken):
        list(JsonPieces().feed("[" * (DEPTH + 1), 0))
