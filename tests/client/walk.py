"""A browser without JavaScript, and the walk through the request that most tests begin with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from bookings import consents, links
from bookings.models import ConsultationRequest, Draft
from tests import factories as make
from tests.content.html import parsed

# What the test client returns: a response with extras that django-stubs types apart from HttpResponse.
Page: TypeAlias = Any

# The address space of tests: clients come from here unless a test says otherwise.
HERE = "192.0.2.10"

ANSWERS: dict[str, dict[str, Any]] = {
    "about": {"adult": "yes", "concerns": ["rolling"], "areas": ["face"], "treatments": ["no_preference"]},
    "before": {"applies": ["none"], "anything_else": ""},
    "times": {"slot": "any@2026-12-03T10:00Z"},
    "you": {"name": "Cleo Marsh", "email": "cleo@example.org", "contact_by": "email"},
}
# What ticking the words of today sends.
AGREED = {"health": consents.version(consents.HEALTH)}


def clinic() -> None:
    """Ana and Bo practise, every weekday from 9 to 5."""
    make.profile()
    make.concern()
    make.practitioner()
    make.practitioner("Bo Reyes")


def begin(browser: Client, **along: Any) -> str:
    """Answer the first page, which begins a draft with what comes along; returns the draft's id."""
    response = browser.post("/consultations/request/", ANSWERS["about"] | along)
    assert response.status_code == 303, text(response)
    return parse_qs(urlsplit(response["Location"]).query)["d"][0]


def answer(browser: Client, draft: str, step: str, **changes: Any) -> Page:
    """Fill in one page with the usual answers, or with these changes to them."""
    return browser.post(f"/consultations/request/{step}/?d={draft}", ANSWERS.get(step, {}) | changes)


def before(step: str, browser: Client) -> str:
    """A draft in which every page before `step` is answered, and the first one in any case."""
    draft = begin(browser)
    for name in list(ANSWERS)[1 : max(1, list(ANSWERS).index(step))]:
        answer(browser, draft, name)
    return draft


def to_check(browser: Client, draft: str = "", **pages: dict[str, Any]) -> str:
    """Answer every page; `pages` changes the answers of some. Ends on the check page, old enough for a person."""
    steps = list(ANSWERS)
    if not draft:
        draft = begin(browser, **pages.get("about", {}))
        steps.remove("about")
    for step in steps:
        response = answer(browser, draft, step, **pages.get(step, {}))
        assert response.status_code == 303, (step, text(response))
    assert response["Location"] == f"/consultations/request/check/?d={draft}"
    age(draft)
    return draft


def shown(browser: Client, response: Page) -> Page:
    """The page to which a wrong answer leads: the same one, with what was typed and why it could not be taken."""
    assert response.status_code == 303, response
    return browser.get(response["Location"])


def age(draft: str, seconds: int = 300) -> None:
    """Make the draft look as if it had been started some time ago."""
    row = Draft.objects.get(pk=draft)
    row.started_at = row.started_at - timedelta(seconds=seconds)
    row.save(update_fields=["started_at"])


def send(browser: Client, draft: str, **changes: Any) -> Page:
    """Agree and press Send."""
    return browser.post(f"/consultations/request/check/?d={draft}", AGREED | changes, REMOTE_ADDR=HERE)


def signed_in(consultation: ConsultationRequest, now: Any = make.NOW) -> Client:
    """The browser of a client who opened the link of `consultation`."""
    browser = Client()
    response = browser.post(f"/consultations/open/{links.token(links.mint(consultation, now=now))}/")
    assert response.status_code == 303
    assert response["Location"] == "/consultations/mine/"
    return browser


def text(response: Page) -> str:
    """The page's words, on one line."""
    return " ".join("".join(tree(response).itertext()).split())


def main(response: Page) -> str:
    """The words of the page itself, without masthead and foot."""
    found = tree(response).find(".//main")
    return " ".join("".join(found.itertext()).split())


def tree(response: Page) -> Any:
    """The page, parsed strictly, to be read only: any error in the HTML fails the test."""
    return parsed(response.content.decode())


def check_page(response: Page, status: int = 200) -> Any:
    """What holds for every page of ours: strict HTML, one h1, a title, no script, no inline style, never stored."""
    assert response.status_code == status
    page = tree(response)
    assert len(page.findall(".//h1")) == 1
    assert (page.findtext(".//title") or "").strip()
    assert not page.findall(".//script")
    assert not page.findall(".//*[@style]")
    ids = [node.get("id") for node in page.iter() if isinstance(node.tag, str) and node.get("id")]
    assert len(ids) == len(set(ids)), [i for i in ids if ids.count(i) > 1]
    for label in page.iter("label"):
        assert label.get("for") in ids
    assert response["Cache-Control"] == "no-store" or "no-cache" in response["Cache-Control"]
    return page


def at_times(browser: Client) -> tuple[str, str]:
    """A draft at the page of times, and the page's address."""
    draft = before("times", browser)
    return draft, f"/consultations/request/times/?d={draft}"


def soon(page: Page) -> list[str]:
    """The times to choose from at once: of each what can be seen, and why it is there."""
    found = []
    for one in tree(page).findall(".//ul[@class='soon']/li/*"):
        why = one.find("small")
        seen = "".join(why.itertext()) if why.find("bdi") is not None else why.text
        found.append(f"{one.text}|{seen}")
    return found


def times_of(page: Page) -> list[Page]:
    """The times of the day that is open."""
    return list(tree(page).findall(".//section[@class='chosen-day']//div[@class='times']/*"))
