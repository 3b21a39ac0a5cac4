"""What the comparison and the guide's answer say first: few words, out of the words that editors wrote, and never more."""

from __future__ import annotations

import pytest

from content.matrix import figures
from content.models import Treatment


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("3 to 4 in the main study, 6 weeks apart", "3 to 4"),
        ("Often 3 or more, about 4 weeks apart", "3 or more"),
        ("3 in the main trial, a month apart. Often more", "3 or more"),
        ("1 to 3, about 4 weeks apart. Repeated when it wears off", "1 to 3, or more"),
        ("Usually once, sometimes in stages", "1 or more"),
        ("Medium: may be repeated every 6 to 12 months. Deep: usually once", "1 or more"),
        ("No visits. A cream: often 3 to 6 months", "None"),
        ("A course, repeated", "A course, repeated"),
        ("A series. The number is not well tested", "A series"),
        ("", ""),
    ],
)
def test_a_number_of_visits_that_is_only_the_least_says_so(words: str, shown: str) -> None:
    assert figures.visits(words) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (
            "Red for 3 to 4 days, crusts for 4 to 6 days. Longer if the laser goes deeper",
            "4 to 6 days, or longer",
        ),
        ("Usually red for 1 to 3 days, and a bruise on the arm", "1 to 3 days"),
        ("Medium: up to 6 weeks to settle. Deep: longer", "Up to 6 weeks, or longer"),
        ("Swelling for days to weeks, pink for about 3 months", "About 3 months"),
        ("Dots of crust for about a week", "About a week"),
        ("Red for hours to days", "Hours to days"),
        ("Red for 20 hours, dry for days", "Days"),
        ("Tight for hours", "Hours"),
        ("No time off", "None"),
        ("None", "None"),
        ("A stitch or a dressing. Your care sheet says for how long", "A stitch or a dressing"),
        ("", ""),
    ],
)
def test_a_recovery_is_the_longest_time_that_the_words_name(words: str, shown: str) -> None:
    assert figures.recovery(words) == shown


@pytest.mark.parametrize(
    ("visits", "basis", "course"),
    [
        (
            "3 to 4 in the main study, 6 weeks apart",
            "per visit",
            "About £1,860 to £3,360 for 3 to 4 visits",
        ),
        (
            "3 in the main trial. Often more",
            "per visit",
            "About £1,860 to £2,520 for 3 visits, and more if it takes more",
        ),
        ("No agreed number. One trial used 2", "per visit", "Not known: no agreed number of visits"),
        ("Usually once, sometimes in stages", "per visit", "The same, if one visit is enough"),
        ("One or more", "per scar", "Depends on how many scars"),
    ],
)
def test_a_whole_course_has_a_sum_only_where_visits_and_price_are_known(
    visits: str, basis: str, course: str
) -> None:
    row = Treatment(sessions=visits, cost_basis=basis, price_from=62000, price_to=84000)
    assert figures.course(row, "GBP") == course
    row.price_from = row.price_to = None
    assert figures.course(row, "GBP") == "Please ask us"
