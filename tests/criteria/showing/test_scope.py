"""Why a file applies: the sentence agrees with what a run does."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.criteria.applying import Applies, Target, applies
from self_refine.criteria.showing.scope import scope_of, why
from support.checking import file_of


class File:
    id = title = "x"

    def __init__(self, **rules):
        self.applies = Applies(**rules)


def target(language="markdown", path="docs/a.md"):
    where = PurePosixPath(path) if path else None
    return Target(language=language, path=where, covers_document=True)


@pytest.mark.parametrize(
    ("rules", "where", "expected"),
    [
        ({}, {}, (True, "it is for all texts")),
        ({"languages": ("md",)}, {}, (True, "it is for markdown")),
        ({"languages": ("python",)}, {}, (False, "it is for python, and this text is markdown")),
        ({"paths": ("docs/**",)}, {}, (True, "docs/a.md fits docs/**")),
        ({"paths": ("mail/**",)}, {}, (False, "docs/a.md does not fit mail/**")),
        ({"paths": ("mail/**",)}, {"path": None},
         (False, "it is for paths that fit mail/**, and this text has no path")),
        ({"paths": ("x/**",), "languages": ("markdown",)}, {"path": None},
         (True, "it is for markdown, and a text without a path is judged by that alone")),
        ({"paths": ("docs/**",), "languages": ("markdown",)}, {},
         (True, "it is for markdown and docs/a.md fits docs/**")),
    ],
)  # fmt: skip
def test_the_reason_says_what_decided(rules, where, expected):
    """Language, then path."""
    assert expected == why(File(**rules), target(**where))


@given(
    languages=st.lists(st.sampled_from(["markdown", "python", "md"]), max_size=2),
    paths=st.lists(st.sampled_from(["docs/**", "mail/*.md", "**/*.py"]), max_size=2),
    path=st.sampled_from([None, "docs/a.md", "mail/b.md", "c.py"]),
)
def test_the_reason_agrees_with_the_run(languages, paths, path):
    """A negative sentence exactly where a file does not apply."""
    file, where = File(languages=tuple(languages), paths=tuple(paths)), target(path=path)
    used, reason = why(file, where)
    against = "does not fit" in reason or ", and this text " in reason

    assert applies(file, where) == used == (not against)


def test_the_scope_in_words():
    """As `criteria show` names it."""
    rules = "{languages: [md], paths: ['a/**'], within: document}"
    source = f"---\ncriteria: 1\napplies: {rules}\n---\n- b?\n"

    assert "md texts that fit a/**, whole documents only" == scope_of(file_of(source).applies)
    assert "all texts" == scope_of(Applies())
