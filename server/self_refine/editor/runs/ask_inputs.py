"""Asks the user for the inputs that a run needs and nothing else gives, such as a summary's source.

The answer is one of the documents that are open, or none; it is remembered for the document.
"""

from collections.abc import Iterable
from pathlib import PurePosixPath

from self_refine.criteria.choose_criteria import Chosen
from self_refine.criteria.input_texts import GivenText
from self_refine.editor import messages
from self_refine.editor.documents.documents import Document
from self_refine.editor.documents.selection import is_ours
from self_refine.editor.session import Session
from self_refine.text.invisible import plain

_MOST_OFFERED = 20
_LONGEST_NAME = 120


def remembered(session: Session, uri: str) -> dict[str, GivenText]:
    """The texts that the user picked before for a document, as far as they are still open."""
    texts: dict[str, GivenText] = {}
    for name, picked in tuple(session.picked_inputs.of(uri).items()):
        document = session.documents.get(picked) if picked else None
        if document is not None:
            texts[name] = _given(document)
        elif picked:
            session.picked_inputs.forget(uri, name)
    return texts


async def ask_for_inputs(session: Session, uri: str, chosen: Chosen) -> dict[str, GivenText]:
    """What the user gives for the inputs that criteria require and that were not found."""
    known = session.picked_inputs.of(uri)
    texts: dict[str, GivenText] = {}
    for name in _required(chosen):
        if name in known:
            continue
        offered = _offered(session, uri)
        if not offered:
            session.client.show(messages.no_text_for_input(name), "info")
            continue
        picked = await session.pick(messages.which_input(name), [*offered, messages.NO_INPUT])
        if picked is None:
            continue
        document = offered.get(picked)
        session.picked_inputs.remember(uri, name, document.uri if document else "")
        if document is not None:
            texts[name] = _given(document)
    return texts


def _required(chosen: Chosen) -> Iterable[str]:
    wanted = (name for file in chosen.files for name, each in file.inputs.items() if each.required)
    return [name for name in dict.fromkeys(wanted) if name in chosen.missing_inputs]


def _offered(session: Session, uri: str) -> dict[str, Document]:
    """The other documents that are open, by the names that the user sees."""
    found: dict[str, Document] = {}
    for document in session.documents.open():
        if document.uri == uri or not is_ours(document.uri) or not document.text.strip():
            continue
        name = plain(PurePosixPath(document.uri).name, _LONGEST_NAME)
        if document.path is not None:
            name = plain(f"{document.path.parent.name}/{document.path.name}", _LONGEST_NAME)
        found[f"{name} ({len(found) + 1})" if name in found else name] = document
        if len(found) == _MOST_OFFERED:
            break
    return found


def _given(document: Document) -> GivenText:
    return GivenText(document.text, document.path)
