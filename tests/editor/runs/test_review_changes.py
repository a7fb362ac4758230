"""Changes under review stand on their words through any typing, and touch no others."""

from hypothesis import given, settings
from hypothesis import strategies as st

from self_refine.editor.diagnostics.tracked_range import moved, tracked
from self_refine.editor.runs.review_changes import (
    Change,
    backward,
    follow,
    forward,
    gives,
    landed,
    waiting,
)
from self_refine.text.spans import Edit, Span, apply_edits

ALPHABET = "ab \n\r\u00e9\U0001f600\u0301"
words = st.text(ALPHABET, max_size=6)


@st.composite
def results(draw):
    """An original between other words, and the changes of a result, in order, none touching."""
    before, original, found, new_at = draw(words), "", [], 0
    for number in range(draw(st.integers(1, 4))):
        kept = draw(st.text(ALPHABET, min_size=1, max_size=5))
        old, new = draw(words), draw(words)
        if old == new:
            continue
        original += kept
        new_at += len(kept)
        at = len(original)
        found.append(
            Change(
                number=number,
                old=Span(at, at + len(old)),
                new=Span(new_at, new_at + len(new)),
                before=old,
                after=new,
            )
        )
        original += old
        new_at += len(new)
    return before, original, draw(words), tuple(found)


@st.composite
def typing(draw, text):
    """Edits, one after the other, each with the text before it."""
    edits = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 4)))
        edit = Edit(Span(start, end), draw(st.text(ALPHABET, max_size=3)))
        edits.append((text, edit))
        text = apply_edits(text, [edit])
    return edits, text


def followed(standing, edits):
    for text, edit in edits:
        follow(standing, edit, text)
    return [each for each in standing if each.span is not None]


@given(results(), st.data())
@settings(max_examples=300)
def test_what_waits_is_taken_from_its_own_words_alone(result, data):
    """After any typing, each change that can be had stands on the words that it replaces."""
    before, original, after, found = result
    text = before + original + after
    anchor = tracked(text, Span(len(before), len(before) + len(original)))
    standing = waiting(found, text, anchor)
    assert [each.change for each in standing] == list(found)
    assert apply_edits(text, forward(standing)) == before + gives(original, found) + after
    edits, now = data.draw(typing(text))
    left = followed(standing, edits)
    for each in left:
        assert each.span.of(now) == each.change.before
    check_only(now, forward(left), left)


@given(results(), st.data())
@settings(max_examples=300)
def test_what_landed_is_put_back_from_its_own_words_alone(result, data):
    """After any typing, each change that can be reverted stands on the words that it brought."""
    before, original, after, found = result
    text = before + gives(original, found) + after
    standing = landed(found, text, len(before))
    assert apply_edits(text, backward(standing)) == before + original + after
    edits, now = data.draw(typing(text))
    left = followed(standing, edits)
    for each in left:
        assert each.span.of(now) == each.change.after
    check_only(now, backward(left), left)


@given(results(), st.data())
@settings(max_examples=300)
def test_words_typed_into_the_text_do_not_cost_the_other_changes(result, data):
    """A result that comes when its text was typed in: what can be had stands on its own words."""
    before, original, after, found = result
    text = before + original + after
    anchor = tracked(text, Span(len(before), len(before) + len(original)))
    edits, now = data.draw(typing(text))
    for old, edit in edits:
        anchor = moved(anchor, edit, old)
    standing = waiting(found, now, anchor)
    for each in standing:
        assert each.span.of(now) == each.change.before
    check_only(now, forward(standing), standing)


def check_only(text, edits, standing):
    """The edits are those of the changes, and the text between them keeps its bytes."""
    assert sorted(edit.span for edit in edits) == sorted(each.span for each in standing)
    taken = {edit.span: edit.text for edit in edits}
    expected, at = "", 0
    for span in sorted(taken):
        assert span.start >= at
        expected += text[at : span.start] + taken[span]
        at = span.end
    assert apply_edits(text, edits) == expected + text[at:]
