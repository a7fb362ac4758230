"""What the `sql` check knows of SQL. May import `checks`, `loop`, `text`, and sqlglot.

Only `sql_dialects` and `sql_tables` are imported before a check runs: sqlglot takes half a second.
"""
