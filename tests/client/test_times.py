"""/consultations/times/ and the choice of a time in the request."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookings.models import ConsultationRequest, Draft
from tests import factories as make
from tests.client import walk


def test_free_times_as_a_page() -> None:
    response = Client().get("/consultations/times/")
    page = walk.check_page(response)
    words = walk.text(response)
    assert "Next free: Tuesday 1 December at 9am" in words
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


def test_free_times_as_json() -> None:
    ana = make.practitioner()
    response = Client().get(
        f"/consultations/times/?practitioner={ana.pk}&from=2026-12-03&days=1",
        headers={"accept": "application/json"},
    )
    found = response.json()
    assert response["Content-Type"] == "application/json"
    assert found["from"] == "2026-12-03"
    assert found["time_zone"] == "Europe/London"
    assert found["next"] == "2026-12-01T09:00:00+00:00"
    assert found["slots"][0] == {
        "start": "2026-12-03T09:00:00+00:00",
        "end": "2026-12-03T09:30:00+00:00",
        "practitioner": ana.pk,
        "practitioner_name": "Ana Lind",
    }


@pytest.mark.parametrize(
    "query",
    [
        "type=99999", "type=x", "practitioner=0", "practitioner=abc", "from=yesterday", "from=2026-13-40", "days=0",
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
    "query", ["from=0001-01-01", "from=9999-12-31", "from=1999-01-01&days=31", "zone=Nowhere"]
)
def test_far_away_days_are_only_empty(query: str) -> None:
    walk.check_page(Client().get(f"/consultations/times/?{query}"))


def test_days_lead_on_and_back() -> None:
    browser = Client()
    first = walk.tree(browser.get("/consultations/times/"))
    later = next(a for a in first.iter("a") if (a.text or "").startswith("Later times"))
    second = browser.get("/consultations/times/" + later.get("href"))
    words = walk.text(second)
    assert "Tuesday 8 December" in words
    earlier = next(a for a in walk.tree(second).iter("a") if a.text == "Earlier times")
    assert "Tuesday 1 December" in walk.text(browser.get("/consultations/times/" + earlier.get("href")))


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
    draft = walk.begin(browser)
    for step in ("age", "about", "treatments", "health"):
        walk.answer(browser, draft, step)
    address = f"/consultations/request/times/?d={draft}&type={video.pk}&zone=Europe/Paris"
    walk.check_page(browser.get(address))
    assert browser.post(address, {"slot": "any@2026-12-03T10:00Z"}).status_code == 303
    walk.answer(browser, draft, "you")
    walk.answer(browser, draft, "support")
    walk.age(draft)
    assert "11am Paris time" in walk.text(browser.get(f"/consultations/request/check/?d={draft}"))
    walk.send(browser, draft)
    row = ConsultationRequest.objects.get()
    assert (row.time_zone, row.consultation_type) == ("Europe/Paris", video)
    assert "11am Paris time" in walk.text(browser.get(f"/consultations/sent/?d={draft}"))


def test_the_chosen_time_stays_in_sight_on_other_days() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    page = browser.get(f"/consultations/request/times/?d={draft}&from=2026-12-14")
    tree = walk.check_page(page)
    assert "The time you chose" in walk.text(page)
    assert tree.find(".//input[@value='any@2026-12-03T10:00Z']").get("checked") is not None


def test_without_any_type_the_client_is_asked_to_phone() -> None:
    browser = Client()
    draft = walk.begin(browser)
    for step in ("age", "about", "treatments", "health"):
        walk.answer(browser, draft, step)
    make.consultation_type()
    type(make.consultation_type()).objects.update(is_active=False)
    response = browser.get(f"/consultations/request/times/?d={draft}")
    walk.check_page(response, 503)
    assert "01632 960001" in walk.text(response)
    walk.check_page(Client().get("/consultations/times/"))


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
    for step in ("age", "about", "treatments", "health"):
        walk.answer(browser, draft, step)
    walk.check_page(browser.get(f"/consultations/request/times/?d={draft}"))
    walk.check_page(walk.answer(browser, draft, "times", slot=value))
    signed = walk.signed_in(row := make.in_state("confirmed"))
    response = signed.post("/consultations/mine/reschedule/", {"slot": value, "version": row.version})
    walk.check_page(response, 409)
