"""`self-refine.toml` and its lock: packs are used as they were locked, and nothing is fetched."""

import json
import socket
from pathlib import PurePosixPath

import pytest

from self_refine.criteria.applying import Target
from self_refine.criteria.choose_criteria import Refusal, choose
from self_refine.criteria.finding.discover import discover, shipped
from self_refine.criteria.packs.lock_file import Locked, digests, lock_text, read_lock
from self_refine.criteria.packs.pack_changes import changes
from self_refine.criteria.packs.pack_files import PackFiles
from self_refine.criteria.packs.pack_reference import BadReference, parse_reference
from self_refine.criteria.packs.use_packs import read_pack
from self_refine.loop.types import Severity

TONE = """\
---
criteria: 1
id: tone
locked: [plain]
---
- **plain** (info): Is it?
- **short**: Is it?
"""
USE = '[[use]]\npaths = ["mail/**"]\ncriteria = ["style"]\n'
FOLDER = 'version = 1\npacks = ["./shared/style"]\n'


def put(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def chosen(root, text, ids=()):
    where = Target(language="markdown", path=PurePosixPath(text), covers_document=True)
    return choose(discover(root), shipped(), where, ids)


def ids(root, text, named=()):
    got = chosen(root, text, named)
    return [] if isinstance(got, Refusal) else [c.id for c in got.criteria]


def errors(root):
    return [(p.label, p.line, p.code, p.message) for p in discover(root).problems
            if p.severity is Severity.ERROR]  # fmt: skip


def test_a_pack_applies_where_the_team_uses_it(tmp_path):
    """Its ids begin with its name; elsewhere it can be named."""
    put(tmp_path, {"shared/style/tone.criteria.md": TONE, "self-refine.toml": FOLDER + USE})

    assert ["style/tone/plain", "style/tone/short"] == ids(tmp_path, "mail/a.md")
    assert [] == ids(tmp_path, "notes/a.md")
    assert ["style/tone/short"] == ids(tmp_path, "notes/a.md", ["style/tone/short"])
    assert ["style/tone/plain", "style/tone/short"] == ids(tmp_path, "a.md", ["style/tone"])
    assert [] == errors(tmp_path)


def test_a_pack_that_ships_and_a_file_of_the_team_can_be_used(tmp_path):
    """`use` says for which texts."""
    put(tmp_path, {
        "criteria/own.criteria.md": "- **q**: Is it?\n",
        "self-refine.toml": 'version = 1\n[[use]]\npaths = ["docs/**"]\n'
        'criteria = ["own", "prose"]\n',
    })  # fmt: skip

    assert "own/q" in ids(tmp_path, "docs/a.md")
    assert any(name.startswith("prose/") for name in ids(tmp_path, "docs/a.md"))
    assert [] == ids(tmp_path, "a.md")


def test_severities_are_switched(tmp_path):
    """A question and a check; "off" takes one out."""
    put(tmp_path, {
        "criteria/own.criteria.md": "---\ncriteria: 1\n"
        "checks:\n  - {id: c, kind: regex, pattern: x}\n"
        "---\n- **q**: Is it?\n- **r**: Is it?\n",
        "self-refine.toml": 'version = 1\n[severity]\n"own/q" = "off"\n'
        '"own/r" = "hint"\n"own/c" = "error"\n',
    })  # fmt: skip
    got = chosen(tmp_path, "a.md")

    assert {"own/c": "error", "own/r": "hint"} == {c.id: c.severity.value for c in got.criteria}
    assert ["error"] == [check.severity.value for check in got.checks]


@pytest.mark.parametrize(
    ("lines", "code", "sentence"),
    [
        ('base_url = "x"\n', "CR202", "a repository chooses no endpoint"),
        ('modle = "x"\n', "CR201", "Unknown key 'modle'"),
        ("pack = []\n", "CR201", "Did you mean 'packs'?"),
        ('packs = ["https://x"]\n', "CR204", "A pack is named ./folder"),
        ('packs = ["./a/../b"]\n', "CR204", "without `..`"),
        ('packs = "x"\n', "CR204", "wants a list of strings"),
        ('packs = ["./nowhere"]\n', "CR219", "There is no folder nowhere."),
        (
            'packs = ["pack:no-such-pack-here"]\n',
            "CR219",
            "No distribution no-such-pack-here is installed",
        ),
        ('packs = ["git+https://x.example/a@1"]\n', "CR219", "self-refine packs add git+https"),
        ('[[use]]\ncriteria = ["nobody"]\n', "CR209", "`use` names 'nobody'"),
        ('[[use]]\npaths = ["!x"]\ncriteria = ["own"]\n', "CR204", "`!` means nothing"),
        ('[severity]\n"own/nobody" = "off"\n', "CR209", "`severity` names 'own/nobody'"),
        ('[severity]\n"own/q" = "loud"\n', "CR204", "'loud' is no severity"),
        ('[severity]\n"own/q" = "info"\n', "CR204", "'own/q' is locked"),
        ("x = [\n", "CR210", "This is not TOML"),
    ],
)
def test_every_slip_is_an_error_on_its_line(tmp_path, lines, code, sentence):
    """The set of keys is closed, and every name leads somewhere."""
    own = "---\ncriteria: 1\nlocked: [q]\n---\n- **q**: Is it?\n"
    put(tmp_path, {"criteria/own.criteria.md": own, "self-refine.toml": "version = 1\n" + lines})
    (found,) = errors(tmp_path)

    assert (code, True) == (found[2], sentence in found[3]), found
    assert found[1] > 1 or code in {"CR209", "CR210", "CR219"} or "locked" in found[3]


def test_a_run_opens_no_socket(tmp_path, monkeypatch):
    """What is not here is an error, not a download."""
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a socket was opened"))
    packs = '["git+https://x.example/a@1", "pack:nothing-here"]'
    put(tmp_path, {"self-refine.toml": f"version = 1\npacks = {packs}\n"})

    assert ["CR219", "CR219"] == [code for _, _, code, _ in errors(tmp_path)]


def locked_copy(root, text):
    """A pack of a repository, copied and locked."""
    source = "git+https://x.example/style@v1"
    put(root, {"self-refine-packs/style/tone.criteria.md": text,
               "self-refine.toml": f'version = 1\npacks = ["{source}"]\n{USE}'})  # fmt: skip
    lock = Locked(
        name="style", source=source, revision="c0", files=digests({"tone.criteria.md": TONE})
    )
    put(root, {"self-refine.lock": lock_text([lock])})


def test_a_copy_is_used_as_it_was_locked(tmp_path):
    """And not at all where a byte of it differs."""
    locked_copy(tmp_path, TONE)
    assert ["style/tone/plain", "style/tone/short"] == ids(tmp_path, "mail/a.md")

    put(tmp_path, {"self-refine-packs/style/tone.criteria.md": TONE + "- **more**: Is it?\n"})
    assert [] == ids(tmp_path, "mail/a.md")
    assert any(
        "tone.criteria.md is not as it was locked" in message for *_, message in errors(tmp_path)
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"packs": [1]}', '{"packs": [{"name": "a"}]}'])
def test_a_broken_lock_is_an_error(tmp_path, text):
    """And no exception."""
    put(tmp_path, {"self-refine.lock": text, "self-refine.toml": FOLDER})

    assert isinstance(read_lock(tmp_path), str)
    assert ["CR219"] == [code for _, _, code, _ in errors(tmp_path)]


def test_an_installed_distribution_is_read_and_never_imported(tmp_path, monkeypatch):
    """Importing it would run its code."""
    site = tmp_path / "site"
    put(site, {
        "acme_style/__init__.py": "raise SystemExit('imported')\n",
        "acme_style/criteria/tone.criteria.md": TONE,
        "acme_style-1.2.dist-info/METADATA":
            "Metadata-Version: 2.1\nName: acme-style\nVersion: 1.2\n",
        "acme_style-1.2.dist-info/RECORD":
            "acme_style/__init__.py,,\nacme_style/criteria/tone.criteria.md,,\n",
    })  # fmt: skip
    monkeypatch.syspath_prepend(str(site))
    root = tmp_path / "work"
    source = "pack:acme-style"
    lock = Locked(name="acme-style", source=source, revision="1.2",
                  files=digests({"tone.criteria.md": TONE}))  # fmt: skip
    put(
        root,
        {
            "self-refine.toml": f'version = 1\npacks = ["{source}"]\n',
            "self-refine.lock": lock_text([lock]),
        },
    )

    assert [] == errors(root)
    assert ["acme-style/tone/short"] == ids(root, "a.md", ["acme-style/tone/short"])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("./shared/Team-Style", "team-style"),
        ("pack:Acme.Style", "acme-style"),
        ("git+https://h.example/o/criteria.git@9f1c2ab#dir=packs/email", "email"),
        ("git+ssh://git@h.example/o/criteria@v1", "criteria"),
        ("git+https://h.example/o/c@v1#name=ours&dir=a", "ours"),
    ],
)
def test_a_reference_gives_a_name(text, name):
    """The first part of the ids."""
    assert name == parse_reference(text).name


@pytest.mark.parametrize(
    "text",
    ["", "x", "../x", "./", "./../x", "/etc", "pack:", "pack:a b", "git+https://h.example/x",
     "git+ext::sh -c x@1", "git+https://h.example/x@--upload-pack=x", "git+https://h/x@1#dir=../y",
     "git+https://h/x@1#run=y", "zip+https://h/x"],
)  # fmt: skip
def test_other_references_are_refused(text):
    """Nothing that could be an option, a command, or lead out of a folder."""
    assert isinstance(parse_reference(text), BadReference)


def test_the_lock_is_read_as_it_was_written(tmp_path):
    """With the packs in the order of their names."""
    packs = [Locked(name=n, source=f"pack:{n}", revision="1", files={"a": "0" * 64}) for n in "ba"]
    put(tmp_path, {"self-refine.lock": lock_text(packs)})

    assert {pack.name: pack for pack in packs} == read_lock(tmp_path)
    assert ["a", "b"] == [p["name"] for p in json.loads(lock_text(packs))["packs"]]


def test_changes_are_told_for_each_criterion(tmp_path):
    """New, gone, and what differs."""
    style = parse_reference("./style")
    new = "- **plain** (error): Is it?\n- **clear**: Is it?\n- **same**: Is it?\n"
    old = "- **plain** (info): Is it?\n- **short**: Is it?\n- **same**: Is it?\n"
    before, after = (
        read_pack(style, PackFiles(folder=tmp_path, files={"tone.criteria.md": text}))[0]
        for text in (old, new)
    )

    assert [
        "new      style/tone/clear (warning): Is it?",
        "changed  style/tone/plain: info -> error",
        "gone     style/tone/short: dismissals and severities of it no longer count",
    ] == list(changes(before, after))


ASK = """\
---
criteria: 1
id: ask
options: {most: {default: "3", one_of: ["3", "5"]}}
checks:
  - {id: long, kind: regex, pattern: "a{{option.most},}"}
---
"""


@pytest.mark.parametrize(
    ("config", "shown"), [("", "a{3,}"), ('[options]\n"ask/most" = "5"\n', "a{5,}")]
)
def test_the_team_gives_options_their_values(tmp_path, config, shown):
    """In `self-refine.toml`; the default of the file otherwise."""
    put(tmp_path, {"self-refine.toml": f"version = 1\n{config}", "criteria/ask.criteria.md": ASK})
    library = discover(tmp_path)

    assert () == library.problems
    assert shown == library.files[0].checks[0].pattern.source


def test_a_pack_that_ships_takes_a_value_too(tmp_path):
    """`--criteria sql` then judges by that dialect."""
    put(tmp_path, {"self-refine.toml": 'version = 1\n[options]\n"sql/dialect" = "postgres"\n'})
    library = discover(tmp_path)
    target = Target(language="sql", path=PurePosixPath("a.sql"), covers_document=True)
    got = choose(library, shipped(), target, ["sql"])

    assert () == library.problems
    assert {"postgres"} == {check.dialect for check in got.checks}


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ('"ask/least" = "5"', "CR209", "no criteria file has this option"),
        ('"ask/most" = "7"', "CR204", "'ask/most' is one of 3, 5, not '7'."),
        ('"ask/most" = 5', "CR204", "An option's value is a string"),
    ],
)
def test_an_option_that_sets_nothing_is_an_error(tmp_path, line, code, message):
    """Names and values must be those that files declare."""
    put(
        tmp_path,
        {
            "self-refine.toml": f"version = 1\n[options]\n{line}\n",
            "criteria/ask.criteria.md": ASK,
        },
    )
    (problem,) = discover(tmp_path).problems

    assert code == problem.code
    assert message in problem.message


def test_an_option_that_is_not_declared_is_an_error_at_its_place(tmp_path):
    """A slip would stand in the pattern as it is written."""
    put(tmp_path, {"criteria/ask.criteria.md": ASK.replace("option.most", "option.mots")})
    (problem,) = discover(tmp_path).problems

    assert ("CR209", 6) == (problem.code, problem.line)
    assert "There is no option 'mots'" in problem.message
