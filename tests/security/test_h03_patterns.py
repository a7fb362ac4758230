"""Hole 3: small texts froze the server, since Python's `re` holds the interpreter's lock.

Each pattern of the code base runs against growing repeats of its own pieces; so do the functions
that read what others wrote. Growth beyond linear fails.
"""

from pathlib import Path

import pytest

from self_refine.checks.subject import Subject
from self_refine.criteria.reading.reader import read
from self_refine.editor.diagnostics.suppressions import disabled
from self_refine.loop.critic.replies import reading_reply
from self_refine.loop.critic.replies.json_reply import JsonReader
from self_refine.loop.critic.replies.reading_reply import ReadingReader
from self_refine.loop.critic.replies.tagged_reply import TaggedReader
from self_refine.loop.guards import fact_loss
from self_refine.loop.guards.needs_review import held
from self_refine.loop.guards.protected import protected_change
from self_refine.loop.guards.rejections import foreign
from self_refine.loop.requests import Answered
from self_refine.loop.task import Task
from self_refine.loop.types import Cost
from self_refine.loop.writer.edit_formats import read_blocks, read_segments
from self_refine.loop.writer.reply_block import block_of, without_fence
from self_refine.loop.writer.whitespace_frame import frame_of
from self_refine.models.openai.reply_reader import readable
from self_refine.runs.outgoing.secret_scan import secrets_in
from self_refine.text import invisible, to_markdown
from self_refine.text.invisible import escape
from self_refine.text.segmenting.segments import segments
from support.growth import grows_too_fast, repeats
from support.pattern_scan import patterns, pieces

SIGNS = "\u27e6"
LOCAL = {
    "self_refine.checks.fixes.mentions:_beside.0": (),
    "self_refine.checks.fixes.mentions:_beside.1": (),
    "self_refine.checks.records.csv_record:bare": (r"[^,\r\n]*",),
    "self_refine.checks.markup.python_signatures:found": (r"\b(?:def|class)\s+(name)",),
    "self_refine.criteria.meaning.role_words:_words.0": (),
    "self_refine.loop.critic.replies.tagged_reply:_opening": (
        r"[ \t]*<(reply-[0-9a-f]{8,})>[ \t]*",
        r"[ \t]*<(reply-0011aabb)>[ \t]*",
    ),
    "self_refine.loop.prompt.tags:strip_marks.0": (rf"{SIGNS}[0-9]{{1,9}}{SIGNS}",),
    "self_refine.criteria.importing.prh:_regex.0": ("expected",),
    "self_refine.loop.critic.replies.reading_reply:_opening": (
        reading_reply._OPENING.format(name="reply-0011aabb"),
    ),
    "self_refine.loop.guards.fact_loss:has.0": (fact_loss._alone("12,5"),),
    "self_refine.loop.guards.fact_loss:has.1": (fact_loss._alone("ada"),),
    "self_refine.loop.guards.protected:_all_of.0": ("kept",),
    "self_refine.loop.guards.rejections:_compiled.0": (),
    "self_refine.loop.writer.reply_block:blocks": ("<reply-0011aabb>(.*?)</reply-0011aabb>",),
    "self_refine.loop.writer.writer:_closed_up.1": (rf"({SIGNS}[0-9]{{1,9}}{SIGNS})[ \t]+",),
    "self_refine.loop.writer.writer:_closed_up.0": (rf"({SIGNS}[0-9]{{1,9}}{SIGNS})[ \t]",),
    "self_refine.tools.results.places:_stands_in.0": (r"(?<![A-Za-z0-9])add(?![A-Za-z0-9])",),
    "self_refine.text.invisible:_compiled.0": (
        invisible._HIDDEN,
        invisible._EMOJI_FLAG,
        invisible._PICTURES,
        invisible._JOINING,
    ),
}
"""Patterns that a function puts together; () where the module keeps what it has made."""
FOUND = list({(f.where, f.pattern): f for f in patterns(LOCAL)}.values())


def work(pattern, method):
    if isinstance(pattern.pattern, bytes):
        return lambda text: list(pattern.finditer(text.encode()))
    if method in ("sub", "subn"):
        return lambda text: pattern.sub("", text)
    if method == "finditer":
        return lambda text: sum(1 for _ in pattern.finditer(text))
    return getattr(pattern, method)


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.where)
def test_h03_every_pattern_is_linear(found):
    """In the way in which it is used."""
    slow = [
        (method, what)
        for method in sorted(found.methods)
        for what, text_of in repeats(pieces(found.pattern))
        if grows_too_fast(work(found.pattern, method), text_of)
    ]
    assert slow == [], f"{found.pattern.pattern!r}: {len(slow)}, such as {slow[:3]}"


PIECES = (
    *(" ", "\n", "#", "- ", "`", "*", "[", "](", "<!--", "<", "|", "> ", "a. ", "....", "1"),
    "- **a** (error): ",
)
"""What Markdown, replies and criteria files are made of, and what a model in a loop repeats."""

TASK = Task(text="Words.", criteria=(), has_model=True, seed="s")


def read_criteria(text):
    body = read(f"---\ncriteria: 1\ntitle: T\n---\n\n{text}", Path("/w/a.criteria.md"), "a")
    return body.problems


def read_front_matter(text):
    return read(f"---\ncriteria: 1\ntitle: {text}\n---\n\n- Is it long?\n", Path("/w/a.md"), "a")


def subject(text):
    made = Subject(text=text, original=text, language="markdown")
    return made.outline, made.blocks(), made.map, made.spoken


def reply(text):
    for form in ("json", "tagged"):
        readable(text, "", form, "reply-0011aabb")


def critique(text):
    for reader in (JsonReader(), TaggedReader(None), ReadingReader("reply-0011aabb")):
        reader.feed(text)
        reader.end(cut=False)


def written(text):
    answered = Answered(text=text, form="tagged", finish="stop", cost=Cost())
    block_of(answered, "reply-0011aabb")
    without_fence(text)
    read_segments(text)
    read_blocks(text)


FUNCTIONS = {
    "criteria": read_criteria,
    "front matter": read_front_matter,
    "subject": subject,
    "segments": lambda text: segments(text, "markdown"),
    "code": lambda text: segments(text, "python"),
    "reply": reply,
    "critique": critique,
    "written": written,
    "foreign": lambda text: foreign("Words.", text, "markdown"),
    "held": lambda text: held(text, ("Words.",), "markdown"),
    "protected": lambda text: protected_change("Words.", text, TASK, ()),
    "frame": lambda text: frame_of(text, ""),
    "secrets": secrets_in,
    "escape": lambda text: escape(text + "\u202e"),
    "markdown words": to_markdown.words,
    "markdown block": to_markdown.block,
    "disabled": disabled,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_h03_what_reads_strangers_texts_is_linear(name):
    """Opening a heading of 16,000 blanks took 16 s; a reply of dots 10 s; backticks 2 s."""
    texts = [(f"{p!r} * n", lambda n, p=p: p * (n // len(p))) for p in PIECES]
    texts += [
        (f"({p + q!r}) * n", lambda n, p=p, q=q: (p + q) * (n // len(p + q)))
        for p in PIECES
        for q in PIECES[:7]
        if p != q
    ]
    texts += [("'# ' + ' ' * n + 'x'", lambda n: f"# {' ' * n}x\n")]
    slow = [what for what, text_of in texts if grows_too_fast(FUNCTIONS[name], text_of)]
    assert slow == []
