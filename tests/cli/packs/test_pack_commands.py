"""`self-refine packs`: what it fetches, locks and copies, with a repository of this machine."""

import shutil
import subprocess

import pytest

ONE = "- **plain**: Is it plain?\n"
TWO = "- **plain** (error): Is it plain?\n- **short**: Is it short?\n"

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


class Upstream:
    """A repository with a pack."""

    def __init__(self, folder):
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit(ONE)

    def git(self, *arguments):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments],
            cwd=self.folder, check=True, capture_output=True,
        )  # fmt: skip

    def commit(self, text):
        (self.folder / "packs").mkdir(exist_ok=True)
        (self.folder / "packs" / "tone.criteria.md").write_text(text, encoding="utf-8")
        (self.folder / "packs" / "run.py").write_text("never", encoding="utf-8")
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "x")

    @property
    def reference(self):
        return f"git+{self.folder.as_uri()}@main#dir=packs&name=style"


@pytest.fixture
def upstream(tmp_path_factory):
    return Upstream(tmp_path_factory.mktemp("upstream"))


@needs_git
def test_a_pack_of_a_repository_is_copied_and_locked(session, upstream):
    """Its criteria and lists alone; then it is there without the repository."""
    ran = session.run("add", upstream.reference, command="packs")
    shutil.rmtree(upstream.folder)
    copies = session.folder / "self-refine-packs" / "style"

    assert (ran.code, ran.err) == (0, "")
    assert "new      style/tone/plain (warning): Is it plain?" in ran.out
    assert ["tone.criteria.md"] == [path.name for path in copies.iterdir()]
    assert upstream.reference in session.read("self-refine.toml").decode()
    assert '"tone.criteria.md": "' in session.read("self-refine.lock").decode()
    shown = session.run("mail.md", "--criteria", "style/tone", "--json")
    assert shown.code == 0, shown.err


@needs_git
def test_an_update_says_what_changes_for_each_criterion(session, upstream):
    """And once more, nothing does."""
    session.run("add", upstream.reference, command="packs")
    upstream.commit(TWO)
    ran = session.run("update", command="packs")
    again = session.run("update", "style", command="packs")

    assert ran.code == 0, ran.err
    assert "changed  style/tone/plain: warning -> error" in ran.out
    assert "new      style/tone/short (warning): Is it short?" in ran.out
    assert "nothing changes" in again.out
    assert session.run("check", command="criteria").code == 0


@needs_git
def test_a_pack_with_an_error_changes_nothing(session, upstream):
    """The copy and the lock stay as they are."""
    session.run("add", upstream.reference, command="packs")
    before = session.read("self-refine.lock")
    upstream.commit("---\ncriteria: 1\ntitel: x\n---\n- **a**: Is it?\n")
    ran = session.run("update", command="packs")

    assert ran.code == 2
    assert "style/tone.criteria.md:3: Unknown key 'titel'." in ran.err
    assert before == session.read("self-refine.lock")


def test_a_folder_is_added_beside_what_is_there(session):
    """The rest of the file stays as it is."""
    session.put("shared/style/tone.criteria.md", ONE)
    session.put("shared/more/other.criteria.md", ONE)
    session.put("self-refine.toml", "# ours\nversion = 1\n\n[severity]\n")
    first = session.run("add", "./shared/style", command="packs")
    second = session.run("add", "./shared/more", command="packs")
    twice = session.run("add", "./shared/more", command="packs")

    assert (0, 0, 0) == (first.code, second.code, twice.code), second.err
    text = session.read("self-refine.toml").decode()
    assert (
        '# ours\nversion = 1\npacks = ["./shared/style", "./shared/more"]\n\n[severity]\n' == text
    )


def test_a_folder_can_be_vendored(session):
    """A copy in the workspace."""
    session.put("shared/style/tone.criteria.md", ONE)
    session.run("add", "./shared/style", command="packs")
    ran = session.run("vendor", command="packs")

    assert ran.code == 0, ran.err
    assert ONE.encode() == session.read("self-refine-packs/style/tone.criteria.md")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("add", "./nowhere"), "There is no folder nowhere."),
        (("add", "https://x.example"), "A pack is named ./folder"),
        (("add", "git+file:///no/such/place@main"), "git fetch: "),
        (("update",), "There are: none."),
        (("vendor", "x"), "has no pack x"),
    ],
)
def test_what_cannot_be_had_is_a_sentence(session, arguments, part):
    """Exit code 2, and nothing is written."""
    if "git+" in arguments[-1] and shutil.which("git") is None:
        pytest.skip("git is not installed")
    ran = session.run(*arguments, command="packs")

    assert ran.code == 2
    assert part in ran.err
    assert not (session.folder / "self-refine.toml").exists()
