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
    assert soon(response) == [
        "Tue 1 December, 9am|Soonest, with Ana Lind or Bo ReyesYou hear by Monday 30 November at 1pm",
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
    assert soon(second) == soon(page)
    earlier = next(a for a in walk.tree(second).iter("a") if a.text == "Earlier days")
    assert "Friday 11 December: 31 free" in walk.main(browser.get(address + earlier.get("href")))
    full = browser.get(f"{address}?day=2026-12-09")
    assert "Wednesday 9 December: no free times" in walk.main(full)


def test_each_time_says_its_day_and_its_person_by_itself() -> None:
    ana = make.practitioner()
    _, address = at_times(browser := Client())
    for path, tag in (
        (f"{address}&practitioner={ana.pk}", "button"),
        (f"/consultations/times/?practitioner={ana.pk}", "a"),
    ):
        page = browser.get(path)
        for one in [*times_of(page), *walk.tree(page).findall(f".//ul[@class='soon']//{tag}")]:
            words = " ".join("".join(one.itertext()).split())
            words = words.partition(" You hear by ")[0]
            assert " December" in words and words.endswith((", with Ana Lind", "UK time")), words
    # Whoever is free: each says who that may be.
    assert "With Ana Lind or Bo Reyes." in walk.main(browser.get(address))


def test_whoever_lists_the_concern_is_preferred_to_who_sees_everything_and_the_page_says_so() -> None:
    """Bo, who sees everything, has fewer visits that week and would be taken without the concern."""
    ana, bo = make.practitioner(), make.practitioner("Bo Reyes")
    ana.concerns.add(make.concern())
    make.in_state("confirmed", email="eve@example.org", start=make.at(2, 9), practitioner_id=ana.pk)
    _, address = at_times(browser := Client())
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
    assert soon(page) == [
        "Wed 16 December, 9am|With Ana Lind",
        "Wed 16 December, 9:15am|With Ana Lind",
        "Tue 1 December, 9am|Sooner, with Bo ReyesYou hear by Monday 30 November at 1pm",
    ]
    draft, address = at_times(browser)
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
    assert soon(never)[0].startswith("Tue 1 December, 9am|With Bo Reyes")


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


def test_the_time_chosen_before_comes_first() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    page = browser.get(f"/consultations/request/times/?d={draft}&day=2026-12-14")
    tree = walk.check_page(page)
    assert soon(page)[:2] == [
        "Keep Thu 3 December, 10am|Your choice so far, with Ana Lind or Bo Reyes",
        "Tue 1 December, 9am|Soonest, with Ana Lind or Bo ReyesYou hear by Monday 30 November at 1pm",
    ]
    assert "A tap books nothing. You hear by " in walk.text(page)  # the others
    assert tree.find(".//ul[@class='soon']//button").get("value") == "any@2026-12-03T10:00Z"
    # Its own day is the one that opens.
    again = browser.get(f"/consultations/request/times/?d={draft}")
    assert "Thursday 3 December: 31 free" in walk.main(again)
    marked = [one.get("value") for one in times_of(again) if one.get("aria-current")]
    assert marked == ["any@2026-12-03T10:00Z"]


def test_the_enter_key_chooses_no_time() -> None:
    draft, address = at_times(browser := Client())
    tree = walk.check_page(browser.get(address))
    first = next(one for one in tree.find(".//main//form").iter("button"))
    assert (first.get("name"), first.get("value")) == ("show", "1")
    browser.post(address, {"show": "1", "days": ["3"], "parts": []})
    assert "times" not in Draft.objects.get(pk=draft).data["done"]


def test_without_any_type_the_client_is_asked_to_phone() -> None:
    browser = Client()
    draft = walk.before("times", browser)
    make.consultation_type()
    type(make.consultation_type()).objects.update(is_active=False)
    response = browser.get(f"/consultations/request/times/?d={draft}")
    walk.check_page(response, 503)
    assert "01632 960001" in walk.text(response)
    walk.check_page(Client().get("/consultations/times/"))


def at_times(browser: Client) -> tuple[str, str]:
    """A draft at the page of times, and the page's address."""
    draft = walk.before("times", browser)
    return draft, f"/consultations/request/times/?d={draft}"


def soon(page: walk.Page) -> list[str]:
    """The times to choose from at once: of each what can be seen, and why it is there."""
    found = []
    for one in walk.tree(page).findall(".//ul[@class='soon']/li/*"):
        why = one.find("small")
        seen = "".join(why.itertext()) if why.find("bdi") is not None else why.text
        found.append(f"{one.text}|{seen}")
    return found


def times_of(page: walk.Page) -> list[walk.Page]:
    """The times of the day that is open."""
    return list(walk.tree(page).findall(".//section[@class='chosen-day']//div[@class='times']/*"))


def test_another_practitioner_is_not_ignored_when_continue_is_pressed() -> None:
    browser = Client()
    bo = make.practitioner("Bo Reyes")
    make.submitted(practitioner_id=bo.pk, start=make.at(3, 10))
    draft, address = at_times(browser)
    response = browser.post(address, {"practitioner": str(bo.pk), "slot": "any@2026-12-03T10:00Z"})
    assert response.status_code == 303
    page = browser.get(response["Location"])
    walk.check_page(page)
    assert "You changed who you would like to see, or how. These are the times for that." in walk.text(page)
    assert "Thursday 3 December at 10am is not free for this. Choose another time." in walk.text(page)
    assert f"{bo.pk}@2026-12-03T10:30Z" in page.content.decode()
    done = browser.post(
        response["Location"], {"practitioner": str(bo.pk), "slot": f"{bo.pk}@2026-12-03T10:30Z"}
    )
    assert done["Location"] == f"/consultations/request/you/?d={draft}"
    assert Draft.objects.get(pk=draft).data["practitioner"] == bo.pk


def test_another_practitioner_holds_for_windows_too() -> None:
    browser = Client()
    bo = make.practitioner("Bo Reyes")
    draft, address = at_times(browser)
    given = {"practitioner": str(bo.pk), "slot": "none", "days": "3", "parts": "evening"}
    assert browser.post(address, given)["Location"] == f"/consultations/request/you/?d={draft}"
    assert Draft.objects.get(pk=draft).data["practitioner"] == bo.pk


def test_what_is_chosen_survives_a_look_at_other_times() -> None:
    browser = Client()
    bo = make.practitioner("Bo Reyes")
    draft = walk.to_check(browser)
    address = f"/consultations/request/times/?d={draft}"
    given = {"practitioner": str(bo.pk), "days": ["3", "4"], "parts": "evening", "show": "1"}
    response = browser.post(address, given)
    assert response.status_code == 303
    page = browser.get(response["Location"])
    tree = walk.check_page(page)
    assert soon(page)[0] == "Keep Thu 3 December, 10am|Your choice so far"
    assert tree.find(".//ul[@class='soon']//button").get("value") == f"{bo.pk}@2026-12-03T10:00Z"
    assert ticked(page) == ["3", "4", "evening"]
    current = ["".join(one.itertext()) for one in tree.iter("a") if one.get("aria-current")]
    assert "Bo Reyes" in current
    # What is ticked no more is forgotten, and nothing of it is an answer.
    browser.post(address, {"practitioner": str(bo.pk), "show": "1"})
    assert ticked(browser.get(address)) == []
    assert Draft.objects.get(pk=draft).data["slot"] == "any@2026-12-03T10:00Z"


def ticked(page: walk.Page) -> list[str]:
    return [one.get("value") for one in walk.tree(page).iter("input") if one.get("checked") is not None]


def test_a_time_and_windows_are_both_kept_and_the_check_page_says_how() -> None:
    browser = Client()
    draft = walk.to_check(browser, times={"days": ["3", "4"], "parts": ["evening"]})
    words = walk.text(browser.get(f"/consultations/request/check/?d={draft}"))
    assert "Thursday 3 December at 10am" in words
    assert "If we cannot keep it: Thursday or Friday, evening" in words
    sent = browser.get(walk.send(browser, draft)["Location"])
    assert "If we cannot keep it: Thursday or Friday, evening" in walk.text(sent)
    consultation = ConsultationRequest.objects.get()
    assert consultation.wished_start == make.at(3, 10)
    assert [(w.weekday, w.part) for w in consultation.windows.all()] == [(3, "evening"), (4, "evening")]
    mine = walk.signed_in(consultation).get("/consultations/mine/")
    assert "If we cannot keep it: Thursday or Friday, evening" in walk.text(mine)


def test_a_day_with_many_times_is_in_parts_and_one_with_few_is_not() -> None:
    _, address = at_times(browser := Client())
    BookingRules.objects.update_or_create(pk=1, defaults={"slot_step_minutes": 30})
    parts = walk.tree(browser.get(address)).findall(".//h3[@class='part']")
    assert [part.text for part in parts] == ["Morning", "From midday"]
    for person in ("Ana Lind", "Bo Reyes"):
        make.practitioner(person).working_hours.update(starts="16:00")
    few = browser.get(address)
    assert not walk.tree(few).findall(".//h3[@class='part']")
    assert len(times_of(few)) == 2


@pytest.mark.parametrize(
    ("given", "windows"),
    [
        ({"days": ["0", "1"], "parts": ["evening"]}, [[0, "evening"], [1, "evening"]]),
        ({"days": ["3"]}, [[3, "any"]]),
        ({"parts": ["evening"]}, [[None, "evening"]]),
        # All days on which the clinic is open are any day.
        ({"days": ["0", "1", "2", "3", "4"], "parts": ["morning", "afternoon", "evening"]}, [[None, "any"]]),
    ],
)  # fmt: skip
def test_ticks_become_windows(given: dict[str, list[str]], windows: list[object]) -> None:
    draft, address = at_times(browser := Client())
    assert browser.post(address, {"slot": "none"} | given).status_code == 303
    assert Draft.objects.get(pk=draft).data["windows"] == windows


def test_days_on_which_the_clinic_is_closed_are_not_asked_about() -> None:
    _, address = at_times(browser := Client())
    assert "id_days_4" in browser.get(address).content.decode()
    assert "id_days_5" not in browser.get(address).content.decode()
    page = walk.shown(browser, browser.post(address, {"slot": "none", "days": ["5"]}))
    assert "Choose from the list" in walk.main(page)


def test_each_kind_says_how_long_it_is_and_what_it_costs() -> None:
    video = make.consultation_type(name="Video consultation", mode="video", order=5, fee=3000)
    make.practitioner().consultation_types.add(video)
    browser = Client()
    _, address = at_times(browser)
    for path in (address, "/consultations/times/"):
        page = walk.tree(browser.get(path))
        segments = ["".join(a.itertext()) for a in page.iter("a") if a.get("href", "").startswith("?")]
        assert segments[:2] == ["In person 30 minutes, £40", "By video 30 minutes, £30"]
        assert segments[2:5] == ["Either", "Ana Lind", "Bo Reyes"]
        # The price is said where somebody begins.
    start = walk.main(browser.get("/consultations/request/"))
    assert "Nothing to pay now: a visit costs £40 in person, £30 by video." in start


@pytest.mark.parametrize(
    "value",
    [
        "any@0001-01-01T00:00Z",
        "any@9999-12-31T23:59Z",
        "any@2026-12-03T10:00",
        "@",
        "x@2026-12-03T10:00Z",
        "²@2026-12-03T10:00Z",
        "99999999999999999999@2026-12-03T10:00Z",
        "-1@2026-12-03T10:00Z",
        "0@2026-12-03T10:00Z",
        "any@2199-12-31T23:59Z",
        "🙂",
    ],
)
def test_a_made_up_time_is_refused_everywhere(value: str) -> None:
    browser = Client()
    assert browser.get("/consultations/request/", {"time": value, "type": "1"}).status_code == 303
    walk.check_page(browser.get("/consultations/request/"))
    draft = walk.begin(browser, time=value, type=str(make.consultation_type().pk))
    walk.answer(browser, draft, "before")
    walk.check_page(browser.get(f"/consultations/request/times/?d={draft}"))
    walk.check_page(walk.shown(browser, walk.answer(browser, draft, "times", slot=value)))
    signed = walk.signed_in(consultation := make.in_state("confirmed"))
    response = signed.post(
        "/consultations/mine/reschedule/", {"slot": value, "version": consultation.version}
    )
    walk.check_page(response, 409)
