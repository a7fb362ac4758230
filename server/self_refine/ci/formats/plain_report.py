"""Plain text: one line a finding, as compilers print, and a last line that sums up."""

from collections.abc import Iterator

from self_refine.ci.formats.columns import message, rule
from self_refine.ci.results import CheckReport, State
from self_refine.text.invisible import plain

_MOST_STALE = 20
_LONGEST = 300


def text(report: CheckReport) -> str:
    """The report."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: CheckReport) -> Iterator[str]:
    for file, each in report.new:
        place = f"{plain(str(file.path), _LONGEST)}:{each.place.line}:{each.place.column}"
        yield f"{place}: {each.finding.severity.value} {rule(each)}: {message(each)}"
    for error in report.errors:
        yield f"{plain(str(error.path), _LONGEST)}: error: {plain(error.message, _LONGEST)}"
    yield from _not_checked(report)
    yield from _about_baseline(report)
    yield summary(report)


def _not_checked(report: CheckReport) -> Iterator[str]:
    reasons: dict[str, int] = {}
    for _, each in report.unchecked:
        reasons[each.reason] = reasons.get(each.reason, 0) + 1
    for reason, count in reasons.items():
        criteria = "criterion" if count == 1 else "criteria"
        yield f"{count:,} judged {criteria} not checked: {plain(reason, _LONGEST)}"


def _about_baseline(report: CheckReport) -> Iterator[str]:
    for entry in report.stale[:_MOST_STALE]:
        yield f"baseline: no longer found: {plain(entry, _LONGEST)}"
    if report.stale:
        yield "baseline: take these out with `self-refine baseline prune`"
    if report.older:
        yield f"baseline: {report.older:,} are known under an older wording of their criterion"


def summary(report: CheckReport) -> str:
    """One sentence: what counts, and what was set aside."""
    new = len(report.new)
    aside = [
        f"{count:,} {words}"
        for state, words in (
            (State.BASELINED, "in the baseline"),
            (State.DISMISSED, "dismissed"),
            (State.FILTERED, "on lines that did not change"),
        )
        if (count := report.count(state))
    ]
    files = "1 file" if len(report.files) == 1 else f"{len(report.files):,} files"
    findings = "1 finding" if new == 1 else f"{new:,} findings"
    tail = f" ({', '.join(aside)})" if aside else ""
    cost = report.cost
    asked = "1 call" if cost.calls == 1 else f"{cost.calls:,} calls"
    calls = f" {asked}, {cost.tokens:,} tokens." if cost.calls else ""
    verdicts = "1 verdict" if report.cached == 1 else f"{report.cached:,} verdicts"
    cached = f" {verdicts} from the cache." if report.cached else ""
    return f"{findings} in {files}{tail}.{calls}{cached}"
