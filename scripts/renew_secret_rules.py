"""Write the kept rules for secrets anew from a `gitleaks.toml` of a later version.

Usage: python scripts/renew_secret_rules.py GITLEAKS_TOML VERSION

What the gate has no use for is left out: rules and allow lists that depend on a file's path, and
the texts of keys that were once published.
"""

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "server/self_refine/runs/outgoing/gitleaks.toml"
HEADER = """\
# The rules of gitleaks {version} (config/gitleaks.toml), as scripts/renew_secret_rules.py writes
# them: without those that depend on a file's path, and without keys that were once published.
#
# MIT License, Copyright (c) 2019 Zachary Rice
#
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
# associated documentation files (the "Software"), to deal in the Software without restriction,
# including without limitation the rights to use, copy, modify, merge, publish, distribute,
# sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
# furnished to do so, subject to the following conditions:
#
# The above copyright notice and this permission notice shall be included in all copies or
# substantial portions of the Software.
#
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
# NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
# NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
# DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
# OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
PUBLISHED = re.compile(r"AIza[\w-]{35}")


def main(source: str, version: str) -> None:
    """Read the file of gitleaks, write ours."""
    config = tomllib.loads(Path(source).read_text(encoding="utf-8"))
    lines = [HEADER.format(version=version)]
    lines += _allowlist("allowlist", config["allowlist"])
    for rule in config["rules"]:
        if "regex" in rule and "path" not in rule:
            lines += _rule(rule)
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _rule(rule: dict[str, Any]) -> list[str]:
    kept = ("id", "regex", "secretGroup", "entropy", "keywords")
    lines = ["[[rules]]", *(_item(key, rule[key]) for key in kept if key in rule)]
    for one in rule.get("allowlists", ()):
        if "paths" not in one:
            lines += _allowlist("[rules.allowlists]", one)
    return [*lines, ""]


def _allowlist(name: str, given: dict[str, Any]) -> list[str]:
    given = {**given, "regexes": [r for r in given.get("regexes", ()) if not PUBLISHED.search(r)]}
    kept = [key for key in ("regexTarget", "regexes", "stopwords") if given.get(key)]
    if "regexes" not in kept and "stopwords" not in kept:
        return []
    return [f"[{name}]", *(_item(key, given[key]) for key in kept), ""]


def _item(key: str, value: Any) -> str:
    # A JSON string, list or number is a TOML one too.
    return f"{key} = {json.dumps(value)}"


if __name__ == "__main__":
    main(*sys.argv[1:3])
