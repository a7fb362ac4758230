"""What users have picked as the inputs of a document: remembered while the server runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class PickedInputs:
    """What users have picked, by document and input: the URI of a document, "" for none."""

    _by_document: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, uri: str) -> Mapping[str, str]:
        """What was picked for a document."""
        return self._by_document.get(uri, {})

    def remember(self, uri: str, name: str, picked: str) -> None:
        """The user has picked."""
        self._by_document.setdefault(uri, {})[name] = picked

    def forget(self, uri: str, name: str) -> None:
        """What was picked is not there any more."""
        self._by_document.get(uri, {}).pop(name, None)
