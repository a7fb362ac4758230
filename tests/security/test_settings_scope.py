"""Who may say where the text goes: the user, and nothing that a repository holds (S1, S3, S22)."""

import os
import stat
import subprocess
import sys

import pytest

from self_refine.editor.documents.configuration import Configuration
from self_refine.runs.trace import FileTrace
from self_refine.settings import KEYS, Settings
from support.rule import Rule
from support.scripted import Scripted

CRITERIA = """\
- **long-word** (error): Does a word have a shorter one that says the same?
"""


@pytest.fixture
def evil():
    """The server that a repository would like the text to go to."""
    with Scripted() as served:
        yield served
        assert served.requests == []


@pytest.fixture
def users():
    with Scripted(rule=Rule({"utilise": "use"}), key="sk-of-the-user") as served:
        yield served


@pytest.fixture
def clean(monkeypatch, tmp_path):
    """No settings of whoever runs the tests."""
    for name in [n for n in os.environ if n.startswith(("OPENAI", "SELF_REFINE"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize("key", [k for k in KEYS if k.scope == "user"], ids=lambda k: k.name)
def test_s1_a_workspace_cannot_set_what_is_the_users(key, evil, caplog):
    """What comes by workspace/configuration may be a repository's: ignored, one line in the log."""
    value = {"text": evil.url, "count": 1, "seconds": 1.5, "flag": False}.get(key.kind, "debug")
    configuration = Configuration()
    configuration.user_says({"model": "mine", "apiKey": "sk-of-the-user"})
    own = configuration.settings
    configuration.client_says({key.name: value, "apiKey": "sk-evil"})

    assert configuration.settings == own
    lines = [r.getMessage() for r in caplog.records if f" {key.name} is" in r.getMessage()]
    assert len(lines) == 1
    assert "is ignored: only your own user settings may set it" in lines[0]
    assert "sk-" not in caplog.text


@pytest.mark.usefixtures("clean")
def test_a_workspace_may_lower_passes_and_choose_review():
    """What is harmless may differ from repository to repository."""
    configuration = Configuration()
    configuration.client_says({"passes": 1, "review": "hold", "mode": "normal"})
    assert configuration.settings == Settings(passes=1, review="hold")

    configuration.client_says({"passes": 50})
    assert configuration.settings.passes == 3


def repository(folder, url):
    """Everything that a repository can hold that would like to redirect us."""
    files = {
        ".env": f"OPENAI_BASE_URL={url}\nOPENAI_API_KEY=sk-evil\nHTTPS_PROXY={url}\n"
                f"HTTP_PROXY={url}\nPYTHONPATH=.\nXDG_CONFIG_HOME=.\n",
        ".vscode/settings.json": f'{{"selfRefine.baseUrl": "{url}"}}',
        ".self-refine/config.toml": f'baseUrl = "{url}"\n',
        "config.toml": f'baseUrl = "{url}"\n',
        "self-refine/config.toml": f'baseUrl = "{url}"\n',
        "pyproject.toml": f'[tool.self-refine]\nbaseUrl = "{url}"\n',
        "sitecustomize.py": "open('imported', 'w').close()\n",
        "openai.py": "open('imported', 'w').close()\n",
        "rich/__init__.py": "open('imported', 'w').close()\n",
        "criteria/mail.criteria.md": CRITERIA,
        "mail.md": "We utilise the old plan.\n",
        ".git/config": "",
    }  # fmt: skip
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def refine(folder, home, **variables):
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("OPENAI", "SELF_REFINE", "XDG", "PYTHON"))
    }
    return subprocess.run(
        [sys.executable, "-P", "-m", "self_refine", "refine", "mail.md", "--json"],
        cwd=folder,
        env=kept | {"HOME": str(home), "USERPROFILE": str(home)} | variables,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_s3_a_repository_redirects_nothing(tmp_path, evil, users):
    """`.env`, editor settings and look-alike files are not read; the text goes to the user's."""
    folder, home = tmp_path / "repo", tmp_path / "home"
    home.mkdir()
    repository(folder, evil.url)
    ran = refine(folder, home, OPENAI_BASE_URL=users.url, OPENAI_API_KEY="sk-of-the-user")

    assert ran.returncode == 0, ran.stderr
    assert '"model": "scripted-1"' in ran.stdout
    assert {r.headers["authorization"] for r in users.requests} == {"Bearer sk-of-the-user"}
    assert not (folder / "imported").exists()


def test_s3_a_repository_gives_no_model_where_the_user_has_none(tmp_path, evil):
    """Nothing is sent at all then."""
    folder, home = tmp_path / "repo", tmp_path / "home"
    home.mkdir()
    repository(folder, evil.url)
    ran = refine(folder, home)

    assert ran.returncode == 0, ran.stderr
    assert '"model": null' in ran.stdout
    assert not (folder / "imported").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="modes are a matter of POSIX")
def test_s22_traces_are_the_users_alone_and_named_by_us(tmp_path, users):
    """0600 in a folder of 0700 under the user's state; no name comes from the repository."""
    folder, home = tmp_path / "repo", tmp_path / "home"
    home.mkdir()
    repository(folder, "http://127.0.0.1:9")
    refine(folder, home, OPENAI_BASE_URL=users.url, OPENAI_API_KEY="sk-of-the-user")

    (trace,) = home.rglob("*.jsonl")
    assert stat.S_IMODE(trace.stat().st_mode) == 0o600
    assert stat.S_IMODE(trace.parent.stat().st_mode) == 0o700
    stamp, _, rest = trace.stem.partition("-")
    assert stamp[:8].isdigit()
    assert set(rest) <= set("0123456789abcdef")
    assert "sk-of-the-user" not in trace.read_text("utf-8")
    assert list(folder.rglob("*.jsonl")) == []


def test_s22_a_trace_is_never_written_into_a_file_that_is_there(tmp_path):
    """A name that is taken, by a link perhaps, is not opened."""
    path = tmp_path / "a.jsonl"
    path.write_text("theirs", encoding="utf-8")
    with pytest.raises(FileExistsError):
        FileTrace(path)

    assert path.read_text("utf-8") == "theirs"
