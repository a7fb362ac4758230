"""Where a comment of one line may stand: above a line, and only where it changes nothing else.

Asked before "Disable on next line" is offered. The text is read with and without the comment; both
must come to the same, but for the comment.
"""

from bisect import bisect_right
from typing import Any

from self_refine.checks.fixes.safe_edits import Shape, shape_of
from self_refine.checks.markup.prose_map import ProseMap, Sort
from self_refine.checks.markup.read_map import read_map
from self_refine.checks.markup.syntax_trees import TooSlow, has_grammar, parsed, walked
from self_refine.checks.markup.units import in_any
from self_refine.checks.search.line_endings import encoded
from self_refine.text.languages import Family, canonical, family
from self_refine.text.lines import LineTable
from self_refine.text.spans import Edit, Span, apply_edits

LONGEST = 100_000
"""Code points of a text that is read to find out; in a longer one no comment is offered."""

_MARKS = {
    "html": ("<!-- ", " -->"), "css": ("/* ", " */"), "less": ("/* ", " */"),
    "scss": ("/* ", " */"), "latex": ("% ", ""), "sql": ("-- ", ""), "lua": ("-- ", ""),
    "haskell": ("-- ", ""), "elm": ("-- ", ""), "markdown": ("<!-- ", " -->"),
    "quarto": ("<!-- ", " -->"), "rmd": ("<!-- ", " -->"), "vue": ("<!-- ", " -->"),
    "svelte": ("<!-- ", " -->"),
} | dict.fromkeys(
    (
        "dockerfile", "elixir", "graphql", "julia", "just", "makefile", "nix", "perl",
        "powershell", "python", "r", "ruby", "shellscript", "terraform", "toml", "yaml",
    ),
    ("# ", ""),
) | dict.fromkeys(
    (
        "c", "cpp", "csharp", "dart", "fsharp", "go", "groovy", "java", "javascript",
        "javascriptreact", "jsonc", "kotlin", "php", "rust", "scala", "swift", "typescript",
        "typescriptreact", "zig",
    ),
    ("// ", ""),
)  # fmt: skip
_LONG_STRINGS = ('"""', "'''", "`", "<<", "/*", "[[", '@"', "$$", "\\\n", "|\n", ">\n", "|-", ">-")
"""What may begin a string or a comment of several lines, where no grammar tells."""


def comment_above(text: str, span: Span, language: str, words: str) -> Edit | None:
    """The line to put above the line of `span`; None where none may stand.

    Args:
        text: the document.
        span: what the comment is about.
        language: the editor's language id.
        words: those of the comment.
    """
    language = canonical(language)
    if language not in _MARKS or len(text) > LONGEST:
        return None
    opens, closes = _MARKS[language]
    table = LineTable(text)
    line = table.span(table.line_of(span.start))
    content = line.of(text)
    if content.startswith("#!") or (line.start == 0 and content.startswith("<?")):
        return None
    indent = content[: len(content) - len(content.lstrip())]
    end = "\r\n" if "\r\n" in text else "\n"
    edit = Edit(Span(line.start, line.start), f"{indent}{opens}{words}{closes}{end}")
    return edit if _may_stand(text, span, edit, language) else None


def _may_stand(text: str, span: Span, edit: Edit, language: str) -> bool:
    known = read_map(text, language)
    match family(language):
        case Family.MARKDOWN:
            return _in_markdown(text, span, edit, known)
        case Family.HTML | Family.LATEX:
            fixed = (mark.span for mark in known.marks if mark.sort is not Sort.QUOTE)
            return not any(at.start < edit.span.start < at.end for at in fixed)
        case _ if has_grammar(language):
            return _in_program(text, edit, language)
        case _:
            before = text[: edit.span.start]
            return not any(mark in before for mark in _LONG_STRINGS)


def _in_markdown(text: str, span: Span, edit: Edit, known: ProseMap) -> bool:
    """Whether the blocks round the line are the same with the comment, which is one of its own."""
    if in_any(span, known.fixed):
        return False
    number = bisect_right([block.start for block in known.blocks], span.start) - 1
    if number < 0:
        return False
    start = known.blocks[max(0, number - 1)].start
    part = text[start : known.blocks[number].end]
    moved = Edit(edit.span.moved(-start), edit.text)
    comment = edit.text.strip()
    with_it = shape_of(apply_edits(part, [moved]), words=True)
    return ("Html", comment) in map(_stripped, with_it) and _without(with_it, comment) == _without(
        shape_of(part, words=True), ""
    )


def _without(shape: Shape, comment: str) -> list[Any]:
    """The elements of a text but for one comment, and the edges of blocks of HTML."""
    gone = (
        ("Html", ""), ("Html", comment), ("Text", ""), ("Start", "HtmlBlock"), ("End", "HtmlBlock")
    )  # fmt: skip
    return [event for event in shape if _stripped(event) not in gone]


def _stripped(event: Any) -> Any:
    """Without the blanks of an indent, which stand before a comment as words."""
    if event[0] == "Html" or (event[0] == "Text" and not event[1].strip()):
        return event[0], event[1].strip()
    return event


def _in_program(text: str, edit: Edit, language: str) -> bool:
    """Whether the program has the same tokens with the comment."""
    after = apply_edits(text, [edit])
    try:
        same = _tokens(text, language) == _tokens(after, language)
    except TooSlow:
        return False
    return same and not _first_lines(text, edit)


def _first_lines(text: str, edit: Edit) -> bool:
    """Whether the comment would push a line down that must be the first or the second."""
    below = text[edit.span.start : edit.span.start + 200].split("\n", 1)[0]
    return edit.span.start < LONGEST and text.count("\n", 0, edit.span.start) < 2 and (
        "coding:" in below or "coding=" in below
    )  # fmt: skip


def _tokens(text: str, language: str) -> list[tuple[str, bytes]]:
    """The leaves of a program's tree but for its comments; an error is a token too."""
    data = encoded(text)
    found = walked(parsed(data, language), lambda node: not _is_comment(node))
    return [(n.type, data[n.start_byte : n.end_byte]) for n in found if not _is_comment(n)]


def _is_comment(node: Any) -> bool:
    return "comment" in node.type
