"""The prefix of every call of whole runs: what a prompt cache can use again."""

import json
from itertools import combinations

import pytest

from self_refine.loop.requests import Answered, Ask
from self_refine.loop.types import Severity
from support.by_hand import COST, World, run

LINES = [f"Line {n} of this text tells of boat {n} and of its crew." for n in range(14)]
TEXT = " ".join(LINES).replace("boat 3", "murky boat 3").replace("boat 9", "rude boat 9")
CODE = "\n".join(f"boat_{n} = load('crew {n} of the harbour')" for n in range(14)) + "\nmurky = 1\n"
FAULTS = {"t/murky": ("murky",), "t/rude": ("rude", "damned")}


def better(text):
    return text.replace("murky", "plain").replace("rude", "kind")


def in_turn(*replies):
    """Answers rewrites in turn, the last one for ever, whatever their form."""
    left = list(replies)

    def answer(request, world):
        if not isinstance(request, Ask) or request.call.purpose == "critique":
            return None
        world.calls.append(request.call)
        words = left.pop(0) if len(left) > 1 else left[0]
        if words != "<no tag>":
            words = f"<{request.call.tag}>\n{words}\n</{request.call.tag}>"
        return Answered(text=words, form="tagged", finish="stop", cost=COST)

    return answer


def fickle(world):
    """A critic that is unreadable at first, then leaves one criterion out, then is honest."""

    def critique(call, text):
        honest = json.loads(world.critique(call, text))
        match sum(c.purpose == "critique" for c in world.calls):
            case 1:
                return "Looks great!"
            case 3:
                return json.dumps({"criteria": honest["criteria"][:1]})
            case _:
                return json.dumps(honest)

    return critique


RUNS = {
    "edits": {"writes": ("@@ 4\nBetter words of line 3.\n@@ 10\nBetter words of line 9.",)},
    "repairs, then the whole": {"writes": ("<no tag>", "@@ 99\nx", better(TEXT)), "doubt": True},
    "same, then hotter": {"writes": ("@@ 4\n" + TEXT[:3], TEXT, better(TEXT))},
    "refused, then better": {
        "writes": ("@@ 4\nA damned line.", "@@ 4\nA rude line.", better(TEXT))
    },
    "thorough": {"writes": (better(TEXT),), "mode": "thorough", "doubt": True},
    "draft": {
        "text": "Write of boats.",
        "writes": (TEXT, "<no tag>", better(TEXT)),
        "draft": True,
        "doubt": True,
    },
    "code": {
        "text": CODE,
        "language": "python",
        "writes": (
            "<<<<<<< SEARCH\nnowhere\n=======\nx\n>>>>>>> REPLACE",
            "<<<<<<< SEARCH\nmurky = 1\n=======\nplain = 1\n>>>>>>> REPLACE",
        ),
    },
    "instruction and context": {
        "writes": (better(TEXT), better(TEXT).replace("crew", "team")),
        "instruction": "say team",
        "before": "# Boats\n",
        "after": "\nThe end.",
    },
}


@pytest.mark.parametrize("name", RUNS)
def test_every_pair_of_calls_of_a_run_shares_its_prefix(name):
    """Up to the candidate whatever they are about; up to the task where it is one candidate."""
    given = {"text": TEXT} | RUNS[name]
    world = World(
        faults=FAULTS | {"instruction": ("crew",)} if "instruction" in given else dict(FAULTS),
        checks={"t/use": {"utilise": "use"}},
        severities={"t/use": Severity.WARNING},
    )
    write = in_turn(*given.pop("writes"))
    world.answer = lambda request, _: write(request, world)
    if given.pop("doubt", False):
        world.critic = fickle(world)
    criteria = tuple(c for c in world.criteria if c.id != "instruction")
    run(world, given.pop("text"), criteria=criteria, **given)

    calls = world.calls
    assert len({call.purpose for call in calls}) >= 2
    assert len({call.candidate for call in calls}) >= 2
    assert len({call.tag for call in calls}) >= len(calls) - 1
    for one, other in combinations(calls, 2):
        assert before_the_candidate(one) == before_the_candidate(other)
        about_one = {one.purpose, other.purpose} <= {"critique", "refine"}
        if about_one and one.candidate == other.candidate:
            assert one.messages == other.messages
        else:
            assert one.messages != other.messages
    assert all(call.task.startswith("<task>\n") for call in calls)
    assert all(call.messages[-1].content.endswith(f"{ending(call)}\n") for call in calls)


def before_the_candidate(call):
    *first, last = (message.content for message in call.messages)
    return (*first, last.rpartition("<candidate-")[0])


def ending(call):
    """The closing tag of the candidate: nothing stands between it and the task."""
    return "</candidate-" + call.messages[-1].content.rpartition("</candidate-")[2].strip()
