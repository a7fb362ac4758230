"""The mirror says what the editor says, after whatever edits, in every encoding."""

import os
import random
import re

import pytest

from self_refine.editor.documents.documents import Change, Documents, Point
from self_refine.editor.documents.line_store import document_lines
from self_refine.editor.documents.positions import ENCODINGS
from self_refine.text.spans import Span, apply_edits

COUNT = int(os.environ.get("SELF_REFINE_FUZZ", "1000"))

URI = "file:///fuzz.md"
PIECES = (
    *"ab .\t", "\n", "\n", "\r", "\r\n", "\r\n", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c",
    "\u00e9", "e\u0301", "\u4e2d", "\U0001f600", "\U0001f469\u200d\U0001f680", "\ufeff",
    "\ud83d", "\ude00", "",
)  # fmt: skip


class Editor:
    """An editor that counts as simply as can be: one character after the other."""

    def __init__(self, text, encoding):
        self.text, self.encoding = paired(text), encoding

    def lines(self):
        """(start, end of the words) of each line."""
        ends = [(m.start(), m.end()) for m in re.finditer("\r\n|\n|\r", self.text)]
        starts = [0, *(end for _, end in ends)]
        return list(zip(starts, [*(start for start, _ in ends), len(self.text)], strict=True))

    def offset(self, line, character):
        lines = self.lines()
        if line >= len(lines):
            return len(self.text)
        start, end = lines[line]
        inside = [at for at in range(start, end + 1) if self.units(start, at) <= character]
        return inside[-1]

    def units(self, start, end):
        size = {"utf-8": size8, "utf-16": size16, "utf-32": lambda _: 1}[self.encoding]
        return sum(map(size, self.text[start:end]))

    def replace(self, start, end, text):
        self.text = paired(self.text[:start] + text + self.text[end:])


def size8(character):
    return len(character.encode("utf-8", "surrogatepass"))


def size16(character):
    return 2 if ord(character) > 0xFFFF else 1


def paired(text):
    """Halves of a pair that meet are one character, as in every editor that counts in UTF-16."""
    return re.sub("[\ud800-\udbff][\udc00-\udfff]", lambda m: joined(m.group()), text)


def joined(pair):
    high, low = map(ord, pair)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def words(random_, most):
    return "".join(random_.choices(PIECES, k=random_.randrange(most)))


def positions(random_, editor):
    """Two positions, often where there is nothing, sometimes the second before the first."""
    count = len(editor.lines())
    for _ in range(2):
        yield random_.randrange(count + 2), random_.choice((*range(12), 40, 2**31 - 1))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_fuzz_the_mirror_follows_the_editor(encoding):
    """The mirror is the editor's text after each edit, and what it tells of the edit is true."""
    for seed in range(COUNT):
        random_ = random.Random(f"{encoding} {seed}")
        editor = Editor(words(random_, 40), encoding)
        documents = Documents(encoding)
        heard = Heard()
        documents.subscribe(heard)
        documents.opened(URI, "markdown", 1, editor.text)
        for version in range(2, 8):
            before = editor.text
            changes = [change(random_, editor) for _ in range(random_.randrange(1, 4))]
            documents.changed(URI, version, changes)
            check(documents.get(URI), editor, f"{encoding} {seed}")
            assert heard.replay(before) == editor.text, (encoding, seed)


def change(random_, editor):
    """Edit the editor's text and say so as the protocol does."""
    text = words(random_, 6)
    if random_.random() < 0.05:
        editor.replace(0, len(editor.text), text)
        return Change(None, text)
    first, second = positions(random_, editor)
    start, end = sorted((editor.offset(*first), editor.offset(*second)))
    editor.replace(start, end, text)
    return Change((Point(*first), Point(*second)), text)


class Heard:
    """A feature that follows edits by what it is told alone."""

    def opened(self, document):
        pass

    def changed(self, document, edits):
        self.edits = edits

    def closed(self, document):
        pass

    def replay(self, text):
        for edit in self.edits:
            text = apply_edits(text, [edit])
        return text


def check(document, editor, case):
    """The same text, the same lines, the same places."""
    assert document.text == editor.text, case
    lines = editor.lines()
    assert len(document.lines) == len(lines), case
    assert document.size == len(editor.text), case
    for number, (start, end) in enumerate(lines):
        assert document.lines.start(number) == start, case
        for offset in range(start, end + 1):
            position = document.position(offset)
            assert (position.line, position.character) == (
                number,
                editor.units(start, offset),
            ), case
            assert document.offset(position) == offset, case


def test_fuzz_long_documents_keep_their_blocks():
    """Documents of thousands of lines, edited anywhere, are what plain text would be."""
    for seed in range(max(3, COUNT // 100)):
        random_ = random.Random(seed)
        text = "".join(f"{n}{random_.choice(PIECES)}\n" for n in range(random_.randrange(2500)))
        documents = Documents("utf-32")
        documents.opened(URI, "markdown", 1, text)
        text = documents.get(URI).text
        for version in range(2, 30):
            start = random_.randrange(len(text) + 1)
            reach = random_.choice((0, 1, 30, 4000))
            end = min(len(text), start + random_.randrange(reach + 1))
            document = documents.get(URI)
            span = document.range(Span(start, end))
            start, end = document.offset(span.start), document.offset(span.end)
            added = "x\n" * random_.choice((0, 1, 2, 900)) + random_.choice(("", "y", "\r"))
            points = tuple(Point(p.line, p.character) for p in (span.start, span.end))
            documents.changed(URI, version, [Change(points, added)])
            text = text[:start] + added + text[end:]
            lines = documents.get(URI).lines
            assert documents.get(URI).text == text, (seed, version)
            assert len(lines) == len(re.findall("\r\n|\n|\r", text)) + 1, (seed, version)
            assert lines.size == len(text), (seed, version)


@pytest.mark.parametrize("piece", [p for p in PIECES if p] + ["a\r\nb\rc\n"])
@pytest.mark.parametrize("last", ["", "\n", "\r", "\r\n", "z"])
def test_long_texts_have_the_lines_that_short_ones_have(piece, last):
    """Whatever may end a line elsewhere: the fast way is taken where nothing of it is there."""
    text = paired(f"word {piece}" * 3_000 + last)
    lines = re.findall("[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$", text)
    ended = lines if lines[-1][-1] not in "\r\n" else [*lines, ""]
    assert document_lines(text) == ended
