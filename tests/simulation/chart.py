"""Owns the plot of a simulation: defects left after each pass, both loops, as SVG."""

from collections.abc import Sequence

_WIDTH, _HEIGHT, _LEFT, _LOW, _TOP = 560, 320, 56, 44, 40


def chart(lines: dict[str, Sequence[float]], title: str) -> str:
    """An SVG document with one line for each series, labelled at its end."""
    passes = max(len(values) for values in lines.values()) - 1
    most = max(max(values) for values in lines.values()) or 1.0
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}">',
        '<g font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="22" font-size="14" font-weight="bold">{title}</text>',
    ]
    parts += _axes(passes, most)
    colours = ("#0b6e4f", "#b3541e", "#3b5998")
    for (name, values), colour in zip(lines.items(), colours, strict=False):
        points = [_point(n, value, passes, most) for n, value in enumerate(values)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        x, y = points[1]
        parts.append(f'<text x="{x + 8:.1f}" y="{y - 6:.1f}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</g>", "</svg>", ""])


def _axes(passes: int, most: float) -> list[str]:
    parts = []
    for n in range(passes + 1):
        x, y = _point(n, 0, passes, most)
        label = "as given" if n == 0 else f"pass {n}"
        parts.append(f'<text x="{x:.1f}" y="{y + 20:.1f}" text-anchor="middle">{label}</text>')
    for step in range(5):
        value = most * step / 4
        x, y = _point(0, value, passes, most)
        right = _WIDTH - 24
        parts.append(f'<line x1="{x}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.1f}</text>')
    return parts


def _point(n: int, value: float, passes: int, most: float) -> tuple[float, float]:
    across = (_WIDTH - _LEFT - 60) * n / max(1, passes)
    up = (_HEIGHT - _TOP - _LOW) * value / most
    return _LEFT + across, _HEIGHT - _LOW - up
