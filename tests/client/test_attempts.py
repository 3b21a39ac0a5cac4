"""Too many forms from one network: a page that says so, keeps what was typed, and costs nobody their draft."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bookings import limits
from bookings.models import Draft
from bookings.states import Status
from clinic.foundation.models import Counter
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once

ELSEWHERE = "198.51.100.7"
ARGUMENTS = {"name": "you", "number": 1, "token": "no-such-token", "verb": "answer"}
# They take no form at all.
READ_ONLY = {"times", "mine", "calendar", "diary", "plan_earlier"}


def _routes() -> list[URLPattern]:
    """Every address of the client's pages, as the site has them."""
    [part] = [
        part
        for part in get_resolver().url_patterns
        if isinstance(part, URLResolver) and part.app_name == "client"
    ]
    return [route for route in part.url_patterns if isinstance(route, URLPattern)]


def allow(
    monkeypatch: pytest.MonkeyPatch,
    *,
    forms: int = limits.floods.FORMS_PER_NETWORK,
    drafts: int = limits.floods.DRAFTS_PER_NETWORK_HOUR,
) -> None:
    monkeypatch.setattr(limits.floods, "FORMS_PER_NETWORK", forms)
    monkeypatch.setattr(limits.floods, "DRAFTS_PER_NETWORK_HOUR", drafts)


@pytest.mark.parametrize(
    "route", [pattern for pattern in _routes() if pattern.name not in READ_ONLY], ids=str
)
def test_every_address_that_takes_a_form_counts_it_first(monkeypatch: pytest.MonkeyPatch, route: Any) -> None:
    allow(monkeypatch, forms=0)
    names = {name: ARGUMENTS[name] for name in route.pattern.converters}
    address = reverse(f"client:{route.name}", kwargs=names)
    page = Client().post(address, {"text": "Is Tuesday fine?"})
    walk.check_page(page, 429)
    assert page["Retry-After"] == "600"
    assert Client().get(address).status_code != 429


@pytest.mark.parametrize("name", sorted(READ_ONLY))
def test_the_others_take_none(name: str) -> None:
    needed: dict[str, dict[str, Any]] = {"diary": {"token": "x"}, "plan_earlier": {"number": 1}}
    arguments = needed.get(name, {})
    assert Client().post(reverse(f"client:{name}", kwargs=arguments)).status_code == 405


def test_mistakes_use_up_attempts_and_nothing_of_the_days_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Client()
    draft = walk.to_check(browser)
    for _ in range(20):
        refused = browser.post(f"/consultations/request/check/?d={draft}", {})  # no consent
        assert "There is a problem" in walk.text(walk.shown(browser, refused))
    assert browser.post(reverse("client:new_link"), {"email": "nonsense"}).status_code == 200
    counted = dict(Counter.objects.values_list("scope", "count"))
    assert counted == {"attempt": 25, "draft": 1}
    assert walk.send(browser, draft).status_code == 303


def test_what_was_typed_is_kept_and_sent_by_the_same_button_later(
    monkeypatch: pytest.MonkeyPatch, monday_morning: Any
) -> None:
    browser = Client()
    draft = walk.to_check(browser)
    allow(monkeypatch, forms=0)
    about = {"adult": "yes", "concerns": ["rolling"], "areas": ["face", "chest"], "treatments": "x"}
    refused = walk.answer(browser, draft, "about", **about)
    page = walk.check_page(refused, 429)
    words = walk.main(refused)
    assert "press the button in 10 minutes" in words and "01632 960001" in words
    kept = [(row.get("name"), row.get("value")) for row in page.findall(".//input[@type='hidden']")]
    sent = [(name, value) for name, value in kept if name != "csrfmiddlewaretoken"]
    assert sent == [
        *(
            ("adult", "yes"),
            ("concerns", "rolling"),
            ("areas", "face"),
            ("areas", "chest"),
            ("treatments", "x"),
        )
    ]
    assert Draft.objects.get().data["areas"] == ["face"]
    allow(monkeypatch)
    again = walk.answer(browser, draft, "about", **about | {"treatments": []})
    assert again.status_code == 303
    assert Draft.objects.get().data["areas"] == ["face", "chest"]


def test_words_for_the_clinic_are_kept_too(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = walk.signed_in(make.in_state(Status.WAITING))
    allow(monkeypatch, forms=0)
    page = walk.check_page(
        browser.post("/consultations/mine/answer/", {"text": "It took\nme a while <b>"}), 429
    )
    assert page.find(".//input[@name='text']").get("value") == "It took\nme a while <b>"


def test_a_form_that_no_person_filled_in_is_not_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, forms=0)
    for typed in ({"text": "a" * 100_000}, {"concerns": ["rolling"] * 200}):
        page = Client().post("/consultations/mine/answer/", typed)
        assert len(page.content) < 20_000
        assert "Try again in 10 minutes" in walk.main(page)


def test_one_network_used_up_leaves_the_others_alone(
    monkeypatch: pytest.MonkeyPatch, monday_morning: Any
) -> None:
    allow(monkeypatch, forms=2)
    address = reverse("client:new_link")

    def statuses(here: str = walk.HERE) -> list[int]:
        return [Client().post(address, {"email": "x"}, REMOTE_ADDR=here).status_code for _ in range(3)]

    assert statuses() == [200, 200, 429]
    assert statuses(ELSEWHERE) == [200, 200, 429]
    assert Client().get(address).status_code == 200
    monday_morning.shift(limits.floods.FORMS_WINDOW.total_seconds())
    assert statuses() == [200, 200, 429]


def test_beginning_is_limited_too_and_gives_back_what_came_along(
    monkeypatch: pytest.MonkeyPatch, monday_morning: Any
) -> None:
    allow(monkeypatch, drafts=2)
    ana = make.practitioner()
    along = {"time": f"{ana.pk}@2026-12-03T10:00Z", "type": str(make.consultation_type().pk)}
    for _ in range(2):
        walk.begin(Client())
    refused = Client().post("/consultations/request/", walk.ANSWERS["about"] | along)
    page = walk.check_page(refused, 429)
    assert refused["Retry-After"] == "3600"
    assert {
        row.get("name"): row.get("value") for row in page.findall(".//input[@type='hidden']")
    }.items() >= along.items()
    assert Draft.objects.count() == 2
    assert not refused.cookies.get("along")
    # A draft that is there already goes on.
    monday_morning.shift(3600)
    walk.begin(Client())


def test_asking_again_begins_a_draft_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    consultation = make.in_state(Status.WITHDRAWN)
    browser = walk.signed_in(consultation)
    allow(monkeypatch, drafts=0)
    assert (
        browser.post("/consultations/mine/ask-again/", {"version": consultation.version}).status_code == 429
    )
    assert not Draft.objects.exists()
    allow(monkeypatch)
    assert (
        browser.post("/consultations/mine/ask-again/", {"version": consultation.version}).status_code == 303
    )


def test_the_limits_are_generous() -> None:
    """An open day: forty people in an hour from one room, five pages each and as many mistakes, in ten minutes."""
    rules = make.rules()
    assert limits.floods.FORMS_PER_NETWORK >= 40 * 5 * 1.5
    assert 4 * rules.requests_per_network_hour <= limits.floods.DRAFTS_PER_NETWORK_HOUR
