"""What is counted, and how sure it is."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.answering import item
from self_refine.evaluation.bar_chart import as_svg
from self_refine.evaluation.markdown_table import COLUMNS, as_markdown
from self_refine.evaluation.scores import score
from self_refine.evaluation.significance import difference, mcnemar, ratio
from self_refine.evaluation.summary import as_plain, summarise
from self_refine.evaluation.trials import Trial


def trial(text, arm="ours", id_="one", **more):
    one = item(id_)
    return Trial(item=id_, digest=one.digest, arm=arm, model="m", text=text, stop="limit", **more)


def scored(text, **more):
    return score(item(more.get("id_", "one")), trial(text, **more))


def test_a_criterion_is_fixed_or_made_worse():
    """Against the draft."""
    fixed = scored("Hello Ann, send it by Friday.")
    assert (1, frozenset(), True) == (fixed.fixed, fixed.worse, fixed.meets_all)

    worse = scored("Hello, send it.")
    assert (0, {"eval/name"}, 2) == (worse.fixed, worse.worse, worse.failing)
    assert ("Ann",) == worse.lost


def test_changes_are_counted_in_and_outside_the_faults():
    """The fault is the place before the full stop."""
    inside = scored("Hello Ann, send it by Friday.")
    assert (10, 0) == (inside.characters, inside.outside)

    outside = scored("Dear Ann, send it by Friday.")
    assert outside.outside == len("Hello") + len("Dear")
    assert isclose(outside.share, outside.characters / len(item().draft))


def test_where_nobody_knows_the_faults_nothing_is_outside():
    """And a draft is clean if its verifiers say so."""
    one = item(draft="Ann: send it by Friday.")
    one = replace(one, faults=None)
    result = score(one, trial("Bob."))

    assert result.outside is None
    assert result.clean


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [(0, 0, 1.0), (1, 8, 0.0390625), (5, 5, 1.0), (0, 10, 0.001953125), (600, 700, 0.0060)],
)
def test_mcnemar_is_exact(first, second, p):
    """Known values; figures beyond a float's range too."""
    assert isclose(mcnemar(first, second), p, rel_tol=0.02)
    assert mcnemar(first, second) == mcnemar(second, first)


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_p_value_is_a_probability(first, second):
    """For any counts."""
    assert 0 <= mcnemar(first, second) <= 1


def test_an_interval_holds_its_value_and_is_repeatable():
    """Items are drawn with a seed."""
    pairs = [(float(n % 7), float(n % 5 + 1)) for n in range(60)]

    interval = ratio(pairs)

    assert interval.low < interval.value < interval.high
    assert interval == ratio(pairs)
    assert difference([(2.0, 1.0)] * 9).low == 1.0
    assert ratio([(1.0, 0.0)]) is None
    assert difference([]) is None


def groups():
    scores = [
        scored("Hello Ann, send it by Friday.", id_=str(n), calls=2, output_tokens=10, seconds=1)
        for n in range(3)
    ]
    scores += [
        scored("Hello, send it.", id_=str(n), arm="plain", calls=4, output_tokens=40, seconds=4)
        for n in range(3)
    ]
    return summarise(scores)


def test_ours_stands_beside_each_arm():
    """With ratios on the items that both have."""
    (group,) = groups()

    plain, ours = group.rows
    assert ("plain", "ours") == (plain.arm, ours.arm)
    assert (3, 0, 3) == (ours.meets_all, plain.meets_all, plain.facts_lost)
    (against,) = group.against
    assert against.ratios["output"].value == 0.25
    assert against.items_p == 0.25
    assert against.failing.value == -2


def test_the_figures_are_written_in_three_ways():
    """JSON holds what the table shows; the chart is well-formed."""
    every = groups()

    table = as_markdown(every, "m")
    assert "| " + " | ".join(COLUMNS) + " |" in table
    assert "| ours | 3 | 3 | 0 of 6 | 3 | 0 | 0 of 0 | 0 |" in table
    assert "ours / plain on 3 items: calls 0.50 (0.50 to 0.50)" in table
    assert 3 == json.loads(json.dumps(as_plain(every)))[0]["rows"][1]["items"]
    chart = ET.fromstring(as_svg(every[0], "a < b & c"))
    assert "ours 10.0" in {text.text for text in chart.iter("{http://www.w3.org/2000/svg}text")}


def test_short_and_long_texts_stand_apart():
    """Where there are both."""
    short = scored("Hello.")
    long = replace(scored("Hello.", id_="two"), words=500)

    assert ["all", "under 100 words", "400 words and more"] == [
        group.name for group in summarise([short, long])
    ]
