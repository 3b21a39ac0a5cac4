"""What things cost: the sums, the price list and its age, the example plans, and what editors are told about them."""

from __future__ import annotations

from datetime import date
from xml.etree.ElementTree import Element

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from bookings.models import ConsultationType
from content.display import costs
from content.models import ClinicProfile, ExamplePlan, ExamplePlanLine, Page, Treatment, VisitFee
from content.prices import Span, counted
from tests.content.html import errors, filled, only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = date(2026, 11, 28)


def needling(**changes: object) -> Treatment:
    values = {"name": "Needling", "offered": True, "cost_basis": "per visit"} | {
        "price_from": 16500,
        "price_to": 19500,
        "price_reviewed_on": date(2026, 11, 2),
    }
    return Treatment(**(values | changes))


def line(times_from: int, times_to: int, **treatment: object) -> ExamplePlanLine:
    return ExamplePlanLine(treatment=needling(**treatment), times_from=times_from, times_to=times_to)


# --- sums -------------------------------------------------------------------------------------------------------------


def test_a_plan_runs_from_the_fewest_and_cheapest_to_the_most_and_dearest() -> None:
    lines = [line(3, 6), line(5, 5, price_from=14000, price_to=19000)]
    assert costs.total(lines, 4500) == Span(3 * 16500 + 5 * 14000 + 4500, 6 * 19500 + 5 * 19000 + 4500)


def test_one_price_is_both_ends() -> None:
    assert costs.total([line(2, 3, price_to=None)], 0) == Span(33000, 49500)


def test_no_lines_come_to_the_first_visit() -> None:
    assert costs.total([], 4500) == Span(4500, 4500)


def test_how_a_visit_is_paid_stands_beside_its_fee_and_never_beside_none() -> None:
    clinic = ClinicProfile(consultation_fee=4000, currency="GBP")
    told = [
        VisitFee("First", 4000, True, "You pay here."),
        VisitFee("Video", 3000, False),
        VisitFee("Call", 0, False, "x"),
    ]
    assert costs.first_paid(told, clinic) == "You pay here."
    assert costs.other_visits(told, clinic) == [("Video", "£30", ""), ("Call", "free", "")]


@pytest.mark.parametrize(
    ("low", "high", "basis", "phrase"),
    [
        (3, 6, "per visit", "3 to 6 visits"),
        (5, 5, "per scar", "5 scars"),
        (1, 1, "per syringe", "1 syringe"),
        (1, 2, "per syringe", "1 to 2 syringes"),
        (2, 3, "", "2 to 3 times"),
        (1, 1, "for the whole face", "1 time"),
    ],
)
def test_how_many_times_in_words(low: int, high: int, basis: str, phrase: str) -> None:
    assert counted(low, high, basis) == phrase


@pytest.mark.parametrize(
    ("reviewed", "stale"),
    [
        (date(2025, 11, 28), False),
        (date(2025, 11, 27), True),
        (TODAY, False),
        (date(2027, 1, 1), False),
        (None, True),
    ],
)
def test_a_price_is_stale_after_a_year(reviewed: date | None, stale: bool) -> None:
    assert costs.is_stale(reviewed, TODAY) is stale


def test_a_leap_day_has_a_year_before_it() -> None:
    leap = date(2028, 2, 29)
    assert not costs.is_stale(date(2027, 2, 28), leap)
    assert costs.is_stale(date(2027, 2, 27), leap)


def test_the_list_leaves_out_what_is_not_offered_or_has_no_price() -> None:
    rows = [
        needling(),
        needling(name="Light", offered=False),
        needling(name="Laser", price_from=None, price_to=None),
    ]
    assert [price.name for price in costs.price_list(rows, {}, "GBP", TODAY)] == ["Needling"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "It has no treatments yet."),
        ([line(1, 1), line(1, 1, name="Light", offered=False)], "Light is not offered."),
        # Readers may never have been told of it.
        ([line(1, 1, name="New laser", is_published=False)], "New laser is not published."),
        ([line(1, 1, name="Laser", price_from=None, price_to=None)], "Laser has no price."),
        # Nobody has said what is kept ready.
        (
            [line(1, 1, name="Gel", is_filler=True)],
            "The clinic's profile does not say what is kept ready for Gel.",
        ),
        ([line(1, 1)], ""),
    ],
)
def test_a_plan_that_cannot_be_summed_says_why(lines: list[ExamplePlanLine], told: str) -> None:
    assert costs.hidden_because(lines, ClinicProfile()) == told


# --- the page ---------------------------------------------------------------------------------------------------------


def read(client: Client) -> Element:
    response = client.get("/costs/")
    assert response.status_code == 200
    return parsed(response.content.decode())


def prices(tree: Element) -> dict[str, list[str]]:
    table = next(t for t in tree.iter("table") if "prices" in (t.get("class") or ""))
    return {words(row[0]): [words(cell) for cell in row[1:]] for row in only(table, "tbody")}


def plan(tree: Element, title: str) -> Element | None:
    folds = (each for each in tree.iter("details") if each.get("class") == "more plan")
    return next((each for each in folds if words(only(each, "h3")).startswith(f"{title}: ")), None)


def test_the_price_list_shows_basis_price_and_the_day_of_its_check(shipped: None, client: Client) -> None:
    told = prices(read(client))
    assert told["First visit"][0] == "£45"
    assert told["Punch techniques"] == ["£140 to £190 per scar"]
    assert words(read(client)).count("checked on 2 November 2026") == 1, "once, as it is the same for all"
    assert told["Dermal fillers"][0].endswith(" per syringe")
    assert not set(told) & set(Treatment.objects.filter(offered=False).values_list("name", flat=True))
    assert 'href="#price-table"' in client.get("/costs/").content.decode()


def test_an_old_price_says_that_it_is_old(shipped: None, client: Client) -> None:
    Treatment.objects.filter(code="punch").update(price_reviewed_on=date(2020, 1, 5))
    Treatment.objects.filter(code="filler").update(price_reviewed_on=None)
    told = prices(read(client))
    assert told["Punch techniques"][1] == "5 January 2020. More than a year ago, so please ask us"
    assert told["Dermal fillers"][1] == "No date. Please ask us"


def test_a_plan_shows_each_line_and_what_it_comes_to(shipped: None, client: Client) -> None:
    shown = plan(read(client), "Five deep scars first, then laser")
    assert shown is not None
    head, *rows = [[words(cell) for cell in row] for row in shown.iter("tr")]
    assert head == ["What", "What it comes to"]
    assert rows[0] == ["First visit", "£45"]
    assert rows[1][0].startswith("Punch techniques5 scars, £140 to £190 each.")
    assert [row[1] for row in rows] == ["£45", "£700 to £950", "£1,860 to £3,360", "£2,605 to £4,355"]


def test_a_plan_follows_the_prices(shipped: None, client: Client) -> None:
    Treatment.objects.filter(code="filler").update(price_from=10000, price_to=None)
    ClinicProfile.objects.update(consultation_fee=0, currency="EUR")
    shown = plan(read(client), "A few soft dips, with fillers")
    assert shown is not None
    assert [words(row[1]) for row in shown.iter("tr")][1:] == ["Free", "€100 to €300", "€100 to €300"]


def test_a_plan_with_a_treatment_that_went_is_not_shown(shipped: None, client: Client) -> None:
    Treatment.objects.filter(code="punch").update(offered=False)
    tree = read(client)
    assert plan(tree, "Five deep scars first, then laser") is None
    assert plan(tree, "Shallow dips, with microneedling") is not None


def test_without_any_price_the_page_still_speaks(shipped: None, client: Client) -> None:
    Treatment.objects.update(price_from=None, price_to=None)
    tree = read(client)
    assert list(prices(tree)) == ["First visit"]
    assert "We have no prices of treatments to show yet." in words(tree)
    assert not list(tree.iter("article"))


@pytest.mark.parametrize(
    ("body", "order"),
    [
        (
            "## How prices work\n\nPer visit.\n\n{{ prices }}\n\n## Plans\n\n{{ plans }}\n",
            ["prices", "plans"],
        ),
        ("## Plans\n\n{{ plans }}\n", ["plans", "prices"]),
        ("Only words.", ["prices", "plans"]),
    ],
)
def test_an_editors_text_holds_the_lists_where_it_says(
    shipped: None, client: Client, body: str, order: list[str]
) -> None:
    Page.objects.update_or_create(
        kind="duty",
        slug="costs",
        defaults={"title": "What it costs here", "menu_title": "Costs", "summary": "S.", "body": body},
    )
    tree = read(client)
    assert words(only(tree, "h1")) == "What it costs here"
    found = [e.get("class") for e in tree.iter() if e.get("class") in ("prices", "plans")]
    assert found == order, "each list once"


def test_what_leads_to_a_visit_says_what_one_costs_as_the_price_list_does(
    shipped: None, client: Client
) -> None:
    for fee, said in ((4500, "A first visit costs £45."), (0, "A first visit is free.")):
        ClinicProfile.objects.update(consultation_fee=fee)
        for path in ("/", "/concerns/rolling/"):
            assert said in client.get(path).content.decode(), path
        assert ("£45" in client.get("/costs/").content.decode()) is bool(fee)


def test_nothing_on_it_hurries_anybody(shipped: None, client: Client) -> None:
    told = words(only(read(client), "main")).casefold()
    for word in ("offer ends", "discount", "% off", "today only", "until ", "save £", "limited", "deal"):
        assert word not in told, word


def test_it_costs_ten_statements(
    shipped: None, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Page.objects.update_or_create(
        kind="duty", slug="costs", defaults={"title": "T", "menu_title": "T", "summary": "S."}
    )
    with django_assert_max_num_queries(10):
        client.get("/costs/")


def test_it_is_only_read(shipped: None, client: Client) -> None:
    assert client.post("/costs/").status_code == 405


# --- what editors do --------------------------------------------------------------------------------------------------


@pytest.fixture
def ed(client: Client) -> Client:
    """Ed edits."""
    user = User.objects.create_user("ed", password="ed", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="content"))
    client.force_login(user)
    return client


def test_ed_adds_a_plan_and_sees_what_it_comes_to_before_readers_do(shipped: None, ed: Client) -> None:
    url = reverse("admin:content_exampleplan_add")
    typed = filled(ed, url) | {"plan-title": "Two pits", "plan-for_whom": "Somebody with two pits."}
    wrong = ed.post(url, typed | {"plan-lines": "Punch techniques | 2 to 1"})
    assert "Line 1: say how many times, like: Punch techniques | 3 to 6." in errors(wrong.content.decode())
    added = ed.post(url, typed | {"plan-lines": "punch techniques | 2 | In one visit"})
    assert added.status_code == 303
    assert "£325 to £425" in ed.get(reverse("admin:content_exampleplan_changelist")).content.decode()
    assert plan(read(ed), "Two pits") is None
    assert ed.post(added["Location"], filled(ed, added["Location"]) | {"do": "publish"}).status_code == 303
    assert plan(read(ed), "Two pits") is not None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Magic | 2", "Line 1: there is no treatment called “Magic”."),
        ("Punch techniques | 2\nPunch techniques", "Line 2: say how many times"),
        ("Punch techniques | 0", "Line 1: say how many times"),
        ("Punch techniques | two", "Line 1: say how many times"),
        (f"Punch techniques | 2 | {'x' * 161}", "Line 1: the note has 161 letters. 160 are the most."),
    ],
)
def test_a_line_that_is_none_is_named(shipped: None, ed: Client, typed: str, told: str) -> None:
    row = ExamplePlan.objects.earliest("order")
    url = reverse("admin:content_exampleplan_change", args=[row.pk])
    response = ed.post(url, filled(ed, url) | {"plan-lines": typed})
    assert told in errors(response.content.decode())
    assert escape(typed.strip()) in response.content.decode()
    assert not row.versions.exists()


def test_ed_is_told_why_readers_do_not_see_a_plan(shipped: None, ed: Client) -> None:
    Treatment.objects.filter(code="punch").update(offered=False)
    listed = ed.get(reverse("admin:content_exampleplan_changelist")).content.decode()
    assert "Not shown: Punch techniques is not offered." in listed
    row = ExamplePlan.objects.get(title__startswith="Five deep")
    form = ed.get(reverse("admin:content_exampleplan_change", args=[row.pk])).content.decode()
    assert "Not shown: Punch techniques is not offered." in form


def test_a_treatment_in_a_plan_cannot_be_deleted(shipped: None) -> None:
    with pytest.raises(ProtectedError):
        Treatment.objects.get(code="punch").delete()


@pytest.mark.parametrize(("low", "high"), [(0, 1), (3, 2)])
def test_the_database_refuses_a_plan_that_counts_downwards(shipped: None, low: int, high: int) -> None:
    row = ExamplePlanLine(
        plan=ExamplePlan.objects.earliest("order"),
        treatment=Treatment.objects.get(code="punch"),
        times_from=low,
        times_to=high,
    )
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_the_page_of_consultations_says_what_a_first_visit_costs(shipped: None, client: Client) -> None:
    said = words(parsed(client.get("/consultations/").content.decode()))
    assert "A first visit costs £45. Asking is free. That is the price at the clinic." in said
    assert "{{" not in said


def test_a_visit_by_video_and_a_phone_call_stand_in_the_table_and_a_session_does_not(
    shipped: None, client: Client
) -> None:
    kinds = [
        ConsultationType(name="First consultation", minutes=45, fee=4500, order=1),
        ConsultationType(name="Video consultation", mode="video", minutes=30, fee=3000, order=2),
        ConsultationType(name="Phone call", mode="phone", minutes=20, fee=0, order=3),
        ConsultationType(name="Long call", mode="phone", minutes=40, fee=900, is_active=False),
        ConsultationType(name="Treatment session", purpose="session", minutes=60, fee=18000),
    ]
    ConsultationType.objects.bulk_create(kinds)

    def table() -> list[list[str]]:
        tree = parsed(client.get("/costs/").content.decode())
        return [[words(cell) for cell in row] for row in only(tree, "tbody").iter("tr")]

    rows = table()
    assert rows[:3] == [["First visit", "£45"], ["Video consultation", "£30"], ["Phone call", "Free"]]
    assert rows[3][0] == "Fractional ablative laser (columns)"
    ConsultationType.objects.filter(mode="video").update(fee=3500)
    assert table()[1] == ["Video consultation", "£35"], (
        "what is kept ready of the page is not shown any longer"
    )
