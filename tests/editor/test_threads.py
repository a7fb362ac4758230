"""What a run computes leaves the machine to the thread that answers the editor."""

import sys
from pathlib import Path

import pytest

from support.editing import editing

TEXT = "One.\n\nWe utilise it.\n\nTwo.\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_threads_that_work_are_nicer_than_the_one_that_answers(tmp_path):
    """Those of the run, of its models and its trace; the one that writes to the editor is not."""
    with editing(tmp_path) as at:
        at.open("memo.md", TEXT)
        at.run()
        at.wait_text(TEXT.replace("utilise", "use"))
        threads = nice_of_threads(at.client.process.pid)

    answers = threads.pop(at.client.process.pid)
    nicer = [nice for nice in threads.values() if nice == min(19, answers + 3)]
    others = [nice for nice in threads.values() if nice == answers]
    # Those that work: for the run, for its model, with both of them the executors.
    assert len(nicer) >= 3
    # Those that write to the editor and watch for its end.
    assert len(others) == len(threads) - len(nicer)


def nice_of_threads(pid):
    """The priority of each thread of a process, by its id."""
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        # The name, in brackets, may hold anything; priorities come after it.
        fields = (task / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        found[int(task.name)] = int(fields[16])
    return found
