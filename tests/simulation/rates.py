"""Owns how often a simulated critic and writer go wrong."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rates:
    """Chances from 0 to 1. Where the literature measured one, that is the default."""

    miss: float = 0.15
    """A defect that the critic does not see."""
    false_alarm: float = 0.06
    """A criterion under which the critic objects to words that are fine."""
    bad_feedback: float = 0.20
    """A finding that leads the writer astray, in one of the next two ways."""
    wrong_place: float = 0.33 / 0.94
    """Of those: the quote is of other words. Madaan et al. 2023: 33 % of failures, against 61 %
    with a wrong fix; the other 6 % are the writer's."""
    wrong_fix: float = 0.61 / 0.94
    """Of those: what it tells the writer to do makes another defect."""
    invented_quote: float = 0.05
    """A quote that stands nowhere in the text."""
    malformed: float = 0.03
    """A critique that is cut in the middle of its JSON."""
    comes_back: float = 0.95
    """A defect that the critic has seen is seen when asked again."""
    missed_again: float = 0.6
    """A defect that the critic has missed is missed when asked again about the same text (assumed:
    asked twice, models find more than once, and less than two independent readers would)."""
    alarm_comes_back: float = 1.0
    """The same for a false alarm: of 350 verdicts of a strong model a second look changed none."""
    new_defect: float = 0.20
    """A rewrite that brings a new defect (RefineBench and the authors' outputs: about 20 %)."""
    ignored: float = 0.06
    """A finding that the writer does nothing about."""
    identical: float = 0.05
    """A rewrite that is the same text (4 to 6 % of the authors' released outputs)."""
    when_hot: float = 0.3
    """What is left of the last two where the call is hot, or told that nothing had changed."""
    collateral: float = 0.10
    """A sentence or line that the writer writes out and changes without need."""
    harm_by_alarm: float = 0.3
    """Words that were fine get a defect when the writer is told to change them."""
    elided: float = 0.02
    """A whole text of more than 40 sentences or lines in which the writer leaves the rest out."""
    cut: float = 0.02
    """A reply that runs into its limit."""
    unformed: float = 0.03
    """A reply that is not in the form that was asked for."""
