"""Pages: whatever a trace, a document or a model says is shown as words, never as markup."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from self_refine.editor.pages.trace_page import trace_page
from self_refine.text import to_markdown

HOSTILE = st.text("ab `*_[]()<>!#-+=|~\\&;:/.@w\n\r\t\x1b\u202e\u200b\u2028\U0001f600", max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | HOSTILE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(HOSTILE, inner, max_size=3),
    max_leaves=12,
)


def check_plain(page):
    """No link, image, HTML or emphasis comes of it, and nothing that cannot be seen."""
    found = [t for token in MarkdownIt("js-default").parse(page) for t in (token, *_inside(token))]
    kinds = {token.type for token in found}
    assert not kinds & {"link_open", "image", "html_block", "html_inline", "em_open", "s_open"}
    assert not set("\x00\x1b\u202e\u200b\u2028\r") & set(page)
    return found


def _inside(token):
    return token.children or ()


@given(HOSTILE)
def test_words_are_words(text):
    """One paragraph at most, wherever it stands in a line."""
    for page in (
        to_markdown.words(text),
        f"- {to_markdown.words(text)}",
        f"A: {to_markdown.words(text)}",
    ):
        assert "\n" not in page
        kinds = {t.type for t in check_plain(page)}
        assert not kinds & {"heading_open", "hr", "code_block", "fence", "blockquote_open"}


@given(HOSTILE)
def test_a_block_holds_all_of_it(text):
    """Nothing in the text ends its fence: the page is one block."""
    tokens = MarkdownIt().parse(to_markdown.block(text))
    assert [token.type for token in tokens] == ["fence"]
    check_plain(to_markdown.block(text))


@given(HOSTILE)
def test_code_is_code(text):
    """One span of code with nothing beside it."""
    if text.strip():
        [_, inline, _] = MarkdownIt().parse(f"x{to_markdown.code(text)}x")
        assert [t.type for t in inline.children] == ["text", "code_inline", "text"]


@given(st.lists(st.dictionaries(st.sampled_from(["event", "ms", "text", "stop", "task"]), JSON)))
@settings(max_examples=50)
def test_any_lines_make_a_page(lines):
    """A trace of another version, or a broken one, is shown as far as it can be read."""
    check_plain(trace_page(lines))


@given(HOSTILE)
@example("_:_|")
@example("a\\|_b_|")
@settings(max_examples=50)
def test_every_part_of_a_run_is_shown_plainly(text):
    """Each event with hostile words in every place that a model or a document can fill."""
    finding = {"criterion": text, "quote": text, "problem": text, "disputed": True}
    lines = [
        {
            "event": "began",
            "ms": 0,
            "host": text,
            "model": text,
            "task": {
                "text": text,
                "instruction": text,
                "criteria": [{"id": text, "severity": text, "question": text, "check": text}],
            },
        },
        {"event": "checked", "ms": 1, "results": [{"verdict": "fail", "findings": [finding]}]},
        {
            "event": "ask",
            "call": {"purpose": text, "messages": [{"role": text, "content": text}], "task": text},
        },
        {"event": "reply", "kind": text, "reply": {"text": text, "message": text}},
        {
            "event": "judged",
            "candidate": {
                "number": text,
                "origin": text,
                "accepted": False,
                "rejected_because": text,
                "verdicts": {text: {"verdict": text, "reason": text}},
                "findings": [finding],
                "notes": [text],
                "text": text,
            },
        },
        {"event": "ended", "stop": text, "detail": text, "text": text, "cost": {"calls": 2}},
        {"event": text},
    ]
    page = trace_page(lines)
    found = check_plain(page)
    assert sum(t.type == "heading_open" for t in found) == 8
    assert "2 calls, 0 tokens in, 0 out." in page


def test_an_empty_trace_says_why():
    """A user who turned the trace off is told so."""
    assert "the setting `trace` is off" in trace_page([])
