"""Owns the kinds of check that criteria files may name already, and a later version will run."""

from self_refine.checks.key_schema import Number, Text, Texts
from self_refine.checks.kind_spec import KindSpec

TO_COME = {
    "command": KindSpec(
        keys={
            "run": Texts(),
            "stdin": Text(one_of=("document", "selection")),
            "parse": Text(one_of=("sarif", "rdjson", "junit", "json", "exit")),
            "timeout": Number(),
        },
        required=("run", "parse"),
        names=frozenset({"test", "detail", "rule", "match", "path"}),
        build=None,
    ),
}
