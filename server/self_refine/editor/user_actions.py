"""The buttons of messages: what each says, and who carries it out."""

from collections.abc import Mapping
from typing import Literal

Act = Literal[
    "setApiKey",
    "chooseModel",
    "showLog",
    "manageTrust",
    "openSettings",
    "newCriteria",
    "chooseCriteria",
    "tryAgain",
]

TRY_AGAIN: Act = "tryAgain"
"""The only one that the server carries out itself; the others are the client's."""

TITLES: Mapping[Act, str] = {
    "setApiKey": "Set API key",
    "chooseModel": "Choose a model",
    "showLog": "Show log",
    "manageTrust": "Manage trust",
    "openSettings": "Open settings",
    "newCriteria": "Create criteria file",
    "chooseCriteria": "Choose criteria",
    "tryAgain": "Try again",
}


def act_of(title: str) -> Act | None:
    """The button of a title."""
    return next((act for act, words in TITLES.items() if words == title), None)
