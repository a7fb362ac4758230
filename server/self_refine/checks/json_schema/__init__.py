"""JSON Schema: reads one and its files, and words what it finds. May import `checks.records`."""
