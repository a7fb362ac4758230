"""Model servers for these tests; nothing is remembered from one to the next."""

import pytest

from self_refine.models.openai import server_state
from support.scripted import Scripted


@pytest.fixture(autouse=True)
def _nothing_remembered():
    server_state.forget()


@pytest.fixture
def server():
    """Starts servers; all end with the test."""
    started = []

    def start(*script, **options):
        started.append(Scripted(script, **options).__enter__())
        return started[-1]

    yield start
    for one in started:
        one.__exit__(None, None, None)
