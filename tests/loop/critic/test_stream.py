"""Findings that are shown while the critique still comes in."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.loop.critic.questions import INSTRUCTION, read_critique
from self_refine.loop.critic.stream import CritiqueStream
from self_refine.loop.requests import Call
from self_refine.loop.task import Task
from self_refine.loop.types import Criterion, Severity
from support.critiques import (
    FIRST,
    FORMAL,
    REQUEST,
    TAG,
    TEXT,
    answered,
    as_json,
    as_lines,
    as_reading,
    entry,
    issue,
)

ALL = (FORMAL, REQUEST, FIRST)
ENTRIES = (
    entry(FORMAL.id, "fail", issue("Kindly", segment=2), issue("herewith"), issue("Dear Sir")),
    entry(REQUEST.id, "fail", issue("", segment=3, kind="missing"), issue("soon", segment=3)),
    entry(FIRST.id, "pass"),
)
REPLIES = {"json": as_json(*ENTRIES), "tagged": as_lines(*ENTRIES)}


def stream_of(form, criteria=ALL):
    task = Task(text=TEXT, criteria=criteria, language="markdown", has_model=True, seed="5eed")
    call = Call(
        purpose="critique",
        messages=(),
        task="",
        tag=TAG,
        max_output_tokens=9,
        reading=form == "reading",
    )
    return CritiqueStream(TEXT, task, call, form)


def fed(reply, form, edges):
    """What a stream shows of a reply that comes in pieces with these edges."""
    stream = stream_of(form)
    edges = sorted({0, len(reply), *(at for at in edges if at < len(reply))})
    pieces = [reply[a:b] for a, b in pairwise(edges)]
    return [finding for piece in pieces for finding in stream.feed(piece)]


@pytest.mark.parametrize("form", REPLIES)
def test_a_finding_is_shown_once_it_is_whole(form):
    """The first one is there long before the reply ends, and only when its last field is."""
    reply, stream = REPLIES[form], stream_of(form)
    shown_at = {}
    for at, char in enumerate(reply):
        for finding in stream.feed(char):
            shown_at[finding.quote or finding.kind.value] = at

    assert ["Kindly", "Dear Sir", "missing", "soon"] == list(shown_at)
    assert shown_at["Kindly"] > reply.index("Mend it.")
    assert shown_at["Kindly"] < reply.index("herewith")


@pytest.mark.parametrize("form", REPLIES)
def test_what_the_whole_reply_keeps_is_what_was_shown(form):
    """For a reply that contradicts itself nowhere, the two are the same findings."""
    whole = read_critique(answered(REPLIES[form], form), TAG, TEXT, "markdown", ALL)

    assert list(whole.findings) == sorted(fed(REPLIES[form], form, ()), key=lambda f: f.span)


def test_quotes_that_are_not_there_are_never_shown():
    """Dropped is dropped, also for a moment."""
    assert [] == fed(as_json(entry(FORMAL.id, "fail", issue("herewith"))), "json", ())


def test_checks_and_strangers_are_never_shown():
    """What a check decides, or nobody asked, is not the critic's to say."""
    check = Criterion(id="email/long", question="", severity=Severity.ERROR, check="length")
    reply = as_json(
        entry("email/long", "fail", issue("Kindly")), entry("email/odd", "fail", issue("Kindly"))
    )

    assert [] == stream_of("json", (FORMAL, check)).feed(reply)


def test_the_users_wish_streams_as_well():
    """The open critique has no criterion in the file, and is shown as a hint."""
    (shown,) = stream_of("json").feed(as_json(entry(INSTRUCTION, "fail", issue("Kindly"))))

    assert (INSTRUCTION, Severity.HINT) == (shown.criterion, shown.severity)


def test_one_place_is_shown_once():
    """A critic that repeats itself does not repeat diagnostics."""
    reply = as_json(entry(FORMAL.id, "fail", issue("Kindly"), issue("kindly", problem="Again.")))

    assert ["Not plain."] == [f.problem for f in stream_of("json").feed(reply)]


def test_a_finding_of_a_reading_is_shown_with_its_fix():
    """It comes as soon as the fix is closed, long before the last verdict."""
    fixed = issue("Kindly", segment=2) | {"fix": "Please send the report."}
    reply = as_reading(entry(FORMAL.id, "fail", fixed), entry(FIRST.id, "pass"))
    end = reply.index("</fix-") + len("</fix-00aa11bb>")
    stream = stream_of("reading")

    assert [] == stream.feed(reply[:end])
    (shown,) = stream.feed(reply[end : end + 1])
    assert [("Kindly", "Please")] == [(e.span.of(TEXT), e.text) for e in shown.proposal]


SAID = st.lists(
    st.builds(
        lambda criterion, verdict, issues: entry(criterion.id, verdict, *issues),
        st.sampled_from(ALL),
        st.sampled_from(["pass", "fail", "not_applicable", ""]),
        st.lists(
            st.builds(
                issue,
                st.sampled_from(["Kindly", "Dear Sir", "report", "e", "", "herewith", "soon."]),
                segment=st.integers(0, 4),
                kind=st.sampled_from(["wrong", "missing", "extra"]),
            ),
            max_size=5,
        ),
    ),
    max_size=5,
)


@given(SAID, st.sampled_from(["json", "tagged"]), st.lists(st.integers(0, 3000), max_size=30))
def test_pieces_show_what_the_whole_keeps(entries, form, edges):
    """In any pieces the same findings are shown, and what the whole reply keeps is among them."""
    reply = as_json(*entries) if form == "json" else as_lines(*entries)

    shown = fed(reply, form, edges)
    whole = read_critique(answered(reply, form), TAG, TEXT, "markdown", ALL)

    assert fed(reply, form, ()) == shown
    assert set(whole.findings) <= set(shown)
    assert {(f.criterion, f.span) for f in shown} == {(f.criterion, f.span) for f in whole.findings}


@given(st.text(max_size=200), st.sampled_from(["json", "tagged"]))
def test_no_reply_stops_a_stream(reply, form):
    """Whatever comes in, showing goes on."""
    assert [] == [f for char in reply for f in stream_of(form).feed(char)]
