"""H10: what is new, and leads elsewhere or hides, waits for a person before it lands."""

import pytest

from self_refine.loop.guards.needs_review import held
from self_refine.text.markup_traces import traces
from support.command import Session
from support.editing import editing
from support.rule import Rule

OLD = "We utilise the plan of [ours](plan.md), see https://a.example/x and ![chart](c.png).\n"

LINKS = {
    "an address": "https://evil.test/?d=1",
    "without slashes": "https:evil.test",
    "one slash": "https:/evil.test",
    "backslashes": "https:\\\\evil.test",
    "FTP": "ftp://evil.test/x",
    "FTP without slashes": "ftp:evil.test",
    "no scheme": "//evil.test/x",
    "slash and backslash": "/\\evil.test",
    "backslash and slash": "\\/evil.test",
    "UNC": "\\\\evil\\share\\x",
    "UNC with slashes": "//evil/share",
    "www": "www.evil.test",
    "upper case": "HTTPS://EVIL.TEST",
    "an entity in the scheme": "&#106;avascript:alert(1)",
    "an entity for the colon": "javascript&colon;alert(1)",
    "entities for slashes": "https:&#x2f;&#x2f;evil.test",
    "wide letters": "\uff48\uff54\uff54\uff50\uff53://evil.test",
    "wide marks": "https\uff1a\uff0f\uff0fevil.test",
    "a Cyrillic scheme": "\u04bbttps:evil.test",
    "a Cyrillic host": "https://\u0430.example/x",
    "a Cyrillic www": "\u051d\u051d\u051d.evil.test",
    "fraction slashes": "https:\u2044\u2044evil.test",
    "a soft hyphen in the scheme": "ht\xadtps://evil.test",
    "a bare domain": "evil.com/login",
    "a domain alone": "evil.com",
    "an ideographic stop": "evil\u3002com/x",
    "mail": "mailto:a@evil.test",
    "a mail address": "a@evil.test",
    "a command": "command:workbench.action.quit",
    "an editor's link": "vscode://file/x",
    "data": "data:text/html,x",
    "a file": "file:///etc/passwd",
    "a protocol handler": "ms-word:ofe|u|x",
    "an autolink": "<https://evil.test>",
    "an autolink of another scheme": "<x-evil:1>",
    "an inline link": "[here](elsewhere.md)",
    "an inline link in angles": "[here](<elsewhere.md>)",
    "an anchor": "[here](#secret)",
    "a reference": "[here][evil]",
    "a wiki link": "[[elsewhere]]",
    "reStructuredText": "`here <elsewhere>`_",
    "LaTeX": "\\href{elsewhere}{here}",
    "AsciiDoc": "link:elsewhere[here]",
    "Typst": '#link("elsewhere")',
}


PLACES = ["{}", "see {} now", "({})", "[x]({})", "\n[x]: {}\n", "<!-- {} -->"]


@pytest.mark.parametrize("words", LINKS.values(), ids=LINKS)
@pytest.mark.parametrize("place", PLACES)
def test_h10_new_links_of_any_form(words, place):
    """Alone, in a sentence, in brackets, as a target, as a definition, in a comment."""
    new = OLD.replace("utilise", place.format(words))

    assert any("link" in why or "comment" in why for why in held(new, [OLD], "markdown"))


@pytest.mark.parametrize("words", LINKS.values(), ids=LINKS)
def test_h10_what_the_user_asked_for_is_no_surprise(words):
    """What stands in the text already, or in the instruction, holds nothing."""
    new = OLD.replace("utilise", f"see {words} now")

    assert () == held(new, [OLD, f"Please see {words} now"], "markdown")
    assert () == held(new.replace("We ", "They "), [new], "markdown")


IMAGES = ["![](x.png)", "![a](https://evil.test/?d=1)", "![a][evil]", "![[x.png]]", "<img src=x>",
          "<IMG SRC='x'/>", "\n.. image:: x.png\n", "image::x.png[]", "\\includegraphics{x}",
          '#image("x")', "<img alt='<' src=x>", "![a\nb](x.png)"]  # fmt: skip


@pytest.mark.parametrize("words", IMAGES)
def test_h10_new_images(words):
    """In every form that a preview would fetch; also one that takes the place of another."""
    assert held(OLD.replace("utilise", words), [OLD], "markdown")
    assert held(OLD.replace("![chart](c.png)", words), [OLD], "markdown")


TAGS = ["<b>x</b>", "<script>x</script>", "<script\n>x", "<iframe src=x>", "<svg/onload=x>",
        "<a href=x>", "<x-y z>", "<details>", "<style>x", "<img", "<b>x <a href='y'>"]  # fmt: skip


@pytest.mark.parametrize("words", TAGS)
def test_h10_new_html(words):
    """Tags in prose; the active ones in any language, also one that gains an attribute."""
    assert any("HTML tag" in why for why in held(OLD.replace("utilise", words), [OLD], "markdown"))


@pytest.mark.parametrize("language", ["html", "vue", "python", "javascript", "markdown"])
def test_h10_active_html_in_every_language(language):
    """A script is one in a template, too; a tag that is there may not come to lead elsewhere."""
    old = "<a class='x'>murky</a>"
    assert held(old.replace("murky", "<script src=x></script>"), [old], language)
    assert held(old.replace("class", "href"), [old], language)


@pytest.mark.parametrize(
    "words", ["<!-- x -->", "<!--x", "<!DOCTYPE x>", "<?php x ?>", "<![CDATA[x]]>"]
)
def test_h10_comments_that_nobody_sees(words):
    """They speak to whoever reads the source: the next model, perhaps."""
    why = held(OLD.replace("utilise", words), [OLD], "markdown")

    assert "it adds a comment that nobody sees" in why


@pytest.mark.parametrize(
    "char",
    ["\u200b", "\u202e", "\u2066", "\U000e0041", "\u3164", "\xad", "\x1b", "&ZeroWidthSpace;"],
)
def test_h10_hidden_characters(char):
    """Also as an entity, and one more than there were; the sentence shows none of them."""
    for old in (OLD, OLD.replace("plan", f"pl{char}an")):
        new = old.replace("utilise", f"use{char}")
        [why] = held(new, [old, "use it"], "markdown")
        assert why.startswith("it adds characters that nobody can see (U+")
        assert why.isprintable()


@pytest.mark.parametrize(
    "word", ["p\u0430ypal", "Micr\u043esoft", "\u0391pple", "g\u03bf\u03bfgle"]
)
def test_h10_letters_that_look_alike(word):
    """A word that is half Cyrillic or Greek is not the word that it seems to be."""
    [why] = held(OLD.replace("utilise", word), [OLD], "markdown")

    assert "letters of several alphabets" in why


PLAIN = {
    "words": ("We use the plan.", "markdown"),
    "a clock": ("at 10:30, ratio 3:1, note: this; either/or; 24/7; AT&T; x < y", "markdown"),
    "a file": ("see README.md and node.js, e.g. this, U.S. law", "markdown"),
    "Russian": ("\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440", "markdown"),
    "Greek": ("the angle \u03b1 and k\u03a9, \u0394t", "markdown"),
    "French": ("l'\u00e9t\u00e9 na\u00eff \u00e0 No\u00ebl", "markdown"),
    "emoji": ("\U0001f468\u200d\U0001f469\u200d\U0001f467 fine", "markdown"),
    "generics": ("List<String> a = f(x); // good", "java"),
    "a dictionary": ("a = {'data':1, 'b': x[0](y)}; c = a[1][2]", "python"),
    "a path": ("C:\\Users or \\n and \\d+", "python"),
    "a decorator": ("@app.route\ndef f(a: int) -> int: ...", "python"),
    "a comment": ("//good\n/* x */", "javascript"),
    "markup": ("<p>use</p>", "html"),
}


@pytest.mark.parametrize(("words", "language"), PLAIN.values(), ids=PLAIN)
def test_h10_plain_words_hold_nothing(words, language):
    """What is held for nothing is soon waved through unseen."""
    assert () == held(words, ["murky"], language)


@pytest.mark.parametrize(
    "piece", ["](", "[[", "![", "<", "<a ", "<!--", "&", "&#106;", "https:", "//", "a.", "\u0430a",
              "\\\\a", "link:", "@a.", ".. image::", "\u200b", "www.", "]: ", "("]
)  # fmt: skip
def test_h10_long_replies_are_looked_through(piece):
    """A hundred thousand of anything: caps hold, and the answer comes."""
    found = traces(piece * 100_000, "markdown")

    assert all(len(each) <= 300 for each in (*found.links, *found.tags, *found.comments))


# In the editor and at the prompt -----------------------------------------------------------------

TEXT = "We utilise it.\n"
EVIL = ["https:evil.test", "<!-- sell -->", "![](x.png)", "\\\\evil\\share", "p\u0430ypal"]


@pytest.mark.parametrize("words", EVIL)
@pytest.mark.parametrize("settings", [{"review": "apply"}, {}])
def test_h10_the_editor_waits(tmp_path, words, settings):
    """The text is as it was, and the sentence says what to look at."""
    with editing(tmp_path, rule=Rule({"utilise": words}, "house/plain"), options=settings) as at:
        at.open("memo.md", TEXT)
        at.run()
        at.wait_shown("The refined text waits", "look at it first")
        assert TEXT == at.text
        assert [] == at.edits()


FIXES = """\
---
criteria: 1
checks:
  - {kind: words, id: plain, severity: warning, swap: {utilise: "use https://evil.test or"}}
---

## Criteria
"""


def test_h10_a_fix_of_a_criteria_file_waits_in_the_editor(tmp_path):
    """No model has to be asked for a stranger's link to come in."""
    files = {"criteria/house.criteria.md": FIXES}
    with editing(tmp_path, files=files, model=False) as at:
        at.open("memo.md", TEXT)
        at.run()
        at.wait_shown("The refined text waits", "it adds the link https://evil.test")
        assert TEXT == at.text


@pytest.mark.parametrize("criteria", [FIXES, FIXES.replace("https://", "https:")])
def test_h10_the_prompt_writes_nothing_unseen(tmp_path, criteria):
    """Exit code 2, the reason, and the difference to look at; the file is as it was."""
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    session = Session(folder, home)
    session.put("criteria/mail.criteria.md", criteria)
    session.put("mail.md", TEXT)
    ran = session.run("mail.md", "--write")

    assert (2, TEXT.encode()) == (ran.code, session.read())
    assert "Look before you keep it: it adds the link https:" in ran.err
    assert "look at the diff first" in ran.err
    assert "+We use https:" in ran.out
