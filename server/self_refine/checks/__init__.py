"""Deterministic checks: one module per kind, and the registry. Knows no files and no YAML."""
