"""Owns a small project with a suite, and the commands that judge it."""

import sys
from pathlib import Path

from self_refine.checks.check import Common
from self_refine.checks.kinds.command import CommandCheck
from self_refine.loop.types import Severity
from self_refine.tools.command_runs import CommandRuns, Workplace

SHOP = '''\
def tax(price):
    return price / 5


def total(prices):
    """The sum of the prices."""
    result = 1
    for price in prices:
        result += price
    return result
'''
SUITE = '''\
"""Writes JUnit's XML as a test runner does, without one: quick."""
import pathlib, sys, traceback
sys.path.insert(0, "src")
report, cases = sys.argv[1], []


def case(name, wanted, call):
    try:
        got = call()
        assert got == wanted, f"total gives {got}, not {wanted}"
        cases.append(f'<testcase classname="suite" name="{name}"/>')
    except BaseException as error:
        said = traceback.format_exc().replace("<", "(").replace(">", ")").replace("&", "+")
        message = str(error).replace('"', "'").replace("<", "(")
        cases.append(f'<testcase classname="suite" name="{name}">'
                     f'<failure message="{message}">{said}</failure></testcase>')


def shop():
    import shop
    return shop


case("test_total", 3, lambda: shop().total([1, 2]))
case("test_nothing", 0, lambda: shop().total([]))
pathlib.Path(report).write_text("<testsuite>" + "".join(cases) + "</testsuite>")
sys.exit(any("failure" in each for each in cases))
'''
TOTAL = SHOP[SHOP.index("def total") :]
FIXED = TOTAL.replace("result = 1", "result = 0")


def project(folder, suite=SUITE):
    """A workspace with `src/shop.py` and a suite."""
    (folder / "src").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "src" / "shop.py").write_text(SHOP, encoding="utf-8")
    (folder / "suite.py").write_text(suite, encoding="utf-8")
    return folder.resolve()


def check(*argv, parse="junit", **keys):
    """A command; without words the suite of the project."""
    argv = argv or (sys.executable, "-S", "suite.py", "{report}")
    common = Common(id="team/tests", severity=Severity.ERROR, message="")
    return CommandCheck(common=common, run_=argv, parse=parse, **keys)


def python(code, **keys):
    """A command that is a program of one line."""
    return check(sys.executable, "-S", "-c", code, **{"parse": "exit", **keys})


def runs(root, refused=(), original=TOTAL, hear=lambda *_: None, path="src/shop.py"):
    """The commands of a run on a function of the project."""
    document = (root / path).read_text(encoding="utf-8")
    at = document.index(original)
    place = Workplace(
        root=root,
        path=path,
        before=document[:at],
        original=original,
        after=document[at + len(original) :],
    )
    return CommandRuns(place=place, refused=dict(refused), hear=hear)


def contents(folder):
    """Every file of a folder with its bytes and its time."""
    return {
        path.relative_to(folder): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }
