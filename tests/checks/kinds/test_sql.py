"""The `sql` check: each rule on its words, what it leaves alone, and what it does not look at."""

import subprocess
import sys

import pytest

from self_refine.checks.kind_spec import Fault, WordList
from self_refine.checks.kinds.sql import RULES
from self_refine.checks.sql.sql_dialects import DIALECTS
from self_refine.loop.types import Verdict
from support.checking import build, made, marked, plain, result_of

HINTS = tuple(rule for rule in RULES if rule not in {"ambiguous-column", "unknown-column"})
TABLES = {"orders": ["id", "customer_id", "total"], "customers": ["id", "name"]}


def check(expected, rule, dialect="ansi", **others):
    """`expected` is the text with the words that the rule finds in marks."""
    text = plain(expected)
    result = result_of(made("sql", forbid=[rule], dialect=dialect, **others), text, language="sql")

    assert expected == marked(text, result.findings), result.reason
    assert "" == result.reason


@pytest.mark.parametrize(
    ("expected", "dialect"),
    [
        ("SELECT «*» FROM orders", "ansi"),
        ("SELECT «o.*», c.name FROM orders o JOIN customers c ON o.cid = c.id", "ansi"),
        ("SELECT COUNT(*) FROM orders", "ansi"),
        ("SELECT id FROM a WHERE EXISTS (SELECT * FROM b WHERE b.id = a.id)", "ansi"),
        ("SELECT id FROM a WHERE NOT EXISTS ((SELECT * FROM b WHERE b.id = a.id))", "ansi"),
        ("WITH c AS (SELECT id FROM orders) SELECT * FROM c", "ansi"),
        ("SELECT * FROM (SELECT id FROM orders) AS x", "ansi"),
        ("SELECT id FROM (SELECT «*» FROM orders) AS x", "ansi"),
        ("SELECT a FROM t UNION ALL SELECT «*» FROM u", "ansi"),
        ("INSERT INTO a SELECT «*» FROM b", "ansi"),
        ("CREATE VIEW v AS SELECT «*» FROM b", "ansi"),
        ("SELECT * FROM generate_series(1, 3) AS g", "postgres"),
        ("SELECT * FROM (VALUES (1, 2)) AS v(a, b)", "postgres"),
        ("SELECT «*» FROM `my-project.data.orders`", "bigquery"),
        ("SELECT TOP 10 «*» FROM [dbo].[Orders]", "tsql"),
        ("SELECT «*» EXCEPT (a) FROM `p.d.t`", "bigquery"),
        ("\ufeffSELECT «*» FROM t", "ansi"),
        ('SELECT «"é🎉".*» FROM "é🎉"', "postgres"),
        ("CREATE PROCEDURE p AS BEGIN SELECT «*» FROM u; END", "tsql"),
        ("-- é🎉 all\r\nSELECT\r\n  «*» -- 😀\r\nFROM orders;\r\nSELECT 1", "ansi"),
    ],
)
def test_select_star(expected, dialect):
    """Every column of a base table; counting, EXISTS and listed columns are fine."""
    check(expected, "select-star", dialect)


@pytest.mark.parametrize(
    ("expected", "dialect"),
    [
        ("«DELETE FROM orders»", "ansi"),
        ("«UPDATE orders» SET total = 0", "ansi"),
        ("UPDATE orders SET total = 0 WHERE id = 3", "ansi"),
        ("DELETE FROM orders WHERE «1 = 1»", "ansi"),
        ("DELETE FROM orders WHERE «TRUE»", "postgres"),
        ("DELETE FROM orders WHERE «id = 3 OR 1 = 1»", "ansi"),
        ("DELETE FROM orders WHERE id = 3 AND 1 = 1", "ansi"),
        ("DELETE FROM orders LIMIT 10", "mysql"),
        ("DELETE TOP (10) FROM orders", "tsql"),
        ("DELETE FROM orders WHERE NOT «FALSE»".replace("NOT «FALSE»", "«NOT» FALSE"), "ansi"),
        ("BEGIN;\n«DELETE FROM app.orders»;\nCOMMIT;", "postgres"),
        ("«DELETE FROM orders» o USING customers c", "postgres"),
        ("SELECT id FROM t FOR UPDATE", "postgres"),
        (
            (
                "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = 1 "
                "WHEN NOT MATCHED BY SOURCE THEN DELETE"
            ),
            "tsql",
        ),
        ("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2", "postgres"),
        ("«UPDATE orders» /* é */ SET x = 'WHERE id = 3' -- WHERE id = 3\n", "ansi"),
    ],
)
def test_missing_where(expected, dialect):
    """Changes of every row, be there no condition or one that always holds."""
    check(expected, "missing-where", dialect)


def test_a_change_through_a_join_is_worded_as_such():
    """It is no accident as a rule: the join restricts it."""
    text = "UPDATE a SET x = b.x FROM b"
    (finding,) = result_of(made("sql", forbid=["missing-where"], dialect="postgres"), text).findings

    assert finding.problem == "UPDATE changes every row that the join gives: there is no WHERE."


@pytest.mark.parametrize(
    ("expected", "dialect"),
    [
        ("SELECT «id» FROM orders o JOIN customers c ON o.cid = c.id", "ansi"),
        ("SELECT o.id FROM orders o, customers c WHERE o.cid = c.id AND «total» > 3", "ansi"),
        ("SELECT id FROM orders", "ansi"),
        ("SELECT x FROM (SELECT y AS x FROM t) AS s, (SELECT 1 AS k) AS one", "ansi"),
        ("SELECT x.a FROM x JOIN y USING (id) WHERE id = 3", "ansi"),
        ("SELECT id FROM x NATURAL JOIN y", "ansi"),
        ("SELECT a.x AS n FROM a JOIN b ON a.i = b.i GROUP BY n ORDER BY n", "ansi"),
        ("SELECT a.x FROM a JOIN b ON a.i = b.i WHERE a.z IN (SELECT z FROM c)", "ansi"),
        ("SELECT t.a, x FROM t, UNNEST(t.arr) AS x", "bigquery"),
        ("SELECT DATEDIFF(day, a.x, b.y) FROM a JOIN b ON a.i = b.i", "tsql"),
        ('SELECT "«Id»" FROM a JOIN b ON a.i = b.i'.replace('"«Id»"', '«"Id"»'), "postgres"),
        (
            (
                "SELECT a.x, ROW_NUMBER() OVER (PARTITION BY «grp» ORDER BY a.d) AS n "
                "FROM a JOIN b ON a.i = b.i"
            ),
            "ansi",
        ),
        ("SELECT a.x FROM a JOIN b ON a.i = b.i WHERE a.d < CURRENT_DATE", "ansi"),
    ],
)
def test_unqualified_column(expected, dialect):
    """A column without a table where several are read; what only looks like one is left alone."""
    check(expected, "unqualified-column", dialect)


@pytest.mark.parametrize(
    ("expected", "rule"),
    [
        ("SELECT «id» FROM orders o JOIN customers c ON o.customer_id = c.id", "ambiguous-column"),
        ("SELECT total FROM orders o JOIN customers c ON o.customer_id = c.id", "ambiguous-column"),
        ("SELECT «totl» FROM orders", "unknown-column"),
        ("SELECT o.«totl» FROM orders o", "unknown-column"),
        ("SELECT o.totl FROM others o", "unknown-column"),
        ("SELECT totl FROM orders, others", "unknown-column"),
        ("SELECT id FROM orders WHERE rowid = 3", "unknown-column"),
        (
            (
                "SELECT c.name FROM customers c WHERE EXISTS "
                "(SELECT 1 FROM orders WHERE customer_id = c.id AND name = 'x')"
            ),
            "unknown-column",
        ),
        ("WITH x AS (SELECT id AS n FROM orders) SELECT «id» FROM x", "unknown-column"),
        ('SELECT "ID" FROM "Orders"', "unknown-column"),
    ],
)
def test_columns_of_known_tables(expected, rule):
    """With `tables` it is known which table has a column, and where none has."""
    check(expected, rule, tables=TABLES)


@pytest.mark.parametrize(
    ("expected", "dialect"),
    [
        ("SELECT a.x FROM a, «b»", "ansi"),
        ("SELECT a.x FROM a CROSS JOIN «db.b» x", "ansi"),
        ("SELECT a.x FROM a, b WHERE a.i = b.i", "ansi"),
        ("SELECT a.x FROM A AS a JOIN b ON B.i = A.i", "ansi"),
        ("SELECT a.x FROM a JOIN b USING (i)", "ansi"),
        ("SELECT a.x FROM a JOIN «b» ON a.i = 3", "ansi"),
        ("SELECT a.x FROM a, b, «c» WHERE a.i = b.i", "ansi"),
        ("SELECT a.x FROM a, b WHERE i = j", "ansi"),
        ("SELECT t.x FROM t CROSS JOIN UNNEST(t.arr) AS u", "bigquery"),
        ("SELECT t.x FROM t CROSS JOIN LATERAL (SELECT v FROM s WHERE s.i = t.i) AS l", "postgres"),
        ("SELECT t.x FROM t CROSS JOIN (SELECT MAX(d) AS m FROM s) AS l", "ansi"),
        ("SELECT t.x FROM t CROSS APPLY f(t.i) AS l", "tsql"),
        ("SELECT a.x FROM (a JOIN b ON a.i = b.i) JOIN c ON c.i = b.i", "postgres"),
        (
            "SELECT a.x FROM a, b WHERE EXISTS (SELECT 1 FROM c WHERE c.i = a.i AND c.j = b.j)",
            "ansi",
        ),
    ],
)
def test_cross_join(expected, dialect):
    """Tables that no condition connects."""
    check(expected, "cross-join", dialect)


@pytest.mark.parametrize(
    ("expected", "dialect"),
    [
        ("SELECT 1 FROM t WHERE «DATE(t.d)» = CURRENT_DATE - 1", "ansi"),
        ("SELECT 1 FROM t WHERE «CAST(d AS DATE)» = '2026-01-01'", "ansi"),
        ("SELECT 1 FROM t WHERE «d::date» = '2026-01-01'", "postgres"),
        ("SELECT 1 FROM t WHERE «UPPER(TRIM(t.n))» IN ('A', 'B')", "ansi"),
        ("SELECT 1 FROM t WHERE «n + 1» > 4 AND n > 3", "ansi"),
        ("SELECT 1 FROM t JOIN u ON «LOWER(t.n)» = «LOWER(u.n)»", "ansi"),
        ("SELECT 1 FROM t WHERE «EXTRACT(YEAR FROM d)» = 2026", "ansi"),
        ("SELECT 1 FROM t WHERE «CONVERT(date, [My Col])» = '2026-01-01'", "tsql"),
        ("SELECT 1 FROM t WHERE «COALESCE(a, (0))» = 1 OR «lower(\r\n b -- ) \r\n)» = 'é'", "ansi"),
        ("SELECT n FROM t GROUP BY n HAVING MAX(n) > 3", "ansi"),
        ("SELECT 1 FROM t WHERE d = DATE('2026-01-01') AND n > 2 * 3", "ansi"),
        ("SELECT LOWER(n) FROM t WHERE d >= CURRENT_DATE - 1", "ansi"),
        ("SELECT 1 FROM t WHERE n IN (SELECT LOWER(n) FROM u WHERE «LOWER(u.m)» = 'x')", "ansi"),
        ("UPDATE t SET a = 1 WHERE «LOWER(n)» = 'x'", "ansi"),
        ("SELECT 1 FROM t WHERE data ->> 'k' = 'v'", "postgres"),
        ("SELECT 1 FROM t WHERE (data ->> 'k')::int = 3", "postgres"),
        ("SELECT 1 FROM t WHERE src:id::int = 3", "snowflake"),
    ],
)
def test_function_on_filter_column(expected, dialect):
    """A column inside a function, cast or sum of WHERE or ON: all of it, with its brackets."""
    check(expected, "function-on-filter-column", dialect)


DDL = (
    "CREATE TABLE orders (id INT PRIMARY KEY, d DATE, n TEXT, UNIQUE (n));\n"
    "CREATE INDEX by_day ON orders (d, total);\n"
    "CREATE TABLE plain (id INT, total INT);\n"
)


@pytest.mark.parametrize(
    "expected",
    [
        "SELECT 1 FROM orders WHERE «DATE(d)» = 1 AND «id + 1» = 2 AND «LOWER(n)» = 'x'",
        "SELECT 1 FROM plain p WHERE DATE(p.total) = 1",
        "SELECT 1 FROM unheard u WHERE «DATE(u.total)» = 1",
    ],
)
def test_with_tables_only_columns_of_an_index_count(expected):
    """A column that no index begins with loses nothing by a function."""
    check(
        expected,
        "function-on-filter-column",
        tables="schema.sql",
        read_file=lambda _: WordList(DDL),
    )


@pytest.mark.parametrize(
    ("expected", "dialect"),
    [
        ("SELECT 1 FROM t WHERE n LIKE «'%x'»", "ansi"),
        ("SELECT 1 FROM t WHERE n NOT LIKE «'_x'» AND m LIKE 'x%'", "ansi"),
        ("SELECT 1 FROM t WHERE n ILIKE «'%é🎉'»", "postgres"),
        ("SELECT 1 FROM t WHERE n LIKE «N'%x'»", "tsql"),
        ("SELECT 1 FROM t WHERE n LIKE '!%x' ESCAPE '!'", "ansi"),
        ("SELECT 1 FROM t WHERE n LIKE '%' || m", "ansi"),
        ("SELECT '%x' FROM t", "ansi"),
    ],
)
def test_leading_wildcard_like(expected, dialect):
    """Patterns that begin with a wildcard; what is put together at run time is not seen."""
    check(expected, "leading-wildcard-like", dialect)


@pytest.mark.parametrize(
    ("expected", "dialect"),
    [
        ("SELECT id FROM «orders»", "ansi"),
        ("SELECT id FROM «db.orders» AS o", "ansi"),
        ("SELECT id FROM orders WHERE id > 3", "ansi"),
        ("SELECT id FROM orders LIMIT 3", "ansi"),
        ("SELECT TOP 3 id FROM orders", "tsql"),
        ("SELECT id FROM orders FETCH FIRST 3 ROWS ONLY", "oracle"),
        ("SELECT 1 FROM dual", "oracle"),
        ("WITH c AS (SELECT id FROM orders WHERE id > 3) SELECT id FROM c", "ansi"),
        ("SELECT a.id FROM «a» JOIN b ON a.i = b.i AND b.day = 3", "ansi"),
        ("SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u)", "ansi"),
        ("SELECT x FROM generate_series(1, 3) AS x", "postgres"),
    ],
)
def test_unfiltered_table(expected, dialect):
    """Base tables of which every row is read."""
    check(expected, "unfiltered-table", dialect)


@pytest.mark.parametrize(
    ("text", "dialect", "reason"),
    [
        ("SELECT * FROM {{ ref('orders') }}", "ansi", "line 1: it is a template"),
        ("{% if x %}\nSELECT * FROM t\n{% endif %}", "postgres", "line 1: it is a template"),
        ("SELECT * FROM {table}", "ansi", "line 1: it is a template"),
        ("SELECT '{{ ds }}' AS d, * FROM t", "bigquery", "line 1: it is a template"),
        ("SELECT 1;\nVACUUM;", "postgres", "line 2: VACUUM is not read"),
        ("EXPLAIN ANALYZE SELECT id FROM t", "postgres", "line 1: EXPLAIN is not read"),
        ("\\d orders\nSELECT 1;", "postgres", "line 1: a command of the client is not read"),
        ("DELIMITER //\nSELECT 1//\nDELIMITER ;", "mysql", "line 1: what stands between"),
        ("hello world", "ansi", "line 1: it is no statement"),
        ("BEGIN\n  DELETE FROM t WHERE a = 1;\nEND;", "oracle", "line 2: BEGIN is not read here"),
        ("CREATE STRANGE THING x;", "postgres", "line 1: CREATE is not read"),
        ("SELECT 1;\nSELEC 2", "ansi", "line 2: it cannot be read here; name its dialect"),
        ("SELECT 'abc", "ansi", "line 1: a quotation mark is not closed; name its dialect"),
        ("SELECT " + "(" * 3000 + "1", "ansi", "line 1: brackets nested deeper than"),
        ("SELECT 1;" * 60_000, "ansi", "line 1: more than 400,000 characters"),
        ("SELECT 1 FROM t WHERE a" + " AND a" * 2_001, "ansi", "line 1: more than 2,000 operators"),
        ("SELECT " + "NOT " * 3_000 + "1", "ansi", "line 1: it is nested too deep"),
    ],
)
def test_what_is_not_looked_at_is_said(text, dialect, reason):
    """No verdict where a part was not read, and the reason has no words of the text."""
    result = result_of(made("sql", forbid=HINTS, dialect=dialect), text, language="sql")
    found = [f for f in result.findings if f.problem.startswith("As ")]

    assert (Verdict.NOT_CHECKED, []) == (result.verdict, found)
    assert result.reason.startswith(reason)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a -- {{ not a template }}\nFROM t",
        "SELECT '{{1,2},{3,4}}'::int[][] FROM t",
        "SELECT '{urgent}'::text[] FROM t",
        "SELECT a FROM t WHERE id = %s AND b = %(name)s AND c = $1",
        "SELECT a FROM t WHERE id = :id AND b = ?",
        "SELECT a FROM t\nGO\nSELECT b FROM t\n",
        "COPY t (a) FROM stdin;\nit's\t1\n\\.\nSELECT a FROM t;",
        "-- nothing but words",
        "",
    ],
)
def test_what_only_looks_unreadable_is_read(text):
    """Comments, arrays, parameters of drivers, ends of batches, rows of a dump."""
    result = result_of(made("sql", forbid=["select-star"], dialect="postgres"), text)

    assert (Verdict.PASS, "") == (result.verdict, result.reason)


def test_a_syntax_error_is_a_finding_where_the_dialect_is_named():
    """The wrong dialect often reads as the right one, and the right one as wrong."""
    text = "SELECT a b «c» FROM t; SELECT «*» FROM u"
    check_ = made("sql", forbid=["select-star"], dialect="postgres")
    result = result_of(check_, plain(text))

    assert text == marked(plain(text), result.findings)
    assert "As postgres this is an error: it cannot be read here." == result.findings[0].problem


def test_the_language_of_a_text_may_say_its_dialect():
    """An editor that knows the dialect spares the file from naming it."""
    text = "SELECT DISTINCT ON (a) a FROM t WHERE d::date = 3"
    result = result_of(made("sql", forbid=["function-on-filter-column"]), text, language="pgsql")

    assert ["d::date"] == [finding.quote for finding in result.findings]


def test_other_statements_are_judged_beside_one_that_is_not_read():
    """What is found counts, and what was not looked at is said."""
    result = result_of(made("sql", forbid=["select-star"]), "VACUUM; SELECT * FROM t")

    assert (Verdict.FAIL, ["*"]) == (result.verdict, [f.quote for f in result.findings])
    assert "line 1: VACUUM is not read" == result.reason


@pytest.mark.parametrize(
    ("values", "key", "message"),
    [
        ({"dialect": "postgre"}, "dialect", "Did you mean postgres or postgresql"),
        ({"dialect": "xyzzy"}, "dialect", "Known: ansi, athena"),
        ({"forbid": ["unknown-column"]}, "forbid", "unknown-column needs `tables`"),
        ({"tables": {}}, "tables", "Tables are lines such as `orders: [id, total]`."),
        ({"tables": {"a": "id"}}, "tables", "The columns of 'a' are a list of names"),
        ({"tables": "none.sql"}, "tables", "no file none.sql"),
    ],
)
def test_what_is_wrong_with_its_keys(values, key, message):
    """Each fault at its key, with what to write instead."""
    got = build("sql", **{"forbid": ["select-star"], **values})

    assert isinstance(got, Fault)
    assert key == got.key
    assert message in got.message


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("t.yaml", "orders: [id, total]\n", "SELECT «x» FROM orders"),
        ("t.sql", "CREATE TABLE app.orders (id INT)", "SELECT «x» FROM orders"),
        ("t.sql", 'SET a = 1;\nCREATE TABLE "Orders" ("Id" INT);', "SELECT id, «x» FROM orders"),
    ],
)
def test_tables_stand_in_a_file(name, words, expected):
    """As DDL, or as a list."""
    check(expected, "unknown-column", tables=name, read_file=lambda _: WordList(words))


@pytest.mark.parametrize("words", ["", "SELECT 1", "orders: [id", "- a"])
def test_a_file_without_tables_is_a_fault(words):
    """A check that knows no table would find nothing, and say nothing."""
    for name in ("t.sql", "t.yaml"):
        got = build(
            "sql", forbid=["unknown-column"], tables=name, read_file=lambda _: WordList(words)
        )
        assert isinstance(got, Fault)


def test_the_dialects_are_those_of_the_library():
    """The list is kept by hand, since the library takes half a second to import."""
    import sqlglot.dialects  # noqa: PLC0415 - not needed by the other tests of this folder
    from sqlglot.dialects.dialect import Dialect  # noqa: PLC0415 - as above

    known = set(Dialect.classes) | {name.lower() for name in sqlglot.dialects.DIALECTS}
    assert set(DIALECTS) == known - {"", "dax", "prql", "tableau", "dialect"}


def test_the_library_is_imported_by_the_first_check_that_runs():
    """Reading a file with such a check costs nothing."""
    code = (
        "import sys\n"
        "from support.checking import made, result_of\n"
        "check = made('sql', forbid=['select-star'], tables={'a': ['b']})\n"
        "assert 'sqlglot' not in sys.modules\n"
        "result_of(check, 'SELECT 1')\n"
        "assert 'sqlglot' in sys.modules\n"
    )
    path = [entry for entry in sys.path if entry]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {path!r}\n{code}"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert "" == done.stderr
