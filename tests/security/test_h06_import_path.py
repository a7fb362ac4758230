"""H6: nothing of the folder that Python was started in is imported, whatever PYTHONPATH says."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import self_refine
from support.command import CRITERIA, MAIL
from support.editing import at_home

ROOT = Path(__file__).parents[2]
SERVER = Path(self_refine.__file__).parents[1]

PLANTED = ("argparse", "asyncio", "dataclasses", "json", "logging", "lsprotocol", "markdown_it",
           "openai", "pathlib", "platformdirs", "pygls", "rapidfuzz", "rich", "secrets", "yaml",
           "typing", "re2", "subprocess", "concurrent", "tomllib", "httpx2")  # fmt: skip
"""What self-refine imports: of the standard library and of others, modules and packages."""

BEFORE = ("sitecustomize", "usercustomize", "encodings", "codecs", "site", "re", "self_refine")
"""What Python, or the script that an installer writes, imports before self-refine has a word."""

SCRIPT = "import sys\nfrom self_refine.__main__ import entry\nsys.exit(entry())\n"
"""The console script as pip writes it."""


@pytest.fixture
def repo(tmp_path):
    """A repository full of modules that leave their names in a file when they are imported."""
    folder = tmp_path / "repo"
    (folder / ".git").mkdir(parents=True)
    (folder / "criteria").mkdir()
    (folder / "criteria" / "mail.criteria.md").write_text(CRITERIA, encoding="utf-8")
    (folder / "mail.md").write_text(MAIL, encoding="utf-8")
    (folder / "lib").mkdir()
    return folder


def plant(folder, names):
    """The modules, here and in `lib`; every third one as a package."""
    for at in (folder, folder / "lib"):
        for number, name in enumerate(names):
            path = at / f"{name}.py" if number % 3 else at / name / "__init__.py"
            path.parent.mkdir(exist_ok=True)
            mark = str(folder / "imported")
            path.write_text(f"open({mark!r}, 'a').write('{name} ')\n", encoding="utf-8")


def run(repo, start, command, variables):
    """One command in the repository; what was imported from there."""
    home = repo.parent / "home"
    home.mkdir(exist_ok=True)
    hidden = ("PYTHON", "OPENAI", "SELF_REFINE", "XDG")
    kept = {n: v for n, v in os.environ.items() if not n.startswith(hidden)}
    said = subprocess.run(
        [sys.executable, *start, *(["serve"] if command == "serve" else ["refine", "mail.md"])],
        cwd=repo,
        env=kept | at_home(home) | variables,
        input=session() if command == "serve" else b"",
        capture_output=True,
        timeout=60,
        check=False,
    )
    mark = repo / "imported"
    assert "" == (mark.read_text("utf-8") if mark.exists() else ""), said.stderr.decode()
    assert 0 == said.returncode, said.stderr.decode()
    assert (b"codeActionProvider" if command == "serve" else b"mail.md") in said.stdout


def session():
    """A whole session: the server opens a text, judges it, and leaves."""
    item = {"uri": "file:///a.md", "languageId": "markdown", "version": 1, "text": MAIL}
    messages = [
        {"id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None}},
        {"method": "initialized", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": item}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    ]
    bodies = [json.dumps({"jsonrpc": "2.0", **message}).encode() for message in messages]
    return b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(body), body) for body in bodies)


EMPTY_ENTRIES = [os.pathsep, f"{os.pathsep}/nowhere", f"/nowhere{os.pathsep}", ".", "lib"]


@pytest.mark.parametrize("command", ["refine", "serve"])
@pytest.mark.parametrize("path", [*EMPTY_ENTRIES, None])
@pytest.mark.parametrize("safe", [True, False])
def test_h06_s5_the_program_imports_nothing_of_the_repository(repo, tmp_path, command, path, safe):
    """The console script, with an entry of PYTHONPATH that leads into the folder."""
    plant(repo, PLANTED)
    script = tmp_path / "self-refine"
    script.write_text(SCRIPT, encoding="utf-8")
    variables = {} if path is None else {"PYTHONPATH": path}
    run(repo, [str(script)], command, variables | ({"PYTHONSAFEPATH": "1"} if safe else {}))


@pytest.mark.parametrize("command", ["refine", "serve"])
@pytest.mark.parametrize("flags", [["-P"], []])
def test_h06_python_m_imports_nothing_of_the_repository(repo, command, flags):
    """Without `-I` the folder comes first: it is gone before anything else is imported."""
    plant(repo, PLANTED)
    run(repo, [*flags, "-m", "self_refine"], command, {"PYTHONPATH": os.pathsep})


@pytest.mark.parametrize("command", ["refine", "serve"])
@pytest.mark.parametrize("path", EMPTY_ENTRIES)
def test_h06_isolated_not_even_python_itself_does(repo, command, path):
    """`python -I -m self_refine`: also what Python imports before us."""
    plant(repo, PLANTED + BEFORE)
    run(repo, ["-I", "-m", "self_refine"], command, {"PYTHONPATH": path})


@pytest.mark.parametrize("command", ["refine", "serve"])
def test_h06_s5_as_the_editors_page_says_not_even_python_itself_does(repo, tmp_path, command):
    """The console script with the variables that docs/editors.md sets."""
    plant(repo, PLANTED + BEFORE)
    script = tmp_path / "self-refine"
    script.write_text(SCRIPT, encoding="utf-8")
    run(repo, [str(script)], command, {"PYTHONPATH": "", "PYTHONSAFEPATH": "1"})


def test_h06_the_extensions_launch(repo):
    """Its command and its environment, as src/server/launch.ts has them, inside the repository."""
    launch = (ROOT / "client-vscode" / "src" / "server" / "launch.ts").read_text(encoding="utf-8")
    dropped = json.loads(re.search(r"const DROPPED = (\[.*?\]);", launch, re.DOTALL)[1])
    flags = json.loads(re.search(r'args: (\["-P".*?\]),', launch)[1])
    variables = dict(re.findall(r'^    (PYTHON[A-Z0-9]+): "(.*)",$', launch, re.MULTILINE))
    assert {"PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE"} <= set(dropped)
    assert {"PYTHONSAFEPATH", "PYTHONNOUSERSITE"} <= set(variables)
    plant(repo, PLANTED + BEFORE)
    run(repo, flags[:-1], "serve", variables | {"PYTHONPATH": str(SERVER)})


def test_h06_the_installed_program_begins_with_the_clean_path():
    """What installers write calls the module that cleans first."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert 'self-refine = "self_refine.__main__:entry"' in project
