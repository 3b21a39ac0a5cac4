"""/consultations/times/ and the choice of a time in the request."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookings.models import Appointment, BookingRules, ConsultationRequest, Draft
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once


def test_free_times_as_a_page() -> None:
    response = Client().get("/consultations/times/")
    page = walk.check_page(response)
    assert walk.soon(response) == [
        "Tue 1 December, 9am|Soonest, with Ana Lind or Bo Reyes",
        "Wed 2 December, midday|Another day, with Ana Lind or Bo Reyes",
        "Thu 3 December, 9am|After that, with Ana Lind or Bo Reyes",
    ]
    assert "Accept" in response["Vary"]
    first = next(a for a in page.iter("a") if "time=" in (a.get("href") or ""))
    browser = Client()
    start = browser.get(first.get("href"), follow=True)
    assert "Tuesday 1 December at 9am" in walk.text(start)
    hidden = {
        n.get("name"): n.get("value") for n in walk.tree(start).iter("input") if n.get("type") == "hidden"
    }
    hidden.pop("csrfmiddlewaretoken", None)
    draft = walk.begin(browser, **hidden)
    assert Draft.objects.get(pk=draft).data["slot"] == "any@2026-12-01T09:00Z"


@pytest.mark.parametrize(
    "query",
    [
        "type=99999", "type=x", "day=9", "practitioner=0", "practitioner=abc", "from=yesterday", "from=2026-13-40", "days=0",
        "days=-1", "days=1e9", "days=99999999999999999999", "practitioner=²", "type=%F0%9F%99%82",
    ],
)  # fmt: skip
def test_an_unclear_question_gets_a_clear_answer(query: str) -> None:
    page = Client().get(f"/consultations/times/?{query}")
    walk.check_page(page, 400)
    data = Client().get(f"/consultations/times/?{query}", headers={"accept": "application/json"})
    assert data.status_code == 400
    assert data.json()["error"]


@pytest.mark.parametrize(
    "query",
    [
        "from=0001-01-01",
        "from=9999-12-31",
        "day=0001-01-01",
        "day=9999-12-31",
        "from=1999-01-01&days=31",
        "zone=Nowhere",
    ],
)
def test_far_away_days_are_only_empty(query: str) -> None:
    walk.check_page(Client().get(f"/consultations/times/?{query}"))


def test_one_day_at_a_time_and_days_lead_on_and_back() -> None:
    make.practitioner().time_off.create(starts_at=make.at(9, 0), ends_at=make.at(10, 0))
    make.practitioner("Bo Reyes").time_off.create(starts_at=make.at(9, 0), ends_at=make.at(10, 0))
    browser, address = Client(), "/consultations/times/"
    page = browser.get(address)
    tree = walk.check_page(page)
    assert "Tuesday 1 December: 31 free" in walk.main(page)
    days = {one.find("span[@class='vh']").text: one for one in tree.findall(".//ul[@class='week']/li/*")}
    assert list(days)[:2] == ["Monday 30 November, no free times", "Tuesday 1 December, 31 free times"]
    assert len(days) == 10
    assert days["Wednesday 9 December, no free times"].tag == "span"
    on_friday = browser.get(address + days["Friday 11 December, 31 free times"].get("href"))
    assert "Friday 11 December: 31 free" in walk.main(on_friday)
    later = next(a for a in walk.tree(on_friday).iter("a") if a.text == "Later days")
    second = browser.get(address + later.get("href"))
    assert "Monday 14 December: 31 free" in walk.main(second)
    # What is soonest stays in reach.
    assert walk.soon(second) == walk.soon(page)
    earlier = next(a for a in walk.tree(second).iter("a") if a.text == "Earlier days")
    assert "Friday 11 December: 31 free" in walk.main(browser.get(address + earlier.get("href")))
    full = browser.get(f"{address}?day=2026-12-09")
    assert "Wednesday 9 December: no free times" in walk.main(full)


def test_each_time_says_its_day_and_its_person_by_itself() -> None:
    ana = make.practitioner()
    _, address = walk.at_times(browser := Client())
    for path, tag in (
        (f"{address}&practitioner={ana.pk}", "button"),
        (f"/consultations/times/?practitioner={ana.pk}", "a"),
    ):
        page = browser.get(path)
        for one in [*walk.times_of(page), *walk.tree(page).findall(f".//ul[@class='soon']//{tag}")]:
            words = " ".join("".join(one.itertext()).split())
            assert " December" in words and words.endswith((", with Ana Lind", "UK time")), words
    # Whoever is free: each says who that may be.
    assert "With Ana Lind or Bo Reyes." in walk.main(browser.get(address))


def test_whoever_lists_the_concern_is_preferred_to_who_sees_everything_and_the_page_says_so() -> None:
    """Bo, who sees everything, has fewer visits that week and would be taken without the concern."""
    ana, bo = make.practitioner(), make.practitioner("Bo Reyes")
    ana.concerns.add(make.concern())
    make.in_state("confirmed", email="eve@example.org", start=make.at(2, 9), practitioner_id=ana.pk)
    _, address = walk.at_times(browser := Client())
    page = walk.main(browser.get(address))
    assert "with Ana Lind" in page and "Bo Reyes." not in page
    assert "With Ana Lind." in page
    walk.send(browser, walk.to_check(browser))
    held = Appointment.objects.held().get()
    assert held.practitioner == ana
    # Where only Bo is free it is Bo.
    assert bo.name in walk.main(Client().get("/consultations/times/?day=2026-12-02"))


def test_a_day_with_very_many_times_is_folded() -> None:
    page = Client().get("/consultations/times/")
    folds = [
        fold for fold in walk.tree(page).iter("details") if fold.find(".//div[@class='times']") is not None
    ]
    assert [" ".join("".join(fold.find("summary").itertext()).split()) for fold in folds] == [
        "Morning: 12 free",
        "From midday: 19 free",
    ]
    assert [fold.get("open") is not None for fold in folds] == [True, False]


def test_somebody_who_has_nothing_soon_is_shown_beside_somebody_who_has() -> None:
    ana = make.practitioner()
    ana.time_off.create(starts_at=make.at(1, 0), ends_at=make.at(16, 0))
    browser = Client()
    page = browser.get(f"/consultations/times/?practitioner={ana.pk}")
    walk.check_page(page)
    assert "Ana Lind has nothing free in the next two weeks." in walk.main(page)
    assert walk.soon(page) == [
        "Wed 16 December, 9am|With Ana Lind",
        "Wed 16 December, 9:15am|With Ana Lind",
        "Tue 1 December, 9am|Sooner, with Bo Reyes",
    ]
    draft, address = walk.at_times(browser)
    with_bo = walk.tree(browser.get(f"{address}&practitioner={ana.pk}")).findall(
        ".//ul[@class='soon']//button"
    )[2]
    answer = {"practitioner": str(ana.pk), "slot": with_bo.get("value")}
    done = browser.post(f"{address}&practitioner={ana.pk}", answer)
    assert done["Location"] == f"/consultations/request/you/?d={draft}"
    assert Draft.objects.get(pk=draft).data["practitioner"] == make.practitioner("Bo Reyes").pk
    ana.working_hours.all().delete()
    never = browser.get(f"/consultations/times/?practitioner={ana.pk}")
    assert "Ana Lind has no free times to show just now. Somebody else has." in walk.main(never)
    assert walk.soon(never)[0].startswith("Tue 1 December, 9am|With Bo Reyes")


def test_the_page_needs_few_statements_however_many_days(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(15):
        Client().get("/consultations/times/?days=31")


def test_nothing_can_be_posted_there() -> None:
    assert Client().post("/consultations/times/").status_code == 405


def test_a_visit_by_video_shows_the_clients_own_zone_too() -> None:
    video = make.consultation_type(name="Video consultation", mode="video", order=5)
    make.practitioner().consultation_types.add(video)
    page = Client().get(f"/consultations/times/?type={video.pk}&zone=Europe/Paris")
    walk.check_page(page)
    assert "10am Paris time" in walk.text(page)
    browser = Client()
    draft = walk.before("times", browser)
    address = f"/consultations/request/times/?d={draft}&type={video.pk}&zone=Europe/Paris"
    walk.check_page(browser.get(address))
    assert browser.post(address, {"slot": "any@2026-12-03T10:00Z"}).status_code == 303
    walk.answer(browser, draft, "you")
    walk.age(draft)
    assert "11am Paris time" in walk.text(browser.get(f"/consultations/request/check/?d={draft}"))
    walk.send(browser, draft)
    consultation = ConsultationRequest.objects.get()
    assert (consultation.time_zone, consultation.consultation_type) == ("Europe/Paris", video)
    assert "11am Paris time" in walk.text(browser.get(f"/consultations/sent/?d={draft}"))


def test_without_any_type_the_client_is_asked_to_phone() -> None:
    browser = Client()
    draft = walk.before("times", browser)
    make.consultation_type()
    type(make.consultation_type()).objects.update(is_active=False)
    response = browser.get(f"/consultations/request/times/?d={draft}")
    walk.check_page(response, 503)
    assert "01632 960001" in walk.text(response)
    walk.check_page(Client().get("/consultations/times/"))


def test_a_day_with_many_times_is_in_parts_and_one_with_few_is_not() -> None:
    _, address = walk.at_times(browser := Client())
    BookingRules.objects.update_or_create(pk=1, defaults={"slot_step_minutes": 30})
    parts = walk.tree(browser.get(address)).findall(".//h3[@class='part']")
    assert [part.text for part in parts] == ["Morning", "From midday"]
    for person in ("Ana Lind", "Bo Reyes"):
        make.practitioner(person).working_hours.update(starts="16:00")
    few = browser.get(address)
    assert not walk.tree(few).findall(".//h3[@class='part']")
    assert len(walk.times_of(few)) == 2


def test_each_kind_says_how_long_it_is_and_what_it_costs() -> None:
    video = make.consultation_type(name="Video consultation", mode="video", order=5, fee=3000)
    make.practitioner().consultation_types.add(video)
    browser = Client()
    _, address = walk.at_times(browser)
    for path in (address, "/consultations/times/"):
        page = walk.tree(browser.get(path))
        segments = ["".join(a.itertext()) for a in page.iter("a") if a.get("href", "").startswith("?")]
        assert segments[:2] == ["In person 30 minutes, £40", "By video 30 minutes, £30"]
        assert segments[2:5] == ["Either", "Ana Lind", "Bo Reyes"]
    # The most that it may be is said where somebody begins.
    start = walk.main(browser.get("/consultations/request/"))
    assert "Nothing to pay now: a visit costs up to £40." in start


def test_times_with_somebody_else_stand_apart_and_each_says_whom() -> None:
    BookingRules.objects.update_or_create(pk=1, defaults={"slot_step_minutes": 60})
    make.practitioner("Bo Reyes").working_hours.update(starts="12:00")
    make.practitioner().time_off.create(starts_at=make.at(3, 14), ends_at=make.at(3, 16))
    page = Client().get("/consultations/times/?day=2026-12-03")
    walk.check_page(page)
    parts = walk.tree(page).findall(".//h3[@class='part']")
    assert ["".join(part.itertext()) for part in parts] == [
        "With Ana Lind",
        "With Ana Lind or Bo Reyes",
        "With Bo Reyes",
    ]
    said = [" ".join("".join(one.itertext()).split()) for one in walk.times_of(page)]
    assert said[2:4] == [
        "Thursday 3 December at 11am, with Ana Lind",
        "Thursday 3 December at Midday, with Ana Lind or Bo Reyes",
    ]
    assert said[-1] == "Thursday 3 December at 3pm, with Bo Reyes"
    # Where the parts of a long day fold, each says it.
    BookingRules.objects.update(slot_step_minutes=15)
    folds = walk.tree(Client().get("/consultations/times/?day=2026-12-03")).iter("summary")
    assert [" ".join("".join(fold.itertext()).split()) for fold in folds] == [
        "Morning, with Ana Lind: 12 free",
        "From midday, with Ana Lind or Bo Reyes: 10 free",
        "From 1:45pm, with Bo Reyes: 9 free",
    ]
    # More days can be had from here too.
    assert [a.text for a in walk.tree(page).iter("a")].count("Later days") == 2
