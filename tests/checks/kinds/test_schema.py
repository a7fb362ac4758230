"""The `schema` check: what each keyword says, and what is underlined for it, in each format."""

import socket
import subprocess
import sys
from contextlib import closing
from textwrap import dedent

import pytest

from self_refine.checks.kind_spec import Fault, WordList
from self_refine.checks.subject import Subject
from self_refine.criteria.applying import Target
from self_refine.criteria.choose_criteria import choose
from self_refine.criteria.criteria_file import Library
from self_refine.loop.types import Verdict
from self_refine.runs.check_process import CheckProcess
from support.checking import build, file_of, made, marked, plain, reading, result_of

RECORD = {
    "type": "object",
    "required": ["title"],
    "properties": {
        "title": {"type": "string"},
        "stages": {"type": "array", "items": {"properties": {"days": {"type": "integer"}}}},
    },
    "additionalProperties": False,
}


def check(schema, form, shown, *problems, language="markdown", **keys):
    """The check marks what `shown` marks, and says `problems`, in any order."""
    text = plain(shown)
    result = result_of(made("schema", format=form, schema=schema, **keys), text, language=language)

    assert marked(text, result.findings) == shown, result
    assert sorted(problems) == sorted(finding.problem for finding in result.findings)


def of_a(rule):
    return {"properties": {"a": rule}}


KEYWORDS = [
    (of_a({"type": "integer"}), '"x"', "a is text, and must be a whole number."),
    (of_a({"type": ["integer", "null"]}), "[]", "a is a list, and must be a whole number or null."),
    (of_a({"enum": ["s1", 2, None]}), "3", "a must be one of s1, 2, null."),
    (of_a({"const": "ok"}), '"secret"', "a must be ok."),
    (of_a({"pattern": "^@[a-z]"}), '"secret"', "a does not match ^@[a-z]."),
    (
        of_a({"pattern": "^@", "description": "a handle"}),
        '"secret"',
        "a does not match ^@ (a handle).",
    ),
    (of_a({"minLength": 8}), '"secret"', "a has 6 characters; at least 8 are required."),
    (of_a({"maxLength": 1}), '"secret"', "a has 6 characters; at most 1 is allowed."),
    (of_a({"minimum": 5}), "4711", None),
    (of_a({"maximum": 5}), "4711", "a must be 5 or less."),
    (of_a({"exclusiveMinimum": 4711}), "4711", "a must be more than 4711."),
    (of_a({"exclusiveMaximum": 5}), "4711", "a must be less than 5."),
    (of_a({"multipleOf": 5}), "4711", "a must be a multiple of 5."),
    (of_a({"format": "date"}), '"secret"', "a is no date such as 2026-08-01."),
    (of_a({"format": "email"}), '"secret"', "a is no mail address."),
    (of_a({"not": {"type": "string"}}), '"secret"', "a is what the schema rules out."),
    (
        of_a({"oneOf": [{"type": "string"}, {"type": "null"}]}),
        "5",
        "a is a number, and must be text or null.",
    ),
    (
        of_a({"oneOf": [{"type": "string"}, {"minLength": 1}]}),
        '"secret"',
        "a fits more than one of the forms that the schema allows, not just one.",
    ),
]


@pytest.mark.parametrize(("schema", "value", "problem"), KEYWORDS)
@pytest.mark.parametrize(
    ("form", "head", "tail"),
    [
        ("json", '{"z": "😀",\r\n "a": ', "}"),
        ("yaml", "z: 😀\r\na: ", "\r\n\r\n"),
        ("toml", 'z = "😀"\r\na = ', "\r\n[b]\r\n"),
        ("front-matter", "---\r\nz: 😀\r\na: ", "\r\n---\r\nbody\r\n"),
    ],
)
def test_each_keyword_marks_the_value_in_each_format(schema, value, problem, form, head, tail):
    """Behind a character outside the BMP and CR LF; the words never hold the value."""
    if form == "toml" and value == "null":
        pytest.skip("TOML has no null")
    found = f"«{value}»" if problem else value
    check(schema, form, f"{head}{found}{tail}", *([problem] if problem else []))


KEYS = [
    ({"required": ["b"]}, '{"a": 1‸}', "b is missing."),
    ({"required": ["b"]}, "{‸}", "b is missing."),
    ({"dependentRequired": {"a": ["b"]}}, '{"a": 1‸}', "b is missing."),
    (RECORD, '{"title": "", «"titel"»: 1}', "titel is not a known key (did you mean title?)."),
    ({"additionalProperties": False}, '{«"b"»: 1}', "b is not a known key."),
    (
        {"properties": {"a": {}}, "unevaluatedProperties": False},
        '{«"b"»: 1}',
        "b is not a known key.",
    ),
    ({"propertyNames": {"pattern": "^x"}}, '{«"b"»: 1}', "b is no name that is allowed here."),
    (of_a(False), '{«"a"»: 1}', "a is not allowed here."),
    (of_a({"minItems": 2}), '{«"a"»: [1]}', "a has 1 item; at least 2 are required."),
    (of_a({"maxProperties": 0}), '{«"a"»: {"x": 1}}', "a has 1 entry; at most 0 are allowed."),
    (of_a({"uniqueItems": True}), '{"a": [1, 2, «1»]}', "a[2] stands twice."),
    (
        of_a({"contains": {"type": "string"}}),
        '{«"a"»: [1]}',
        "a has not as many items of the kind that the schema asks for.",
    ),
    (of_a({"prefixItems": [{}], "items": False}), '{"a": [1, «2»]}', "a[1] is not allowed here."),
    (
        {"if": of_a({"const": 1}), "then": {"required": ["b"]}},
        '{"a": 1‸}',
        "b is missing.",
    ),
    (
        {"oneOf": [{"required": ["run"]}, {"required": ["uses"]}]},
        "«{}»",
        "the document needs run or uses.",
    ),
    (
        of_a({"anyOf": [{"type": "string"}, {"properties": {"n": {"type": "integer"}}}]}),
        '{"a": {"n": «"x"»}}',
        "a.n is text, and must be a whole number.",
    ),
]


@pytest.mark.parametrize(("schema", "shown", "problem"), KEYS)
def test_what_is_missing_or_too_much_is_shown_at_its_place(schema, shown, problem):
    """Keys for keys, the end of the last entry for an entry that is missing."""
    check(schema, "json", shown, problem)


def test_an_empty_key_and_a_tab_are_named():
    """Neither can be seen where it stands."""
    check({"additionalProperties": False}, "json", '{«""»: 1}', '"" is not a known key.')
    said = "This is not YAML: a line is indented by blanks, never by tabs."
    check({}, "yaml", "a:\n«\t»b: 1\n", said)


def test_no_library_is_imported_before_a_check_needs_it():
    """Neither by the registry nor by a file without such a check."""
    code = (
        "import sys; from pathlib import Path\n"
        "from self_refine.criteria.reading.reader import read\n"
        "read('- Is it long?\\n', Path('a.criteria.md'), 'a')\n"
        "print({'jsonschema_rs', 'sqlglot', 'tree_sitter'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ("set()\n", "") == (ran.stdout, ran.stderr)


def test_paths_are_written_as_people_do():
    """`stages[1].days`, and "the document" for the whole."""
    shown = '{"title": "", "stages": [{}, {"days": «"x"»}]}'
    check(RECORD, "json", shown, "stages[1].days is text, and must be a whole number.")
    check(RECORD, "json", "«[]»", "the document is a list, and must be a mapping.")


YAML = [
    (
        "a: «no» # c\n",
        (
            "a is text, and must be true or false. `no` is text here; some readers of"
            " YAML take it for false. Quote it."
        ),
    ),
    ("a: 'no'\n".replace("'no'", "«'no'»"), "a is text, and must be true or false."),
    ("a: &x «5»\nb: 1\n", "a is a number, and must be true or false."),
    ("a: !!str «true»\n", "a is text, and must be true or false."),
    ("x: &x 5\na: «*x»\n", "a is a number, and must be true or false."),
    ("«a»:\n  - 1\n  - 2\n\n\nb: 1\n", "a is a list, and must be true or false."),
    ("a: «[1, 2]»\n", "a is a list, and must be true or false."),
    ("a: «|\n  long\n  text»\n\n\nb: 1\n", "a is text, and must be true or false."),
    ("---\na: true\n---\na: «1»\n", "document 2: a is a number, and must be true or false."),
    (
        "base: &b {a: 1}\n«<<»: *b\n".replace("«<<»: *b", "<<: «*b»"),
        "a is a number, and must be true or false.",
    ),
]


@pytest.mark.parametrize(("shown", "problem"), YAML)
def test_yaml_is_read_by_version_1_2(shown, problem):
    """Values as they are written, without anchors and tags; where YAML 1.1 differs it is said."""
    check(of_a({"type": "boolean"}), "yaml", shown, problem)


def test_what_yaml_1_1_would_change_stays_what_is_written():
    """Dates, times, octal numbers and `=` are text or numbers as they stand there."""
    values = ("2026-08-01", "12:30", "1_000", "no", "=", "<<")
    for value in values:
        check(of_a({"type": "string"}), "yaml", f"a: {value}\n")
    for value in ("1e3", "010", "0o17", "0xff", ".5", ".inf", ".nan"):
        check(of_a({"type": "number"}), "yaml", f"a: {value}\n")


def test_custom_tags_are_nobodys_business():
    """Only the reader of a tag knows what its value is."""
    check(of_a({"type": "boolean"}), "yaml", "a: !Ref x\n")


def test_front_matter_is_yaml_or_toml_between_its_lines():
    """What is missing goes right before the closing line; the body is nobody's business."""
    asked = {"required": ["title", "owner"], "type": "object"}
    check(
        asked,
        "front-matter",
        "\ufeff---\r\ntitle: x\r\n\r\n‸---\r\nowner: y\r\n",
        "owner is missing.",
    )
    check(asked, "front-matter", '+++\ntitle = "x"\n‸+++\n', "owner is missing.")
    check(
        {"required": ["title"], "type": "object"},
        "front-matter",
        "---\n# c\n‸---\n",
        "title is missing.",
    )
    check(asked, "front-matter", "‸# None\n", "There is no front matter.")
    check(
        asked,
        "front-matter",
        "«---»\ntitle: x\n",
        "The front matter that begins here has no closing line ---.",
    )


def test_toml_says_where_an_entry_goes():
    """Behind the last entry of the table, not of the file."""
    asked = {"required": ["z"], "properties": {"b": {"required": ["z"]}}}
    check(asked, "toml", "a = 1‸\n\n[b]\nc = 2‸\n\n[d]\n", "z is missing.", "b.z is missing.")


CSV = {
    "required": ["id", "amount"],
    "properties": {
        "id": {"type": "string"},
        "amount": {"type": "number"},
        "ok": {"type": "boolean"},
    },
    "additionalProperties": False,
}


def test_csv_is_judged_row_by_row():
    """Cells are typed as the schema asks, rows are numbered as spreadsheets number them."""
    check(
        CSV,
        "csv",
        '\ufeffid,amount,ok\r\n01,1.5,TRUE\r\n02,‸,\r\n03,«x😀»,«"no"»\r\n\r\n',
        "row 3, amount is missing.",
        "row 4, amount is text, and must be a number.",
        "row 4, ok is text, and must be true or false.",
    )
    check(
        CSV,
        "csv",
        'id;amount\n1;«"a;""b\n"»\n',
        "row 2, amount is text, and must be a number.",
        delimiter=";",
    )


def test_a_column_that_is_missing_is_said_once():
    """Not for each of ten thousand rows; a row that is too long is said, too."""
    check(CSV, "csv", "id‸\n1\n2\n", "column amount is missing.")
    check(CSV, "csv", "id,amount\n1,2,«3,4»\n", "This row has 4 cells; the first line names 2.")
    check(CSV, "csv", "id,amount,«id»\n", "This column has the name of an earlier one.")
    check(CSV, "csv", "‸", "There is no first line with the names of the columns.")


BROKEN = [
    (
        "json",
        '{"a": 1, «"b"» 2}'.replace('«"b"» 2', '"b" «2»'),
        "This is not JSON: ':' is expected here.",
    ),
    ("json", '{"a": 1‸', "This is not JSON: it ends too early."),
    ("json", "[1, «NaN»]", "This is not JSON: a value is expected here."),
    ("json", "‸", "This is not JSON: there is nothing in it."),
    (
        "json",
        '["\ufeff", «"abc»]',
        "This is not JSON: the text that begins here has no closing quotation mark.",
    ),
    ("toml", "a = «=»", "This is not TOML: invalid value."),
    (
        "yaml",
        "a: «*»b\n".replace("«*»b", "«*b»"),
        "This is not YAML: the alias names no anchor above it.",
    ),
]


@pytest.mark.parametrize(("form", "shown", "problem"), BROKEN)
def test_a_text_that_is_none_of_its_format_is_a_finding(form, shown, problem):
    """With the place where reading stopped."""
    check({}, form, shown, problem)


def test_a_key_that_stands_twice_is_a_finding():
    """On the second of them."""
    said = "a stands here twice; most readers take the last, and some refuse the text."
    check({}, "json", '{"a": 1, "b": {"a": 2}, «"a"»: 2}', said)
    check({}, "yaml", "a: 1\n«a»: 2\n", said)


def test_comments_are_fine_in_jsonc():
    """Positions stay what they were."""
    shown = '{ // a "b"\n "a": /* 😀 */ «5», }'
    check(
        of_a({"type": "string"}),
        "json",
        shown,
        "a is a number, and must be text.",
        language="jsonc",
    )


def unchecked(schema, form, text):
    result = result_of(made("schema", format=form, schema=schema), text)
    assert Verdict.NOT_CHECKED is result.verdict
    assert not result.findings
    return result.reason


LAUGHS = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)
TOO_MUCH = [
    ("json", f"[{'1,' * 50_000}1]", "it has more than 50,000 values"),
    ("yaml", LAUGHS, "it has more than 50,000 values"),
    ("csv", "a\n" + "1\n" * 50_001, "it has more than 50,000 values"),
    ("json", "[" * 100_000, "it is nested deeper than 200 levels"),
    ("yaml", "[" * 100_000, "it is nested deeper than 200 levels"),
    (
        "yaml",
        "a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 300)),
        "it is nested deeper than 200 levels",
    ),
    ("toml", f"a = {'[' * 100_000}", "it is nested deeper than 200 levels"),
    ("toml", f"{'a.' * 100_000}b = 1", "it is nested deeper than 200 levels"),
    ("json", f'"{"x" * 2_000_000}"', "it has 2.0 MB; a schema check reads 2 MB"),
    ("yaml", "? [a]\n: 1\n", "a key in it is no text, and JSON Schema knows no other keys"),
]


@pytest.mark.parametrize(("form", "text", "reason"), TOO_MUCH)
def test_what_is_too_much_is_not_checked(form, text, reason):
    """With the reason, and at once."""
    assert reason == unchecked({}, form, text)


def twice(name):
    return [{"$ref": f"#/$defs/{name}"}, {"$ref": f"#/$defs/{name}"}]


def nested(depth):
    return '{"c":' * depth + "1" + "}" * depth


ENDLESS = [
    (
        {
            "$defs": {f"n{n}": {"allOf": twice(f"n{n + 1}")} for n in range(30)} | {"n30": True},
            "$ref": "#/$defs/n0",
        },
        "1",
    ),
    (
        {"$defs": {"n": {"properties": {"c": {"allOf": twice("n")}}}}, "$ref": "#/$defs/n"},
        nested(30),
    ),
    (
        {"$defs": {"n": {"properties": {"c": {"anyOf": twice("n")}}}}, "$ref": "#/$defs/n"},
        nested(30),
    ),
]


@pytest.mark.parametrize(("schema", "text"), ENDLESS)
def test_a_schema_that_would_take_too_long_is_not_checked(schema, text):
    """The library would end the whole process for want of memory."""
    expected = "its schema refers to its own parts in so many ways that judging it takes too long"
    assert expected == unchecked(schema, "json", text)


def test_a_schema_that_refers_to_itself_is_fine():
    """Trees of values are what people describe so."""
    value = {
        "anyOf": [
            {"type": "object", "additionalProperties": {"$ref": "#/$defs/v"}},
            {"type": "array", "items": {"$ref": "#/$defs/v"}},
            {"type": "number"},
        ]
    }
    check({"$defs": {"v": value}, "$ref": "#/$defs/v"}, "json", nested(150))
    check({"$ref": "#"}, "json", "1")


FILES = {
    "s.json": '{"$ref": "sub/b.yaml#/$defs/n"}',
    "sub/b.yaml": "$defs:\n  n: {$ref: ../c.toml}\n",
    "c.toml": 'type = "integer"\n',
    "bad.json": '{"type": 1',
    "slow.json": '{"pattern": "(?=a)b"}',
    "out.json": '{"$ref": "../../../../etc/passwd"}',
    "net.json": '{"$ref": "http://127.0.0.1:1/x.json"}',
    "id.json": '{"$id": "https://example.com/a.json", "$ref": "b.json"}',
    "list.json": "[1]",
    "gone.json": '{"$ref": "#/$defs/gone"}',
}


def file(name):
    return WordList(FILES[name]) if name in FILES else f"{name!r}: It lies outside the workspace."


def test_a_schema_may_lie_in_files():
    """JSON, YAML and TOML, each relative to the one that refers to it."""
    check(
        "s.json",
        "json",
        "«1.5»",
        "the document is a number, and must be a whole number.",
        read_file=file,
    )


REFUSED = [
    ("nowhere.json", "CR214", "'nowhere.json': It lies outside the workspace."),
    ("bad.json", "CR204", "'bad.json': line 1: This is not JSON: it ends too early."),
    ("s.txt", "CR214", None),
    ("out.json", "CR214", None),
    (
        "net.json",
        "CR214",
        (
            "'net.json': a `$ref` or `$schema` leads to http://127.0.0.1:1/x.json, and nothing is "
            "fetched. Name a file of the workspace, relative to the schema; where the schema has "
            "an `$id`, remove it, since references are relative to that."
        ),
    ),
    ("id.json", "CR214", None),
    ("slow.json", "CR206", None),
    ("list.json", "CR204", "A schema is a mapping, or the name of a file that holds one."),
    ("gone.json", "CR204", None),
    ({"type": "strin"}, "CR204", "`type` has no value of the kind that JSON Schema wants there."),
    ({"$schema": "http://127.0.0.1:1/m"}, "CR214", None),
]


@pytest.mark.parametrize(("schema", "code", "message"), REFUSED)
def test_a_schema_that_cannot_be_used_is_a_fault_of_the_file(schema, code, message):
    """With what to do about it."""
    fault = build("schema", format="json", schema=schema, read_file=file)

    assert isinstance(fault, Fault)
    assert code == fault.code
    if message is not None:
        assert message == fault.message


def test_nothing_is_fetched_when_a_schema_names_an_address():
    """A socket that listens hears nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.settimeout(0)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/s.json"
        for schema in ({"$ref": address}, {"$schema": address}, {"$id": address, "$ref": "b"}):
            assert isinstance(build("schema", format="json", schema=schema), Fault)
        with pytest.raises(BlockingIOError):
            server.accept()


def whole_file(schema):
    lines = "".join(f"      {line}\n" for line in dedent(schema).strip().splitlines())
    head = "---\ncriteria: 1\nchecks:\n  - id: s\n    kind: schema\n    format: yaml\n    schema:\n"
    return f"{head}{lines}---\n"


def test_a_problem_in_an_inline_schema_is_shown_where_it_stands():
    """On the key or the value inside the schema, with its types as YAML 1.2 has them."""
    (problem,) = reading(whole_file("properties:\n  a:\n    minLength: '3'")).problems
    assert (10, "CR204") == (problem.line, problem.code)
    (problem,) = reading(whole_file("properties:\n  a:\n    requird: [b]")).problems
    assert (10, "CR218") == (problem.line, problem.code)
    assert "JSON Schema has no keyword 'requird'. Did you mean 'required'?" == problem.message
    got = reading(whole_file("properties:\n  a: {maximum: 5, enum: [no, 1e1, '5', true]}"))
    assert () == got.problems


def test_a_schema_file_stays_inside_of_the_workspace(tmp_path):
    """Neither a name, nor a `$ref`, nor a link leads out of it; the word of a file is no leak."""
    root = tmp_path / "w"
    root.mkdir()
    (tmp_path / "out.json").write_text('{"const": "secret"}', encoding="utf-8")
    (root / "link.json").symlink_to(tmp_path / "out.json")
    (root / "ref.json").write_text('{"$ref": "../out.json"}', encoding="utf-8")
    (root / ".env.json").write_text("{}", encoding="utf-8")
    (root / "good.json").write_text('{"$ref": "sub/a%20b.yaml"}', encoding="utf-8")
    (root / "sub").mkdir()
    (root / "sub" / "a b.yaml").write_text("type: object", encoding="utf-8")
    for name in ("../out.json", "link.json", "ref.json", ".env.json", "/etc/passwd"):
        got = reading(CRITERIA.format(name=name), root / "t.criteria.md", root=root)
        assert ["CR214"] == [problem.code for problem in got.problems], name
        assert "secret" not in str(got.problems)
    got = reading(CRITERIA.format(name="good.json"), root / "t.criteria.md", root=root)
    assert () == got.problems
    assert {"good.json", "a b.yaml"} == {path.name for path in got.lists}


CRITERIA = """---
criteria: 1
checks:
  - {{id: s, kind: schema, format: json, schema: {name}}}
---
"""


def test_it_runs_in_the_process_for_checks():
    """A check goes there as plain data, and finds the same."""
    found = made("schema", format="json", schema="s.json", read_file=file)
    subject = Subject(text="1.5", original="1.5", language="json")
    with closing(CheckProcess()) as process:
        (result,) = process.run([found], subject)
    assert found.run(subject) == result
    assert Verdict.FAIL is result.verdict


def test_a_part_of_a_document_is_not_judged():
    """A schema says nothing of a few lines of a file."""
    criteria = file_of(CRITERIA.format(name="{type: array}"))
    library = Library((criteria,), ())
    for covers, expected in (
        (True, ""),
        (False, "a schema judges a whole document, and the selection is a part of one"),
    ):
        target = Target(language="json", path=None, covers_document=covers)
        chosen = choose(library, Library((), ()), target, ["team"])
        assert expected == chosen.criteria[0].not_checked
