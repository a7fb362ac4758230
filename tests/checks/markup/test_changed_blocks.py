"""The map of a text that is being typed is the one that a first look at it gives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from self_refine.checks.markup.markdown import changed_blocks
from self_refine.checks.markup.markdown.changed_blocks import LastLook
from self_refine.checks.markup.markdown.markdown_map import in_code_points, read_bytes, source_of

BLOCKS = [
    "# A title\n",
    "A paragraph of *some* words with `code`, a [link](there.md) and \u201cquotes\u201d.\n",
    "Two lines\nof one paragraph \U0001f600.\n",
    "A heading\n=========\n",
    "- one\n- two\n  - deeper\n",
    "- loose\n\n- items\n",
    "1. first\n2. second\n",
    "> said by others\n> and more\n",
    "```python\nx = 1\n\ny = 2\n```\n",
    "~~~\nopen\n",
    "    indented code\n",
    "| a | b |\n|---|---|\n| c | d |\n",
    "<div>\n\nwords\n\n</div>\n",
    "<!-- a comment\n\nthat goes on -->\n",
    "***\n",
    "---\ntitle: x\n---\n",
    "+++\ntitle = 1\n+++\n",
    "[label]: https://example.com\n",
    "See [label] and[^1].\n\n[^1]: A note.\n",
    "<pre>\nas it is\n\nto the end\n",
    "$$\nx\n$$\n",
    "- [ ] a task\n",
    "\\\n",
    "2) odd\n",
    "-\n  foo\n",
]
PIECES = [
    "",
    "\n",
    "\n\n",
    "```",
    "~~~\n",
    "- ",
    "    ",
    "> ",
    "<!--",
    "-->",
    "---\n",
    "===\n",
    "x",
    "|",
    "#",
]


def seen(tree):
    marks, heads, paragraphs, blocks = in_code_points(tree)
    return sorted(marks, key=repr), heads, paragraphs, blocks


documents = st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=12).map("\n".join)
changes = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from([*PIECES, *BLOCKS])), max_size=6
)


@settings(max_examples=200, deadline=None)
@given(documents, changes)
def test_a_text_that_is_typed_is_read_as_a_new_one(text, changes):
    look = LastLook(shortest=0)
    for share, length, words in [(0.0, 0, ""), *changes]:
        at = int(share * len(text))
        text = text[:at] + words + text[at + length :]
        assert seen(look.read(text)) == seen(read_bytes(source_of(text).encode()))


def test_what_did_not_change_is_not_read(monkeypatch):
    """One block and its neighbours are; the rest is taken over."""
    sizes = []
    whole = changed_blocks.read_bytes
    monkeypatch.setattr(
        changed_blocks, "read_bytes", lambda data: sizes.append(len(data)) or whole(data)
    )
    text = "".join(f"Paragraph number {n} has some words.\n\n" for n in range(500))
    look = LastLook(shortest=0)
    look.read(text)
    look.read(text.replace("number 250 has", "number 250 now has"))

    assert sizes[0] == len(text)
    assert len(sizes) == 2
    assert sizes[1] < 200
