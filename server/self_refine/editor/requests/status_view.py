"""What stands between a user and a run on a document, and the one thing that helps."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from self_refine.criteria.finding.key_files import holds_keys
from self_refine.editor import messages
from self_refine.editor.documents.documents import Document
from self_refine.editor.documents.selection import is_ours

if TYPE_CHECKING:
    from self_refine.editor.documents.criteria_cache import Snapshot
    from self_refine.settings import Settings

Kind = Literal[
    "ready", "untrusted", "notOurs", "secretFile", "brokenCriteria", "noCriteria", "noModel"
]

_WORDS: Mapping[Kind, tuple[str, str, str]] = {
    "ready": ("Ready", "Select text and choose \u201cSelf-refine selection\u201d.", ""),
    "untrusted": ("Workspace not trusted", messages.UNTRUSTED, "manageTrust"),
    "notOurs": ("Not a text of yours", "Self-refine works on files and untitled texts.", ""),
    "secretFile": ("File for secrets", "Nothing of a file for secrets is sent to a model.", ""),
    "brokenCriteria": (
        "A criteria file cannot be used",
        "A criteria file of this workspace has an error; the Problems list says where.",
        "",
    ),
    "noCriteria": (
        "No criteria apply here",
        "None of the team's criteria files is for this text. Create one, or choose a pack.",
        "newCriteria",
    ),
    "noModel": (
        "Checks only: no model configured",
        "Criteria that only a model can judge are not checked. Set a key or name an endpoint.",
        "setApiKey",
    ),
}


def status_view(kind: Kind) -> dict[str, Any]:
    """As `StatusView` of the protocol page describes it."""
    text, detail, action = _WORDS[kind]
    return {"kind": kind, "text": text, "detail": detail, "action": action}


def kind_of(
    document: Document,
    snapshot: "Snapshot | None",
    settings: "Settings",
    *,
    trusted: bool,
    lends_model: bool,
) -> Kind:
    """What is missing first, in the order in which a user has to mend it."""
    if not is_ours(document.uri):
        return "notOurs"
    if not trusted:
        return "untrusted"
    if document.path is not None and holds_keys(document.path):
        return "secretFile"
    if snapshot is not None:
        target = snapshot.target(document.path, document.language, whole=True)
        if not _applies(snapshot, target):
            broken = any(p.severity.value == "error" for p in snapshot.team.problems)
            return "brokenCriteria" if broken else "noCriteria"
    return "ready" if lends_model or _has_endpoint(settings) else "noModel"


def _applies(snapshot: "Snapshot", target: Any) -> bool:
    from self_refine.criteria.applying import applies  # noqa: PLC0415 - read with criteria

    return any(applies(file, target) for file in snapshot.team.files)


def _has_endpoint(settings: "Settings") -> bool:
    from self_refine.models.choose_model import NoModel, endpoint_from  # noqa: PLC0415 - not at start

    return not isinstance(endpoint_from(settings), NoModel)
