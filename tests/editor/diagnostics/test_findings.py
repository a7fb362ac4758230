"""Findings stand on their words: they follow edits, vanish with their words, return on undo."""

from hypothesis import given, settings
from hypothesis import strategies as st

from self_refine.editor.diagnostics.findings import LIVE, Findings, Note, Placed, widened
from self_refine.editor.diagnostics.tracked_range import moved, tracked, trimmed
from self_refine.loop.types import Finding, Severity
from self_refine.text.spans import Edit, Span, apply_edits

ALPHABET = "ab \n\r\u00e9\U0001f600\u0301\u2028."
texts = st.text(ALPHABET, max_size=40)


def note(number=0, group="run", span=Span(0, 0), quote=""):  # noqa: B008 - a frozen value
    finding = Finding(
        criterion="a/b", severity=Severity.WARNING, span=span, quote=quote, problem="No."
    )
    return Note(group=group, number=number, finding=finding, criterion=None)


@st.composite
def edits_of(draw, text):
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 6)))
    return Edit(Span(start, end), draw(st.text(ALPHABET, max_size=4)))


@st.composite
def histories(draw):
    """A text, some spans of it, and edits one after the other."""
    text = draw(texts)
    spans = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(1, 8)), max_size=4))
    edits, now = [], text
    for _ in range(draw(st.integers(0, 8))):
        edit = draw(edits_of(now))
        edits.append((now, edit))
        now = apply_edits(now, [edit])
    spans = [Span(s, min(len(text), s + n)) for s, n in spans if s < len(text)]
    return text, spans, edits


def identities(text, edits):
    """The oracle: which of the original's characters stand where after every edit."""
    marks = list(range(len(text)))
    for before, edit in edits:
        edit = trimmed(edit, before)  # noqa: PLW2901
        marks[edit.span.start : edit.span.end] = [None] * len(edit.text)
    return marks


def anchor_after(text, span, edits):
    anchor = tracked(text, span)
    for before, edit in edits:
        anchor = moved(anchor, edit, before)
    return anchor


def final(text, edits):
    return apply_edits(*[edits[-1][0], [edits[-1][1]]]) if edits else text


@given(histories())
@settings(max_examples=300)
def test_words_that_no_edit_touched_are_where_they_went(history):
    """Untouched words are shown exactly where their own characters stand."""
    text, spans, edits = history
    marks = identities(text, edits)
    for span in spans:
        kept = [
            at
            for at, mark in enumerate(marks)
            if mark is not None and mark in range(span.start, span.end)
        ]
        whole = len(kept) == span.end - span.start and kept == list(
            range(kept[0], kept[0] + len(kept))
        )
        if whole:
            assert anchor_after(text, span, edits).span == Span(kept[0], kept[-1] + 1)


@given(histories())
@settings(max_examples=300)
def test_what_is_shown_is_always_the_same_words(history):
    """Whatever happened, a visible finding stands on the words that it quotes."""
    text, spans, edits = history
    now = final(text, edits)
    for span in spans:
        at = anchor_after(text, span, edits).span
        assert at is None or at.of(now) == span.of(text)


@given(histories())
@settings(max_examples=300)
def test_undo_brings_everything_back(history):
    """After every edit was taken back, last first, each finding stands where it stood."""
    text, spans, edits = history
    store = Findings()
    store.put("u", text, "run", [Placed(note(i), s) for i, s in enumerate(spans)])
    before = store.visible("u")
    for old, edit in edits:
        store.edited("u", [edit], apply_edits(old, [edit]))
    for old, edit in reversed(edits):
        span = Span(edit.span.start, edit.span.start + len(edit.text))
        store.edited("u", [Edit(span, edit.span.of(old))], old)
    assert store.visible("u") == before


@given(histories())
def test_the_store_says_the_same_as_its_anchors(history):
    text, spans, edits = history
    store, now = Findings(), final(text, edits)
    spans = [s for s in spans if widened(text, s) == s]
    store.put("u", text, "run", [Placed(note(i), s) for i, s in enumerate(spans)])
    store.edited("u", [edit for _, edit in edits], now)
    expected = {(i, anchor_after(text, s, edits).span) for i, s in enumerate(spans)}
    shown = {(each.note.number, each.span) for each in store.visible("u")}
    # A text that comes back in one message is one that undo gives: its places are remembered.
    assert now == text or shown == {(i, at) for i, at in expected if at is not None}


def check(text, words, edits, expect):
    """Make edits, each `(old words, new words)`, and say what the anchor on `words` shows."""
    at = text.index(words)
    anchor = tracked(text, Span(at, at + len(words)))
    for old, new in edits:
        start = text.index(old)
        edit = Edit(Span(start, start + len(old)), new)
        anchor, text = moved(anchor, edit, text), apply_edits(text, [edit])
    assert (anchor.span and anchor.span.of(text)) == expect


def test_a_word_inside_another_is_not_the_word():
    """The letters of a quote inside a longer word are no return of the quote."""
    check("see the cat", "the", [("the", "rather")], None)


def test_a_whole_line_replaced_by_itself_and_more_keeps_the_quote():
    """Editors that send whole lines do not lose findings whose words stay."""
    check("one very two\n", "very", [("one very two\n", "1 very 2\n")], "very")


def test_words_typed_again_are_found_again():
    """Deleting words and typing them again beside something new shows the finding again."""
    check("say very much", "very", [("very ", ""), ("much", "so very much")], "very")


def test_two_candidates_are_no_place():
    """Where the words stand twice in what was changed, none of them is guessed."""
    check("one very two", "very", [("one very two", "so very, very")], None)


def test_hidden_notes_come_back_when_the_run_is_cancelled():
    store = Findings()
    store.put("u", "some text", "old", [Placed(note(group="old"), Span(0, 4))])
    store.put("u", "some text", LIVE, [Placed(note(group=LIVE), Span(5, 9))])
    store.hide("u", Span(0, 9), by="new")
    assert [p.note.group for p in store.visible("u")] == [LIVE]
    store.give_back("u", by="new")
    assert [p.note.group for p in store.visible("u")] == ["old", LIVE]
    store.hide("u", Span(0, 9), by="new")
    store.drop_hidden("u", by="new")
    store.drop("u", LIVE)
    assert store.uris() == ()


def test_a_missing_thing_stands_on_the_word_before_it():
    assert widened("Dear Ann, \n\nBye", Span(11, 11)) == Span(5, 9)
    assert widened("  \nBye", Span(1, 1)) == Span(3, 6)
    assert widened("", Span(0, 0)) == Span(0, 0)
