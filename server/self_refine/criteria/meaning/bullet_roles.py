"""Tells bullets that ask something of a text from those that do not.

Lists in rules files also hold links, commands, file trees and the blanks of a template. Asked as
questions they cost tokens and give findings that nobody can act on. A bullet that orders something
("must", "never", "use …") is kept whatever else it holds: to lose a rule is the worse fault.
"""

import re

from self_refine.criteria.meaning.role_words import (
    BLANK,
    CHOICES,
    FACTS,
    FIELD,
    LONE_TOOLS,
    ORDER,
    POINTER,
    RUN,
    STRONG,
    TOOLS,
)

A_LINK = "a link"
A_COMMAND = "a command"
A_PATH = "a file or a folder"
A_BLANK = "a blank of a template"
A_CHOICE = "one of several choices to tick"
A_FACT = "a fact about the project"

_LONGEST = 400
"""Code points of a bullet that is looked at: no link and no command is longer, and some of the
patterns take time that grows with the square."""
_LINK = re.compile(
    # [words](address), [words][name]
    r"!?\[[^\]\[]*+\](?:\([^()]*+(?:\([^()]*+\)[^()]*+)*\)|\[[^\]\[]*+\])"
    r"|<?https?://[^\s>]+>?"
)
_CODE = re.compile(r"(?<!`)(`++)(?P<code>.+?)(?<!`)\1(?!`)")
"""Between two runs of ticks of one length, as CommonMark reads it; a run is taken whole, or each of
its ticks would begin a search of its own."""
_PATH = re.compile(
    r"(?:\./|\.\./|~/|/)?(?:[\w.@$*+\[\](){},-]+/)+[\w.@$*+\[\](){},-]*"  # src/app/
    r"|\.?[\w@*-]+(?:\.[\w*-]+)*\.(?:[a-z]{1,5}|json5)"  # tsconfig.json
    r"|\.(?:env|git|github|vscode|cursor|husky)[\w.-]*"
)
_SEPARATOR = re.compile(r"\s*(?:[:\u2013\u2014#(=]|-+(?=\s|>)|\u2192|->|=>)")
_TELLS = re.compile(r"\s*(?:for|contains|holds|(?:is|are) (?:the|an?|our|where|for))\s")
_LABEL = re.compile(
    r"(?:\*\*|__)?[^`*_:\u2013\u2014]{1,60}?(?:\*\*|__)?\s?[:\u2013\u2014-](?:\*\*|__)?\s*(?=`)"
)
_BETWEEN = re.compile(r"[\s,/|&*_]|\b(?:or|and|then)\b")


def no_question(words: str, headings: tuple[str, ...] = (), *, box: bool = False) -> str:
    """What a bullet is, where it asks nothing of a text: A_LINK, A_COMMAND …; "" where it does.

    Args:
        words: the bullet in one line, as Markdown.
        headings: those above it, outermost first, and the words that lead in to its list.
        box: whether it is an entry of a task list.
    """
    bare = words.strip()
    if len(bare) > _LONGEST:
        return ""
    if _is_link(bare):
        return A_LINK
    if BLANK.fullmatch(bare) or FIELD.fullmatch(bare):
        return A_BLANK
    if _is_command(bare):
        return A_COMMAND
    if _is_path(bare):
        return A_PATH
    if box and any(_offers_choice(heading, bare) for heading in headings):
        return A_CHOICE
    if any(_is_about_project(heading) for heading in headings) and not _orders(bare):
        return A_FACT
    return ""


def _offers_choice(heading: str, words: str) -> bool:
    """Whether boxes below a heading are answers to it."""
    answers = heading.rstrip().endswith("?") and re.match(
        r"(?:yes|no|n/?a)\b", words, re.IGNORECASE
    )
    return bool(answers) or CHOICES.search(heading) is not None


def _orders(words: str) -> bool:
    return "?" in words or ORDER.search(_CODE.sub(" ", words)) is not None


def _is_about_project(heading: str) -> bool:
    """Whether each part of a heading such as "Setup & commands" tells what is there."""
    plain = re.sub(r"[^\w\s&,/:'-]", "", heading).strip()
    parts = [part.strip() for part in re.split(r"[&,/:]|\band\b", plain) if part.strip()]
    return bool(parts) and all(FACTS.fullmatch(part) for part in parts)


def _is_link(words: str) -> bool:
    """Nothing but links, or links and words that point to them or say what they are."""
    if not _LINK.search(words):
        return False
    rest = re.sub(r"[\W_]+", " ", POINTER.sub(" ", _LINK.sub(" ", words))).strip()
    if not rest:
        return True
    bare = words.lstrip("*_ ")
    named = _LINK.match(bare)
    if named is None:
        ends = words.rstrip(" .").endswith((")", ">"))
        return ends and len(rest.split()) <= 3 and not _orders(rest)
    after = bare[named.end() :].lstrip("*_ ")
    told = _SEPARATOR.match(f" {after}")
    says = after[told.end() - 1 :].lstrip("*_ ") if told else ""
    return told is not None and not ORDER.match(says) and not STRONG.search(says)


def _is_command(words: str) -> bool:
    """A command to type, with what it does, or where it is told to run it."""
    found = [code for code in _CODE.finditer(words) if _is_typed(code["code"])]
    if not found:
        return False
    if RUN.match(words):
        return True
    first, last = found[0].start(), found[-1].end()
    labelled = not words[:first].strip("*_ ") or _LABEL.match(words) is not None
    if not labelled or STRONG.search(_CODE.sub("", words)):
        return False
    between = _BETWEEN.sub("", _CODE.sub("", words[found[0].end() : last]))
    after = words[last:]
    return len(between) <= 12 and (not after.strip(" .*_,;") or _is_told(after))


def _is_typed(code: str) -> bool:
    words = code.strip().removeprefix("$ ").split()
    if not words:
        return False
    if words[0].startswith("./") or code.startswith("$ "):
        return True
    return words[0] in LONE_TOOLS or (words[0] in TOOLS and len(words) > 1)


def _is_path(words: str) -> bool:
    """A path, and at most what lies there."""
    bare = words.lstrip("*_ \u251c\u2514\u2502\u2500")
    code = _CODE.match(bare)
    found = _PATH.fullmatch(code["code"].strip()) if code else _PATH.match(bare)
    if found is None:
        return False
    after = bare[(code or found).end() :].lstrip("*_")
    if code is None and not _is_plainly_path(found[0], after):
        return False
    return not after.strip(" .*_") or (_is_told(after) and not STRONG.search(_CODE.sub(" ", after)))


def _is_plainly_path(words: str, after: str) -> bool:
    """Whether words that are not set as code are a path: "and/or" is none."""
    ends = words.endswith("/") or re.search(r"/[\w.-]+\.\w{1,5}\Z", words) is not None
    return ends and not re.match(r"\s*(?://|[\w(])", after)


def _is_told(after: str) -> bool:
    """Whether what stands behind a path or a command says what it is."""
    return _SEPARATOR.match(after) is not None or _TELLS.match(after) is not None
