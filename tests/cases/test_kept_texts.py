# ruff: noqa: E501 - a template is read in one line, with the marks that people write
"""Over 200 generated texts in the manner of 40 kinds of public ones: fixes change prose alone.

In each template «…» is what no fix may touch: links, code, names, numbers, markup, other people's
words, other languages. `W` is a phrase that the list replaces; outside of the marks it is prose and
must be replaced, so that a test that looks at nothing fails.
"""

import pytest

from self_refine.loop.types import Severity
from self_refine.text.spans import apply_edits
from support.checking import CLOSE, OPEN, made, plain, result_of

SWAPS = {
    "utilize": "use",
    "in order to": "to",
    "prior to": "before",
    "make use of": "use",
    "due to the fact that": "because",
}
FRENCH = "L'équipe va « W » utiliser ce service pour toutes les données de la société cette année."
GERMAN = "Das Team wird W diesen Dienst für alle Daten der ganzen Gesellschaft verwenden wollen."

KINDS = {
    "readme": ("markdown", "# Tool\n\nYou W it: «[docs](docs/W.md)» and «`W --all`».\n\n«```sh\nW 1\n```»\n"),
    "badges": ("markdown", "«[![W](img/W.svg)](W.md)»\n\nWe W it for «3.14» days.\n"),
    "reference links": ("markdown", 'See «[docs][W]» as we W it.\n\n«[W]: docs/W.md "W"»\n'),
    "footnotes": ("markdown", "We W it«[^W]».\n\n«[^W]:» They W it, too.\n"),
    "front matter": ("markdown", "«---\ntitle: W\nslug: W\n---»\n\nWe W it.\n"),
    "TOML matter": ("markdown", '«+++\ntitle = "W"\n+++»\n\nWe W it.\n'),
    "changelog": ("markdown", "## «[1.2.0]» - «2026-01-02»\n\n- We W it («#12», «@W»).\n- «`W`» is gone.\n"),
    "table": ("markdown", "| a | «`W`» |\n«|---|---|»\n| We W it | «W.py» |\n"),
    "task list": ("markdown", "- «[ ]» We W it\n- «[x]» «`W`»\n"),
    "details": ("markdown", "«<details>\n<summary>»We W it«</summary>»\n\nWe W it.\n\n«</details>»\n"),
    "HTML block": ("markdown", "«<a href=\"W\" title='W'>»We W it«</a>»\n\n«<pre>\nW\n</pre>»\n"),
    "comment": ("markdown", "We W it.\n\n«<!-- W: W -->»\n"),
    "indented code": ("markdown", "Run, we W it:\n\n«    W --all\n    W»\n\nDone.\n"),
    "nested fence": ("markdown", "- We W it:\n\n  «```\n  W\n  ```»\n"),
    "block quote": ("markdown", "We W it.\n\n«> We W it, she said.\n> W»\n"),
    "alert": ("markdown", "> [!NOTE]\n> We W it with «`W`».\n"),
    "quotation": ("markdown", 'We W it. She wrote: «"We W it."»\n'),
    "curly quotation": ("plaintext", "We W it. He says «“they W it”» now.\n"),
    "formula": ("markdown", "We W it: «$W + 1$».\n\n«$$\nW\n$$»\n"),
    "wiki links": ("markdown", "We W it: «[[W]]».\n"),
    "autolinks": ("markdown", "We W it: «<https://e.org/W>», «https://e.org/W?a=W», «me@W.example».\n"),
    "Liquid": ("markdown", "We W it. «{% include W.html %}» «{{ W }}»\n"),
    "Hugo": ("markdown", "We W it. «{{< W >}}»\n"),
    "Quarto": ("quarto", "«---\nW: 1\n---»\n\nWe W it.\n\n«```{r}\nW\n```»\n"),
    "MDX": ("mdx", "«import W from './W'»\n\nWe W it: «<Card to=\"W\">»we W it«</Card>» «{W}»\n"),
    "plain notes": ("plaintext", "We W it, see «docs/W/a.txt», «--W», «W()».\n"),
    "mail": ("mail", "«From: W <W@e.org>\nMessage-ID: <W@e.org>\n»Subject: We W it\n\nWe W it.\n\n«Bo wrote:\n> We W it.»\n"),
    "forwarded mail": ("mail", "We W it.\n\n«-----Original Message-----\nWe W it.»\n"),
    "commit": ("git-commit", "«fix(W):» we W it\n\nWe W it with «`W`».\n\n«Signed-off-by: W <a@e.org>\n# W\n»"),
    "HTML page": ("html", '«<!doctype html>\n<p class="W">»We W it.«</p><script>W</script>»\n'),
    "LaTeX": ("latex", "\\section{We W it}«\\label{W}»\nSee «\\ref{W}», we W it: «$W$».\n«% W»\n"),
    "reStructuredText": ("restructuredtext", "We W it, see «:ref:`W`» and «``W``».\n"),
    "Python": ("python", "«def W1(x):\n    »\"\"\"We W it.\"\"\"«\n    return 'W'\n# »We W it.«\n»"),
    "JavaScript": ("javascript", "// We W it.\n«let a = 'W';»\n/** We W it. «@param {x} W» */\n"),
    "Go": ("go", '«package a\n\n»// We W it.\n«var b = "W"»\n'),
    "Rust": ("rust", '/// We W it with «`W`».\n«fn f() -> &str { "W" }»\n'),
    "shell": ("shellscript", "«#!/bin/W\n»# We W it.\n«echo 'W'»\n"),
    "French": ("markdown", f"«{FRENCH}»\n\nWe W the whole of this thing for all of the people here.\n"),
    "German": ("markdown", f"«{GERMAN}»\n\nWe W the whole of this thing for all of the people here.\n"),
    "names": ("plaintext", "We W it at the «W Institute» and call «W.run», «x=W», «W_all».\n"),
}  # fmt: skip


def texts():
    """Each kind with each phrase: the language, the text, what must stay."""
    for name, (language, template) in KINDS.items():
        for phrase in SWAPS:
            yield pytest.param(language, template, phrase, id=f"{name} - {phrase}")


ALL = list(texts())


def filled(template, phrase):
    """The template with the phrase; a name in it begins with a capital."""
    return template.replace("W Institute", f"{phrase.capitalize()} Institute").replace("W", phrase)


def kept(template, phrase):
    """The stretches that must stay, in order."""
    parts = filled(template, phrase).split(OPEN)[1:]
    return [part.split(CLOSE)[0] for part in parts]


@pytest.mark.parametrize(("language", "template", "phrase"), ALL)
def test_no_fix_changes_anything_but_prose(language, template, phrase):
    """What stays stands there afterwards, in its order; prose has no listed phrase any more."""
    check = made("words", swap=SWAPS, text_languages=("en",))
    text = plain(filled(template, phrase))
    found = result_of(check, text, language=language).findings
    after = apply_edits(text, [f.fix for f in found if f.fix])

    at = 0
    for stretch in kept(template, phrase):
        at = after.find(stretch, at)
        assert at >= 0, (stretch, after)
        at += len(stretch)
    assert text != after
    assert all(f.severity is Severity.WARNING for f in found)


def test_there_are_enough_of_them():
    """As many texts and kinds as are promised."""
    assert len(ALL) >= 200
    assert len(KINDS) >= 40
