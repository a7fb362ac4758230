"""The dialects of SQL that criteria files may name. Needs no sqlglot, which is slow to import."""

from difflib import get_close_matches

ANSI = "ansi"

DIALECTS = (
    "athena",
    "bigquery",
    "clickhouse",
    "databricks",
    "doris",
    "dremio",
    "drill",
    "druid",
    "duckdb",
    "dune",
    "exasol",
    "fabric",
    "hive",
    "materialize",
    "mysql",
    "oracle",
    "postgres",
    "presto",
    "redshift",
    "risingwave",
    "singlestore",
    "snowflake",
    "solr",
    "spark",
    "spark2",
    "sqlite",
    "starrocks",
    "teradata",
    "trino",
    "tsql",
)
"""Those of sqlglot that are SQL, by its names."""

_ALIASES = {
    ANSI: "",
    "db2": "",
    "greenplum": "postgres",
    "mariadb": "mysql",
    "mssql": "tsql",
    "pgsql": "postgres",
    "plsql": "oracle",
    "postgresql": "postgres",
    "soql": "",
    "sparksql": "spark",
    "sqlserver": "tsql",
    "vertica": "postgres",
}
_OF_LANGUAGE = {
    "bigquery": "bigquery",
    "hive": "hive",
    "hql": "hive",
    "mssql": "tsql",
    "mysql": "mysql",
    "pgsql": "postgres",
    "plpgsql": "postgres",
    "plsql": "oracle",
    "postgres": "postgres",
    "redshift": "redshift",
    "snowflake": "snowflake",
    "snowflake-sql": "snowflake",
    "sparksql": "spark",
    "tsql": "tsql",
}
"""Language ids of editors that say which dialect a text is in."""


def known_dialect(name: str) -> str | None:
    """The name that sqlglot has for a dialect, "" for plain SQL; None where there is no such."""
    folded = name.strip().lower()
    if folded in DIALECTS:
        return folded
    return _ALIASES.get(folded)


def dialect_of(language: str) -> str:
    """The dialect that the language of a text says, "" for none in particular."""
    return _OF_LANGUAGE.get(language.lower(), "")


def unknown_dialect(name: str) -> str:
    """Say that there is no such dialect, and which come near."""
    every = (ANSI, *DIALECTS, *_ALIASES)
    close = get_close_matches(name.strip().lower()[:40], every, n=3)
    aid = f"Did you mean {' or '.join(close)}?" if close else f"Known: {', '.join(every)}."
    return f"There is no SQL dialect {name[:40]!r}. {aid}"
