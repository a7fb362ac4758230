"""`self-refine generate`: a text is written by a brief, refined, and printed alone."""

import re

from support.rule import Rule

TAG = re.compile(r"<(reply-[0-9a-f]{8,})>")


class Drafts(Rule):
    """Writes a first draft where there is no text yet; judges and mends as the rule does."""

    def answer(self, body):
        last = body["messages"][-1]["content"]
        if "<fix-" in last:
            return super().answer(body)
        tag = TAG.findall(last)[-1]
        return f"<{tag}>\nWe utilise the new plan.\n</{tag}>"


def test_a_text_is_written_refined_and_printed_alone(session, server):
    served = server(rule=Drafts({"utilise": "use"}))
    brief = ("--brief", "Say that there is a new plan.", "--criteria", "mail")
    ran = session.run(*brief, command="generate", OPENAI_BASE_URL=served.url)

    assert (0, "We use the new plan.\n") == (ran.code, ran.out)
    assert "Stopped: approved" in ran.err
    first = served.asked[0].body["messages"][-1]["content"]
    assert re.search(r"<brief-[0-9a-f]+>\nSay that there is a new plan.", first)


def test_an_empty_brief_is_said_to_be_one(session):
    ran = session.run("--brief", " ", command="generate")

    assert 2 == ran.code
    assert "Say with --brief what the text is to be." in ran.err
