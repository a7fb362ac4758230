"""A desk to run the command at, and model servers for it."""

import pytest

from support.command import Session
from support.rule import Rule
from support.scripted import Scripted


@pytest.fixture
def session(tmp_path):
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    return Session(folder, home)


@pytest.fixture
def server():
    """Starts model servers; all end with the test."""
    started = []

    def start(*script, **options):
        options.setdefault("rule", Rule({"utilise": "use"}, criterion="mail/long-word"))
        started.append(Scripted(script, **options).__enter__())
        return started[-1]

    yield start
    for one in started:
        one.__exit__(None, None, None)
