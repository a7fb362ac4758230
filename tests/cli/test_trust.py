"""`self-refine trust` asks a person; the tests of a project then judge what is refined."""

import sys

import pytest

from support.command import Session
from support.rule import Rule
from support.scripted import Scripted
from support.terminal import at_terminal
from support.workplace import SHOP, contents, project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="terminals are a matter of POSIX")

CRITERIA = """\
---
criteria: 1
applies: {languages: [python]}
checks:
  - id: tests
    kind: command
    run: [PYTHON, -S, suite.py, "{report}"]
    parse: junit
    severity: error
---
# Shop
"""


class Shop(Session):
    """A project whose function fails its suite, and a home of its own."""

    def __init__(self, folder, home):
        self.folder, self.home = project(folder), home
        home.mkdir()
        self.criteria(CRITERIA)

    def criteria(self, text):
        self.put("criteria/shop.criteria.md", text.replace("PYTHON", sys.executable))

    def trust(self, *words, answers="y\n"):
        command = self.command("trust", *words)
        return at_terminal(command, answers, cwd=self.folder, env=self.environment())


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path / "work", tmp_path / "home")


def refine(shop, model, *words):
    return shop.run(
        "src/shop.py:5-10", *words, OPENAI_BASE_URL=model.url, OPENAI_MODEL="scripted-1"
    )


def test_a_failing_function_is_refined_until_its_tests_pass_and_is_written(shop):
    """The seed's first use: the assertion reaches the writer, the edit lands, nothing else."""
    code, said = shop.trust("allow")
    assert 0 == code, said
    assert "This runs code of the repository (its tests, plugins and settings)" in said
    assert "shop/tests: allowed." in said
    before = contents(shop.folder)

    with Scripted(rule=Rule(words={"result = 1": "result = 0"})) as model:
        ran = refine(shop, model, "--write")

    assert 0 == ran.code, ran.out + ran.err
    assert SHOP.replace("result = 1", "result = 0") == shop.read("src/shop.py").decode()
    asked = str(model.asked[0].body)
    assert "total gives 4, not 3" in asked
    assert "assert got == wanted" in asked
    after = contents(shop.folder)
    assert set(before) == set(after)
    assert 1 == sum(before[name] != after[name] for name in before)


def test_a_rewrite_that_breaks_what_had_passed_is_refused(shop):
    """What fails only now counts against the rewrite, whatever else it mends."""
    shop.put("src/shop.py", SHOP.replace("result = 1", "result = 0"))
    shop.criteria(CRITERIA.replace("parse: junit", "parse: junit\n    message: broken") + (
        "## Criteria\n\n- **name** (error): Is a name too long?\n"
    ))  # fmt: skip
    shop.trust("allow")

    with Scripted(rule=Rule(words={"result = 0": "result = 7"})) as model:
        ran = refine(shop, model, "--json")

    assert SHOP.replace("result = 1", "result = 0").endswith(ran.json["text"])
    assert 1 == ran.code


def test_nothing_runs_before_it_is_allowed(shop):
    """Not checked, with the sentence that helps."""
    shop.put("suite.py", "open('pwned', 'w')\n")

    ran = shop.run("src/shop.py:5-10")

    assert "self-refine trust allow shop/tests" in ran.out + ran.err
    assert 3 == ran.code
    assert not (shop.folder / "pwned").exists()


@pytest.mark.parametrize("action", ["allow", "revoke", "list"])
def test_no_program_can_answer(shop, action):
    """A pipe is no person."""
    ran = shop.run(action, command="trust", stdin=b"y\ny\n")

    assert 2 == ran.code
    assert "Only a person at a terminal" in ran.err
    assert not list(shop.home.rglob("commands.json"))


def test_a_no_is_no(shop):
    _, said = shop.trust("allow", answers="\n")

    assert "shop/tests: not allowed." in said
    assert not list(shop.home.rglob("commands.json"))


def test_a_change_is_shown_and_asked_again(shop):
    """Of the criteria file, of the arguments, of a script that they name."""
    shop.trust("allow")
    assert "shop/tests: allowed ·" in shop.trust()[1]

    shop.put("suite.py", "print('another')\n")
    said = shop.trust()[1]
    assert "changed since it was allowed" in said
    shop.criteria(CRITERIA.replace("-S,", "-S, -B,"))
    said = shop.trust("allow", answers="n\n")[1]
    assert "It was allowed, and has changed:" in said
    assert "+-B" in said
    assert "changed" in shop.run("src/shop.py:5-10").out


def test_what_was_allowed_is_taken_back(shop):
    shop.trust("allow")

    assert "shop/tests: no longer allowed." in shop.trust("revoke", "shop/tests")[1]
    assert "not allowed" in shop.trust()[1]


def test_an_answer_of_one_workspace_counts_in_no_other(shop, tmp_path):
    shop.trust("allow")
    other = Shop(tmp_path / "other", tmp_path / "other-home")
    other.home = shop.home

    assert "shop/tests: not allowed" in other.trust()[1]


def test_what_is_kept_is_the_users_alone(shop):
    shop.trust("allow")

    (kept,) = shop.home.rglob("commands.json")
    assert 0 == kept.stat().st_mode & 0o077
