"""Changes under review stand on their words through any typing, and touch no others."""

from hypothesis import given, settings
from hypothesis import strategies as st

from self_refine.editor.diagnostics.tracked_range import moved, tracked
from self_refine.editor.review.change import Part, change_of, forward
from self_refine.editor.review.tracked_change import (
    TrackedChange,
    followed,
    in_original,
    in_result,
    making,
    undoing,
)
from self_refine.text.spans import Edit, Span, apply_edits

ALPHABET = "ab \n\r\u00e9\U0001f600\u0301"
words = st.text(ALPHABET, max_size=6)


@st.composite
def results(draw, *, most_parts=9):
    """Text before, an original, its result, the changes, and text behind; none touches another."""
    before, original, result, parts = draw(words), "", "", []
    for _ in range(draw(st.integers(1, 5))):
        kept = draw(st.text(ALPHABET, min_size=1, max_size=5))
        old, new = draw(words), draw(words)
        if old == new:
            continue
        original, result = original + kept, result + kept
        parts.append(
            Part(
                old=Span(len(original), len(original) + len(old)),
                new=Span(len(result), len(result) + len(new)),
                before=old,
                after=new,
            )
        )
        original, result = original + old, result + new
    groups = []
    for part in parts:
        if groups and len(groups[-1]) < most_parts and draw(st.booleans()):
            groups[-1] += (part,)
        else:
            groups.append((part,))
    found = tuple(change_of(n, group, original, result) for n, group in enumerate(groups))
    return before, original, result, draw(words), found


@st.composite
def typing(draw, text):
    """Edits, one after the other, each with the text before it and after."""
    edits = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 4)))
        edit = Edit(Span(start, end), draw(st.text(ALPHABET, max_size=3)))
        after = apply_edits(text, [edit])
        edits.append((edit, text, after))
        text = after
    return edits, text


def follow(changes, edits):
    for edit, before, after in edits:
        changes = tuple(followed(each, edit, before, after) for each in changes)
    return changes


def check(text, changes, *, side):
    """Each change stands on its own words; acting on one side leaves all other bytes alone."""
    left = [each for each in changes if each.span is not None]
    for each in left:
        assert each.span.of(text) == (each.change.after if each.is_new else each.change.before)
    acted = [each for each in left if each.is_new is side]
    edits = (undoing if side else making)(acted)
    expected, at = "", 0
    for each in sorted(acted, key=lambda each: each.span):
        assert each.span.start >= at
        expected += text[at : each.span.start]
        expected += each.change.before if side else each.change.after
        at = each.span.end
    assert apply_edits(text, edits) == expected + text[at:]


@given(results(), st.data())
@settings(max_examples=300)
def test_what_waits_is_accepted_from_its_own_words_alone(result, data):
    """After any typing, each change that can be had stands on the words that it replaces."""
    before, original, refined, after, found = result
    text = before + original + after
    anchor = tracked(text, Span(len(before), len(before) + len(original)))
    changes = in_original(found, text, anchor)
    assert apply_edits(text, making(changes)) == before + refined + after
    edits, now = data.draw(typing(text))
    check(now, follow(changes, edits), side=False)


@given(results(), st.data())
@settings(max_examples=300)
def test_what_landed_is_put_back_from_its_own_words_alone(result, data):
    """After any typing, each change that can be reverted stands on the words that it brought."""
    before, original, refined, after, found = result
    text = before + refined + after
    changes = in_result(found, text, len(before))
    assert apply_edits(text, undoing(changes)) == before + original + after
    edits, now = data.draw(typing(text))
    check(now, follow(changes, edits), side=True)


@given(results(), st.data())
@settings(max_examples=300)
def test_words_typed_into_the_text_do_not_cost_the_other_changes(result, data):
    """A result that comes when its text was typed in: what can be had stands on its own words."""
    before, original, _, after, found = result
    text = before + original + after
    anchor = tracked(text, Span(len(before), len(before) + len(original)))
    edits, now = data.draw(typing(text))
    for edit, old, _new in edits:
        anchor = moved(anchor, edit, old)
    check(now, in_original(found, now, anchor), side=False)


@given(results(most_parts=1))
@settings(max_examples=200)
def test_the_text_says_on_which_side_a_change_is(result):
    """Making a change by hand and taking it back is seen in the words, whoever did it."""
    before, original, refined, after, found = result
    text = before + original + after
    anchor = tracked(text, Span(len(before), len(before) + len(original)))
    changes = in_original(found, text, anchor)
    there = follow(changes, steps(making(changes), text))
    assert all(each.span is not None and each.is_new for each in there)
    landed = before + refined + after
    back = follow(there, steps(undoing(there), landed))
    assert all(each.span is not None and not each.is_new for each in back)


def steps(edits, text):
    """The same edits one after the other, the last one first, so that none moves another."""
    taken = []
    for edit in sorted(edits, reverse=True):
        after = apply_edits(text, [edit])
        taken.append((edit, text, after))
        text = after
    return taken


def one(before, after, *, decision=""):
    """A change of a whole text, whose new words stand."""
    part = Part(old=Span(0, len(before)), new=Span(0, len(after)), before=before, after=after)
    change = change_of(0, (part,), before, after)
    return TrackedChange(change, tracked(after, Span(0, len(after))), decision)


def test_a_decision_is_about_the_words_that_stood():
    """What was kept and then taken back by undo is not kept when it is made again."""
    change = one("utilise", "use", decision="kept")
    assert change.state(offered=False) == "kept"
    back = followed(change, Edit(Span(0, 3), "utilise"), "use", "utilise")
    assert (back.state(offered=False), back.decision) == ("reverted", "")
    again = followed(back, Edit(Span(0, 7), "use"), "utilise", "use")
    assert again.state(offered=False) == "landed"


def test_typed_words_are_neither_side():
    """Typing makes a change `edited`; taking the typing back makes it what it was."""
    change = one("utilise", "use", decision="kept")
    typed = followed(change, Edit(Span(1, 1), "x"), "use", "uxse")
    assert typed.state(offered=False) == "edited"
    assert followed(typed, Edit(Span(1, 2), ""), "uxse", "use").state(offered=False) == "kept"


def test_parts_of_a_change_are_sent_one_by_one():
    """What stays between the parts of a change is left alone."""
    old, new = "a b c", "x b y"
    parts = (
        Part(old=Span(0, 1), new=Span(0, 1), before="a", after="x"),
        Part(old=Span(4, 5), new=Span(4, 5), before="c", after="y"),
    )
    change = change_of(0, parts, old, new)
    assert forward(change, 10) == (Edit(Span(10, 11), "x"), Edit(Span(14, 15), "y"))
