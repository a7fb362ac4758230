"""Small inputs on which checks once damaged a text, or said what was not so.

Each test is named after its folder, which holds the text and, where it needs one, a criteria file.
"""

import shutil
from pathlib import Path

import pytest

from support.command import Session

HERE = Path(__file__).parent


@pytest.fixture
def refined(tmp_path):
    """Refines the text of a case: what it becomes, what was found, what was said."""

    def refine(case, *arguments, name="t.md", text=None):
        folder = tmp_path / "work"
        shutil.copytree(HERE / case, folder)
        session = Session(folder, tmp_path / "home")
        (folder / "mail.md").unlink()
        (folder / "criteria" / "mail.criteria.md").unlink()
        if text is not None:
            session.put(name, text)
        before = (folder / name).read_text(encoding="utf-8")
        return Case(before, session.run(name, "--json", *arguments))

    return refine


class Case:
    """One run of one case."""

    def __init__(self, before, ran):
        self.before, self.ran = before, ran

    @property
    def text(self):
        return self.ran.json["text"]

    @property
    def findings(self):
        return self.ran.json["passes"][0]["findings"]

    @property
    def quotes(self):
        return [finding["quote"] for finding in self.findings]

    def of(self, criterion):
        return [f["quote"] for f in self.findings if f["criterion"] == criterion]

    def stays(self):
        """Nothing was changed and nothing was found."""
        assert self.before == self.text
        assert [] == self.quotes


def test_a01_relative_link(refined):
    refined("a01-relative-link", "--criteria", "prose").stays()


def test_a03_front_matter(refined):
    refined("a03-front-matter", "--criteria", "prose").stays()


def test_a04_indented_code(refined):
    refined("a04-indented-code", "--criteria", "prose").stays()


def test_a06_operators(refined):
    refined("a06-operators", "--criteria", "prose").stays()


@pytest.mark.parametrize("pack", ["email", "prose"])
def test_a07_quotes(refined, pack):
    refined("a07-quotes", "--criteria", pack).stays()


def test_a08_kindly(refined):
    refined("a08-kindly", "--criteria", "email").stays()


def test_a09_do_not_hesitate(refined):
    refined("a09-do-not-hesitate", "--criteria", "email").stays()


def test_a09_an_invitation_is_one(refined):
    case = refined(
        "a09-do-not-hesitate",
        "--criteria",
        "email",
        text="If anything is unclear, do not hesitate to call.\n",
    )
    assert "If anything is unclear, please call.\n" == case.text


def test_a11_ability(refined):
    case = refined("a11-ability", "--criteria", "prose")
    assert case.before == case.text
    assert ["have the ability to", "have the ability to"] == case.quotes


def test_a13_doubled_capitals(refined):
    refined("a13-doubled-capitals", "--criteria", "prose").stays()


def test_a14_other_languages(refined):
    refined("a14-other-languages", "--criteria", "prose").stays()


def test_a15_wrapped_lines(refined):
    case = refined("a15-wrapped-lines", "--criteria", "prose")
    assert case.before.count("\n") == case.text.count("\n")
    assert "this note to\nsay what" in case.text


def test_a17_acronym_case(refined):
    case = refined("a17-acronym-case")
    assert "Start the virtual machine, use a toolkit, open a pull request.\n" == case.text


def test_a18_full_stop_eaten(refined):
    case = refined("a18-full-stop-eaten")
    assert "It holds files, blobs, and so on. See the next page.\n" == case.text


def test_a19_one_bad_fix_drops_all(refined):
    case = refined("a19-one-bad-fix-drops-all")
    assert "We use the cache. The store holds files aka raw blobs here.\n" == case.text
    assert "Not applied: x/w's fix of 'aka'" in case.ran.err
    assert "would break x/short" in case.ran.err


def test_b01_brand_case(refined):
    case = refined("b01-brand-case")
    assert "We use GitHub and GitHub on macOS and macOS.\n" == case.text
    assert ["github", "MacOS"] == case.quotes


def test_b02_japanese_chinese_words(refined):
    case = refined("b02-japanese-chinese-words")
    assert ["することができる", "非常"] == case.quotes
    assert "設定を変更できる。这个功能非常重要。\n" == case.text


def test_b04_regex_in_code(refined):
    refined("b04-regex-in-code").stays()


def test_b05_comment_words(refined):
    refined("b05-comment-words").stays()


def test_b06_headings(refined):
    refined("b06-headings").stays()


def test_b07_placeholder_html(refined):
    case = refined("b07-placeholder-html", "--criteria", "record")
    assert [] == case.of("record/placeholder")


def test_b08_placeholder_missed(refined):
    case = refined("b08-placeholder-missed", "--criteria", "email")
    found = ["[Your Name]", "[Insert Date]", "[Company Name]", "{name}", "<your name>"]
    assert found == case.of("email/placeholder")


def test_b10_front_matter_sentence(refined):
    refined("b10-front-matter-sentence", "--criteria", "prose").stays()


def test_b11_limit_without_model(refined):
    case = refined("b11-limit-without-model", "--criteria", "prose", text="We met. " * 5_000 + "\n")
    assert case.before == case.text


def test_c01_require_message(refined):
    (finding,) = refined("c01-require-message").findings
    assert "Nothing here matches 'Signed-off-by: \\S'." == finding["message"]


def test_c02_swap_message(refined):
    case = refined("c02-swap-message")
    assert "Write 'use', not 'utilise'." == case.findings[0]["message"]


def test_c04_has_no_files(refined):
    case = refined("c04-has-no-files")
    assert "The one criteria file of the workspace has errors" in case.ran.err
    assert "has no criteria files" not in case.ran.err


def test_c05_commit_file(refined):
    case = refined("c05-commit-file", name="COMMIT_EDITMSG")
    assert ["x/is-the-first-line"] == list(case.ran.json["passes"][0]["verdicts"])
