"""Runs the commands of a run for the driver.

What a command prints goes to a model as a part of a finding, so it is looked through for secrets
as everything else that is sent.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from self_refine.checks.kinds.command import CommandCheck
from self_refine.checks.registry import Check
from self_refine.loop.types import CheckResult, Finding
from self_refine.runs.outgoing.secret_scan import secrets_in
from self_refine.tools.command_runs import CommandRuns

_NO_FILE = "the text has no file in a workspace, so no command can look at it"
_LEFT_OUT = "[left out: it seems to hold a secret]"


def commands_of(checks: Sequence[Check]) -> tuple[CommandCheck, ...]:
    """The checks that are commands."""
    return tuple(check for check in checks if isinstance(check, CommandCheck))


async def perform(
    commands: CommandRuns | None, checks: Sequence[Check], text: str
) -> tuple[CheckResult, ...]:
    """What the commands say of a text. Cancelled, it ends their processes before it returns."""
    wanted_ = commands_of(checks)
    if commands is None:
        return tuple(check.not_checked(_NO_FILE) for check in wanted_)
    work = asyncio.ensure_future(asyncio.to_thread(commands.results, wanted_, text))
    try:
        results = await asyncio.shield(work)
    except asyncio.CancelledError:
        commands.stop()
        await asyncio.wait({work})
        raise
    return await asyncio.to_thread(_without_secrets, results)


def _without_secrets(results: tuple[CheckResult, ...]) -> tuple[CheckResult, ...]:
    return tuple(
        replace(result, findings=tuple(map(_finding_without_secrets, result.findings)))
        for result in results
    )


def _finding_without_secrets(finding: Finding) -> Finding:
    output = _LEFT_OUT if secrets_in(finding.output) else finding.output
    problem = _LEFT_OUT if secrets_in(finding.problem) else finding.problem
    return replace(finding, output=output, problem=problem)
