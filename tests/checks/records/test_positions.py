"""Where values stand: each span, parsed again, is the value that was judged there."""

import csv
import io
import json
import tomllib

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from self_refine.checks.records.csv_record import read_csv
from self_refine.checks.records.front_record import read_front
from self_refine.checks.records.json_record import read_json
from self_refine.checks.records.record import Records
from self_refine.checks.records.toml_record import read_toml
from self_refine.checks.records.yaml_record import read_yaml_record
from support.growth import grows_too_fast

WORDS = st.text(
    st.sampled_from("ab😀\u00e9 \"'\\#:-,[]{}&*!|>%@`\t\u2028\u0085\ufeff=.1"), max_size=8
)
PLAIN = st.text(st.sampled_from("ab😀\u00e9 '#:-,[]{}&*!|>%@`\ufeff=.1"), max_size=8)
"""What JSON and YAML write alike."""
NUMBERS = st.integers(-99, 99) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = WORDS | NUMBERS | st.booleans()
VALUES = st.recursive(
    SCALARS | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
TABLES = st.dictionaries(WORDS, VALUES, max_size=4)
ENDS = st.sampled_from(["\n", "\r\n"])


def parts(value, spot):
    """Each value with its spot, from the outside in."""
    yield value, spot
    if isinstance(value, dict | list):
        names = value if isinstance(value, dict) else range(len(value))
        assert set(names) == set(spot.below)
        for name in names:
            yield from parts(value[name], spot.below[name])


def only(records, value):
    """The one record of a text, which has this value and nothing wrong."""
    assert isinstance(records, Records)
    assert ((), ()) == (records.broken, records.twice)
    (record,) = records.records
    assert value == record.value
    return record


@given(value=VALUES, indent=st.sampled_from([None, 1]), ascii=st.booleans(), bom=st.booleans())
def test_json(value, indent, ascii, bom):  # noqa: A002
    """Pretty or not, with escapes or without, behind a byte-order mark or not."""
    text = "\ufeff" * bom + json.dumps(value, indent=indent, ensure_ascii=ascii) + " \r\n"
    for part, spot in parts(value, only(read_json(text), value).spots()):
        assert part == json.loads(spot.span.of(text))
        assert spot.span.of(text).strip() == spot.span.of(text)


def by_yaml(words):
    """A value by PyYAML, with the types of JSON."""
    return yaml.safe_load(words)


@settings(deadline=None)
@given(value=TABLES, ends=ENDS, flow=st.sampled_from([None, True, False]), bom=st.booleans())
def test_yaml(value, ends, flow, bom):
    """Block and flow style, quoted and plain, behind astral characters and CR LF."""
    written = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True, sort_keys=False)
    text = "\ufeff" * bom + written.replace("\n", ends)
    (record,) = read_yaml_record(text).records
    for part, spot in parts(record.value, record.spots()):
        if isinstance(part, str | int | float | bool):
            again = by_yaml(spot.span.of(text))
            assert part == again or str(part) == str(again) or isinstance(again, str)
            assert spot.span.of(text).strip() == spot.span.of(text)
        if spot.key is not None:
            assert spot.key.end <= spot.span.start or not spot.span.of(text)


@given(name=PLAIN, value=st.integers(0, 99), before=PLAIN, ends=ENDS)
def test_yaml_anchors(name, value, before, ends):
    """An alias stands where it is written, a value without its anchor; keys may be anything."""
    key = quoted(name)
    text = f"x: {quoted(before)}{ends}y: &a {value}{ends}{key}: *a{ends}"
    if name in {"x", "y"}:
        return
    (record,) = read_yaml_record(text).records
    spots = record.spots().below
    assert str(value) == spots["y"].span.of(text)
    assert "*a" == spots[name].span.of(text)
    assert key == spots[name].key.of(text)


def as_toml(value):
    """A value in TOML, inline."""
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return "{" + ", ".join(f"{quoted(k)} = {as_toml(v)}" for k, v in value.items()) + "}"
        case list():
            return "[ # c\r\n" + ",\n".join(map(as_toml, value)) + " ]"
        case str():
            return quoted(value)
        case _:
            return repr(value)


def quoted(words):
    return json.dumps(words, ensure_ascii=False)


TOML = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


@given(
    root=st.dictionaries(WORDS, TOML, max_size=3),
    tables=st.dictionaries(WORDS, st.dictionaries(WORDS, TOML, max_size=2), max_size=2),
    ends=ENDS,
)
def test_toml(root, tables, ends):
    """Keys of all sorts, arrays over lines with comments, tables, CR LF."""
    tables = {name: table for name, table in tables.items() if name not in root}
    lines = [f"{quoted(k)} = {as_toml(v)}" for k, v in root.items()]
    for name, table in tables.items():
        lines += ["", f"[ {quoted(name)} ] # c"]
        lines += [f"{quoted(k)}={as_toml(v)}" for k, v in table.items()]
    text = ends.join(lines) + ends
    value = root | tables
    spots = only(read_toml(text), value).spots()
    for part, spot in parts(value, spots):
        if not isinstance(part, dict):
            (again,) = tomllib.loads("x = " + spot.span.of(text).replace("\r\n", "\n")).values()
            assert part == again


NASTY = '''
a.b."c d" = 'x' # c
s = """
line "" one
"""
d = 1979-05-27 07:32:00Z
[[p]]
n = 1
[[p.q]]
m = [ [1], {k = "v", "l.m" = 2} ]
[[p]]
n = 2
[t.u]
[t]
v = -1.5e3
'''


def test_toml_tables_and_arrays_of_tables():
    """Each name means the last table of its array."""
    spots = only(read_toml(NASTY), read_toml(NASTY).records[0].value).spots().below

    def words(spot, *path):
        for step in path:
            spot = spot.below[step]
        return spot.span.of(NASTY)

    assert "'x'" == words(spots["a"], "b", "c d")
    assert '"""\nline "" one\n"""' == words(spots["s"])
    assert "1979-05-27 07:32:00Z" == words(spots["d"])
    assert ["1", "2"] == [words(spots["p"], n, "n") for n in (0, 1)]
    assert '"v"' == words(spots["p"], 0, "q", 0, "m", 1, "k")
    assert "-1.5e3" == words(spots["t"], "v")


CELLS = st.text(st.sampled_from('ab😀 ";\n,\u2028'), max_size=5)


@given(
    rows=st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1)
    ),
    delimiter=st.sampled_from(",;\t"),
    ends=ENDS,
)
def test_csv(rows, delimiter, ends):
    """As the standard library reads it; each cell's span is the cell as it is written."""
    names = [f"c{n}" for n in range(len(rows[0]))]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=ends).writerows([names, *rows])
    text = out.getvalue()
    read = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    records = read_csv(text, delimiter)
    assert () == records.broken
    assert len(read) - 1 == len(records.records)
    for row, record in zip(read[1:], records.records, strict=True):
        spots = record.spots().below
        for name, cell in zip(names, row, strict=True):
            assert cell == record.value.get(name, "")
            written = spots[name].span.of(text)
            again = next(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter), [""])
            assert cell == (again[0] if again else "")


@given(value=st.dictionaries(PLAIN, PLAIN, min_size=1), ends=ENDS, bom=st.booleans(), body=WORDS)
def test_front_matter(value, ends, bom, body):
    """Positions count from the start of the document, and the body plays no part."""
    lines = [f"{quoted(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in value.items()]
    text = ends.join(["\ufeff" * bom + "---", *lines, "---", body])
    records = read_front(text)
    (record,) = records.records
    assert value == record.value
    for name, spot in record.spots().below.items():
        assert quoted(value[name]) == spot.span.of(text)
        assert quoted(name) == spot.key.of(text)
    assert text[record.spots().end :].startswith("---")


READERS = {
    "json": read_json,
    "jsonc": lambda text: read_json(text, relaxed=True),
    "yaml": read_yaml_record,
    "toml": read_toml,
    "csv": read_csv,
    "front": read_front,
}
PIECES = (
    *('"', "\\", '"\\', "[", "{", "a.", "a=1\n", "- a\n", "a: ", "/*", ",", "'", " ", "\n"),
    *("&a ", "!x ", "{a: ", '""', '",', "a"),
)


def test_reading_is_linear():
    """Whatever is repeated."""
    slow = [
        (name, piece)
        for name, reader in READERS.items()
        for piece in PIECES
        for head in ("", "a = ")
        if grows_too_fast(reader, lambda n, p=piece, h=head: h + p * (n // len(p)))
    ]
    assert [] == slow


@given(text=st.text(st.sampled_from("ab:-[]{}\"'\n\r \ud800\x00,=.#&*!|1"), max_size=30))
def test_reading_never_raises(text):
    """Whatever stands there, and every place lies inside of it."""
    for reader in READERS.values():
        records = reader(text)
        for broken in getattr(records, "broken", ()):
            assert 0 <= broken.span.start <= broken.span.end <= len(text)
        for record in getattr(records, "records", ()):
            assert 0 <= record.spots().span.start <= record.spots().span.end <= len(text)
