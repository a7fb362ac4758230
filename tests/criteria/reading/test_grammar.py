"""The grammar of criteria files, read strictly: «marks» stand where each problem must be shown."""

# ruff: noqa: E501 - a row of cases stays on one line

import pytest

from self_refine.loop.types import Severity, When
from support.checking import file_of, marked_problems, plain, reading

HEAD = "---\ncriteria: 1\nid: team\n---\n## Criteria\n\n"


def front(lines, body="## Criteria\n\n- **a**: Is it so?\n"):
    """A file with these lines of front matter."""
    return f"---\ncriteria: 1\n{lines}---\n{body}"


def check(source, *expected):
    """`source` marks the problems; `expected` are their codes and parts of their sentences."""
    got = reading(plain(source))

    assert source == marked_problems(plain(source), got.problems)
    for problem, (code, sentence) in zip(got.problems, expected, strict=True):
        assert code == problem.code
        assert sentence in problem.message
    assert (got.file is None) == any(p.severity is Severity.ERROR for p in got.problems)


@pytest.mark.parametrize(
    ("lines", "code", "sentence"),
    [
        ("«titel»: x\n", "CR201", "Unknown key 'titel'. Did you mean 'title'?"),
        ("«zzz»: x\n", "CR201", "Unknown key 'zzz'. Known here: criteria, id, title"),
        ("id: «Team Mail»\n", "CR204", "small letters, digits and hyphens"),
        ("id: a\n«id»: b\n", "CR203", "'id' stands here twice"),
        ("severity: «high»\n", "CR204", "one of error, warning, info, hint"),
        ("title: «2»\n", "CR204", "YAML reads '2' as int: put it in quotes."),
        ("title: «yes»\n", "CR204", "YAML reads 'yes' as bool: put it in quotes."),
        ("title:\n  - «x»\n", "CR204", "This wants some text."),
        ("applies:\n  «language»: [markdown]\n", "CR201", "Did you mean 'languages'?"),
        ("applies:\n  languages: «markdown»\n", "CR204", "This wants a list"),
        ("applies:\n  languages: «[]»\n", "CR204", "This wants a list"),
        ("applies:\n  languages: [md, «makrdown», typst]\n", "CR204", "Did you mean 'markdown'?"),
        ("applies:\n  languages: [«'*.md'»]\n", "CR204", "the end of a file's name"),
        ("applies:\n  languages: [«'md, py'»]\n", "CR204", "is no language id; an entry is one"),
        ("applies:\n  paths: [«'!x'»]\n", "CR204", "`!` means nothing here"),
        ("applies:\n  paths: [«/etc/*»]\n", "CR204", "relative to the workspace folder"),
        ("applies:\n  paths: [«../x/*»]\n", "CR204", "no `.` or `..`"),
        ("applies:\n  paths: [«'C:/x'»]\n", "CR204", "relative to the workspace folder"),
        ("applies:\n  paths: [«'mail\\*'»]\n", "CR204", "`/` between folders"),
        ("applies:\n  paths: [«a**/b»]\n", "CR204", "`**` stands alone"),
        ("applies:\n  within: «page»\n", "CR204", "one of selection, definition"),
        ("extends: «https://evil.example/a»\n", "CR202", "nothing is ever fetched"),
        ("extends: «//host/share/a»\n", "CR202", "nothing is ever fetched"),
        ("extends: [«'https://evil.example/a'»]\n", "CR202", "nothing is ever fetched"),
        ("extends: [«a», b]\n", "CR204", "`extends` takes one name"),
        ("off: [«a»]\n", "CR209", "turns nothing off: there is no `extends` above"),
        ("locked: [«b»]\n", "CR209", "This file has no 'b', so nothing is locked."),
        (
            "checks:\n  - {id: a1, kind: regex, pattern: x, override: «true»}\n",
            "CR209",
            "changes nothing",
        ),
        ("loop: {passes: «0»}\n", "CR204", "a whole number, 1 or more"),
        ("loop: {passes: «many»}\n", "CR204", "a whole number, 1 or more"),
        ("loop: {«calls»: 3}\n", "CR201", "Unknown key 'calls'"),
        ("protect: [«'(a'»]\n", "CR205", "RE2 does not take this pattern"),
        ("protect: [«'^$'»]\n", "CR204", "would find nothing"),
        ("protect: [«'(?=a)b'»]\n", "CR206", "look-around"),
        ("inputs:\n  source: {from: «web:x»}\n", "CR204", "An input comes from marker:"),
        ("inputs:\n  source: {«required»: true}\n", "CR207", "The key 'from' is missing."),
        ("inputs:\n  «Bad Name»: {from: 'file:x'}\n", "CR204", "written as an id is"),
        ("options:\n  dialect: {default: «b», one_of: [a]}\n", "CR204", "not under `one_of`"),
        ("checks: «x»\n", "CR204", "`checks` wants a list"),
        ("checks: [«x»]\n", "CR204", "A check is lines such as"),
    ],
)
def test_front_matter(lines, code, sentence):
    """A wrong key or value is an error on its own words, with what would be right."""
    check(front(lines), (code, sentence))


@pytest.mark.parametrize(
    ("lines", "code", "sentence"),
    [
        ("«id»: x\n    pattern: a\n", "CR207", "The key 'kind' is missing: one of regex, words"),
        ("id: x\n    kind: «regexp»\n    pattern: a\n", "CR201", "Did you mean 'regex'?"),
        ("«kind»: regex\n    pattern: a\n", "CR207", "The key 'id' is missing."),
        ("«id»: x\n    kind: regex\n", "CR207", "The key 'pattern' is missing."),
        ("id: «Too long»\n    kind: regex\n    pattern: a\n", "CR204", "is no id"),
        ("id: x\n    kind: regex\n    pattern: «(a»\n", "CR205", "RE2 does not take this pattern"),
        ("id: x\n    kind: regex\n    pattern: «'a(?=b)'»\n", "CR206", "look-around"),
        ("id: x\n    kind: regex\n    pattern: a\n    «flags»: i\n", "CR201", "Unknown key 'flags'"),
        ("id: x\n    kind: regex\n    pattern: a\n    multiline: «maybe»\n", "CR204", "true or false"),
        ("id: x\n    kind: regex\n    pattern: a\n    severity: «fatal»\n", "CR204", "one of error"),
        ('id: x\n    kind: regex\n    pattern: a\n    message: "a «{rule}» b"\n', "CR204",
         "Nothing fills {rule} in a message of this kind. Known: {count}, {match}, {max}."),
        ('id: x\n    kind: regex\n    pattern: a\n    message: "a «{match» b"\n', "CR204", "Nothing fills {match in"),
        ('id: x\n    kind: regex\n    pattern: a\n    message: "a {match} «{0.x}»"\n', "CR204", "Known: {count}, {match}, {max}."),
        ('id: x\n    kind: regex\n    pattern: a\n    message: "«{}»"\n', "CR204", "Nothing fills {} in"),
        ('id: x\n    kind: regex\n    pattern: a\n    message: "«{ match }»"\n', "CR204", "Nothing fills { match } in"),
        ('id: x\n    kind: regex\n    pattern: a\n    message: "«{match!r}»"\n', "CR204", "Nothing fills {match!r} in"),
        ('id: x\n    kind: regex\n    pattern: a\n    message: "«{Match}»"\n', "CR204", "Nothing fills {Match} in"),
        ('id: x\n    kind: regex\n    pattern: a\n    message: "«match}»"\n', "CR204", "Nothing fills match} in"),
        ("id: x\n    kind: regex\n    pattern: a\n    fix: «'\\2'»\n", "CR204", "names a group"),
        ("id: x\n    kind: regex\n    pattern: a\n    when: «b failed»\n", "CR209", "no check that stands above"),
        ("id: x\n    kind: regex\n    pattern: a\n    when: «sometimes»\n", "CR204", "`when` names a check"),
        ("id: x\n    kind: «words»\n", "CR207", "needs `forbid`, `swap` or `file`"),
        ("id: x\n    kind: words\n    swap: {a: 'b', «a»: 'c'}\n", "CR203", "stands here twice"),
        ("id: x\n    kind: words\n    swap: {«''»: 'yes'}\n", "CR204", "There is nothing before the colon"),
        ("id: x\n    kind: words\n    swap: {«no»: 'yes'}\n", "CR204", "YAML reads 'no' as bool: quote it."),
        ("id: x\n    kind: words\n    forbid: [«1»]\n", "CR204", "put it in quotes"),
        ("id: x\n    kind: length\n    max: «-3»\n", "CR204", "a whole number, 0 or more"),
        ("id: x\n    kind: length\n    max: «1.5»\n", "CR204", "a whole number, 0 or more"),
        ("id: x\n    kind: length\n    unit: «pages»\n    max: 1\n", "CR204", "one of words, characters"),
        ("id: x\n    kind: length\n    max_ratio: {of: src, value: 0.5}\n", "CR209", "no input 'src'"),
        ("id: x\n    kind: keep\n    keep: [«names»]\n", "CR204", "one of public-signatures"),
        ("id: x\n    kind: graph\n    node: a\n    edge: b\n    forbid: [«loop»]\n", "CR204", "one of unknown-node"),
        ("id: x\n    kind: command\n    run: [x]\n    parse: «xml»\n", "CR204", "one of sarif"),
    ],
)  # fmt: skip
def test_checks(lines, code, sentence):
    """What is wrong in a check is an error on the words that are wrong."""
    if "no input" in sentence:
        lines = lines.replace("id: x", "id: «x»")
    check(front(f"checks:\n  - {lines}"), (code, sentence))


@pytest.mark.parametrize(
    ("bullets", "code", "sentence"),
    [
        ("- **a** («grave»): Is it so?", "CR204", "'grave' is no severity: one of error, warning"),
        ("- **a**: «(error)» Is it so?", "CR204", "read as the severity error. Write `**too-formal** (error): `"),
        ("- **a**: Is it?\n\n  «```text bad=a»\n  x\n  ```", "CR215", "Examples stand below the heading"),
        ("- **a**: Is it?\n\n«Is it so?»", "CR215", "This is no bullet, so it is not asked"),
        ("- **a**: Is it?\n\n«**b** (error): Is it so»", "CR215", "This is no bullet"),
        ("- **a**: Is it?\n\n«• Is it so»", "CR215", "a line that begins with • (line 9). Only list items are asked"),
        ("- **a**: Is it?\n\n«Every claim has a source.»", "CR215", "Not read: a paragraph (line 9)."),
        ("- **a**: Is it?\n\n«| a | b |»\n|---|---|\n| c | d |", "CR215", "Not read: a table (lines 9-11)."),
        ("- **a**: Is it?\n\n«### Is it so?»", "CR215", "This is no bullet"),
        ("- **a**: Is it?\n\n## Example\n\n«```text bad=a»\nx\n```", "CR215", "below a heading `## Examples`"),
        ("- «**a**» Is it so?", "CR204", "It is read as an id. Write `**a**: ` before the question."),
        ("- «**a** [Error]» Is it so?", "CR204", "Write `**a** (error): `"),
        ("- **a**: Is it?\n- «**a**: Is it so?»", "CR203", "The id 'a' is taken"),
        ("- «Is it so at last?»", "CR216", "It is called 'is-it-so-at' after its first words."),
        ("- **a**: Is it?\n  - «evidnce»: quote it", "CR201", "Did you mean 'evidence'?"),
        ("- **a**: Is it?\n  - «Evidnce»: quote it", "CR201", "Did you mean 'evidence'?"),
        ("- **a**: Is it?\n  - «evidence:»", "CR204", "`evidence:` says nothing."),
        ("- **a**: Is it?\n  - why: x\n  - «why: y»", "CR203", "`why:` stands here twice"),
        ("- **a**: Is it?\n  - «when: tests failed»", "CR209", "this file has no such check"),
        ("- **a**: Is it?\n  - «when»: on Mondays", "CR204", "read as part of the question: as a key, `when:` takes a check and how it went"),
        ("- **a**: Is it?\n  - «Compare»: source", "CR204", "takes one value: original"),
        ("- **a**: Is it?\n  - «uses»: two words", "CR204", "takes an input"),
        ("- «**a**: Is it?»\n  - uses: source", "CR209", "There is no input 'source'"),
        ("- **a**: Is it?\n  - «base_url»: x", "CR202", "not allowed in criteria"),
        ("- **a**: Is it?\n\n«<!-- hidden -->»", "CR302", "not shown comments"),
        ("- **a**: Is it?\n\n## Notes\n\n- «A bullet elsewhere.»", "CR215", "Not read: a bullet outside `## Criteria` (line 11)."),
    ],
)  # fmt: skip
def test_bullets(bullets, code, sentence):
    """What is wrong in a bullet is shown on its words."""
    check(f"{HEAD}{bullets}\n", (code, sentence))


@pytest.mark.parametrize(
    ("fence", "code", "sentence"),
    [
        ("```text «bda=a»", "CR204", "'bda=a' announces nothing"),
        ("```text «bad=A»", "CR204", "'A' is no id"),
        ("```«bad=a»", "CR204", "The language stands before what is announced: `text bad=a`."),
        ("```«good»", "CR204", "The language stands before what is announced: `text good`."),
        ("«```text bad=b»", "CR209", "This file has no criterion 'b'."),
        ("«```text input=src»", "CR209", "There is no input 'src'"),
    ],
)
def test_fixtures(fence, code, sentence):
    """What a fixture announces must be something that the file has."""
    check(f"{HEAD}- **a**: Is it?\n\n## Examples\n\n{fence}\nwords\n```\n", (code, sentence))


@pytest.mark.parametrize(
    ("source", "code", "sentence"),
    [
        ("", "CR213", "The file is empty: a Markdown list of questions will do."),
        ("\ufeff \n", "CR213", "The file is empty"),
        ("Just words.\n", "CR213", "There are no criteria here"),
        ("«---»\ncriteria: 1\n", "CR210", "no `---` line ends it"),
        ("---\n«severity»: info\n---\n## Criteria\n- **a**: b?\n", "CR207", "The key 'criteria' is missing."),
        ("---\ncriteria: «2»\n---\n## Criteria\n- **a**: b?\n", "CR208", "this version reads `criteria: 1`"),
        ("---\ncriteria: «one»\n---\n## Criteria\n- **a**: b?\n", "CR204", "a whole number"),
        ("---\n- «x»\n---\n- **a**: b?\n", "CR210", "Front matter is a mapping"),
        ("---\ncriteria: 1\na: b«:» c\n---\n", "CR210", "This is not YAML: mapping values"),
        ("---\ncriteria: 1\ntitle: «*x»\n---\n", "CR211", "Anchors and aliases are not read"),
        ("---\ncriteria: 1\ntitle: «!!python/name:os.system x»\n---\n", "CR211", "Tags such as"),
        ("\n---\n«criteria»: 1\n---\n## Criteria\n- **a**: b?\n", "CR210", "the first of the file"),
        ("# Mail\n\n---\r\nid: x\r\n«criteria»: 1\r\n---\n- **a**: b?\n", "CR210", "the first of the file"),
        ("«criteria»: 1\n---\n- **a**: b?\n", "CR210", "the first of the file"),
        ("+++\n«criteria» = 1\n+++\n- **a**: b?\n", "CR210", "Front matter is YAML"),
        ("```yaml\n«criteria»: 1\n```\n- **a**: b?\n", "CR210", "Front matter is YAML"),
        ("extends: existence\nmessage: x\ntokens:\n  - very\n", "CR213", "This is a Vale style, not a Markdown list."),
        ('{"rules": []}\n', "CR213", "This is JSON"),
    ],
)  # fmt: skip
def test_whole_files(source, code, sentence):
    """A file that cannot be used says why, at the place where it goes wrong."""
    got = reading(plain(source))

    assert got.file is None
    assert code == got.problems[0].code
    assert sentence in got.problems[0].message
    if "«" in source:
        assert source == marked_problems(plain(source), got.problems[:1])


def test_one_mistake_is_one_problem():
    """A key that is wrong does not make all that refers to the rest of the file wrong too."""
    check(
        front(
            "«titel»: x\nchecks:\n  - id: b\n    kind: regex\n    pattern: a\n",
            "## Criteria\n\n- **a**: Is it?\n  - when: b fired\n  - uses: src\n\n"
            "## Examples\n\n```text bad=b\na\n```\n",
        ),
        ("CR201", "Did you mean 'title'?"),
    )
    check(
        front(
            "checks:\n  - id: b\n    kind: regex\n    «patern»: a\n    pattern: a\n",
            "## Criteria\n\n- **a**: Is it?\n  - when: b fired\n\n## Examples\n\n```text bad=b\na\n```\n",
        ),
        ("CR201", "Did you mean 'pattern'?"),
    )


def test_a_check_asks_what_its_message_says_with_the_figures_that_are_known():
    """Before it has found anything: what only a finding can name stays a name."""
    got = reading(
        "---\ncriteria: 1\nchecks:\n"
        "  - {kind: length, id: a, unit: words, max: 150}\n"
        "  - {kind: length, id: b, unit: words, min: 3, message: 'At least {limit} {unit}.'}\n"
        "  - {kind: regex, id: c, pattern: x, message: 'No {match}, {max} at most.', max: 2}\n"
        "---\n## Criteria\n\n- **d**: Is it so?\n"
    )

    assert [
        "{count} words; the limit is 150.",
        "At least 3 words.",
        "No {match}, 2 at most.",
        "Is it so?",
    ] == [c.question for c in got.file.criteria]


def test_braces_that_hold_no_name_are_words():
    """A message about code may quote it."""
    message = "Not {% if %}, {{match}} or {'a': true}; a { is fine: {match}"

    assert file_of(
        front(f'checks:\n  - {{id: c, kind: regex, pattern: x, message: "{message}"}}\n')
    )


def test_a_plain_list_is_a_criteria_file():
    """Any Markdown list will do: ids from the first four words, and a hint to pin each."""
    source = (
        "# How we write\n\nWe like it short.\n\n"
        "- Is there jargon?\n- [ ] Is there a claim\n  without a source?\n* Note: be kind\n"
        "1. Is there jargon?\n"
    )
    got = reading(source, "Our Style.criteria.md")
    file = got.file

    assert ("our-style", "How we write") == (file.id, file.title)
    assert [
        ("our-style/is-there-jargon", "Is there jargon?"),
        ("our-style/is-there-a-claim", "Is there a claim without a source?"),
        ("our-style/note-be-kind", "Note: be kind"),
        ("our-style/is-there-jargon-2", "Is there jargon?"),
    ] == [(c.id, c.question) for c in file.criteria]
    assert {(Severity.HINT, "CR216")} == {(p.severity, p.code) for p in got.problems}
    assert 4 == len(got.problems)


def test_a_list_below_criteria_needs_no_front_matter():
    """With a heading `## Criteria`, bullets elsewhere are not criteria, front matter or not."""
    got = reading("## Notes\n\n- not one\n\n## Criteria\n\n- **a** (error): Is it so?\n")

    assert ["team/a"] == [criterion.id for criterion in got.file.criteria]
    assert ["CR215"] == [problem.code for problem in got.problems]


def test_bullets_below_examples_are_not_asked():
    """In a plain list too: there stand fenced blocks, and whoever wrote one is told."""
    got = reading("- Is it so?\n\n## Examples\n\n- Is it otherwise?\n")

    assert ["Is it so?"] == [criterion.question for criterion in got.file.criteria]
    assert ["CR216", "CR215"] == [problem.code for problem in got.problems]


def test_questions_without_latin_letters_are_numbered():
    """An id needs small letters or digits; where the words have none, the bullet's number does."""
    assert ["team/criterion-1", "team/uber-uns-steht"] == [
        criterion.id for criterion in file_of("- 日本語ですか?\n- Über uns steht?\n").criteria
    ]


def test_a_bullet_says_all_that_it_may():
    """Each sub-bullet lands in its field; `not:` and `uses:` may come more than once."""
    source = front(
        "id: team\nseverity: info\ninputs:\n  source: {from: 'file:x', required: true}\n"
        "checks:\n  - {id: c, kind: regex, pattern: x}\n",
        "## Criteria\n\n"
        "- **a** (error): Is it\n  so?\n"
        "  - evidence: quote it, or report that it is absent\n  - fix: mend it\n  - not: this\n  - not: that\n"
        "  - why: because\n  - when: `c` passed\n  - uses: source\n  - compare: original\n"
        "- **b**: And this?\n",
    )
    file = file_of(source)
    _, a, b = file.criteria

    assert ("team/a", "Is it so?", Severity.ERROR) == (a.id, a.question, a.severity)
    assert (True, "mend it", ("this", "that"), "because") == (a.absence, a.fix, a.exceptions, a.why)
    assert (When("team/c", fired=False), True) == (a.when, a.compare_original)
    assert {"team/a": ("source",)} == file.needs
    assert (Severity.INFO, True, None) == (b.severity, b.absence, b.when)
    assert (12, 3) == (a.source.line, a.source.column)


@pytest.mark.parametrize(
    ("evidence", "absence"),
    [
        ("quote the request, or report that it is absent", True),
        ("report its absence", True),
        ("quote the absentee list", False),
        ("quote the phrase", False),
    ],
)
def test_absence_is_allowed_only_where_the_evidence_says_so(evidence, absence):
    """A finding without a quote needs the author's leave."""
    (criterion,) = file_of(f"- **a**: Is it?\n  - evidence: {evidence}\n").criteria

    assert absence is criterion.absence


def test_severity_is_the_bullets_own_else_the_files_else_warning():
    """Three places may say it, the nearest wins."""
    body = "## Criteria\n\n- **a** (hint): Is it?\n- **b**: Is it?\n"
    checks = "checks:\n  - {id: c, kind: regex, pattern: x}\n  - {id: d, kind: regex, pattern: x, severity: info}\n"

    def severities(source):
        return {c.id.split("/")[1]: c.severity.value for c in file_of(source).criteria}

    assert {"c": "warning", "d": "info", "a": "hint", "b": "warning"} == severities(
        front(checks, body)
    )
    assert {"c": "error", "d": "info", "a": "hint", "b": "error"} == severities(
        front(f"severity: error\n{checks}", body)
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_change_no_place(end):
    """Lines are those that editors count, whichever way they end."""
    source = ("\ufeff" + HEAD + "- **a**: Is it?\n  - evidnce: x\n").replace("\n", end)
    (problem,) = reading(source).problems

    assert (8, 5, 8, 12) == (problem.line, problem.column, problem.end_line, problem.end_column)


def test_a_criterion_keeps_its_digest_when_another_changes():
    """A dismissal is bound to the criterion's own words."""
    one = file_of("- **a**: Is it?\n- **b**: Is that?\n").criteria
    two = file_of("- **b**: Is that?\n- **a**: Is it not?\n").criteria

    assert one[1].digest == two[0].digest
    assert one[0].digest != two[1].digest


def test_code_may_show_comments_and_bullets():
    """What stands in a fence is an example, not the file's own."""
    got = reading("- **a**: Is it?\n\n```html\n<!-- shown -->\n- not a bullet\n```\n")

    assert () == got.problems
    assert ["team/a"] == [criterion.id for criterion in got.file.criteria]


def test_fixtures_are_kept_with_their_words():
    """Good, bad and input fixtures, with the language as editors name it."""
    file = file_of(
        front(
            "inputs:\n  source: {from: 'file:x'}\n",
            "## Criteria\n\n- **a**: Is it?\n\n## Examples\n\n"
            "```text good\nyes\n```\n\n~~~~md bad=a\n```\nno\n```\n~~~~\n\n```text input=source\nsrc\n```\n\n"
            "```py\nnot a fixture\n```\n",
        )
    )

    assert [("plaintext", "yes\n"), ("markdown", "```\nno\n```\n"), ("plaintext", "src\n")] == [
        (fixture.language, fixture.text) for fixture in file.fixtures
    ]


def test_a_check_may_ask_how_an_earlier_one_went():
    """`when` in a check names one above it."""
    file = file_of(
        front(
            "id: team\nchecks:\n  - {id: b, kind: regex, pattern: x}\n"
            "  - {id: c, kind: regex, pattern: y, when: b fired}\n"
        )
    )

    assert When("team/b", fired=True) == file.checks[1].when
