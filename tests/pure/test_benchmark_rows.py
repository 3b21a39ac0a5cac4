"""What `make bench` makes of its rounds: medians with their spread, ratios of one round, and which rows hold."""

from __future__ import annotations

import pytest

from benchmarks.rows import Goal, Row, ratio, row, table

LEAST, MOST = Goal(at_least=0.8, aim=1.2), Goal(at_most=2, aim=1)


def test_a_row_is_the_median_with_the_worst_and_the_best() -> None:
    found = row("a day", [5, 1, 2], "ms", MOST)
    assert found == Row(name="a day", value=2, unit="ms", at_most=2, aim=1, min=1, max=5, rounds=3)


def test_a_ratio_compares_what_one_round_gave() -> None:
    """The second round was ten times slower for both: the ratio does not see it."""
    found = ratio("a day", [10, 1, 12], [20, 2, 20], LEAST)
    assert (found.value, found.min, found.max, found.unit) == (0.5, 0.5, 0.6, "x")


@pytest.mark.parametrize(
    ("goal", "value", "verdict"),
    [
        (LEAST, 0.79, "under"),
        (LEAST, 0.8, "holds"),
        (LEAST, 1.2, "aim"),
        (MOST, 2.01, "under"),
        (MOST, 2, "holds"),
        (MOST, 1, "aim"),
        (Goal(at_most=2), 0, "holds"),
        (Goal(), 7, ""),
    ],
)
def test_a_row_says_whether_it_holds(goal: Goal, value: float, verdict: str) -> None:
    assert row("a day", [value], "x", goal).verdict() == verdict


def test_what_was_not_measured_is_no_row() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        row("a day", [], "x")
    with pytest.raises(ValueError):
        ratio("a day", [1, 2], [1])


def test_the_table_is_one_line_a_row() -> None:
    lines = table([row("a day", [0.51234, 1234.5, 0.4], "x", LEAST), row("a file", [30], "KB")]).splitlines()
    assert [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]] == [
        ["a day", "0.512", "x", "≥ 0.8", "1.2", "under", "0.4 to 1234, 3"],
        ["a file", "30", "KB", "", "", "", ""],
    ]
