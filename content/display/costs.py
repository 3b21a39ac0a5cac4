"""What things cost: the price list and the sums of example plans. Pure: rows in, words out; the day is an argument.

Amounts are whole minor units until the last step. Nothing here knows a discount, an offer or a day on which one ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clinic.foundation import money
from content import prices
from content.display import visits
from content.models import ClinicProfile, ExamplePlan, ExamplePlanLine, Treatment, VisitFee
from content.prices import Span


@dataclass(frozen=True)
class Price:
    """One line of the price list."""

    name: str
    url: str
    basis: str
    amount: str
    reviewed_on: date | None
    stale: bool


@dataclass(frozen=True)
class Part:
    """One line of an example plan: "3 to 6 visits, £165 to £195 each" and what that comes to."""

    name: str
    url: str
    count: str
    amount: str
    note: str


@dataclass(frozen=True)
class Plan:
    """An example plan with its sum."""

    title: str
    for_whom: str
    note: str
    parts: tuple[Part, ...]
    fee: str
    total: str


def amount(treatment: Treatment, currency: str) -> str:
    """'£165 to £195', or nothing without a price. What it is for is the treatment's `cost_basis`."""
    if treatment.price_from is None:
        return ""
    return money.span(treatment.price_from, treatment.price_to, currency)


def starts_at(treatment: Treatment, currency: str) -> str:
    """'from £165', or '£165' if it costs the same for everybody, or nothing without a price."""
    low, high = treatment.price_from, treatment.price_to
    if low is None:
        return ""
    return f"{'' if high in (None, low) else 'from '}{money.words(low, currency)}"


def starting_prices(treatments: Iterable[Treatment], currency: str) -> dict[str, str]:
    """'from £165 per visit' by the code of each treatment that has a price."""
    return {
        row.code: f"{starts_at(row, currency)} {row.cost_basis}".strip()
        for row in treatments
        if row.price_from is not None
    }


def price_list(
    treatments: Iterable[Treatment], urls: Mapping[int, str], currency: str, today: date
) -> list[Price]:
    """The treatments that are offered and have a price, in the order in which they come."""
    return [
        Price(
            name=row.name,
            url=urls.get(row.pk, ""),
            basis=row.cost_basis,
            amount=amount(row, currency),
            reviewed_on=row.price_reviewed_on,
            stale=is_stale(row.price_reviewed_on, today),
        )
        for row in treatments
        if row.offered and row.price_from is not None
    ]


def other_visits(told: Iterable[VisitFee], clinic: ClinicProfile) -> list[tuple[str, str, str]]:
    """The kinds of consultation beside a first visit at the clinic, each with what it costs, '£30' or 'free', and how it is
    paid.
    """
    return [
        (one.name, money.words(one.fee, clinic.currency), one.paid) if one.fee else (one.name, "free", "")
        for one in told
        if not _is_first(one, clinic)
    ]


def first_paid(told: Iterable[VisitFee], clinic: ClinicProfile) -> str:
    """How and when a first visit at the clinic is paid; empty if it is free or nobody has said so."""
    return next((one.paid for one in told if one.fee and _is_first(one, clinic)), "")


def _is_first(one: VisitFee, clinic: ClinicProfile) -> bool:
    return one.at_the_clinic and one.fee == clinic.consultation_fee


def checked_on(prices: Sequence[Price]) -> date | None:
    """The day on which all of them were checked, so that it need be said once only; None if they differ or one is stale."""
    days = {price.reviewed_on for price in prices}
    return prices[0].reviewed_on if len(days) == 1 and not prices[0].stale else None


def is_stale(reviewed_on: date | None, today: date) -> bool:
    """Whether nobody has checked the price within a year: the same day of last year still counts."""
    if reviewed_on is None:
        return True
    # On 29 February last year's day is the 28th.
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return reviewed_on < today.replace(year=today.year - 1, day=day)


def total(lines: Iterable[ExamplePlanLine], fee: int) -> Span:
    """What the lines come to, with the fee of one consultation; in minor units.

    Every line's treatment has a price; `hidden_because` says whether that is so.
    """
    return prices.total(_span(line) for line in lines) + Span(fee, fee)


def hidden_because(lines: Sequence[ExamplePlanLine], clinic: ClinicProfile) -> str:
    """Why a plan of these lines is not shown to readers, in a sentence for editors; nothing if it is shown."""
    if not lines:
        return "It has no treatments yet."
    for line in lines:
        if not line.treatment.is_published:
            return f"{line.treatment.name} is not published."
        if not line.treatment.offered:
            return f"{line.treatment.name} is not offered."
        if line.treatment.is_filler and not clinic.fillers_ready:
            return f"The clinic's profile does not say what is kept ready for {line.treatment.name}."
        if line.treatment.price_from is None:
            return f"{line.treatment.name} has no price."
    return ""


def plans(rows: Iterable[ExamplePlan], urls: Mapping[int, str], clinic: ClinicProfile) -> list[Plan]:
    """The example plans that can be shown. Rows come with lines and treatments loaded."""
    shown = []
    for row in rows:
        lines = list(row.lines.all())
        if hidden_because(lines, clinic):
            continue
        shown.append(
            Plan(
                title=row.title,
                for_whom=row.for_whom,
                note=row.note,
                parts=tuple(_part(line, urls, clinic.currency) for line in lines),
                fee=fee(clinic),
                total=total(lines, clinic.consultation_fee).words(clinic.currency),
            )
        )
    return shown


def fee(clinic: ClinicProfile) -> str:
    """What a first visit costs: '£45' or 'free'."""
    return money.words(clinic.consultation_fee, clinic.currency) if clinic.consultation_fee else "free"


def _part(line: ExamplePlanLine, urls: Mapping[int, str], currency: str) -> Part:
    treatment = line.treatment
    # A plan with a line without a price is not shown, so there is one.
    each = Span.of(treatment.price_from, treatment.price_to).words(currency)
    each = each if line.times_to == 1 else f"{each} each"
    return Part(
        name=treatment.name,
        url=urls.get(treatment.pk, ""),
        count=f"{prices.counted(line.times_from, line.times_to, treatment.cost_basis)}, {each}",
        amount=_span(line).words(currency),
        note=line.note,
    )


def _span(line: ExamplePlanLine) -> Span:
    """What one line comes to."""
    price = Span.of(line.treatment.price_from, line.treatment.price_to)
    return price.times(line.times_from, line.times_to)


def span_of_course(treatment: Treatment) -> Span | None:
    """What a course of several visits comes to; None where its price or their number is not known, or one is enough."""
    least, most = visits.said(treatment.sessions) or (0, 0)
    if treatment.price_from is None or not prices.is_per_visit(treatment.cost_basis) or most < 2:
        return None
    return Span.of(treatment.price_from, treatment.price_to).times(least, most)
