"""Maps of texts whose lines say what they are: mails, commit messages, plain text."""

import re
from collections.abc import Iterator

from self_refine.checks.markup.prose_map import Mark, Sort
from self_refine.text.lines import line_bounds
from self_refine.text.spans import Span


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60}+):")
_FIRST_FIELDS = _words("""
    from to cc bcc subject date message-id received return-path reply-to sender mime-version
    content-type delivered-to x-mailer in-reply-to references organization importance x-priority
""")
_ENCODED = re.compile(
    r"^content-(?:transfer-encoding:[ \t]*(?:base64|quoted-printable)|type:[ \t]*multipart/)",
    re.IGNORECASE | re.MULTILINE,
)
_FORWARDED = re.compile(
    r"^[ \t>]*-{2,}[ \t]*(?:original message|forwarded message|original-nachricht|"
    r"ursprüngliche nachricht|weitergeleitete nachricht|message d'origine|message transféré)"
    r"[ \t]*-{2,}",
    re.IGNORECASE | re.MULTILINE,
)
_OUTLOOK = re.compile(
    r"^(?:from|von|de)[ \t]?: [^\n]*+\n(?:sent|date|gesendet|datum|envoyé|to|an|à)[ \t]?: ",
    re.IGNORECASE | re.MULTILINE,
)
_WROTE = re.compile(
    r"(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef)[ \t ]?:\Z", re.IGNORECASE
)
_SCISSORS = re.compile(r"^[#;@!$%^&|:] ?-+ ?>8 ?-+", re.MULTILINE)
_TRAILER = re.compile(r"[A-Z][A-Za-z]*+(?:-[A-Za-z]++)*+(?:: | #)\S")
_MADE_BY_GIT = re.compile(
    r"(?:fixup|squash|amend)! |Revert \"|Reapply \""
    r"|Merge (?:branch|tag|commits?|pull request|remote-)"
)
"""How a summary begins that a program wrote, or reads to find the commit it belongs to."""
_PICKED = re.compile(r"\(cherry picked from commit ")
_REPLY = re.compile(r"(?:re|fwd?|aw|wg|tr|rv|sv|vs)(?:\[\d+\])?: ", re.IGNORECASE)
_TERMINAL = re.compile(
    r"^[ \t]*+(?:\$ |>>> |PS [A-Z]:[^>\n]*+> |[\w.-]++@[\w.-]++:[^\n$#]*+[$#] "
    r"|[A-Z_]{2,}+=\S*+ [a-z]|usage: |sudo |\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d)[^\n]*+",
    re.IGNORECASE | re.MULTILINE,
)
_ARMOUR = re.compile(
    r"^-----BEGIN PGP SIGNATURE-----$.*?(?:^-----END PGP SIGNATURE-----$|\Z)|^Hash: [\w-]++$"
    r"|^begin [0-7]{3} \S++$.*?(?:^end$|\Z)|^-----(?:BEGIN|END) [A-Z ]++-----$",
    re.DOTALL | re.MULTILINE,
)
_SIGNATURE = re.compile(r"^-- ?\r?$", re.MULTILINE)
_TYPE = re.compile(r"[a-z]{2,12}+(?:\([^()\n]{1,40}\))?!?:(?= )")


def mail_marks(text: str) -> Iterator[Mark]:
    """A mail: its header but for the subject, and what other people wrote."""
    header = header_of(text)
    if header is not None:
        subject = re.compile(r"^subject:[ \t]*", re.IGNORECASE | re.MULTILINE).search(
            text, header.start, header.end
        )
        if subject is None:
            yield Mark(header, Sort.MATTER, block=True)
        else:
            line_end = text.find("\n", subject.end(), header.end)
            end = line_end if line_end >= 0 else header.end
            yield Mark(Span(header.start, subject.end()), Sort.MATTER, block=True)
            yield Mark(Span(end, header.end), Sort.MATTER, block=True)
            if _REPLY.match(text, subject.end(), end):  # a thread is found by its subject
                yield Mark(Span(subject.end(), end), Sort.QUOTE)
    signature = None if header is None else _SIGNATURE.search(text, header.end)
    if signature is not None:
        yield Mark(Span(signature.start(), len(text)), Sort.NAME, block=True)
    yield from quoted_lines(text)
    yield from terminal_lines(text)


def terminal_lines(text: str) -> Iterator[Mark]:
    """What was typed at a prompt, or printed there, and what only a program reads."""
    for pattern in (_TERMINAL, _ARMOUR):
        for found in pattern.finditer(text):
            yield Mark(Span(*found.span()), Sort.CODE, block=True)


def header_of(text: str) -> Span | None:
    """The header of a mail, if the text begins with one."""
    end, first = 0, True
    for start, stop in line_bounds(text):
        line = text[start:stop].rstrip("\r\n")
        if not line.strip():
            break
        found = _FIELD.match(line)
        if found is None and not (line[0] in " \t" and not first):
            return None
        if first and found is not None and found[1].lower() not in _FIRST_FIELDS:
            return None
        first, end = False, stop
    return Span(0, end) if end else None


def encoded_mail(text: str) -> bool:
    """Whether the words of a mail stand in a form that only a program reads."""
    header = header_of(text)
    return header is not None and _ENCODED.search(text, header.start, header.end) is not None


def quoted_lines(text: str) -> Iterator[Mark]:
    """Lines that begin with `>`, the line that announces them, and messages below a rule."""
    end = len(text)
    for pattern in (_FORWARDED, _OUTLOOK):
        if (found := pattern.search(text, 1 if pattern is _OUTLOOK else 0)) is not None:
            end = min(end, found.start())
    if end < len(text):
        yield Mark(Span(end, len(text)), Sort.QUOTE, block=True)
    if ">" not in text:
        return
    before = Span(0, 0)
    for start, stop in line_bounds(text):
        if start >= end:
            return
        line = text[start:stop].lstrip(" \t")
        if line.startswith(">"):
            yield Mark(Span(start, stop), Sort.QUOTE, block=True)
            if _WROTE.search(before.of(text).rstrip()):
                yield Mark(before, Sort.NAME, block=True)
        if line.strip():
            before = Span(start, stop)


def commit_marks(text: str) -> Iterator[Mark]:
    """A commit message: what git throws away, trailers, the type before the summary."""
    cut = _SCISSORS.search(text)
    end = cut.start() if cut else len(text)
    if cut:
        yield Mark(Span(end, len(text)), Sort.DROPPED, block=True)
    first = True
    for start, stop in line_bounds(text):
        line = text[start : min(stop, end)]
        if start >= end:
            return
        if line.startswith("#"):
            yield Mark(Span(start, min(stop, end)), Sort.DROPPED, block=True)
        elif first and line.strip():
            first = False
            if _MADE_BY_GIT.match(line):
                yield Mark(Span(start, min(stop, end)), Sort.NAME)
            elif found := _TYPE.match(line):
                yield Mark(Span(start, start + found.end()), Sort.NAME)
        elif _TRAILER.match(line) or _PICKED.match(line):
            yield Mark(Span(start, min(stop, end)), Sort.NAME, block=True)
        elif line.startswith(("    ", "\t")) and line.strip():
            yield Mark(Span(start, min(stop, end)), Sort.CODE, block=True)
