"""docs/criteria.md, docs/checks.md: examples are read and run, keys have one, codes are listed.

How a page is read: a `markdown` fence is a whole file, a `yaml` fence front matter. After
`yaml wrong` comes `text says`, its one problem; after `yaml` may come `text finds`, what its checks
mark (`‸` is a place where something is missing), and then `text becomes`, what their fixes make of
it.
"""

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from self_refine.checks.registry import KINDS, run_checks
from self_refine.checks.subject import Subject
from self_refine.criteria.body.sub_bullets import KEYS as BELOW
from self_refine.criteria.reading.check_items import COMMON_KEYS
from self_refine.criteria.reading.front_matter import KEYS
from self_refine.loop.types import Severity
from support.checking import fixed, marked, plain, reading

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "criteria.md").read_text(encoding="utf-8")
CHECKS = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")


def fences(page):
    return [
        (token.info, token.content, token.map[0] + 1)
        for token in MarkdownIt("commonmark").parse(page)
        if token.type == "fence"
    ]


FENCES = fences(PAGE)
BODY = "## Criteria\n\n- **a**: Is it so?\n"


def whole(lines):
    """A file with these lines of front matter; its first line is that of the fence."""
    version = "" if lines.startswith("criteria:") else "criteria: 1\n"
    return f"---\n{version}{lines}---\n{BODY}"


def sorted_out(page):
    """Each example with those that belong to it: (line, kind, text, [(kind, text), …])."""
    examples = []
    for info, text, line in fences(page):
        if info in ("text says", "text finds", "text becomes", "text input=source"):
            examples[-1][3].append((info, text))
        else:
            examples.append((line, info, text, []))
    return examples


EXAMPLES = [*sorted_out(PAGE), *sorted_out(CHECKS)]


@pytest.mark.parametrize(
    ("info", "text", "after"),
    [example[1:] for example in EXAMPLES],
    ids=[f"{example[1]} {example[0]}" for example in EXAMPLES],
)
def test_an_example_does_what_the_page_says(info, text, after, tmp_path):
    """It is read without error, or with the error shown; checks mark and mend what is shown."""
    match info:
        case "markdown":
            check_sound(text, tmp_path)
        case "yaml":
            check_sound(whole(text), tmp_path)
            check_run(whole(text), dict(after))
        case "yaml wrong":
            (problem,) = reading(whole(text)).problems
            place = f"{problem.line}:{problem.column}: {problem.severity} {problem.code}"
            assert f"{place}: {problem.message}\n" == dict(after)["text says"]
        case "" | "sh" | "toml":
            assert not after
        case other:
            pytest.fail(f"no test knows how to run {other!r}")


def check_sound(source, folder):
    """The file is used, with hints at the most."""
    (folder / "lists").mkdir()
    (folder / "lists" / "jargon.txt").write_text("# ours\nsynergy\n", encoding="utf-8")
    (folder / "lists" / "sizes.schema.json").write_text("{}", encoding="utf-8")
    got = reading(source, folder / "example.criteria.md")

    assert got.file is not None, got.problems
    assert [] == [p for p in got.problems if p.severity is not Severity.HINT]


def check_run(source, after):
    """The checks mark what `finds` marks, and their fixes give what `becomes` says."""
    if "text finds" not in after:
        return
    words = plain(after["text finds"])
    inputs = {"source": after["text input=source"]} if "text input=source" in after else {}
    subject = Subject(text=words, original=words, language="markdown", inputs=inputs)
    results = run_checks(reading(source).file.checks, subject)
    found = [finding for result in results for finding in result.findings]
    # The page shows a place at the end of the last line; the text ends behind the line's end.
    shown = marked(words, found)
    assert after["text finds"].rstrip("\n‸") == shown.rstrip("\n‸")
    assert after["text finds"].count("‸") == shown.count("‸")
    if "text becomes" in after:
        assert after["text becomes"] == fixed(words, found)


def shown_in(kinds):
    return "\n".join(text for info, text, _ in FENCES if info in kinds)


def test_every_key_has_an_example():
    """Front matter, checks and what stands below questions: each key that is read is shown."""
    shown = shown_in({"markdown", "yaml", "yaml wrong"})
    keys = {
        *KEYS,
        *COMMON_KEYS,
        *BELOW,
        *KINDS,
        "paths",
        "languages",
        "within",
        "from",
        "required",
        "passes",
    }
    keys |= {key for spec in KINDS.values() for key in spec.keys}

    assert [] == sorted(
        key
        for key in keys - {"extends"}
        if not re.search(rf"(?<![\w-]){key}(?::|,)|kind: {key}\b", shown)
    )
    assert "`extends`" in PAGE


def test_every_value_and_name_is_listed():
    """The closed lists of values, and the names that messages may have."""
    for spec in KINDS.values():
        if spec.build is not None:
            for name in spec.names:
                assert f"`{{{name}}}`" in PAGE
    for word in (
        "selection",
        "document",
        "public-signatures",
        "code-fences",
        "list-item",
        "section:HEADING",
    ):
        assert word in PAGE


def test_every_code_is_listed():
    """A code that users may see is in the table, and no other is."""
    source = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "server").rglob("*.py"))
    given = set(re.findall(r'"(CR\d{3})"', source))

    assert given == set(re.findall(r"^\| (CR\d{3}) ", PAGE, re.MULTILINE))


def test_the_packs_that_it_names_are_those_that_ship():
    """The list of packs is complete."""
    names = sorted(path.name.split(".")[0] for path in (ROOT / "criteria").glob("*.criteria.md"))

    assert ", ".join(f"`{name}`" for name in names) in PAGE
