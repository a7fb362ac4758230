"""Criteria of folders: they add up on the way to a text, and extend one another."""

from pathlib import PurePosixPath

import pytest

from self_refine.criteria.applying import Target
from self_refine.criteria.choose_criteria import Refusal, choose
from self_refine.criteria.finding.discover import discover, read_in_place, shipped
from self_refine.criteria.finding.locations import folders_with_criteria
from self_refine.criteria.reading.inheritance import trace
from self_refine.loop.types import Severity

BASE = """\
---
criteria: 1
id: email
locked: [placeholder]
checks:
  - {id: too-long, kind: length, max: 150}
  - {id: placeholder, kind: regex, pattern: TBD}
  - {id: stock, kind: words, forbid: [synergy]}
---
- **too-formal** (warning): Is it formal?
  - fix: say it plainly
  - not: contracts
- **repeats**: Does it repeat?
"""
HEAD = "---\ncriteria: 1\n"
NESTED = """\
---
criteria: 1
id: email
extends: email
severity: info
checks:
  - {id: too-long, override: true, max: 80}
  - {id: footer, kind: regex, pattern: Bye, require: true}
off: [stock, repeats]
---
- **too-formal** (error, override):
  - not: mails to lawyers
- **ours**: Is it ours?
"""


def put(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def library(root, text):
    return discover(root, ((root / text).parent,))


def chosen(root, text):
    """What a run on a text would use: {full id: (severity, question)}."""
    where = Target(language="markdown", path=PurePosixPath(text), covers_document=True)
    return {c.id: c for c in choose(library(root, text), shipped(), where, ()).criteria}


def errors(root, text):
    return [(p.label, p.line, p.code, p.message) for p in library(root, text).problems
            if p.severity is Severity.ERROR]  # fmt: skip


def test_files_add_up_on_the_way_to_a_text(tmp_path):
    """Those of the root, of the folders on the way, and of no other folder."""
    for folder in ("", "pkg/", "pkg/a/", "pkg/b/"):
        name = folder.replace("/", "") or "root"
        put(tmp_path, {f"{folder}criteria/{name}.criteria.md": f"- **{name}**: Is it?\n"})

    assert ["root/root", "pkg/pkg", "pkga/pkga"] == list(chosen(tmp_path, "pkg/a/deep/t.md"))
    assert ["root/root"] == list(chosen(tmp_path, "t.md"))


def test_globs_are_relative_to_the_folder(tmp_path):
    """And nothing in a folder reaches outside of it."""
    source = HEAD + "applies: {paths: [docs/*.md]}\n---\n- **q**: Is it?\n"
    put(tmp_path, {"pkg/a/.self-refine/x.criteria.md": source})
    got = library(tmp_path, "pkg/a/docs/t.md")
    (file,) = got.files

    assert "pkg/a" == file.applies.below
    assert ["x/q"] == list(chosen(tmp_path, "pkg/a/docs/t.md"))
    where = Target(language="markdown", path=PurePosixPath("docs/t.md"), covers_document=True)
    assert isinstance(choose(got, shipped(), where, ()), Refusal)


def test_a_file_that_extends_another_is_that_file_with_changes(tmp_path):
    """Keys that are not given stay; `off` and the severity count; the other does not run too."""
    put(tmp_path, {"criteria/email.criteria.md": BASE, "pkg/a/criteria/email.criteria.md": NESTED})
    near, far = chosen(tmp_path, "pkg/a/t.md"), chosen(tmp_path, "pkg/b/t.md")

    assert ["too-long", "placeholder", "footer", "too-formal", "ours"] == [
        name.split("/")[1] for name in near
    ]
    assert "{count} {unit}; the limit is 80." == near["email/too-long"].question
    assert ["info", "warning", "info", "error", "info"] == [c.severity.value for c in near.values()]
    formal = near["email/too-formal"]
    assert ("Is it formal?", "say it plainly") == (formal.question, formal.fix)
    assert ("contracts", "mails to lawyers") == formal.exceptions
    assert 5 == len(far)
    assert "{count} {unit}; the limit is 150." == far["email/too-long"].question


def test_each_key_is_traced_to_its_file(tmp_path):
    """Whoever wonders where a limit comes from finds the line."""
    put(tmp_path, {"criteria/email.criteria.md": BASE, "pkg/a/criteria/email.criteria.md": NESTED})
    file = read_in_place(tmp_path / "pkg/a/criteria/email.criteria.md", tmp_path).file
    keys = {
        name: {key: f"{s.path.split('/')[0]}:{s.line}" for key, s in found.items()}
        for name, found in trace(file.layer, file.id).items()
    }

    assert {"id": "pkg:7", "kind": "criteria:6", "max": "pkg:7"} == keys["email/too-long"]
    assert {
        "question": "criteria:10",
        "severity": "pkg:11",
        "fix": "criteria:11",
        "not": "pkg:12",
    } == (keys["email/too-formal"])


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        (
            ("[stock, repeats]", "[stok]"),
            "CR209",
            "email.criteria.md has no 'stok', so nothing is turned off",
        ),
        (
            ("[stock, repeats]", "[placeholder]"),
            "CR204",
            "'placeholder' is locked in criteria/email",
        ),
        (
            ("id: too-long, override", "id: placeholder, override"),
            "CR204",
            "'placeholder' is locked",
        ),
        (
            ("id: too-long, override", "id: long, override"),
            "CR209",
            "has no 'long', so nothing is changed",
        ),
        (
            ("too-formal** (error", "formal** (error"),
            "CR209",
            "has no 'formal', so nothing is changed",
        ),
        (
            ("override: true, max", "override: true, kind: regex, max"),
            "CR204",
            "The kind is 'length'",
        ),
        (("extends: email", "extends: mail"), "CR209", "has the id 'mail'"),
        (("extends: email", "extends: ./mail"), "CR209", "./mail is none of the criteria files"),
        (("extends: email\n", ""), "CR209", "there is no `extends` above"),
    ],
)
def test_every_name_leads_somewhere(tmp_path, change, code, sentence):
    """A slip is an error, never a rule that silently does nothing."""
    nested = NESTED.replace(*change)
    assert nested != NESTED
    put(tmp_path, {"criteria/email.criteria.md": BASE, "pkg/a/criteria/email.criteria.md": nested})
    found = errors(tmp_path, "pkg/a/t.md")

    assert {"pkg/a/criteria/email.criteria.md"} == {label for label, *_ in found}
    assert any(code == c and sentence in message for _, _, c, message in found), found


def test_the_same_id_without_extends_is_an_error(tmp_path):
    """No silent replacement."""
    put(tmp_path, {"criteria/email.criteria.md": BASE,
                   "pkg/a/criteria/email.criteria.md": "- **q**: Is it?\n"})  # fmt: skip

    assert [("pkg/a/criteria/email.criteria.md", "CR203")] == [
        (label, code) for label, _, code, _ in errors(tmp_path, "pkg/a/t.md")
    ]
    assert (
        "Write `extends: email` to change that file, or take another id."
        in (errors(tmp_path, "pkg/a/t.md")[0][3])
    )


def test_siblings_may_have_the_same_id(tmp_path):
    """A text lies in one of them."""
    put(tmp_path, {f"{n}/criteria/x.criteria.md": f"- **{n}**: Is it?\n" for n in ("a", "b")})
    both = discover(tmp_path, folders_with_criteria(tmp_path))

    assert ["a", "b"] == [file.applies.below for file in both.files]
    assert ["x/a"] == list(chosen(tmp_path, "a/t.md"))


def test_a_pack_that_ships_and_a_path_can_be_extended(tmp_path):
    """By id, by `./name` in the same folder."""
    put(tmp_path, {
        "criteria/mail.criteria.md": "---\ncriteria: 1\nextends: email\noff: [too-long]\n---\n",
        "criteria/own.criteria.md": "---\ncriteria: 1\nextends: ./mail\n---\n- **more**: Is it?\n",
    })  # fmt: skip
    names = [name.split("/")[1] for name in chosen(tmp_path, "a.md")]

    assert [] == errors(tmp_path, "a.md")
    assert "too-formal" in names
    assert "more" in names
    assert "too-long" not in names
    assert len(names) == len(set(names)), "what is extended does not run by itself too"


def test_a_circle_is_reported_with_its_chain(tmp_path):
    """No endless reading (F33)."""
    put(tmp_path, {
        "criteria/a.criteria.md": "---\ncriteria: 1\nextends: b\n---\n- **q**: Is it?\n",
        "criteria/b.criteria.md": "---\ncriteria: 1\nextends: a\n---\n- **q**: Is it?\n",
    })  # fmt: skip

    assert any(
        "It extends itself: criteria/a.criteria.md -> criteria/b.criteria.md -> "
        "criteria/a.criteria.md." == message
        for *_, message in errors(tmp_path, "t.md")
    )


def test_a_chain_has_an_end(tmp_path):
    """Eight files at the most."""
    chain = {
        f"criteria/f{n}.criteria.md": HEAD + f"extends: f{n + 1}\n---\n- **q{n}**: Is it?\n"
        for n in range(12)
    }
    put(tmp_path, chain | {"criteria/f12.criteria.md": "- **q12**: Is it?\n"})

    assert any("More than 8 files extend one another" in m for *_, m in errors(tmp_path, "t.md"))


def test_what_is_written_in_the_editor_is_read_with_what_it_extends(tmp_path):
    """Before it is on the disk."""
    put(tmp_path, {"criteria/email.criteria.md": BASE, "pkg/a/criteria/email.criteria.md": ""})
    path = tmp_path / "pkg/a/criteria/email.criteria.md"
    reading = read_in_place(path, tmp_path, NESTED)

    assert 5 == len(reading.file.criteria)
    assert ("criteria/email.criteria.md",) == reading.file.replaces


def test_a_change_of_the_base_changes_the_digest(tmp_path):
    """What was dismissed or kept of a run knows that the criteria are others."""
    put(tmp_path, {"criteria/email.criteria.md": BASE, "pkg/a/criteria/email.criteria.md": NESTED})
    before = {f.label: f.digest for f in library(tmp_path, "pkg/a/t.md").files}
    put(tmp_path, {"criteria/email.criteria.md": BASE + "- **z**: Is it?\n"})
    after = {f.label: f.digest for f in library(tmp_path, "pkg/a/t.md").files}

    assert all(before[label] != after[label] for label in before)
