"""Lists as teams write them: what stands above a bullet, below it, and what is no bullet at all."""

import pytest

from self_refine.loop.types import Severity
from support.checking import file_of, reading

FRONT = "---\ncriteria: 1\n---\n"


def questions(source, **others):
    return [criterion.question for criterion in file_of(source, **others).criteria]


def left_out(source):
    """(line, what) of all that is not read."""
    return [(f.line, f.what) for f in reading(source).fates if f.became == "left out"]


@pytest.mark.parametrize("front", ["", FRONT])
@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("# Style\n\nNever use:\n\n- Hashtags\n- Emoji\n",
         ["Never use: Hashtags", "Never use: Emoji"]),
        ("Never use:\n- Hashtags\n", ["Never use: Hashtags"]),
        ("**Never use**\n\n- Hashtags\n", ["Never use: Hashtags"]),
        ("## 2. Never use:\n- Hashtags\n", ["Never use: Hashtags"]),
        ("# Never use\n\n- Hashtags\n", ["Never use: Hashtags"]),
        ("# One\n\n- A b\n\n# Two\n\n- C d\n", ["One: A b", "Two: C d"]),
        ("## Mail\n\n### Never\n\n- Hashtags\n\n### Always\n\n- A date\n",
         ["Mail – Never: Hashtags", "Mail – Always: A date"]),
        ("## Rules\n\n- Is there jargon?\n", ["Is there jargon?"]),
        ("Tone\n- Write short words\n\nNaming\n- No abbreviations\n",
         ["Tone: Write short words", "Naming: No abbreviations"]),
        ("Never use\n---\n\n- Hashtags\n", ["Never use: Hashtags"]),
        ("- Never use:\n  - Hashtags\n  - Emoji\n", ["Never use: Hashtags; Emoji"]),
        ("- Naming\n  - Variables\n    - camelCase\n    - no short forms\n  - Types: PascalCase\n",
         ["Naming: Variables: camelCase; no short forms; Types: PascalCase"]),
        ("1. Be kind.\n   - Even to machines.\n", ["Be kind. Even to machines."]),
        ("- Is there a step?\n  - Good: open the tap\n  - Bad: the tap\n",
         ["Is there a step? Good: open the tap; Bad: the tap"]),
    ],
)  # fmt: skip
def test_what_stands_above_and_below_belongs_to_a_bullet(front, source, asked):
    """Headings, a line that leads in, sub-bullets of any depth; with front matter or without."""
    assert asked == questions(front + source)


def test_a_lead_in_is_for_one_list():
    """The next list has its own, or none."""
    source = "Never use:\n\n- Hashtags\n\nWe mean it, all of us.\n\n- Be kind\n"

    assert ["Never use: Hashtags", "Be kind"] == questions(source)
    assert [(5, "a paragraph")] == left_out(source)


@pytest.mark.parametrize("front", ["", FRONT])
@pytest.mark.parametrize(
    ("bullet", "id_", "question"),
    [
        ("**Active Voice**: Use it.", "active-voice", "Active Voice: Use it."),
        ("**Active Voice:** Use it.", "active-voice", "Active Voice: Use it."),
        ("**Active Voice** - Use it.", "active-voice", "Active Voice: Use it."),
        ("**Active Voice** – Use it.", "active-voice", "Active Voice: Use it."),
        ("__Active Voice__: Use it.", "active-voice", "Active Voice: Use it."),
        (
            "**Active Voice** (important): Use it.",
            "active-voice",
            "Active Voice (important): Use it.",
        ),
        ("**never** log a password", "never-log-a-password", "**never** log a password"),
        ("**Is it clear?** Say so.", "is-it-clear-say", "**Is it clear?** Say so."),
        ("**日本語**: はい。", "criterion-1", "日本語: はい。"),
    ],
)
def test_a_bold_title_is_part_of_the_question_and_gives_the_id(front, bullet, id_, question):
    """A title is no id that must be written otherwise; nor is a word in bold."""
    (criterion,) = file_of(f"{front}- {bullet}\n").criteria

    assert (f"team/{id_}", question) == (criterion.id, criterion.question)


def test_a_titled_bullet_needs_no_pin_and_keeps_its_severity():
    """Its title stays when the words change."""
    got = reading("- **Active Voice** (error): Use it.\n- **Active Voice**: Use it twice.\n")

    assert [("team/active-voice", "error"), ("team/active-voice-2", "warning")] == [
        (c.id, c.severity.value) for c in got.file.criteria
    ]
    assert () == got.problems


@pytest.mark.parametrize(
    ("bullet", "severity"),
    [("(error) Is it?", "error"), ("[Info] Is it?", "info"), ("warning: Is it?", "warning"),
     ("**a** [hint] Is it?", "hint"), ("- info: levels are named", "warning")],
)  # fmt: skip
def test_a_severity_in_another_place_is_one(bullet, severity):
    """Somebody who writes it means it; a hint says where it stands."""
    (criterion,) = file_of(f"- {bullet}\n").criteria

    assert severity == criterion.severity.value


RUBRICS = [
    "### Clarity\n\n- 5: every sentence is plain\n- 3: some are\n- 1: none is\n",
    "### Clarity\n\n- **Excellent**: each is plain\n- **Fair**: some are\n- **Poor**: not plain\n",
    "### Clarity\n\n- 4 - every sentence is plain\n- 2 - some are\n- 0 - none is\n",
    "### Clarity\n\n- Level 1: none is plain\n- Level 2: some are\n",
    "### Clarity\n\n- Score 5 (excellent): plain\n- Score 1 (poor): not plain\n",
    "- Clarity\n  - 1: none is plain\n  - 5: every sentence is plain\n",
]


@pytest.mark.parametrize("source", RUBRICS)
def test_the_levels_of_a_rubric_are_one_criterion(source):
    """None of them is a question by itself."""
    (criterion,) = file_of(source).criteria

    assert "team/clarity" == criterion.id
    assert criterion.question.startswith("Clarity: ")
    assert criterion.question.count(";") == source.count("\n- ") + source.count("\n  - ") - 1


@pytest.mark.parametrize(
    "source",
    ["- Good: name the owner\n- Bad: name nobody\n", "- 2 reviewers approve\n- 3 days pass\n",
     "- High contrast\n- Low noise\n", "1. Be kind\n2. Be short\n"],
)  # fmt: skip
def test_other_lists_are_no_rubric(source):
    """Numbers and words of praise stand in rules, too."""
    assert 2 == len(questions(source))


@pytest.mark.parametrize("front", ["", FRONT])
@pytest.mark.parametrize(
    ("bullet", "what"),
    [
        ("[Naming](#naming)", "a link"),
        ("See [the guide](https://example.org/a_(b))", "a link"),
        ("[Guide](docs/guide.md) – how we write", "a link"),
        ("<https://example.org/style>", "a link"),
        ("`npm run build`", "a command"),
        ("`npm run build` - makes the bundle", "a command"),
        ("Install dependencies: `npm install` or `pip install -r dev.txt`", "a command"),
        ("**Test**: `pytest -q`", "a command"),
        ("`npm test` for the test suite", "a command"),
        ("Run `make check` before you push.", "a command"),
        ("`src/` – the sources", "a file or a folder"),
        ("src/app/page.tsx", "a file or a folder"),
        ("`tsconfig.json`: settings of the compiler", "a file or a folder"),
        ("[ ]", "a blank of a template"),
        ("Fixes #", "a blank of a template"),
        ("**Ticket**:", "a blank of a template"),
        ("<describe the change>", "a blank of a template"),
        ("[List of required tools]", "a blank of a template"),
        ("<!-- one line each -->", "a blank of a template"),
        ("…", "a blank of a template"),
    ],
)
def test_what_asks_nothing_is_no_criterion(front, bullet, what):
    """And is named, so that nobody believes that it is checked."""
    source = f"{front}- Is it so?\n- {bullet}\n"

    assert ["Is it so?"] == questions(source)
    assert [what] == [kind for _, kind in left_out(source)]


@pytest.mark.parametrize(
    "bullet",
    [
        "`src/ui` must not import `src/db`",
        "`api/`: never import from `web/`",
        "`useMemo`: only where it was measured",
        "Use `npm ci` instead of `npm install` in pipelines",
        "Prefer `const`; see [the guide](https://example.org)",
        "[no-var](rules/no-var.md): use `let` or `const`",
        "Names of tests say what is expected",
        "Tests/benchmarks are deterministic",
        "and/or is not written",
        "Fixes come with a test",
        "Read-only fields have a comment",
        "Commit messages follow <type>(<scope>): <subject>",
    ],
)
def test_a_rule_that_names_a_path_or_a_command_is_asked(bullet):
    """To lose a rule is the worse fault."""
    assert [bullet] == questions(f"- {bullet}\n")


def test_boxes_to_tick_one_of_are_no_criteria():
    """The kinds of change of a template; its check list is one."""
    source = (
        "## Type of change\n\n- [ ] Bug fix\n- [x] New feature\n\n"
        "## Checklist\n\n- [ ] I have added tests\n"
    )

    assert ["I have added tests"] == questions(source)
    assert ["one of several choices to tick"] * 2 == [what for _, what in left_out(source)]


def test_facts_below_a_heading_that_is_about_the_project_are_no_criteria():
    """Unless they order something."""
    source = "## Tech Stack\n\n- Django 5\n- HTMX\n- Never add jQuery\n\n## Names\n\n- Short\n"

    assert ["Tech Stack: Never add jQuery", "Names: Short"] == questions(source)


def test_an_id_makes_a_criterion_of_anything():
    """Whoever pins a bullet means it."""
    assert ["`make`"] == questions("- **build**: `make`\n")


def test_what_is_left_out_is_one_sentence_for_each_kind():
    """Forty links are not forty warnings."""
    links = "".join(f"- [Part {n}](#part-{n})\n" for n in range(40))
    got = reading(f"{links}\n- Is it so?\n\n| a |\n|---|\n\n> quoted\n\nwords\n")
    notes = [(p.severity, p.message) for p in got.problems if p.code == "CR215"]

    links_left = "Not read: 40 links (lines 1-40)."
    prose_left = "Not read: a table (lines 44-45); a quotation (line 47); a paragraph (line 49)."
    pin = "To ask one all the same, begin it with an id: `- **id**: …`."
    item = "Only list items are asked: begin each rule with `- `."
    assert [
        (Severity.HINT, f"{links_left} {pin}"),
        (Severity.WARNING, f"{prose_left} {item}"),
    ] == notes


def test_the_words_below_the_title_are_not_named():
    """They say what the list is about."""
    assert [] == left_out("# Style\n\nWe like it short.\n\nAnd plain.\n\n- Is it so?\n")


@pytest.mark.parametrize("front", ["", FRONT])
def test_keys_count_in_any_case_and_in_bold(front):
    """`Fix:` is `fix:`."""
    (criterion,) = file_of(
        f"{front}- Is it so?\n  - Fix: mend it\n  - **Why:** because\n  - NOT: this\n"
        "  - *Evidence*: quote it\n  - not: that\n    - nor that\n"
    ).criteria

    assert ("mend it", "because", "quote it") == (criterion.fix, criterion.why, criterion.evidence)
    assert ("this", "that: nor that") == criterion.exceptions
    assert "Is it so?" == criterion.question


@pytest.mark.parametrize("front", ["", FRONT])
@pytest.mark.parametrize(
    "line",
    ["When: you rename a file", "Uses: two words", "Compare: with the last release", "Note: x"],
)
def test_a_key_whose_value_does_not_parse_is_words(front, line):
    """They are part of the question."""
    assert [f"Is it so? {line}"] == questions(f"{front}- Is it so?\n  - {line}\n")


def test_in_a_plain_list_checks_and_inputs_cannot_be_named():
    """There are none, so these are words."""
    source = "- Is it so?\n  - When: CI failed\n  - Uses: hooks\n"

    assert ["Is it so? When: CI failed; Uses: hooks"] == questions(source)


def test_a_file_of_checks_needs_no_heading():
    """Nor does it need any Markdown."""
    source = "---\ncriteria: 1\nchecks:\n  - {id: a, kind: regex, pattern: x}\n---\n"

    for body in ("", "# Mail\n", "# Mail\n\nWe check this.\n"):
        got = reading(source + body)
        assert ["team/a"] == [c.id for c in got.file.criteria]
        assert () == got.problems


@pytest.mark.parametrize(
    "words",
    ["⚠️ Never log a password.", "✅ Say who.", "👩‍💻 Is it kind?", "1️⃣ Is it first?",
     "آیا می‌شود؟", "क्‍या यह है?", "葛󠄀城 is the place."],
)  # fmt: skip
def test_selectors_and_joiners_that_writing_needs_are_no_hidden_text(words):
    """Emoji, Persian, Hindi, variants of ideographs."""
    assert [words] == questions(f"- {words}\n")


@pytest.mark.parametrize(
    "hidden", ["a\u200bb", "a\u200db", "1\ufe03", "a\ufe0f", "⚠\ufe05", "\u202e"]
)
def test_hidden_characters_are_still_an_error(hidden):
    """Where writing does not need them they could hide instructions."""
    assert ["CR301"] == [p.code for p in reading(f"- Is it so{hidden}?\n").problems]
