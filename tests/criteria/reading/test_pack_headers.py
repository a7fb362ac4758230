"""What menus know of the packs before they are read: the same as afterwards, or nothing."""

import pytest

from self_refine.criteria.applying import Applies
from self_refine.criteria.finding.discover import shipped
from self_refine.criteria.reading.pack_headers import PackHeader, read_head, shipped_heads
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.criteria.reading.yaml_nodes import read_yaml


def test_every_pack_is_offered_as_it_is_read():
    """The heads of all packs say what reading them in full says, in the same order."""
    heads = shipped_heads()

    assert heads is not None
    assert [(f.id, f.title, f.applies) for f in shipped().files] == [
        (head.id, head.title, head.applies) for head in heads
    ]


PLAIN = """\
---
criteria: 1
id: memo
title: Memos, short ones
applies:
  languages: [markdown, mail]
  paths: ["notes/**", "*.md"]
  within: document
checks:
"""


def test_a_plain_head_is_read():
    """Id, title and every rule of what it applies to."""
    assert PackHeader(
        id="memo",
        title="Memos, short ones",
        applies=Applies(
            languages=("markdown", "mail"), paths=("notes/**", "*.md"), within="document"
        ),
    ) == read_head(iter(PLAIN.splitlines(keepends=True)), "other")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("---\n", "# Heading\n"),
        ("title: Memos, short ones\n", ""),
        ("title: Memos, short ones", "title: 'Memos'"),
        ("title: Memos, short ones", "title: Memos  # the short ones"),
        ("title: Memos, short ones", "title: Memos\n  of all sorts"),
        ("id: memo", "id: memo\nid: note"),
        ("[markdown, mail]", "\n    - markdown"),
        ("[markdown, mail]", "[markdown,\n    mail]"),
        ("[markdown, mail]", "[markdown, *all]"),
        ("within: document", "within: page"),
        ("applies:", "applies: {languages: [mail]}\nneeds:"),
        ("checks:\n", ""),
    ],
)
def test_what_only_yaml_can_tell_is_left_to_it(old, new):
    """No guess is made about a head that is written otherwise."""
    source = PLAIN.replace(old, new, 1)

    assert source != PLAIN
    assert read_head(iter(source.splitlines(keepends=True)), "memo") is None


@pytest.mark.parametrize("broken", ["a: [1, 2", "a: b: c", "a: \x01", "a: \ud800", "\tb: 1"])
def test_faults_of_yaml_have_their_place(broken, tmp_path):
    """Whichever parser reads the file, a fault is one problem with the words of the same parser."""
    text = f"---\n{broken}\n---\n"
    notes = ProblemCollector(text, tmp_path / "a.criteria.md", "a")

    assert read_yaml(f"{broken}\n", 4, notes) is None
    (problem,) = notes.problems
    assert problem.code == "CR210"
    assert problem.line >= 2
