"""The published JSON Schema is the one that the reader goes by, and takes what it takes."""

import json
from pathlib import Path

import pytest
import yaml

from self_refine.criteria.showing.front_schema import front_matter_schema

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "docs" / "criteria-front-matter.schema.json"


def front(path):
    return yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])


def test_the_published_schema_is_up_to_date():
    """To write it anew: `python -m self_refine.criteria.showing.front_schema` has no side effects,
    so copy what the failing assertion shows.
    """
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == front_matter_schema()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "criteria").glob("*.criteria.md")), ids=lambda p: p.stem
)
def test_packs_that_ship_have_no_key_that_it_lacks(path):
    """Top-level keys and those of each check."""
    schema, values = front_matter_schema(), front(path)
    kinds = {
        each["title"]: each["properties"]
        for each in schema["properties"]["checks"]["items"]["oneOf"]
    }

    assert set(values) <= set(schema["properties"])
    for check in values.get("checks", []):
        assert set(check) <= set(kinds[check["kind"]])
