"""Finding criteria files: of a workspace, of the project itself; what keeps one from use."""

import shutil
import sys

import pytest

from self_refine.criteria.choose_criteria import Target, offers
from self_refine.criteria.criteria_file import Library
from self_refine.criteria.finding.discover import discover, shipped
from self_refine.criteria.finding.locations import workspace_root
from self_refine.loop.types import Severity
from support.checking import file_of

LIST = "- Is it so at last?\n"


def put(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def errors(library):
    return [
        (p.label, p.line, p.column, p.code)
        for p in library.problems
        if p.severity is Severity.ERROR
    ]


def test_files_below_criteria_and_self_refine_are_found(tmp_path):
    """Both folders, any depth; nothing else, and in the order of their labels."""
    put(tmp_path, {
        "criteria/b.criteria.md": LIST,
        "criteria/deep/er/a.criteria.md": LIST,
        "criteria/README.md": LIST,
        ".self-refine/c.criteria.md": LIST,
        "docs/d.criteria.md": LIST,
        "criteria/CAPS.CRITERIA.MD": LIST,
    })  # fmt: skip

    assert [
        ("caps", "criteria/CAPS.CRITERIA.MD"),
        ("b", "criteria/b.criteria.md"),
        ("a", "criteria/deep/er/a.criteria.md"),
        ("c", ".self-refine/c.criteria.md"),
    ] == [(file.id, file.label) for file in discover(tmp_path).files]


def test_a_broken_file_leaves_the_others_standing(tmp_path):
    """Each bad file gives its own error with its place; the rest are used."""
    put(tmp_path, {
        "criteria/good.criteria.md": LIST,
        "criteria/key.criteria.md": "---\ncriteria: 1\ntitel: x\n---\n## Criteria\n- **a**: b?\n",
        "criteria/yaml.criteria.md": "---\ncriteria: [1\n---\n" + LIST,
        "criteria/empty.criteria.md": b"",
        "criteria/latin.criteria.md": "- Ist es schön?\n".encode("latin-1"),
        "criteria/word.criteria.md": b"# x\n- Is it \x93so\x94?\n",
        "criteria/large.criteria.md": LIST + "x" * 70_000,
        "criteria/rules.criteria.md": "".join(f"- **a{n}**: Is it?\n" for n in range(1_000)),
    })  # fmt: skip
    library = discover(tmp_path)

    assert ["good"] == [file.id for file in library.files]
    assert [
        ("criteria/empty.criteria.md", 1, 1, "CR213"),
        ("criteria/key.criteria.md", 3, 1, "CR201"),
        ("criteria/large.criteria.md", 1, 1, "CR211"),
        ("criteria/latin.criteria.md", 1, 13, "CR212"),
        ("criteria/rules.criteria.md", 1, 1, "CR211"),
        ("criteria/word.criteria.md", 2, 9, "CR212"),
        ("criteria/yaml.criteria.md", 3, 1, "CR210"),
    ] == errors(library)


def test_the_same_id_twice_is_an_error_in_the_later_file(tmp_path):
    """No silent win: the second is not used, and says whose id it has."""
    put(tmp_path, {"criteria/a/x.criteria.md": LIST, "criteria/b/x.criteria.md": LIST})
    library = discover(tmp_path)

    assert ["criteria/a/x.criteria.md"] == [file.label for file in library.files]
    assert "The id 'x' is that of criteria/a/x.criteria.md" in library.problems[-1].message


def test_two_hundred_files_are_enough(tmp_path):
    """The rest is named once, not read."""
    put(tmp_path, {f"criteria/{n:03}.criteria.md": LIST for n in range(203)})
    library = discover(tmp_path)

    assert 200 == len(library.files)
    assert [("criteria/200.criteria.md", 1, 1, "CR211")] == errors(library)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ({"a/.git/HEAD": ""}, "a"),
        ({"a/.git": "gitdir: elsewhere\n"}, "a"),
        ({"a/.self-refine/x": ""}, "a"),
        ({"a/criteria/x.criteria.md": LIST}, "a"),
        ({"a/criteria/deep/x.criteria.md": LIST}, "a"),
        ({"a/criteria/x.md": LIST}, "a/b/c"),
        ({"a/.git/HEAD": "", "a/b/.self-refine/x": ""}, "a"),
        ({"a/.git/HEAD": "", "a/b/criteria/x.criteria.md": LIST}, "a"),
        ({"a/.self-refine/x": "", "a/b/.self-refine/x": ""}, "a/b"),
        ({}, "a/b/c"),
    ],
)
def test_the_workspace_is_the_nearest_folder_that_says_so(tmp_path, made, expected):
    """.git, .self-refine or a criteria file, upwards from the text; else the text's own folder."""
    if (tmp_path / ".git").exists():
        pytest.fail("the temporary folder lies in a repository of its own")
    put(tmp_path, {"a/b/c/text.md": "x", **made})

    assert (tmp_path / expected).resolve() == workspace_root(tmp_path / "a/b/c/text.md")
    assert (tmp_path / expected).resolve() == workspace_root(tmp_path / "a/b/c")


def test_in_a_checkout_of_the_project_each_pack_is_found_once():
    """The packs of the checkout are the shipped ones, not the team's own too."""
    packs = shipped()
    root = packs.files[0].path.parent.parent

    assert {file.id for file in packs.files}.isdisjoint(file.id for file in discover(root).files)
    assert 10 == len({file.id for file in packs.files})


def test_in_another_checkout_the_packs_count_as_the_teams(tmp_path):
    """Installed elsewhere, a checkout's files are found once: the team's, by the same ids."""
    own = shipped()
    shutil.copytree(own.files[0].path.parent, tmp_path / "criteria")
    library = discover(tmp_path)
    target = Target(language="sql", path=None, covers_document=True)

    assert {file.id for file in own.files} == {file.id for file in library.files}
    assert 1 == len(offers(library, own, target))


def test_words_of_a_list_beside_the_file(tmp_path):
    """A `words` check reads its file relative to the criteria file; its hash counts."""
    source = (
        "---\ncriteria: 1\nchecks:\n  - {id: w, kind: words, file: lists/jargon.txt}\n---\n"
        "## Criteria\n"
    )
    put(tmp_path, {"criteria/x.criteria.md": source, "criteria/lists/jargon.txt": "synergy\n"})
    first = discover(tmp_path).files[0]
    put(tmp_path, {"criteria/lists/jargon.txt": "synergies\n"})
    second = discover(tmp_path).files[0]

    assert "x/w" == first.checks[0].criterion_id
    assert first.digest != second.digest
    assert first.digest != file_of(source.replace("file: lists/jargon.txt", "forbid: [x]")).digest


def test_a_file_is_read_anew_each_time(tmp_path):
    """A changed, then deleted file: each library is what stood there then, and stays so."""
    put(tmp_path, {"criteria/x.criteria.md": LIST})
    first = discover(tmp_path)
    put(tmp_path, {"criteria/x.criteria.md": "- Is it otherwise now?\n"})
    second = discover(tmp_path)
    (tmp_path / "criteria/x.criteria.md").unlink()

    assert ["Is it so at last?"] == [c.question for c in first.files[0].criteria]
    assert ["Is it otherwise now?"] == [c.question for c in second.files[0].criteria]
    assert ((), ()) == (discover(tmp_path).files, discover(tmp_path).problems)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file names")
def test_a_file_name_cannot_write_on_the_screen(tmp_path):
    """Control characters and bytes that are no UTF-8 in a name are shown, not sent."""
    put(tmp_path, {"criteria/a\x1b[2J\n.criteria.md": "", "criteria/\udce9.criteria.md": ""})

    for label, *_ in errors(discover(tmp_path)):
        assert label.isprintable()
        label.encode()


def test_a_folder_of_that_name_is_no_file(tmp_path):
    """`x.criteria.md/` is searched, not read, and said to be."""
    put(tmp_path, {"criteria/x.criteria.md/y.criteria.md": LIST})
    library = discover(tmp_path)

    assert ["y"] == [file.id for file in library.files]
    assert [
        ("criteria/x.criteria.md", "CR214", Severity.WARNING,
         "It is a folder, so it is not read; criteria files in it are.")
    ] == astray(library)  # fmt: skip


def astray(library):
    return [(p.label, p.code, p.severity, p.message) for p in library.problems if p.code == "CR214"]


FRONT = "---\nid: mail\ncriteria: 1\n---\n## Criteria\n- **a**: Is it so?\n"


@pytest.mark.parametrize(
    ("name", "text", "advice"),
    [
        ("x.criteria.md", LIST, "Move it there."),
        ("Criteria-/x.criteria.md", LIST, "Move it there."),
        ("CRITERIA/x.criteria.md", LIST, "Move it there."),
        (".self_refine/x.criteria.md", LIST, "Move it there."),
        ("docs/x.criteria.md", LIST, "Move it there."),
        ("criteria/criteria.md", LIST, "call it team.criteria.md"),
        ("criteria/mail-criteria.md", LIST, "call it mail.criteria.md"),
        ("criteria/mail.criteria.markdown", LIST, "call it mail.criteria.md"),
        (".self-refine/mail.criteria.md.txt", LIST, "call it mail.criteria.md"),
        ("criteria/mail.md", FRONT, "call it mail.criteria.md"),
    ],
)
def test_a_file_that_is_not_read_is_named(tmp_path, name, text, advice):
    """Whoever wrote it would take it for criteria that every text meets."""
    put(tmp_path, {name: text})
    if (tmp_path / name.lower()).exists() and name != name.lower():
        pytest.skip("this file system takes capitals for small letters, so the file is read")
    library = discover(tmp_path)

    assert () == library.files
    ((label, code, severity, message),) = astray(library)
    assert (name, "CR214", Severity.WARNING) == (label, code, severity)
    assert advice in message


def test_what_another_folder_may_use_is_a_hint_beside_files_that_are_read(tmp_path):
    """In a repository of several projects it belongs to one of them."""
    put(tmp_path, {"criteria/a.criteria.md": LIST, "docs/b.criteria.md": LIST})

    assert [("docs/b.criteria.md", Severity.HINT)] == [
        (label, severity) for label, _, severity, _ in astray(discover(tmp_path))
    ]


def test_pages_beside_criteria_files_are_nobodys_mistake(tmp_path):
    """A read-me, a page without the front matter of criteria, and notes elsewhere."""
    put(tmp_path, {
        "criteria/a.criteria.md": LIST,
        "criteria/README.md": "# How we judge\n",
        "criteria/mail.md": "---\ntitle: Mail\n---\nA page.\n",
        "criteria/words.txt": "kindly\n",
        "docs/criteria.md": LIST,
    })  # fmt: skip

    assert [] == astray(discover(tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_linked_folder_is_not_entered_and_said_to_be(tmp_path):
    """It may lead anywhere."""
    put(tmp_path, {"criteria/a.criteria.md": LIST, "shared/b.criteria.md": LIST})
    (tmp_path / "criteria" / "team").symlink_to(tmp_path / "shared", target_is_directory=True)
    library = discover(tmp_path)

    assert ["a"] == [file.id for file in library.files]
    assert ("criteria/team", "It is a link to a folder, so nothing below it is read.") in [
        (label, message) for label, _, _, message in astray(library)
    ]


def test_a_workspace_that_is_gone_has_no_criteria(tmp_path):
    """A folder that does not exist is an empty one."""
    assert Library((), ()) == discover(tmp_path / "gone")
    assert (tmp_path / "gone").resolve().parent == workspace_root(tmp_path / "gone" / "x.md").parent
