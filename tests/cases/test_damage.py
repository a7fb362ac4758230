# ruff: noqa: E501 - a text is read in one line, with the marks that people write
"""Texts that the shipped lists once damaged, by the kind of the damage: each stays as it is.

«…» marks what is to be changed, with the new words behind `=>`; all else must stay.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from self_refine.checks.registry import run_checks
from self_refine.checks.subject import Subject
from self_refine.criteria.reading.reader import read
from self_refine.loop.types import Verdict
from self_refine.text.spans import apply_edits

PACKS = Path(__file__).parents[2] / "criteria"
_CHANGED = re.compile("«([^»]*)=>([^»]*)»")

STAYS = {
    "a company": (
        "plaintext",
        ["Utilize, Inc. is our customer.", "Utilize GmbH & Co. KG", "Utilize & Sons built it.", "Utilize™ is new.", "Utilize v2 ships today.", "Utilize is a company in Berlin.", "Basically Inc. went public.", "Our vendors: Utilize, Acme, Foo.", "We met Utilize there. Utilize sells shoes.", "Utilize 2.0 is out."],
    ),
    "a title": (
        "plaintext",
        ["Needless to Say is a song.", "As a Matter of Fact is an album."],
    ),
    "words that are spoken about": (
        "markdown",
        ["Write use, not utilize.", "Use the phrase in order to.", "The word utilize is pompous.", "utilize → use", "utilize -> use", "Replace utilize with use.", "Say use rather than utilize.", "Instead of utilize, say use.", "Words to avoid: utilize, prior to, in order to", "- utilize\n- prior to\n- in order to", "1. utilize\n2. prior to", "| Avoid | Prefer |\n|---|---|\n| utilize | use |\n| prior to | before |", "- **utilize**: use\n- **prior to**: before", "*utilize* means *use*.", "Never write **in order to**.", "# Utilize vs. use", "- utilize (use)", "Avoid: utilize, leverage.", "Error: the utilize command is gone."],
    ),
    "words of two phrases": (
        "plaintext",
        ["We add a Gaussian prior to the model.", "The prior to use is flat.", "Your papers are in order to travel.", "In the event that followed, he died.", "He spoke in the event that we hosted.", "We do so as to win.", "It was used in order to. And so on.", "The make use of plastic."],
    ),
    "somebody else's words": (
        "markdown",
        ["<q>We utilize it</q> he said.", "<blockquote>\n\nWe utilize it.\n\n</blockquote>", 'He said \\"we utilize it\\" there.', "He said &quot;we utilize it&quot; there.", "He wrote &ldquo;we utilize it&rdquo; there.", "He wrote ``we utilize it'' there.", "“We utilize it.\n\n“We utilize it.”", "We ~~utilize~~ have it.", "Hän sanoi ”we utilize it” siellä."],
    ),
    "links to headings": (
        "markdown",
        ["[We utilize it](#we-utilize-it)\n\n## We utilize it", "See [[#We utilize it]].\n\n## We utilize it"],
    ),
    "attributes and templates": (
        "markdown",
        ["Text {#utilize .utilize utilize=utilize}", "{#if utilize}", "{@html utilize}", "{: .utilize }", '!!! utilize "Prior to"', "\ufeff---\nx: utilize it\n---\n"],
    ),
    "another language beside it": (
        "markdown",
        ["Il utilise Git.", "Elle utilise la commande.", "我们 utilize 这个。", "日本語の文章で utilize を使う。"],
    ),
    "HTML": (
        "html",
        ["<p><q>We utilize it</q></p>", "<blockquote><p>We utilize it</p></blockquote>", "<p><del>We utilize it</del></p>", '<p lang="fr">Elle utilise la carte</p>', '<p translate="no">We utilize it</p>', '<b class="x notranslate">We utilize it</b>', "<p>&ldquo;We <b>utilize</b> it&rdquo;</p>", '<p>"We <b>utilize</b> it" he said</p>', '<h2>We utilize it</h2>\n<a href="#we-utilize-it">x</a>'],
    ),
    "reStructuredText": (
        "restructuredtext",
        ["+---------+-----+\n| we utilize it | b |\n+=========+=====+\n| we utilize it | b |\n+---------+-----+", "=======  =====\nwe utilize  use\n=======  =====\nwe utilize  b\n=======  =====", "We utilize it\n=============\n\nSee `We utilize it`_."],
    ),
    "LaTeX": (
        "latex",
        ["``We utilize it'' he said.", "He says `we utilize it' there.", "\\enquote{We utilize it}", "\\iffalse we utilize it \\fi", "\\begin{tabular}{ll}utilize & use\\\\ \\end{tabular}"],
    ),
    "terminals and tables in plain text": (
        "plaintext",
        ["$ utilize --all", "    utilize --all", "UTILIZE=1 utilize make", "sudo utilize it", "2026-01-01 12:00:00 INFO utilize started", "Usage: utilize it", "Name       Verb\nwe utilize  12", "-----BEGIN PGP SIGNATURE-----\nutilize it\n-----END PGP SIGNATURE-----", "utilize: the verb that we have"],
    ),
    "mail": (
        "mail",
        ["Subject: Re: we utilize it\n\nYes.", "Subject: x\n\nYes.\n\n-- \nUtilize it\nWe utilize it"],
    ),
    "commit messages": (
        "git-commit",
        ["fixup! utilize it", "squash! we utilize it", "Bump utilize from 1.0 to 2.0", "Update dependency utilize to v2", "Merge branch 'x' into utilize it", "Add it\n\n(cherry picked from commit utilize it)"],
    ),
    "Go": ("go", ["// Utilize is here.\nfunc Utilize() {}", "// The utilize is here.\nfunc f() { utilize() }"]),
    "Rust": ("rust", ["/// See [it](utilize), [utilize].\nfn utilize() {}"]),
    "Java": ("java", ["/** See {@code utilize it} and {@link #utilize}. */\nvoid f(){}"]),
    "C": ("c", ["/** \\code utilize it \\endcode @code utilize it @endcode */\nint x;"]),
    "Ruby": ("ruby", ["# @param x [Utilize] and so on\ndef f(x); end"]),
    "shell": ("shellscript", ["# Usage: utilize it\n# utilize --all\nx=1"]),
    "Svelte": ("svelte", ["{#if utilize}\n<p>{@html utilize}</p>\n{/if}"]),
    "marks that are no shouting": (
        "markdown",
        ["1. e4!! Nf3!? Qxf7!!", "The value is 5!! or n!! there.", "¡¡Feliz año!!", "You did what!?"],
    ),
}  # fmt: skip

CHANGES = {
    "plaintext": ["We «utilize=>use» it.", "«Utilize=>Use» the cache.", "It is «utilized=>used».", "We go there «in order to=>to» win, «prior to=>before» dawn.", "By «utilizing=>using» caches.", "Stop!«!=>»", "Wait?«??=>» No.", "Really?«!=>»", "«In the event that=>If» it fails, call me.", "He said: “no”. We «utilize=>use» it.", "We have 2.5 GB and «utilize=>use» 3 of them.", "[x] we «utilize=>use» it"],
    "markdown": ["## How to «utilize=>use» it\n\n[x](#other)", "**«Utilize=>Use»** the cache.", 'A 6" pipe, and we «utilize=>use» a 12" one.', "We «utilize=>use» it{.x} ~~now~~."],
    "restructuredtext": ["We «utilize=>use» it\n=============\n\nText."],
    "html": ["<p>We <b>«utilize=>use»</b> it, &amp; so on.</p>", '<p lang="fr">non</p><p>We «utilize=>use» it.</p>'],
    "python": ["def f():\n    '''We «utilize=>use» it.'''\n    return 'utilize'\n"],
    "git-commit": ["Add it\n\nWe «utilize=>use» it."],
    "mail": ["Subject: Re: x\n\nWe «utilize=>use» it."],
}  # fmt: skip


@cache
def _checks(pack):
    path = PACKS / f"{pack}.criteria.md"
    return read(path.read_text(encoding="utf-8"), path, path.name).file.checks


def _refined(text, language, pack):
    results = run_checks(_checks(pack), Subject(text=text, original=text, language=language))
    assert Verdict.NOT_CHECKED not in {result.verdict for result in results}
    fixes = [f.fix for result in results for f in result.findings if f.fix is not None]
    return apply_edits(text, fixes)


@pytest.mark.parametrize("pack", ["prose", "email"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param(language, text, id=f"{kind} - {text[:40]!r}")
        for kind, (language, texts) in STAYS.items()
        for text in texts
    ],
)
def test_a_text_that_was_damaged_stays(language, text, pack):
    """No fix of a shipped list is applied; a finding without one may be there."""
    assert f"{text}\n" == _refined(f"{text}\n", language, pack)


@pytest.mark.parametrize(
    ("language", "marked"),
    [(language, marked) for language, texts in CHANGES.items() for marked in texts],
)
def test_what_is_right_by_construction_is_still_applied(language, marked):
    """The guards leave the fixes that people use the lists for."""
    text = _CHANGED.sub(r"\1", marked)
    assert _CHANGED.sub(r"\2", marked) == _refined(text, language, "prose")
