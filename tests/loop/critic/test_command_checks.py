"""Commands are asked for beside the critic, once fixes are made, and what they say is fixed."""

from self_refine.loop.requests import Ask, Checked, Halted, RunCommands
from self_refine.loop.types import CheckResult, Severity, StopReason, Verdict
from support.by_hand import World, run


def asked_together(world):
    """For each step with a command, the kinds of its requests."""
    return [
        sorted(type(request).__name__ for request in step)
        for step in world.steps
        if any(isinstance(request, RunCommands) for request in step)
    ]


def commands_ran_on(world):
    return [r.text for step in world.steps for r in step if isinstance(r, RunCommands)]


def test_commands_run_beside_the_critic_and_their_output_reaches_the_writer():
    world = World(commands={"t/tests": ("bad",)}, faults={"t/plain": ("utilise",)},
                  writes=["It is good."])  # fmt: skip

    outcome = run(world, "It is bad.")

    assert StopReason.APPROVED is outcome.stop
    assert "It is good." == outcome.text
    assert [["Ask", "RunCommands"]] * 2 == asked_together(world)
    rewrite = next(call for call in world.calls if call.purpose == "refine")
    assert "assert 'bad' is not there" in rewrite.task


def test_without_a_model_commands_still_judge():
    world = World(commands={"t/tests": ("bad",)})

    outcome = run(world, "It is bad.", has_model=False)

    assert StopReason.CHECKS_ONLY is outcome.stop
    assert Verdict.FAIL is outcome.chosen.verdicts["t/tests"].verdict


def test_fixes_of_checks_are_exhausted_first():
    """The original is run, since what failed there is no version's fault; then the last one."""
    world = World(
        checks={"t/a": {"aa": "bb", "dd": "ee", "bb": "cc"}}, commands={"t/tests": ("nothing",)}
    )

    outcome = run(world, "It is aa, dd.")

    assert "It is cc, ee." == outcome.text
    assert StopReason.APPROVED is outcome.stop
    assert ["It is aa, dd.", "It is cc, ee."] == commands_ran_on(world)


def test_fixes_that_break_a_test_are_not_the_result():
    """What is worse by a command's word is never returned."""
    world = World(checks={"t/a": {"aa": "bb"}}, commands={"t/tests": ("bb",)},
                  severities={"t/tests": Severity.ERROR, "t/a": Severity.INFO})  # fmt: skip

    assert "It is aa." == run(world, "It is aa.", has_model=False).text


def test_a_rewrite_that_breaks_a_test_is_refused():
    world = World(commands={"t/tests": ("broken",)}, faults={"t/plain": ("utilise",)},
                  writes=["We broken use it."])  # fmt: skip

    outcome = run(world, "We utilise it.")

    assert "We utilise it." == outcome.text
    assert any("broke t/tests" in c.rejected_because for c in outcome.candidates)


def test_a_version_of_which_a_command_says_nothing_is_no_better_than_one_that_passed():
    """A rewrite that never ends is no improvement."""

    def silent(request, _):
        if isinstance(request, RunCommands) and "use" in request.text:
            return Checked((CheckResult(criterion="t/tests", verdict=Verdict.NOT_CHECKED),))
        return None

    world = World(commands={"t/tests": ("-",)}, faults={"t/plain": ("utilise",)},
                  writes=["We use it."], answer=silent)  # fmt: skip

    assert "We utilise it." == run(world, "We utilise it.").text


def test_a_run_that_is_stopped_while_a_command_works_ends_with_the_best_text():
    def stop(request, _):
        halted = isinstance(request, RunCommands | Ask)
        return Halted(StopReason.CANCELLED) if halted else None

    world = World(commands={"t/tests": ("bad",)}, faults={"t/plain": ("x",)}, answer=stop)

    outcome = run(world, "It is bad.")

    assert StopReason.CANCELLED is outcome.stop
    assert "It is bad." == outcome.text
    assert Verdict.UNKNOWN is outcome.chosen.verdicts["t/tests"].verdict
