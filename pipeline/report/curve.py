"""Inline SVG: measured shares with what chance allows them, and the curve that they should lie on."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDE, HIGH = 300.0, 190.0  # of the field, in the SVG's units
LEFT, TOP, BELOW = 34.0, 8.0, 34.0
GRID = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Point:
    """A share at x, the interval that chance allows it, and how far out it is drawn to be."""

    x: float
    share: float
    low: float
    high: float
    style: str = "fits"


@dataclass(frozen=True)
class Field:
    """What of x is shown, and which of it is written below the axis."""

    low: float
    high: float
    ticks: Sequence[float]

    def across(self, x: float) -> float:
        return LEFT + (x - self.low) / (self.high - self.low) * WIDE


def _down(share: float) -> float:
    return TOP + (1 - share) * HIGH


def _line(style: str, x: tuple[float, float], y: tuple[float, float]) -> Markup:
    return Markup('<line class="{}" x1="{:.2f}" x2="{:.2f}" y1="{:.2f}" y2="{:.2f}"/>').format(style, *x, *y)


def _text(x: float, y: float, anchor: str, text: str) -> Markup:
    return Markup('<text class="tick" x="{:.2f}" y="{:.2f}" text-anchor="{}">{}</text>').format(x, y, anchor, text)


def _axes(field: Field, name: str) -> list[Markup]:
    shapes = []
    for share in GRID:
        shapes.append(_line("axis", (LEFT, LEFT + WIDE), (_down(share), _down(share))))
        shapes.append(_text(LEFT - 6, _down(share) + 4, "end", f"{share:g}"))
    shapes += [_text(field.across(x), TOP + HIGH + 16, "middle", f"{x:g}") for x in field.ticks]
    return [*shapes, _text(LEFT + WIDE / 2, TOP + HIGH + 31, "middle", name)]


def _point(field: Field, point: Point) -> Markup:
    x = field.across(point.x)
    whisker = _line(f"whisker {point.style}", (x, x), (_down(point.low), _down(point.high)))
    dot = Markup('<circle class="dot {}" cx="{:.2f}" cy="{:.2f}" r="3.2"/>')
    return whisker + dot.format(point.style, x, _down(point.share))


def recall_chart(
    curve: Sequence[tuple[float, float]], points: Sequence[Point], field: Field, name: str, says: str
) -> Markup:
    """The curve through (x, share), the points over it; `name` stands below the axis, `says` is read aloud."""
    path = " ".join(f"{field.across(x):.2f},{_down(share):.2f}" for x, share in curve)
    opening = Markup('<svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">').format(
        LEFT + WIDE + 12, TOP + HIGH + BELOW, escape(says)
    )
    line = Markup('<polyline class="curve" points="{}"/>').format(path)
    return (
        opening + Markup("").join([*_axes(field, name), line, *(_point(field, p) for p in points)]) + Markup("</svg>")
    )
