"""The output formats by name."""

from collections.abc import Callable, Mapping
from functools import partial

from self_refine import __version__
from self_refine.ci.formats.github_annotations import github
from self_refine.ci.formats.gitlab_quality import gitlab
from self_refine.ci.formats.json_reports import json_report, jsonl
from self_refine.ci.formats.markdown_summary import markdown
from self_refine.ci.formats.plain_report import text
from self_refine.ci.formats.rdjson import rdjsonl
from self_refine.ci.formats.sarif import sarif
from self_refine.ci.formats.xml_reports import checkstyle, junit
from self_refine.ci.results import CheckReport

FORMATS: Mapping[str, Callable[[CheckReport], str]] = {
    "text": text,
    "json": json_report,
    "jsonl": jsonl,
    "sarif": partial(sarif, version=__version__),
    "rdjsonl": rdjsonl,
    "github": github,
    "gitlab": gitlab,
    "junit": junit,
    "checkstyle": checkstyle,
    "markdown": markdown,
}
