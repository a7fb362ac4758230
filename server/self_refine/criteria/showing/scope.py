"""Why a criteria file applies to a text, or does not, as a sentence."""

from self_refine.criteria.applying import Applies, Named, Target, applies, relative
from self_refine.criteria.finding.globs import matches
from self_refine.text.languages import covers

_WITHIN = {
    "document": ", whole documents only",
    "definition": ", whole definitions",
    "paragraph": ", whole paragraphs",
    "comments": ", comments alone",
}


def scope_of(rules: Applies) -> str:
    """Which texts a file is for: "all texts", "markdown texts that fit mail/**"."""
    kinds = ", ".join(rules.languages)
    globs = ", ".join(rules.paths)
    texts = f"{kinds} texts" if kinds else "texts"
    whole = _WITHIN.get(rules.within, "")
    below = f" below {rules.below}/" if rules.below else ""
    if globs:
        return f"{texts}{below} that fit {globs}{whole}"
    return f"{texts if kinds else 'all texts'}{below}{whole}"


def why(file: Named, target: Target) -> tuple[bool, str]:
    """Whether a file is for a text, and the reason."""
    rules = file.applies
    return applies(file, target), _reason(rules, target)


def _reason(rules: Applies, target: Target) -> str:
    languages = rules.languages
    if languages and not any(covers(wanted, target.language) for wanted in languages):
        return f"it is for {', '.join(rules.languages)}, and this text is {target.language}"
    kind = f"it is for {target.language}" if languages else ""
    if not rules.paths:
        every = (
            f"it is for all texts below {rules.below}/" if rules.below else "it is for all texts"
        )
        return kind or every
    globs = ", ".join(rules.paths)
    if rules.below and relative(rules, target) is None:
        return f"it is for what lies below {rules.below}/"
    if target.path is None:
        return f"{kind}, and a text without a path is judged by that alone" if kind else (
            f"it is for paths that fit {globs}, and this text has no path"
        )  # fmt: skip
    path = relative(rules, target) or target.path.as_posix()
    fit = next((glob for glob in rules.paths if matches(glob, path)), None)
    if fit is None:
        return f"{path} does not fit {globs}"
    return f"{kind} and {path} fits {fit}" if kind else f"{path} fits {fit}"
