"""JUnit and Checkstyle: XML that most CI servers read."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from self_refine.ci.formats.columns import message, rule
from self_refine.ci.results import CheckReport, FileResult, Found, State
from self_refine.loop.types import Severity, Verdict
from self_refine.text.invisible import plain

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LONGEST = 1_000
_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning"}


def junit(report: CheckReport) -> str:
    """One suite a file, one case a criterion; what was not checked is skipped, with its reason."""
    suites = "".join(_suite(file) for file in report.files)
    errors = "".join(
        f'<testsuite name={_attribute(str(error.path))} tests="1" errors="1">'
        f'<testcase name="read"><error message={_attribute(error.message)}/></testcase>'
        "</testsuite>\n"
        for error in report.errors
    )
    return f'{_HEAD}<testsuites name="self-refine">\n{suites}{errors}</testsuites>\n'


def _suite(file: FileResult) -> str:
    reasons = {each.criterion: each.reason for each in file.unchecked}
    by_criterion: dict[str, list[Found]] = {}
    for each in _new(file):
        by_criterion.setdefault(each.finding.criterion, []).append(each)
    names = sorted({*file.verdicts, *by_criterion})
    cases = "".join(_case(file, name, by_criterion.get(name, ()), reasons) for name in names)
    return (
        f'<testsuite name={_attribute(file.path.as_posix())} tests="{len(names)}" '
        f'failures="{len(by_criterion)}" skipped="{len(reasons)}">\n{cases}</testsuite>\n'
    )


def _case(file: FileResult, name: str, found: Iterable[Found], reasons: dict[str, str]) -> str:
    head = f"<testcase name={_attribute(name)} classname={_attribute(file.path.as_posix())}>"
    body = "".join(_failures(found))
    if not body and file.verdicts.get(name) in {Verdict.NOT_CHECKED, Verdict.UNKNOWN}:
        body = f"<skipped message={_attribute(reasons.get(name, ''))}/>"
    return f"{head}{body}</testcase>\n"


def _failures(found: Iterable[Found]) -> Iterator[str]:
    lines = [f"{each.place.line}:{each.place.column}: {message(each)}" for each in found]
    if lines:
        text = escape("\n".join(lines))
        yield f"<failure message={_attribute(lines[0])}>{text}</failure>"


def checkstyle(report: CheckReport) -> str:
    """One element a file, one a finding."""
    files = "".join(_checked(file) for file in report.files if any(_new(file)))
    return f'{_HEAD}<checkstyle version="4.3">\n{files}</checkstyle>\n'


def _checked(file: FileResult) -> str:
    errors = "".join(
        f'<error line="{each.place.line}" column="{each.place.column}" '
        f'severity="{_LEVEL.get(each.finding.severity, "info")}" '
        f"message={_attribute(message(each))} source={_attribute(rule(each))}/>\n"
        for each in _new(file)
    )
    return f"<file name={_attribute(file.path.as_posix())}>\n{errors}</file>\n"


def _new(file: FileResult) -> list[Found]:
    return [each for each in file.found if each.state is State.NEW]


def _attribute(words: str) -> str:
    return quoteattr(plain(words, _LONGEST))
