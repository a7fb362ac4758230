"""Reads a structured text of any format that checks know."""

from typing import Literal

from self_refine.checks.records.csv_record import read_csv
from self_refine.checks.records.front_record import read_front
from self_refine.checks.records.json_record import read_json
from self_refine.checks.records.plain_values import too_long
from self_refine.checks.records.record import Records, TooMuch
from self_refine.checks.records.toml_record import read_toml
from self_refine.checks.records.yaml_record import read_yaml_record

Format = Literal["json", "yaml", "toml", "csv", "front-matter"]
FORMATS: tuple[Format, ...] = ("json", "yaml", "toml", "csv", "front-matter")


def read_records(
    text: str, form: Format, *, delimiter: str = ",", relaxed: bool = False
) -> Records | TooMuch:
    """The values of a text.

    Args:
        text: all of it.
        form: what it is written in.
        delimiter: between the cells of CSV.
        relaxed: whether its JSON may have comments.
    """
    if why := too_long(text):
        return why
    match form:
        case "json":
            return read_json(text, relaxed=relaxed)
        case "yaml":
            return read_yaml_record(text)
        case "toml":
            return read_toml(text)
        case "csv":
            return read_csv(text, delimiter)
        case "front-matter":
            return read_front(text)
