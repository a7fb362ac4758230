"""The map of a LaTeX text: running words, and the arguments of commands that print them.

No kept library reads it fast enough: pylatexenc takes 1.5 s for 1,600 lines, and knows no place in
10 MB within a minute. So what is not surely prose is not: the arguments of a command that is not
listed here are left alone.
"""

import re
from collections.abc import Iterator

from self_refine.checks.markup.prose_map import Heading, Mark, Sort
from self_refine.text.spans import Span


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_TOKEN = re.compile(
    r"(?P<escaped>\\[%$&#_{}~^\\ ,;:!-])"
    r"|(?P<comment>%[^\n]*+)"
    r"|\\(?P<edge>begin|end)[ \t]*+\{(?P<name>[^{}\n]{1,60}+)\}"
    r"|(?P<verb>\\(?:verb\*?|lstinline(?:\[[^\]\n]{0,200}+\])?+)(?P<bar>[^\w\s*{])"
    r"[^\n]{0,400}?(?P=bar))"
    r"|(?P<math>\$\$|\$|\\\(|\\\)|\\\[|\\\])"
    r"|\\(?P<command>[A-Za-z@]++)\*?+"
    r"|(?P<group>[{}\[\]])"
    r"|(?P<mark>[&~])"
)
_SPOKEN = _words("""
    part chapter section subsection subsubsection paragraph subparagraph caption footnote emph
    textbf textit textsc textsl textmd textrm textsf textup underline uline title subtitle text
    mbox thanks footnotetext frametitle framesubtitle abstract item dedication
""")
"""Commands whose arguments are read as they stand."""
_HEADS = {name: level for level, name in enumerate(
    ("part", "chapter", "section", "subsection", "subsubsection", "paragraph"), 1
)}  # fmt: skip
_CODE = _words("""
    verbatim Verbatim lstlisting minted equation align gather multline eqnarray displaymath math
    alltt tikzpicture comment filecontents flalign alignat array cases matrix pmatrix bmatrix
    algorithmic thebibliography pgfplots picture
""")
_QUOTED = frozenset({"quote", "quotation", "displayquote", "verse"})
_SINGLE = re.compile(r"(?<!`)`(?=[^\W_])[^`'\n]{1,160}+'(?![\w'])")
_OFF = re.compile(r"\\iffalse\b.*?(?:\\fi\b|\Z)", re.DOTALL)
_CLOSES = {"$$": "$$", "$": "$", "\\(": "\\)", "\\[": "\\]"}


def latex_marks(text: str) -> Iterator[Mark]:  # noqa: PLR0912 - one branch for each token
    """What of a LaTeX text is no prose."""
    yield from (Mark(Span(*found.span()), Sort.QUOTE) for found in _SINGLE.finditer(text))
    yield from (Mark(Span(*found.span()), Sort.COMMENT) for found in _OFF.finditer(text))
    begun = text.find("\\begin{document}")
    if begun > 0:
        yield Mark(Span(0, begun), Sort.CODE, block=True)
    groups: list[bool] = []
    argument: bool | None = None
    """Whether the group that comes next is spoken; None where no command stands before."""
    at, ended = max(begun, 0), -1
    while token := _TOKEN.search(text, at):
        start, at = token.span()
        beside = not text[ended:start].strip(" \t") if ended >= 0 else False
        if argument is not None and not beside:
            argument = None
        kind = token.lastgroup
        if token["edge"]:
            at, sort = _environment(text, token)
            yield Mark(Span(start, at), sort, block=sort is not Sort.MARKUP)
            argument, ended = False, at
        elif token["command"]:
            argument, ended = token["command"] in _SPOKEN, at
            yield Mark(Span(start, at), Sort.MARKUP)
        elif token["verb"]:
            yield Mark(Span(start, at), Sort.CODE)
        elif token["math"]:
            at = _math_end(text, token[0], at)
            yield Mark(Span(start, at), Sort.CODE)
        elif token["comment"] is not None:
            yield Mark(Span(start, at), Sort.COMMENT)
        elif token[0] in "{[":
            if token[0] == "{" and argument is not False:
                groups.append(argument is None)
                argument = None
            elif argument is not None:
                at = _group_end(text, start)
                yield Mark(Span(start, at), Sort.NAME)
                ended = at
        elif token[0] == "}" and groups:
            groups.pop()
        elif kind == "mark":
            yield Mark(Span(start, at), Sort.MARKUP)


def _environment(text: str, token: re.Match[str]) -> tuple[int, Sort]:
    """Where an edge of an environment, or all of one that is no prose, ends."""
    name = token["name"].rstrip("*")
    if token["edge"] == "end" or name not in _CODE | _QUOTED:
        return token.end(), Sort.MARKUP
    close = text.find(f"\\end{{{token['name']}}}", token.end())
    end = close + len(token["name"]) + 6 if close >= 0 else len(text)
    return end, Sort.QUOTE if name in _QUOTED else Sort.CODE


def _math_end(text: str, opened: str, at: int) -> int:
    closes = _CLOSES.get(opened)
    if closes is None:
        return at
    blank = text.find("\n\n", at)
    last = blank if blank >= 0 else len(text)
    end = text.find(closes, at, last)
    while end > 0 and text[end - 1] == "\\" and closes[0] == "$":
        end = text.find(closes, end + 1, last)
    return end + len(closes) if end >= 0 else at


def _group_end(text: str, start: int) -> int:
    """Behind the bracket that closes the one at `start`; an open one ends with its paragraph."""
    opens, closes = (text[start], "}" if text[start] == "{" else "]")
    depth, at = 0, start
    blank = text.find("\n\n", start)
    last = blank if blank >= 0 else len(text)
    while at < last:
        char = text[at]
        if char == "\\":
            at += 1
        elif char == opens:
            depth += 1
        elif char == closes:
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return last


def latex_headings(text: str) -> Iterator[Heading]:
    """The headings of a LaTeX text."""
    for found in re.finditer(r"\\([a-z]++)\*?(?=\{)", text):
        if found[1] in _HEADS:
            end = _group_end(text, found.end())
            title = text[found.end() + 1 : end - 1].strip()
            yield Heading(Span(found.start(), end), _HEADS[found[1]], title)
