"""Charts as data: where each bar, line and word of a drawing stands. Geometry goes into attributes, colour is a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH = 310.0
_TOP, _BASE = 14.0, 118.0
_LEFT = 28.0
_HEIGHT = 138


@dataclass(frozen=True)
class Bar:
    """A rectangle; `style` is its class."""

    style: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Word:
    """A text; `anchor` as SVG has it: start, middle, end."""

    style: str
    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True)
class Curve:
    """A line through points, and a dot on each of them, round or square."""

    style: str
    points: str
    dots: Sequence[tuple[float, float]]
    square: bool


@dataclass(frozen=True)
class Rule:
    """A straight line from left to right."""

    style: str
    x: float
    y: float


@dataclass
class Chart:
    """One chart: its title, the sentence that says the finding, the drawing with its key, and all its numbers as a table."""

    code: str
    title: str
    say: str
    label: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    key: Sequence[tuple[str, str]] = ()
    height: int = _HEIGHT
    bars: list[Bar] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


# --- upright: one place for each week ---------------------------------------------------------------------------------


def columns(
    chart: Chart,
    stacks: Sequence[Sequence[tuple[str, int]] | None],
    labels: Sequence[str],
    above: Sequence[str],
    top: int = 0,
) -> None:
    """A column for each week, its parts on top of each other; None is a week of which nothing is said."""
    parts = 2 if top else 3
    top = top or _round(max((sum(n for _, n in stack) for stack in stacks if stack), default=0))
    _scale(chart, top, "", parts)
    step = (WIDTH - _LEFT) / max(len(stacks), 1)
    width = round(step * 0.64, 1)
    for n, stack in enumerate(stacks):
        middle, y = _LEFT + step * (n + 0.5), _BASE
        for style, number in stack or ():
            height = (_BASE - _TOP) * number / top
            y -= height
            if number:
                bar = Bar(style, _r(middle - width / 2), _r(y), width, _r(height))
                chart.bars.append(bar)
        words, style = (above[n], "val") if stack is not None else ("–", "tick")
        chart.words.append(Word(style, _r(middle), _r(y - 3), "middle", words))
    _weeks(chart, labels)


def lines(
    chart: Chart,
    curves: Sequence[tuple[str, Sequence[float | None]]],
    labels: Sequence[str],
    unit: str,
    promise: float | None,
) -> None:
    """A line for each series, in pieces where a week says nothing; the second and later ones have square dots."""
    values = [value for _, series in curves for value in series if value is not None]
    top = _round(max([*values, promise or 0]))
    _scale(chart, top, unit)
    step = (WIDTH - _LEFT) / max(len(labels), 1)

    def place(n: int, value: float) -> tuple[float, float]:
        return _r(_LEFT + step * (n + 0.5)), _r(_BASE - (_BASE - _TOP) * value / top)

    for number, (style, series) in enumerate(curves):
        for piece in _pieces([place(n, v) if v is not None else None for n, v in enumerate(series)]):
            points = " ".join(f"{x},{y}" for x, y in piece)
            chart.curves.append(Curve(style, points, piece, square=number > 0))
        last = next((n for n in reversed(range(len(series))) if series[n] is not None), None)
        if last is not None:
            x, y = place(last, series[last] or 0)
            chart.words.append(Word("val", x, _r(y - 7), "middle", f"{series[last]:g}"))
    if promise:
        y = _r(_BASE - (_BASE - _TOP) * promise / top)
        chart.rules.append(Rule("promise", _LEFT, y))
        chart.words.append(Word("val", _LEFT + 2, _r(y - 4), "start", f"promise, {promise:g}{unit}"))
    _weeks(chart, labels)


def _pieces(places: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    found: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is not None:
            found[-1].append(place)
        elif found[-1]:
            found.append([])
    return [piece for piece in found if piece]


def _scale(chart: Chart, top: int, unit: str, parts: int = 3) -> None:
    for part in range(parts + 1):
        value = top * part // parts
        y = _r(_BASE - (_BASE - _TOP) * part / parts)
        chart.rules.append(Rule("grid", _LEFT, y))
        chart.words.append(Word("tick", _LEFT - 4, _r(y + 4), "end", f"{value}{unit}"))


def _weeks(chart: Chart, labels: Sequence[str]) -> None:
    """Every third week, the last among them."""
    step = (WIDTH - _LEFT) / max(len(labels), 1)
    for n, words in enumerate(labels):
        left = len(labels) - 1 - n
        if left == 0:
            chart.words.append(Word("tick", WIDTH, 133, "end", words))
        elif left % 3 == 0:
            chart.words.append(Word("tick", _r(_LEFT + step * (n + 0.5)), 133, "middle", words))


def _round(most: float) -> int:
    """The end of the scale: three equal steps, each a round number."""
    for step in (1, 2, 4, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 100_000):
        if 3 * step >= most:
            return 3 * step
    return 3 * (int(most) // 3 + 1)


# --- lying: one line for each name ------------------------------------------------------------------------------------

_NAME, _ROW, _END = 118.0, 19.0, 52.0
_CHARACTERS = 19  # of a name that fit before its bar; the table has all of it


def lying(
    chart: Chart, lines: Sequence[tuple[str, Sequence[tuple[str, int]], str]], *, stacked: bool = False
) -> None:
    """A bar for each name, with words at its end. Not `stacked`, its parts lie over each other, the first one longest."""
    chart.height = max(40, int(_ROW * len(lines)) + 4)
    sums = [sum(n for _, n in parts) if stacked else max(n for _, n in parts) for _, parts, _ in lines]
    unit = (WIDTH - _NAME - _END) / max([*sums, 1])
    for n, (name, parts, words) in enumerate(lines):
        y, x = _ROW * n + 2, _NAME
        chart.words.append(Word("name", 0, _r(y + 11), "start", shortened(name)))
        for style, number in parts:
            if number:
                chart.bars.append(Bar(style, _r(x), _r(y), _r(number * unit), 14))
            x += number * unit if stacked else 0
        end = x if stacked else x + parts[0][1] * unit
        chart.words.append(Word("val", _r(end + 4), _r(y + 11), "start", words))


def shortened(name: str) -> str:
    return name if len(name) <= _CHARACTERS else name[: _CHARACTERS - 1].rstrip() + "…"


def _r(number: float) -> float:
    return round(number, 1)
