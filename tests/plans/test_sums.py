"""The sums of a plan: no money is lost or made between its lines and what was said yes or no to or is open."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bookings.models import PlanLine
from bookings.models.plan import total
from content import prices
from content.prices import NOTHING, Span

PENCE = st.integers(0, 10_000_000)
TIMES = st.integers(0, 60)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    low = draw(PENCE)
    return Span(low, low + draw(PENCE))


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    least = draw(TIMES)
    return least, least + draw(TIMES)


@st.composite
def lines(draw: st.DrawFn) -> PlanLine:
    """A line as its constraint allows it: each pair counts upwards."""
    each, (least, most) = draw(spans()), draw(counts())
    return PlanLine(
        price_from=each.low,
        price_to=each.high,
        times_from=least,
        times_to=most,
        said=draw(st.sampled_from(["", "yes", "no"])),
    )


@given(st.lists(lines(), max_size=12))
def test_what_was_accepted_what_is_open_and_what_was_declined_come_to_the_whole(rows: list[PlanLine]) -> None:
    parts = [total([row for row in rows if row.said == said]) for said in ("yes", "", "no")]
    assert parts[0] + parts[1] + parts[2] == total(rows)
    assert total(rows).low <= total(rows).high


@given(lines())
def test_a_line_costs_its_price_as_often_as_it_is_paid(row: PlanLine) -> None:
    assert row.span == Span(row.price_from * row.times_from, row.price_to * row.times_to)
    one_by_one = prices.total(Span(row.price_from, row.price_from) for _ in range(row.times_from))
    assert one_by_one.low == row.span.low
    assert row.each.times(1, 1) == row.each
    assert row.each.times(0, 0) == NOTHING


@given(st.lists(spans(), max_size=12))
def test_the_order_of_lines_changes_no_sum(several: list[Span]) -> None:
    assert prices.total(several) == prices.total(reversed(several))
    assert prices.total(several) == prices.total(several[:1]) + prices.total(several[1:])


@given(spans(), counts(), counts())
def test_more_times_never_cost_less(each: Span, fewer: tuple[int, int], more: tuple[int, int]) -> None:
    both = each.times(fewer[0] + more[0], fewer[1] + more[1])
    assert both == each.times(*fewer) + each.times(*more)
    assert both.low >= each.times(*fewer).low


@given(spans())
def test_the_words_say_both_ends_and_one_amount_where_there_is_one(span: Span) -> None:
    said = span.words("GBP")
    found = [round(float(amount.replace(",", "")) * 100) for amount in re.findall(r"£([\d,.]+)", said)]
    assert found == ([span.low] if span.low == span.high else [span.low, span.high])


@given(counts(), st.sampled_from(["per visit", "per scar", "per syringe", "", "a course"]))
def test_what_is_counted_is_one_thing_or_several(count: tuple[int, int], basis: str) -> None:
    least, most = count
    said = prices.counted(least, most, basis)
    assert said.endswith("s") is (most != 1)
    assert [int(number) for number in re.findall(r"\d+", said)] == (
        [most] if least == most else [least, most]
    )


def test_a_price_list_without_a_higher_price_has_one_price() -> None:
    assert Span.of(100, None) == Span(100, 100)
    assert Span.of(None, None) == NOTHING
    assert Span.of(100, 200) == Span(100, 200)
