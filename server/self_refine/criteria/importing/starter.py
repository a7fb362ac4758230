"""The first lines of a new criteria file, for the kind of text that it is to be for."""

from self_refine.criteria.importing.proposal import (
    Proposal,
    ProposedCheck,
    ProposedQuestion,
    render,
    slug_of,
)

_CODE = (
    ProposedQuestion(
        id="name-says-effect",
        question="Is there a name that says something else than what its code does?",
        severity="warning",
        below=(("evidence", "quote the name"), ("fix", "name what it does"),
               ("not", "names that an interface fixes")),
    ),
)  # fmt: skip
_PROSE = (
    ProposedQuestion(
        id="repeats",
        question="Is there a sentence that says what an earlier one already said?",
        severity="warning",
        below=(("evidence", "quote both sentences"), ("fix", "keep the clearer one")),
    ),
)
_COMMIT = (
    ProposedQuestion(
        id="says-why",
        question="Does the body leave out why the change was made?",
        severity="warning",
        below=(("evidence", "quote the body, or report that it is absent"), ("fix", "say why")),
    ),
)
_LEFT_OVER = ProposedCheck(
    id="left-over",
    kind="regex",
    values={"pattern": r"\b(?:TODO|FIXME|TBD)\b"},
    severity="error",
    message="Left-over '{match}'.",
)
PROSE_LANGUAGES = frozenset({"markdown", "plaintext", "mail", "restructuredtext", "latex", "html"})


def starter(name: str, language: str = "", paths: tuple[str, ...] = ()) -> str:
    """The text of a new criteria file: one question and one check, to be replaced.

    Args:
        name: as the user gives it; the id is made of it.
        language: of the texts that it is for, as editors name it; "" for any.
        paths: globs of these texts; none for all.
    """
    if language == "git-commit":
        questions = _COMMIT
    else:
        questions = _PROSE if not language or language in PROSE_LANGUAGES else _CODE
    title = " ".join(name.replace("-", " ").split())
    file = Proposal(
        id=slug_of(name) or "team",
        title=title[:1].upper() + title[1:] or "Team",
        source="",
        languages=(language,) if language else (),
        paths=paths,
        checks=(_LEFT_OVER,),
        questions=questions,
    )
    return "\n".join(line for line in render(file).split("\n") if "Imported from" not in line)
