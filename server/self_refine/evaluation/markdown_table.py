"""The figures as Markdown, for a page of documentation or a pull request."""

from collections.abc import Iterator, Sequence

from self_refine.evaluation.significance import Interval
from self_refine.evaluation.summary import Against, Group, Row

COLUMNS = (
    "arm", "items", "meet all", "criteria failed", "fixed", "made worse", "clean changed",
    "outside", "share changed", "facts lost", "calls", "in", "cached", "out", "s",
)  # fmt: skip


def cells(row: Row) -> tuple[str, ...]:
    """One row, in the order of `COLUMNS`."""
    return (
        row.arm,
        str(row.items),
        str(row.meets_all),
        f"{row.failing} of {row.criteria}",
        str(row.fixed),
        str(row.worse),
        f"{row.clean_changed} of {row.clean}",
        "-" if row.outside is None else f"{row.outside:,}",
        f"{row.share:.3f}",
        str(row.facts_lost),
        f"{row.calls:.1f}",
        f"{row.input_tokens:,.0f}",
        f"{row.cached_tokens:,.0f}",
        f"{row.output_tokens:,.0f}",
        f"{row.seconds:.1f}",
    )


def sentence(against: Against) -> str:
    """Ours beside another arm in words."""
    ratios = ", ".join(f"{name} {_interval(it)}" for name, it in against.ratios.items() if it)
    return (
        f"ours / {against.arm} on {against.items} items: {ratios}; criteria failed by an item "
        f"{_interval(against.failing, sign=True)}; McNemar p = {against.items_p:.3f} (items), "
        f"{against.criteria_p:.3f} (criteria)"
    )


def as_markdown(groups: Sequence[Group], model: str) -> str:
    """All groups."""
    return "\n".join(_lines(groups, model)) + "\n"


def _lines(groups: Sequence[Group], model: str) -> Iterator[str]:
    yield f"Model: {model}. Costs are means for an item; intervals are 95 % bootstrap intervals."
    for group in groups:
        yield from ("", f"### {group.name.capitalize()}", "")
        yield "| " + " | ".join(COLUMNS) + " |"
        yield "|---|" + "---:|" * (len(COLUMNS) - 1)
        for row in group.rows:
            yield "| " + " | ".join(cells(row)) + " |"
        yield ""
        for row in group.rows:
            yield f"- {row.arm} ended: " + ", ".join(f"{stop} {n}" for stop, n in row.stops.items())
        for against in group.against:
            yield f"- {sentence(against)}"


def _interval(interval: Interval | None, *, sign: bool = False) -> str:
    if interval is None:
        return "-"
    form = "+.2f" if sign else ".2f"
    value, low, high = (format(n, form) for n in (interval.value, interval.low, interval.high))
    return f"{value} ({low} to {high})"
