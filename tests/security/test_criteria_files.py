"""Criteria files are a stranger's: what they may not choose, hide, reach, run or hold up."""

# ruff: noqa: E501 - a row of cases stays on one line

import os
import socket
import sys
import threading

import pytest

from self_refine.criteria.finding.discover import discover
from self_refine.criteria.finding.safe_files import Got, Refused, named_file, read_contained
from self_refine.loop.types import Severity
from support.checking import marked_problems, reading

LIST = "- Is it so at last?\n"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


def put(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def soon(work):
    """What `work` returns; fails, instead of hanging, where it does not come back."""
    came = []
    thread = threading.Thread(target=lambda: came.append(work()), daemon=True)
    thread.start()
    thread.join(30)
    assert came, "it does not come back"
    return came[0]


@pytest.mark.parametrize(
    "key",
    [
        "base_url", "baseUrl", "api_key", "apiKey", "model_command", "model", "models", "headers",
        "proxy", "http_proxy", "provider", "endpoint", "env", "trust", "trusted", "api-key-command",
        "maxTokens", "temperature", "url", "verify",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["front", "check", "loop", "bullet"])
def test_s2_a_file_chooses_no_endpoint_key_model_or_trust(key, place):
    """Such a key is an error on the key itself, wherever it stands, and the file is not used."""
    value = "«" + key + "»: https://evil.test/v1"
    source = {
        "front": f"---\ncriteria: 1\n{value}\n---\n## Criteria\n- **a**: Is it?\n",
        "loop": f"---\ncriteria: 1\nloop:\n  {value}\n---\n## Criteria\n- **a**: Is it?\n",
        "check": f"---\ncriteria: 1\nchecks:\n  - id: x\n    kind: regex\n    pattern: a\n    {value}\n"
        "---\n## Criteria\n- **a**: Is it?\n",
        "bullet": f"---\ncriteria: 1\n---\n## Criteria\n- **a**: Is it?\n  - {value}\n",
    }[place]
    got = reading(source.replace("«", "").replace("»", ""))

    assert got.file is None
    assert source == marked_problems(source.replace("«", "").replace("»", ""), got.problems)
    (problem,) = got.problems
    assert (Severity.ERROR, "CR202") == (problem.severity, problem.code)
    assert "is not allowed in criteria" in problem.message


HIDDEN = {
    "zero width": "\u200b", "bidi override": "\u202e", "bidi isolate": "\u2066", "tag": "\U000e0041",
    "variation supplement": "\U000e0100", "Hangul filler": "\u3164", "Jamo filler": "\u115f",
    "half-width filler": "\uffa0", "grapheme joiner": "\u034f", "escape": "\x1b", "NUL": "\x00",
    "soft hyphen": "\xad", "selector": "\ufe0f", "joiner": "\u200d", "inner mark": "\ufeff",
    "line separator": "\u2028", "word joiner": "\u2060",
}  # fmt: skip


@pytest.mark.parametrize("char", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("place", ["front", "bullet", "fence"])
def test_s9_what_cannot_be_seen_is_an_error_on_its_place(char, place):
    """A file with hidden characters is not used; the mark stands round them, the words name them."""
    marked = f"«{char}»"
    source = {
        "front": f"---\ncriteria: 1\ntitle: a{marked}b\n---\n## Criteria\n- **a**: Is it?\n",
        "bullet": f"- **a**: Is it a{marked} so?\n",
        "fence": f"- **a**: Is it?\n\n## Examples\n\n```text good\na{marked}\n```\n",
    }[place]
    plain = source.replace("«", "").replace("»", "")
    got = reading(plain)

    assert got.file is None
    assert source == marked_problems(plain, got.problems)
    (problem,) = got.problems
    assert "CR301" == problem.code
    assert f"U+{ord(char):04X}" in problem.message
    assert char not in problem.message


def test_s9_a_byte_order_mark_at_the_start_is_no_fault():
    """Windows editors write one; anywhere else it hides."""
    assert reading("\ufeff" + LIST).file is not None


OUTSIDE = {
    "parent": "../../outside.txt", "absolute": "/etc/passwd", "home": "~/x.txt", "file URL": "file:///etc/passwd",
    "URL": "https://evil.test/x", "UNC": "\\\\host\\share\\x", "UNC with slashes": "//host/share/x",
    "drive": "C:\\x.txt", "drive with slash": "C:/x.txt", "backslash": "..\\x.txt", "NUL": "a\x00b", "empty": "",
    "long": "x" * 5_000, "environment": "../.env", "git": "../.git/config", "folder": "lists",
}  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE.values(), ids=OUTSIDE)
def test_s14_a_word_list_lies_in_the_workspace(tmp_path, name):
    """Whatever path a file names, what lies outside, is hidden, or is no file is refused."""
    root = put(tmp_path / "repo", {
        "criteria/lists/a.txt": "x", ".env": "KEY=sk-secret", ".git/config": "token", "x.txt": "x",
    })  # fmt: skip
    put(tmp_path, {"outside.txt": "secret"})

    got = named_file(name, root / "criteria", root)

    assert isinstance(got, Refused)
    assert "secret" not in got.message


def test_s14_a_word_list_inside_is_read(tmp_path):
    """Relative to the criteria file, upwards too, as long as it stays in the workspace."""
    root = put(
        tmp_path, {"criteria/deep/x.md": "", "criteria/a.txt": "x", ".self-refine/b.txt": "y"}
    )

    assert Got("x") == named_file("../a.txt", root / "criteria/deep", root)
    assert Got("y") == named_file("b.txt", root / ".self-refine", root)


@POSIX
def test_s14_links_are_followed_only_inside(tmp_path):
    """A link out of the workspace, or to itself, is refused with a place; one inside is read once."""
    put(tmp_path, {"outside.criteria.md": LIST, "repo/criteria/real.criteria.md": LIST})
    folder = tmp_path / "repo/criteria"
    (folder / "out.criteria.md").symlink_to(tmp_path / "outside.criteria.md")
    (folder / "loop.criteria.md").symlink_to(folder / "loop.criteria.md")
    (folder / "gone.criteria.md").symlink_to(folder / "nothing")
    (folder / "same.criteria.md").symlink_to(folder / "real.criteria.md")
    (folder / "linked").symlink_to(tmp_path)
    library = discover(tmp_path / "repo")

    assert ["real"] == [file.id for file in library.files]
    messages = {p.label.rsplit("/", 1)[1]: p.message for p in library.problems if p.code == "CR214"}
    refused = {"out.criteria.md", "loop.criteria.md", "gone.criteria.md", "linked"}
    assert refused == set(messages)
    assert "outside the workspace" in messages["out.criteria.md"]


@POSIX
def test_s14_a_linked_criteria_folder_outside_is_not_read(tmp_path):
    """`criteria` itself may be a link; what it leads to lies outside all the same."""
    put(tmp_path, {"elsewhere/a.criteria.md": LIST, "repo/x": ""})
    (tmp_path / "repo/criteria").symlink_to(tmp_path / "elsewhere")

    assert () == discover(tmp_path / "repo").files


@POSIX
def test_s14_a_pipe_and_a_device_do_not_hold_anybody_up(tmp_path):
    """A FIFO that nobody writes and a file without end are refused, at once."""
    folder = put(tmp_path, {"criteria/good.criteria.md": LIST}) / "criteria"
    os.mkfifo(folder / "pipe.criteria.md")
    (folder / "zero.criteria.md").symlink_to("/dev/zero")
    library = soon(lambda: discover(tmp_path))

    assert ["good"] == [file.id for file in library.files]
    assert 2 == sum(problem.code == "CR214" for problem in library.problems)
    assert (
        "It is no regular file, so it is not read."
        == read_contained(folder / "pipe.criteria.md", tmp_path).message
    )


@POSIX
def test_s14_one_file_by_two_names_is_one(tmp_path):
    """Hard links, and another case where the file system takes it for the same, are read once."""
    folder = put(tmp_path, {"criteria/a.criteria.md": LIST}) / "criteria"
    os.link(folder / "a.criteria.md", folder / "b.criteria.md")
    library = discover(tmp_path)

    assert 1 == len(library.files)
    assert [] == [p for p in library.problems if p.severity is Severity.ERROR]


@pytest.mark.parametrize(
    "address", ["https://evil.test/x", "git+ssh://evil.test/x", "//evil/x", "'\\\\evil\\x'"]
)
def test_s15_nothing_is_fetched_for_extends(address, monkeypatch):
    """An address under `extends` is an error; no socket is opened."""
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a socket was opened"))
    got = reading(f"---\ncriteria: 1\nextends: {address}\n---\n## Criteria\n- **a**: Is it?\n")

    assert got.file is None
    assert ["CR202"] == [problem.code for problem in got.problems]


LAUGHS = "".join(
    f"{a}: &{a} [{','.join([f'*{b}'] * 9)}]\n" for a, b in zip("bcdefghi", "abcdefgh", strict=True)
)
BOMBS = {
    "billion laughs": f"criteria: 1\na: &a [x]\n{LAUGHS}",
    "deep lists": "criteria: 1\nx: " + "[" * 20_000,
    "deep maps": "criteria: 1\nx: " + "{a: " * 10_000,
    "deep blocks": "criteria: 1\n" + "".join(f"{' ' * n}a:\n" for n in range(300)),
    "tags": "criteria: 1\nx: !!python/object/apply:os.system ['touch pwned']\n",
    "merge": "criteria: 1\n<<: {title: x}\n",
    "many keys": "criteria: 1\n" + "".join(f"k{n}: 1\n" for n in range(5_000)),
    "two documents": "criteria: 1\n...\n--- x\n",
    "directive": "%YAML 9.9\n--- x\n",
    "complex key": "? [a, b]\n: c\n",
    "a key of keys": "{[a]: b}\n",
    "long line": "title: " + "a" * 60_000 + "\n",
    "odd number": "criteria: 99999999999999999999999999\n",
    "date": "criteria: 1\ntitle: 2026-99-99\n",
    "binary": "criteria: 1\ntitle: !!binary x\n",
}


@pytest.mark.parametrize("lines", BOMBS.values(), ids=BOMBS)
def test_f33_yaml_that_means_harm_is_a_problem(lines, tmp_path, monkeypatch):
    """Aliases, tags, nesting and oddities are errors with a place, soon, and nothing is run."""
    monkeypatch.chdir(tmp_path)
    got = soon(lambda: reading(f"---\n{lines}---\n## Criteria\n- **a**: Is it?\n"))

    assert got.file is None or lines.startswith("title")
    assert got.problems
    assert "CR200" not in {problem.code for problem in got.problems}
    assert [] == list(tmp_path.iterdir())


MARKDOWN = {
    "deep lists": "".join(f"{'  ' * n}- a\n" for n in range(2_000))[:60_000],
    "deep quotes": ">" * 60_000,
    "many stars": "- " + "*" * 60_000,
    "many brackets": "- " + "[" * 60_000,
    "many backticks": "- " + "".join("`" * n + " " for n in range(1, 340)),
    "many bullets": "- a\n" * 15_000,
    "many links": "- " + "![](" * 15_000,
    "many comments": "- a\n" + "<!--" * 15_000,
    "one open fence": "- a\n```\n" + "x\n" * 30_000,
    "many fences": "- a\n\n## Examples\n\n" + "```text good\n```\n" * 3_000,
}


@pytest.mark.parametrize("text", MARKDOWN.values(), ids=MARKDOWN)
def test_f33_markdown_that_means_harm_is_read_soon(text):
    """Shapes that make parsers slow are read, or refused, in the time of a file of their size."""
    got = soon(lambda: reading(text))

    assert "CR200" not in {problem.code for problem in got.problems}


def test_f33_too_many_rules():
    """Two hundred checks and criteria are the limit; the 201st of either says so."""
    checks = "".join(f"  - {{id: c{n}, kind: regex, pattern: x}}\n" for n in range(201))
    bullets = "".join(f"- **b{n}**: Is it?\n" for n in range(201))
    head = "---\ncriteria: 1\nchecks:\n"

    for source in (f"{head}{checks}---\n## Criteria\n", bullets):
        got = reading(source)
        assert got.file is None
        assert ["CR211"] == [problem.code for problem in got.problems]


def test_messages_cannot_reach_attributes():
    """Braces in a message are names of a closed list, never format strings: an error on each."""
    got = reading(
        "---\ncriteria: 1\nchecks:\n  - id: x\n    kind: regex\n    pattern: a\n"
        "    message: '{match.__class__} {0} {match!r}'\n---\n## Criteria\n"
    )

    assert ["CR204"] * 3 == [problem.code for problem in got.problems]
    assert all("Nothing fills" in problem.message for problem in got.problems)
