"""The blocks of prose: the same whether a text is read for the first time or again."""

from hypothesis import given
from hypothesis import strategies as st

from self_refine.text.segmenting.blocks import Block, blocks

PIECES = [
    "\n", "\n\n", "\r\n", "\r", "\u2028", " ", "\t", "> ", "- ", "1. ", "# H", "=====", "---",
    "|a|", "a word. ", "x", "```", "~~~", "\n```py\n", "\n```\n",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)


def shapes(found):
    return [(b.kind, b.whole.start, b.whole.end, b.content.start, b.content.end) for b in found]


@given(TEXTS, TEXTS)
def test_empty_lines_divide_blocks_and_fences_alone_reach_over_them(first, second):
    """What stands before a closed paragraph never changes how the rest is read."""
    whole = f"{first}\n\n{second}"
    fenced = [
        b for b in blocks(f"{first}\n\nx") if b.kind == "fenced" and b.whole.end == len(first) + 3
    ]
    if fenced:
        return  # a fence is open: the rest is code
    at = len(first) + 2
    rest = [(kind, a + at, b + at, c + at, d + at) for kind, a, b, c, d in shapes(blocks(second))]

    assert shapes(blocks(first)) + rest == shapes(blocks(whole))


@given(TEXTS)
def test_blocks_are_in_order_and_disjoint(text):
    """Nothing but white space stands between them."""
    at = 0
    for block in blocks(text):
        assert isinstance(block, Block)
        assert (
            at <= block.whole.start <= block.content.start <= block.content.end == block.whole.end
        )
        assert text[at : block.whole.start].strip() == ""
        at = block.whole.end
    assert text[at:].strip() == ""
