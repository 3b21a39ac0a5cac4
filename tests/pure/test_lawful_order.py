"""The order in which the treatments of a plan stand."""

from __future__ import annotations

import pytest

from bookings.models.plan import lawful


@pytest.mark.parametrize(
    ("followed", "order"),
    [
        ([None, None], [0, 1]),
        ([1, None, None], [1, 0, 2]),
        ([2, 0, None], [2, 0, 1]),
        ([None, 9], [0, 1]),
        ([0, None], [0, 1]),
        ([1, 0], [0, 1]),
        ([], []),
    ],
)
def test_none_stands_before_the_one_that_it_follows(followed: list[int | None], order: list[int]) -> None:
    assert lawful(followed) == order
