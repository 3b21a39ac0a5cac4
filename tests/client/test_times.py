"""/consultations/times/ and the choice of a time in the request."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookings.models import ConsultationRequest, Draft
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once


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
    for step in ("age", "about", "interests", "before"):
        walk.answer(browser, draft, step)
    address = f"/consultations/request/times/?d={draft}&type={video.pk}&zone=Europe/Paris"
    walk.check_page(browser.get(address))
    assert browser.post(address, {"slot": "any@2026-12-03T10:00Z"}).status_code == 303
    walk.answer(browser, draft, "you")
    walk.answer(browser, draft, "support")
    walk.age(draft)
    assert "11am Paris time" in walk.text(browser.get(f"/consultations/request/check/?d={draft}"))
    walk.send(browser, draft)
    consultation = ConsultationRequest.objects.get()
    assert (consultation.time_zone, consultation.consultation_type) == ("Europe/Paris", video)
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
    for step in ("age", "about", "interests", "before"):
        walk.answer(browser, draft, step)
    make.consultation_type()
    type(make.consultation_type()).objects.update(is_active=False)
    response = browser.get(f"/consultations/request/times/?d={draft}")
    walk.check_page(response, 503)
    assert "01632 960001" in walk.text(response)
    walk.check_page(Client().get("/consultations/times/"))


def at_times(browser: Client) -> tuple[str, str]:
    """A draft at the page of times, and the page's address."""
    draft = walk.begin(browser)
    for step in ("age", "about", "interests", "before"):
        walk.answer(browser, draft, step)
    return draft, f"/consultations/request/times/?d={draft}"


def chosen(page: walk.Page) -> list[str]:
    return [
        node.get("value")
        for node in walk.tree(page).iter("input")
        if node.get("name") == "slot" and node.get("checked") is not None
    ]


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
    given = {"practitioner": str(bo.pk), "slot": "none", "day_1": "3", "part_1": "evening"}
    assert browser.post(address, given)["Location"] == f"/consultations/request/you/?d={draft}"
    assert Draft.objects.get(pk=draft).data["practitioner"] == bo.pk


@pytest.mark.parametrize("button", [{"show": "1"}, {"from": "2026-12-14"}])
def test_what_is_chosen_survives_a_look_at_other_times(button: dict[str, str]) -> None:
    browser = Client()
    bo = make.practitioner("Bo Reyes")
    draft, address = at_times(browser)
    given = {"practitioner": str(bo.pk), "slot": "any@2026-12-03T10:00Z", "day_1": "3", "part_2": "evening"}
    response = browser.post(address, given | button)
    assert response.status_code == 303
    page = browser.get(response["Location"])
    tree = walk.check_page(page)
    assert chosen(page) == [f"{bo.pk}@2026-12-03T10:00Z"]
    selected = {
        select.get("name"): option.get("value")
        for select in tree.iter("select")
        for option in select.iter("option")
        if option.get("selected") is not None
    }
    assert (selected["day_1"], selected["part_2"]) == ("3", "evening")
    assert selected["practitioner"] == str(bo.pk)
    if "from" in button:
        assert "Chosen: Thursday 3 December at 10am" in walk.text(page)
        assert "Monday 14 December" in walk.text(page)
    # Nothing counts as answered by it.
    assert "times" not in Draft.objects.get(pk=draft).data["done"]


def test_a_time_and_windows_are_both_kept_and_the_check_page_says_how() -> None:
    browser = Client()
    draft = walk.to_check(browser, times={"day_1": "3", "part_1": "evening"})
    words = walk.text(browser.get(f"/consultations/request/check/?d={draft}"))
    assert "Thursday 3 December at 10am" in words
    assert "If we cannot keep it: Thursday, evening" in words
    sent = browser.get(walk.send(browser, draft)["Location"])
    assert "If we cannot keep it: Thursday, evening" in walk.text(sent)
    consultation = ConsultationRequest.objects.get()
    assert consultation.wished_start == make.at(3, 10)
    assert [(w.weekday, w.part) for w in consultation.windows.all()] == [(3, "evening")]
    mine = walk.signed_in(consultation).get("/consultations/mine/")
    assert "If we cannot keep it: Thursday, evening" in walk.text(mine)


def test_a_day_with_many_times_is_in_parts_and_days_can_be_jumped_to() -> None:
    browser = Client()
    _, address = at_times(browser)
    page = browser.get(address)
    tree = walk.check_page(page)
    day = tree.find(".//*[@id='day_2026-12-03']")
    assert [p.text for p in day.iter("p")] == ["Morning", "Afternoon"]
    jumps = [a.get("href") for a in tree.findall(".//ul[@class='jump']//a")]
    assert "#day_2026-12-03" in jumps
    for jump in jumps:
        assert tree.find(f".//*[@id='{jump[1:]}']") is not None
    next_free = tree.find(".//p[@class='next-free']/a")
    target = tree.find(f".//*[@id='{next_free.get('href')[1:]}']")
    assert target.get("value") == "any@2026-12-01T09:00Z"


def test_a_day_with_few_times_is_one_row() -> None:
    for person in ("Ana Lind", "Bo Reyes"):
        make.practitioner(person).working_hours.update(starts="16:00")
    browser = Client()
    _, address = at_times(browser)
    day = walk.tree(browser.get(address)).find(".//*[@id='day_2026-12-03']")
    assert not list(day.iter("p"))


def test_the_next_free_time_on_other_days_is_one_press_away() -> None:
    browser = Client()
    _, address = at_times(browser)
    button = walk.tree(browser.get(f"{address}&from=2026-12-14")).find(".//p[@class='next-free']/button")
    response = browser.post(address, {button.get("name"): button.get("value")})
    assert "Tuesday 1 December" in walk.text(browser.get(response["Location"]))


def test_each_kind_says_how_long_it_is_and_what_it_costs() -> None:
    video = make.consultation_type(name="Video consultation", mode="video", order=5, fee=3000)
    make.practitioner().consultation_types.add(video)
    browser = Client()
    _, address = at_times(browser)
    for path in (address, "/consultations/times/"):
        options = [option.text for option in walk.tree(browser.get(path)).iter("option")]
        assert "Video consultation, 30 minutes, £30" in options
        assert "First consultation, in person, 30 minutes, £40" in options
        assert "Whoever is free first" in options


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
    for step in ("age", "about", "interests", "before"):
        walk.answer(browser, draft, step)
    walk.check_page(browser.get(f"/consultations/request/times/?d={draft}"))
    walk.check_page(walk.shown(browser, walk.answer(browser, draft, "times", slot=value)))
    signed = walk.signed_in(consultation := make.in_state("confirmed"))
    response = signed.post(
        "/consultations/mine/reschedule/", {"slot": value, "version": consultation.version}
    )
    walk.check_page(response, 409)
