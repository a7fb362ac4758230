"""The `graph` check: steps, needs, and what is wrong with their order."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.checks.kind_spec import Fault
from self_refine.checks.steps.step_graph import RULES, Need, Step, knots
from self_refine.loop.types import Verdict
from self_refine.text.spans import Span
from support.checking import build, made, marked, plain, result_of
from support.growth import grows_too_fast

NODE = r"^(?P<id>\w+)\. "
EDGE = r"\(needs:? (?P<ids>[^)]+)\)"


def check(shown, *problems, forbid=RULES, node=NODE, edge=EDGE, **keys):
    text = plain(shown)
    result = result_of(made("graph", node=node, edge=edge, forbid=list(forbid), **keys), text)
    assert marked(text, result.findings) == shown, result
    assert sorted(problems) == sorted(finding.problem for finding in result.findings)


def order(*rules):
    return {"forbid": rules}


@pytest.mark.parametrize(
    ("shown", "forbid", "problem"),
    [
        ("1. 😀 a (needs «7»)\r\n", "unknown-node", "Step 1 needs 7, which is no step."),
        ("1. a\n2. b\n«1». c\n", "duplicate-node", "Step 1 stands here twice."),
        ("1. a (needs «2»)\n2. b\n", "later-node", "Step 1 needs 2, which comes later."),
        (
            "1. a (needs «2»)\n2. b (needs 3)\n3. c (needs 2 and 1)\n",
            "cycle",
            "Step 1 needs itself: 1 → 2 → 3 → 1.",
        ),
        ("1. a (needs «1»)\n", "cycle", "Step 1 needs itself: 1 → 1."),
        (
            "1. a\n2. b (needs 1)\n«3». c\n",
            "orphan-node",
            "Nothing needs step 3, and it needs nothing.",
        ),
        ("2. a\n3. b\n«5». c\n6. d\n", "gap", "After step 3 comes 5."),
        (
            "A. a\nb. b (needs «a», a, «X»)\n".replace("«a»", "a"),
            "unknown-node",
            "Step b needs X, which is no step.",
        ),
        ("1. a\n   more (needs «9»)\n2. b\n", "unknown-node", "Step 1 needs 9, which is no step."),
        ("1. a\n2. b (needs «1-3»)\n", "unknown-node", "Step 2 needs 3, which is no step."),
        ("1. a (needs 2)\n2. b (needs 1)\n", "later-node", None),
    ],
)
def test_each_rule(shown, forbid, problem):
    """On the name in the need, or on the second step; names are the same in any case."""
    if problem is None:
        check(
            "1. a (needs «2»)\n2. b (needs 1)\n",
            "Step 1 needs 2, which comes later.",
            forbid=["later-node"],
        )
        check(
            "1. a (needs «2»)\n2. b (needs 1)\n",
            "Step 1 needs itself: 1 → 2 → 1.",
            forbid=["later-node", "cycle"],
        )
        return
    check(shown, problem, forbid=[forbid])


def test_a_good_plan_passes():
    """Ranges, lists, capitals, code blocks."""
    check("1. a\n2. b (needs 1)\n3. c (needs: 1-2)\n\n```\n9. no step (needs 8)\n```\n")
    boxes = r"^- \[.\] (?P<id>\w+):"
    check("- [x] dump: a\n- [ ] Load: b (needs DUMP)\n", node=boxes)


def test_the_shortest_way_round_from_the_earliest_step():
    """One finding for each ring, however many ways lead round."""
    check(
        "1. a\n2. b (needs 4, «5»)\n3. c (needs 2)\n4. d (needs 3)\n5. e (needs 2)\n"
        "6. f (needs «7»)\n7. g (needs 6)\n",
        "Step 2 needs itself: 2 → 5 → 2.",
        "Step 6 needs itself: 6 → 7 → 6.",
        forbid=["cycle", "later-node"],
    )


@pytest.mark.parametrize(
    ("text", "keys", "reason"),
    [
        ("# Plan\n", {}, "no step matches `node`"),
        ("## Steps\n\nNone.\n", {"section": "Steps"}, "no step in section 'Steps' matches `node`"),
        ("1. a\n", {"section": "Steps"}, "there is no section 'Steps'"),
        ("1. a\n1. b\n1. c\n", {}, "each step is called 1, so none can be named by another"),
    ],
)
def test_a_pattern_that_finds_no_step_does_not_pass_silently(text, keys, reason):
    """It is not applicable, with the reason."""
    result = result_of(made("graph", node=NODE, edge=EDGE, forbid=["cycle"], **keys), text)

    assert (Verdict.NOT_APPLICABLE, reason) == (result.verdict, result.reason)


def test_only_the_section_counts():
    """What stands elsewhere is no step, and no need."""
    check(
        "1. a (needs 9)\n\n## Steps\n\n1. b (needs «8»)\n\n## More\n\n2. c (needs 7)\n",
        "Step 1 needs 8, which is no step.",
        section="Steps",
        forbid=["unknown-node"],
    )


def test_a_pattern_without_a_group_is_a_fault():
    """With the group to write."""
    fault = build("graph", node="^x", edge=EDGE, forbid=["cycle"])
    assert (
        Fault("node", "`node` needs a group that holds the step's id: (?P<id>…).", "CR205") == fault
    )
    fault = build("graph", node=NODE, edge="(?=x)", forbid=["cycle"])
    assert "CR206" == fault.code


PLANS = st.lists(st.lists(st.integers(0, 6), max_size=3), min_size=1, max_size=7)


@given(plan=PLANS)
def test_what_goes_round_is_found_and_nothing_else(plan):
    """Against the closure of who needs whom; each way that is named is one."""
    steps = [Step(str(n), Span(n, n + 1)) for n in range(len(plan))]
    needs = [Need(steps[n], str(t), Span(0, 1)) for n, row in enumerate(plan) for t in row]
    reach = {n: set(row) & set(range(len(plan))) for n, row in enumerate(plan)}
    for _ in plan:
        reach = {n: seen.union(*(reach[t] for t in seen)) for n, seen in reach.items()}
    rings = {frozenset(t for t in seen if n in reach[t]) for n, seen in reach.items() if n in seen}
    found = [knot for knot in knots(steps, needs) if knot.rule == "cycle"]
    assert len(rings) == len(found)
    for knot in found:
        way = [int(name) for name in knot.target.split(" → ")]
        assert way[0] == way[-1] == min(next(ring for ring in rings if way[0] in ring))
        assert all(after in plan[before] for before, after in itertools.pairwise(way))


def test_it_is_linear():
    """Chains of thousands, one step with thousands of needs, nothing but needs."""
    it = made("graph", node=NODE, edge=EDGE, forbid=list(RULES))
    for piece in ("1. a (needs 2)\n", "(needs 1 ", "1-99 ", "(needs 1-99, ) ", "- ", "1. "):
        head = "1. a (needs "
        for start in ("", head):
            assert not grows_too_fast(
                lambda text: result_of(it, text), lambda n, p=piece, s=start: s + p * (n // len(p))
            ), piece
    chain = "".join(f"{n}. a (needs {n + 1})\n" for n in range(5_000)) + "5000. z (needs 0)\n"
    (finding,) = result_of(made("graph", node=NODE, edge=EDGE, forbid=["cycle"]), chain).findings
    assert finding.problem.startswith("Step 0 needs itself: 0 → 1 → 2")
    assert len(finding.problem) < 400
