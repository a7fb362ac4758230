"""Owns what the sources of settings come to in a server, and which of them may say what.

The environment, `config.toml` and `initializationOptions` are the user's. What comes by
`workspace/configuration` may have been written by a repository: the protocol does not say.
"""

import logging
import os
from collections.abc import Mapping
from typing import Any

from self_refine.settings import KEYS, Settings
from self_refine.sources import Loaded, Origin, load, overlay

_log = logging.getLogger(__name__)

SECTION = "selfRefine"
_TRUSTED = "trusted"
_EXTENSIONS = "extensions"
_BRIDGE = "lmBridge"
_SHARED = Origin(f"the editor's settings ({SECTION})", "shared")


class Configuration:
    """The settings as they are now; each change makes new ones, and a run keeps its own.

    A value that is wrong is said in the log; what its source said before it stands meanwhile.
    """

    def __init__(self) -> None:
        self._own = load(environ=os.environ)
        self._shared: Mapping[str, Any] = {}
        """As the client said them last; `_taken` is what could be meant so, then or before."""
        self._taken: Mapping[str, Any] = {}
        self.settings = self._own.settings
        self.trusted = True
        """Whether the editor trusts the workspace; True where it does not say."""
        self.extensions = False
        """Whether the client is our own, and knows more messages than the protocol has."""
        self.lends_model = False
        """Whether the client lends its own model."""

    def user_says(self, options: Any) -> None:
        """Take `initializationOptions`."""
        given = dict(options) if isinstance(options, Mapping) else {}
        self.trusted = given.pop(_TRUSTED, True) is not False
        self.extensions = given.pop(_EXTENSIONS, False) is True
        self.lends_model = given.pop(_BRIDGE, False) is True
        # Some clients pass what belongs to the server under its name, as in their own settings.
        inner = given.pop(SECTION, None)
        given |= inner if isinstance(inner, Mapping) else {}
        self._own = load(environ=os.environ, options=given, last=self._own)
        _complain(self._own)
        self._lay_over()

    def client_says(self, values: Any) -> None:
        """Take what `workspace/configuration` or `didChangeConfiguration` says."""
        self._shared = values if isinstance(values, Mapping) else {}
        self._lay_over()

    def _lay_over(self) -> None:
        """Lay what the client says over what the user says."""
        own = self._own.settings
        loaded = overlay(own, _worth_reading(own, self._shared), _SHARED, self._taken)
        _complain(loaded)
        self.settings, self._taken = loaded.settings, loaded.taken[_SHARED.name]


def _worth_reading(settings: Settings, values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what changes nothing: VS Code sends every key, unset ones with their defaults."""
    fields = {key.name: key.field for key in KEYS}
    unset: tuple[Any, ...] = (None, "", [], {})
    return {
        name: value
        for name, value in values.items()
        if value not in unset
        and not (name in fields and getattr(settings, fields[name]) == value)
        and not (name in fields and getattr(Settings(), fields[name]) == value and _is_users(name))
    }


def _is_users(name: str) -> bool:
    return any(key.name == name and key.scope == "user" for key in KEYS)


def _complain(loaded: Loaded) -> None:
    for problem in loaded.problems:
        _log.warning("%s", problem)
