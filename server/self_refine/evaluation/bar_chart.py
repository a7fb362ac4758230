"""The figures as one SVG: what each arm leaves undone, and what it costs."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from self_refine.evaluation.summary import Group, Row

_PANELS: Mapping[str, Callable[[Row], float]] = {
    "criteria failed, %": lambda row: 100 * row.failing / max(1, row.criteria),
    "criteria made worse": lambda row: row.worse,
    "characters changed, %": lambda row: 100 * row.share,
    "calls": lambda row: row.calls,
    "tokens in": lambda row: row.input_tokens,
    "tokens out": lambda row: row.output_tokens,
    "seconds": lambda row: row.seconds,
}
_COLOURS = {"ours": "#2563a8", "plain": "#b0762b", "rewrite": "#6b8e4e", "draft": "#8a8a8a"}
_WIDTH, _BAR, _LABEL, _FULL = 640, 16, 150, 360


def as_svg(group: Group, title: str) -> str:
    """A panel of bars for each measure; the longest bar of a panel fills its width."""
    parts: list[str] = [_text(10, 22, title, bold=True)]
    top = 44
    for name, of in _PANELS.items():
        parts.append(_text(10, top + _BAR - 4, name))
        longest = max((of(row) for row in group.rows), default=0.0) or 1.0
        for at, row in enumerate(group.rows):
            parts += _bar(row, top + at * (_BAR + 2), of(row), _FULL * of(row) / longest)
        top += len(group.rows) * (_BAR + 2) + 14
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top}" '
        f'viewBox="0 0 {_WIDTH} {top}" role="img" aria-label="{escape(title)}" '
        'font-family="sans-serif" font-size="12">'
    )
    ground = f'<rect width="{_WIDTH}" height="{top}" fill="#ffffff"/>'
    return "\n".join([head, ground, *parts, "</svg>"]) + "\n"


def _bar(row: Row, top: int, value: float, length: float) -> Sequence[str]:
    colour = _COLOURS.get(row.arm, "#a05a7c")
    shown = f"{row.arm} {value:,.1f}" if value < 100 else f"{row.arm} {value:,.0f}"
    return (
        f'<rect x="{_LABEL}" y="{top}" width="{length:.1f}" height="{_BAR}" fill="{colour}"/>',
        _text(_LABEL + length + 6, top + _BAR - 4, shown),
    )


def _text(x: float, y: float, words: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="#222222"{weight}>{escape(words)}</text>'
