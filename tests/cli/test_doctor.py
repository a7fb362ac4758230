"""`self-refine doctor`: which model would answer, and whether it does."""

import os

import pytest


def test_without_a_model_it_says_how_to_have_one(session):
    """Exit code 0: checks alone are a way to work."""
    ran = session.run(command="doctor")

    assert ran.code == 0, ran.err
    assert "model: none; checks and their fixes run alone" in ran.out
    assert "OPENAI_BASE_URL" in ran.out
    assert "config.toml (not there: defaults)" in ran.out


def test_a_model_that_answers_is_asked_in_each_form(session, server):
    """Its name, where it is, why it is that one, how long it took, and what it keeps to."""
    tags = "<reply-00d0c7e5>A quiet morning.</reply-00d0c7e5>"
    served = server({"text": '{"word": "A"}'}, {"text": tags})
    ran = session.run(command="doctor", OPENAI_BASE_URL=served.url)

    assert ran.code == 0, ran.err
    assert f"model: scripted-1 at 127.0.0.1:{served.port}, from baseUrl; the only model" in ran.out
    assert "answered in" in ran.out
    assert "it kept to a JSON schema" in ran.out
    assert "it kept to our tags" in ran.out
    assert "  models  1 listed; scripted-1 is one of them" in ran.out
    assert [True, False] == ["response_format" in r.body for r in served.asked]


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"refuses": ("response_format",)}, "asked for in tags"),
        ({}, "did not keep to it"),
    ],
)
def test_what_it_says_of_schemas_was_seen(session, server, options, part):
    """A server that takes none, and one that takes it and pays no heed."""
    ran = session.run(command="doctor", OPENAI_BASE_URL=server(**options).url)

    assert ran.code == 0, ran.err
    assert part in ran.out


def test_a_model_that_fails_is_exit_code_3(session, server):
    """The sentence of a run, and no key."""
    served = server(key="sk-right")
    ran = session.run(command="doctor", OPENAI_BASE_URL=served.url, OPENAI_MODEL="scripted-1",
                   OPENAI_API_KEY="sk-wrong-0000")  # fmt: skip

    assert ran.code == 3
    assert "Broken at key: Wrong key" in ran.out
    assert not served.asked
    assert "sk-wrong" not in ran.out + ran.err


def test_a_setting_that_cannot_be_meant_is_exit_code_2(session):
    """As a run would say it."""
    ran = session.run(command="doctor", OPENAI_BASE_URL="http://evil.test/v1")

    assert ran.code == 2
    assert "unencrypted" in ran.err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device there")  # noqa: PTH110
def test_what_cannot_be_printed_is_said(session):
    """A disk that is full: a sentence, no fault of ours, and no complaint at exit."""
    ran = session.run_into("/dev/full", command="doctor")

    assert ran.code == 2
    assert ran.err == (
        "self-refine: The result cannot be printed: No space left on device. Send it elsewhere.\n"
    )
