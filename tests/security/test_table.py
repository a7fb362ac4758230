"""docs/security.md: each row has a test whose name carries its number, and each test its row."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([SFH]\d+) \| (.+) \|$", re.MULTILINE)
TABLE = dict(ROW.findall((ROOT / "docs" / "security.md").read_text(encoding="utf-8")))
ALL = [*(f"S{n}" for n in range(1, 27)), *(f"F{n}" for n in range(1, 41))]


def every_test():
    """(file, name) of every test."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if is_function and node.name.startswith("test_"):
                yield path, node.name


def numbers(name):
    """The rows that a test's name carries: `test_f7_f8_…`, `test_h01_s5_…`."""
    for part in name.split("_")[1:]:
        if not (found := re.fullmatch(r"([sfh])0?(\d{1,2})", part)):
            return
        yield f"{found[1].upper()}{found[2]}"


HELD = {}
for _path, _name in every_test():
    for _row in numbers(_name):
        HELD.setdefault(_row, []).append((_path, _name))


def test_the_table_is_whole():
    """S1 to S26 and F1 to F40, in order, each said in a line, none twice."""
    rows = [row for row in TABLE if row[0] in "SF"]

    assert ALL == rows
    assert len(set(TABLE.values())) == len(TABLE)


@pytest.mark.parametrize("row", TABLE)
def test_each_row_has_a_test_with_its_number(row):
    """The name says what it holds, so that a test that goes takes its row along."""
    assert HELD.get(row), f"no test is called test_{row.lower()}_…"


def test_no_test_has_the_number_of_a_row_that_is_not_there():
    """A row that goes takes its tests along."""
    assert set(HELD) <= set(TABLE), sorted(set(HELD) - set(TABLE))


def test_each_hole_has_its_file():
    """`test_h01_….py` holds tests of H1 and of no other hole; others may hold some, too."""
    files = {}
    for path in sorted((ROOT / "tests" / "security").glob("test_h[0-9][0-9]_*.py")):
        files.setdefault(f"H{int(path.name[6:8])}", set()).add(path)
    holes = {row: {path for path, _ in held} for row, held in HELD.items() if row[0] == "H"}

    assert {row for row in TABLE if row[0] == "H"} == set(files)
    of_their_own = {path for paths in files.values() for path in paths}
    assert files == {row: paths & of_their_own for row, paths in holes.items()}
