"""Where a comment of one line may stand: it silences a finding and changes nothing."""

import ast

import pytest

from self_refine.checks.fixes.comment_place import comment_above
from self_refine.text.spans import Span, apply_edits


def above(text, language, word="utilize"):
    """The text with a comment above the line of the word; None where none may stand."""
    at = text.index(word)
    edit = comment_above(text, Span(at, at + len(word)), language, "off")
    return None if edit is None else apply_edits(text, [edit])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("markdown", "| a |\n|---|\n| b |\n| utilize |\n"),
        ("markdown", "---\ntitle: utilize\n---\nText.\n"),
        ("markdown", "Hello there\nwe utilize it.\n"),
        ("markdown", "> a\n> utilize\n"),
        ("markdown", "- a\n- utilize\n"),
        ("markdown", "- a\n  utilize\n"),
        ("markdown", "```\nutilize\n```\n"),
        ("markdown", "    utilize\n"),
        ("markdown", "Head\nutilize\n====\n"),
        ("mdx", "We utilize it.\n"),
        ("python", 'def f():\n    """Doc.\n\n    We utilize it.\n    """\n'),
        ("python", "x = 'a' \\\n    'utilize'\n"),
        ("python", "#!/usr/bin/env utilize\nx = 1\n"),
        ("python", "# coding: utilize\nx = 1\n"),
        ("javascript", "let a = `b\nutilize`;\n"),
        ("typescriptreact", "let a = <p>\n  utilize\n</p>;\n"),
        ("shellscript", "cat <<E\nutilize\nE\n"),
        ("go", "package a\n\nvar b = `\nutilize`\n"),
        ("kotlin", 'val a = """\nutilize\n"""\n'),
        ("yaml", "a: |\n  utilize\n"),
        ("html", '<p class="a"\n   title="utilize">b</p>\n'),
        ("html", "<script>\nutilize\n</script>\n"),
        ("latex", "\\begin{verbatim}\nutilize\n\\end{verbatim}\n"),
        ("json", '{"a": "utilize"}\n'),
        ("mail", "We utilize it.\n"),
        ("plaintext", "We utilize it.\n"),
        ("restructuredtext", "We utilize it.\n"),
    ],
)
def test_no_comment_where_it_would_be_text_or_break_something(language, text):
    """Tables, wrapped paragraphs, quotes, front matter, strings, `#!`, and what has no comments."""
    assert above(text, language) is None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("markdown", "A.\n\nWe utilize it\nnow.\n", "A.\n\n<!-- off -->\nWe utilize it\nnow.\n"),
        ("markdown", "A.\n\n  utilize\n", "A.\n\n  <!-- off -->\n  utilize\n"),
        ("markdown", "## utilize\n", "<!-- off -->\n## utilize\n"),
        ("markdown", "- utilize\n- b\n", "<!-- off -->\n- utilize\n- b\n"),
        ("markdown", "A.\r\n\r\nutilize\r\n", "A.\r\n\r\n<!-- off -->\r\nutilize\r\n"),
        (
            "python",
            "def f():\n    # utilize\n    pass\n",
            "def f():\n    # off\n    # utilize\n    pass\n",
        ),
        ("python", "x = [\n    utilize,\n]\n", "x = [\n    # off\n    utilize,\n]\n"),
        ("go", "package a\n\n// utilize\n", "package a\n\n// off\n// utilize\n"),
        ("kotlin", "// utilize\n", "// off\n// utilize\n"),
        ("html", "<p>\nutilize\n</p>\n", "<p>\n<!-- off -->\nutilize\n</p>\n"),
        ("latex", "We\nutilize it.\n", "We\n% off\nutilize it.\n"),
        ("css", "a {\n  /* utilize */\n}\n", "a {\n  /* off */\n  /* utilize */\n}\n"),
    ],
)
def test_a_comment_stands_above_the_line(language, text, expected):
    """Indented as the line is, with the text's own line ends."""
    assert expected == above(text, language)


def test_a_program_stays_the_same_program():
    """Whatever line is asked for, the tree of the program does not change."""
    text = (
        'import a\n\n\ndef f(x):\n    """D."""\n    y = (\n        x\n        + 1\n    )\n'
        "    return y\n"
    )
    for word in ("import", "def f", '"""D', "y = (", "x\n        +", "+ 1", "return"):
        at = text.index(word)
        edit = comment_above(text, Span(at, at + 1), "python", "off")
        after = text if edit is None else apply_edits(text, [edit])
        assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(after))
