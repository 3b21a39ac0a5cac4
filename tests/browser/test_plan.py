"""After the visit, in Chromium at 390 px without JavaScript, with nothing but the mails: from a confirmed visit that is over
to the first session that is booked.
"""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser import mails, moments, people
from tests.browser.conftest import Open
from tests.browser.looks import faults
from tests.browser.people import follow, heading, press
from tests.browser.site import Site

pytestmark = pytest.mark.once

SIDE = re.compile(rb"/Type\s*/Page\b")
EMAIL = "cleo.plan@example.org"
SECRET = re.compile(r"quinsy|£(165|195|330|390)|microneedling|\bdips\b", re.I)
_VISIT_IS_OVER = f"""
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from bookings.availability import Slot
from bookings.models import ConsultationType, VisitQuestion
from bookings.workflow import intake, reply
from bookings.workflow.core import Actor, Origin
from tests.factories import submission

now, before = timezone.now(), timezone.now() - timedelta(days=3)
ana, client = Actor.staff(User.objects.get(username="ana")), Actor.client()
first = ConsultationType.objects.filter(purpose="consultation", mode="in_person").first()
wanted = submission(
    email="{EMAIL}", name="Cleo Marsh", start=None, practitioner_id=None, consultation_type_id=first.pk,
)
cleo = intake.prove(intake.submit(wanted, Origin(client, before)), Origin(client, before))
start = (now - timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
slot = Slot(practitioner_id=first.practitioners.first().pk, start=start, end=start + timedelta(minutes=first.minutes))
against = frozenset(["hours", "rest", "grid", "notice", "horizon", "consultation", "cooling"])
reply.confirm(cleo, Origin(ana, before, because="A test."), slot=slot, although=against)
VisitQuestion.objects.create(request=cleo, body="Will it hurt?", asked_at=before)
"""


# What Ana types, by its label.
_WORDS = {
    "What you saw": "Quinsy dips on both cheeks.",
    "Why": "They are shallow.",
    "What it can do": "It can make them shallower.",
    "What it cannot do": "It cannot take them away.",
    "The next step": "We find a first time with you.",
    "Advised against": "A strong peel",
    "Because": "It would darken your skin.",
}
_NUMBERS = {"Sessions from": "2", "Sessions to": "2", "Price from": "165", "Price to": "195"}


def test_from_the_visit_to_the_first_session_with_nothing_but_the_mails(somebody: Open, site: Site) -> None:
    before = len(site.log)
    site.make(_VISIT_IS_OVER)
    cleo, dee, judge = somebody(390), somebody(390), somebody(390, scripts=True)
    ana = somebody(1280, scripts=True)
    _what_ana_answers_is_kept(ana)
    _ana_writes_and_sends_a_plan(somebody(390))
    ready = _mail(site, "We have written to you after your visit")
    people.open_link(cleo, mails.link_in(ready, site))
    heading(cleo, "We have written to you")
    expect(cleo.locator("main")).not_to_contain_text(SECRET)
    found = _opens_it_with_the_second_link(cleo, judge, site)
    _asks_and_says_yes(cleo)
    judge.goto("/consultations/mine/plan/")
    heading(judge, "What we agreed")
    found += faults(judge)
    assert 1 <= len(SIDE.findall(judge.pdf(prefer_css_page_size=True))) <= 2  # on A4
    follow(cleo.get_by_role("link", name="Back to your request"))
    heading(cleo, "Thank you for your answer")
    expect(cleo.locator("main")).not_to_contain_text(SECRET)

    ana.goto("/admin/")
    _goes_to_arrange(ana)
    found += faults(ana)
    booked = _dee_books_the_visits(dee)
    mail = _mail(site, f"Booked: {booked.split(' at ')[0]}")
    assert booked in mails.text_of(mail)
    phone = somebody(390)
    people.open_link(phone, mails.link_in(mail, site))
    heading(phone, "Your visit is booked")
    expect(phone.locator("p.visit")).to_have_text(booked)
    _lend(phone, judge)
    judge.goto("/consultations/mine/")
    found += faults(judge)
    found += _what_ana_types_is_kept(ana)
    assert not SECRET.search(site.log[before:])
    assert found == []


def _opens_her_client(page: Page) -> None:
    people.sign_in(page, "ana")
    page.goto(f"/admin/bookings/consultationrequest/?q={EMAIL}")
    follow(page.locator("#result_list").get_by_role("link", name="Cleo Marsh"))


def _what_ana_answers_is_kept(page: Page) -> None:
    """She marks the visit. What she writes to Cleo's question is kept behind the page, which asks for none then."""
    _opens_her_client(page)
    press(page, "Attended")
    follow(page.get_by_role("link", name="Write the plan"))
    waits = page.locator("#unanswered")
    expect(waits).to_be_visible()
    page.get_by_label("Your answer in writing").press_sequentially("A little.")
    expect(page.locator("#kept")).to_contain_text("Kept at")
    expect(waits).to_be_hidden()


def _ana_writes_and_sends_a_plan(page: Page) -> None:
    """She goes on without JavaScript: a treatment from the website, its numbers changed, their page looked at, and sent."""
    _opens_her_client(page)
    follow(page.get_by_role("link", name="Go on with the draft"))
    for label in ("What you advised against, and why", "Add treatments"):
        fold = page.locator("details", has=page.locator("summary", has_text=label)).first
        if fold.get_attribute("open") is None:
            fold.locator("summary").first.click()
    for label, words in _WORDS.items():
        page.get_by_label(label, exact=True).first.fill(words)
    page.get_by_label("18 or over").check()
    page.get_by_role("checkbox", name="Microneedling", exact=True).check()
    press(page, "Add the ticked")
    for label, number in _NUMBERS.items():
        page.get_by_label(label, exact=True).fill(number)
    press(page, "Keep it and see their page")
    expect(page.locator("main")).to_contain_text("Quinsy dips on both cheeks.")
    press(page, "Send it as it is here")
    expect(page.locator(".messagelist")).to_contain_text("sent")


def _asks_and_says_yes(cleo: Page) -> None:
    """A question about one treatment; then a yes that forgot its tick, and a yes."""
    cleo.locator("summary", has_text="Ask about this").click()
    cleo.get_by_label("Your question about Microneedling").fill("Does the quinsy hurt?")
    press(cleo.locator("details[open]"), "Ask")
    expect(cleo.get_by_role("status")).to_contain_text("We have your question.")
    expect(cleo.locator(".asked")).to_contain_text(re.compile(r"We answer by .*Does the quinsy hurt\?"))
    press(cleo, "Say yes to what I ticked")
    error = cleo.get_by_role("alert").get_by_role("link", name=re.compile("Tick at least one treatment"))
    error.click()
    box = cleo.get_by_role("checkbox", name=re.compile("^Microneedling"))
    expect(box).to_be_focused()
    box.press("Space")
    with cleo.expect_navigation():
        box.press("Enter")
    expect(cleo.get_by_role("alert")).to_have_count(0)  # Enter in a box says nothing, and the tick stays
    expect(box).to_be_checked()
    press(cleo, "Say yes to what I ticked")
    expect(cleo.get_by_role("status")).to_contain_text("We have your answer.")
    expect(cleo.locator("main")).to_contain_text("Microneedling, visit 1")


def _what_ana_types_is_kept(page: Page) -> list[str]:
    """Behind the page while she types; and what she typed last, although she reloads before it is kept.

    What axe has against it.
    """
    page.goto("/admin/bookings/consultationrequest/?tab=closed")
    follow(page.locator("#result_list").get_by_role("link", name="Cleo Marsh").first)
    follow(page.get_by_role("link", name="Answer the client"))
    follow(page.get_by_role("link", name="Write a new version"))
    saw = page.get_by_label("What you saw")
    saw.press("Control+a")
    page.keyboard.type("First words.")
    expect(page.locator("#kept")).to_contain_text("Kept at")
    page.keyboard.type(" Second words.")
    page.reload()
    expect(saw).to_have_value("First words. Second words.")
    _what_is_on_its_way_joins_what_she_types_meanwhile(page)
    # A rule that spoke against it when the page came goes with the keep after which it is true no more.
    adult, rule = page.get_by_label("18 or over"), page.locator("[data-rule]", has_text="Nobody under 18")
    adult.uncheck()
    page.reload()
    expect(rule).to_be_visible()
    adult.check()
    expect(rule).to_be_hidden()
    return faults(page)


def _what_is_on_its_way_joins_what_she_types_meanwhile(page: Page) -> None:
    """The page was left while "Third." was being kept, and the next one came before that had arrived."""
    saw, held = page.get_by_label("What you saw"), list[Route]()
    plan = re.compile("/plan/")
    page.route(
        plan, lambda route: held.append(route) if _asks_for_the_version(route.request) else route.continue_()
    )
    page.evaluate(
        "sessionStorage.setItem(`plan-left ${location.pathname}`, document.forms['plan-form'].version.value)"
    )
    with page.expect_request(_asks_for_the_version):
        page.reload()
    saw.press("Control+End")
    page.keyboard.type(" Fourth.")
    visits = page.get_by_label("Sessions to").first
    visits.fill("5")  # the same as has been kept: it is no 55
    page.evaluate(
        """async () => {
            const body = new URLSearchParams(new FormData(document.forms["plan-form"]));
            body.set("do", "behind");
            body.set("findings", "First words. Second words. Third.");
            await fetch(location.href, { method: "POST", body });
        }"""
    )
    held.pop().continue_()
    expect(saw).to_have_value("First words. Second words. Third. Fourth.")
    expect(visits).to_have_value("5")
    expect(page.locator("#kept")).to_contain_text("Kept at")
    page.unroute(plan)
    page.reload()
    expect(saw).to_have_value("First words. Second words. Third. Fourth.")
    expect(visits).to_have_value("5")


def _asks_for_the_version(request: Request) -> bool:
    return request.method == "POST" and "do=at" in (request.post_data or "")


def _mail(site: Site, subject: str) -> EmailMessage:
    mail = mails.wait_for(site, EMAIL, subject)
    mails.is_discreet(mail)
    assert not SECRET.search(f"{mail['Subject']} {mails.words_of(mail)}")
    return mail


def _opens_it_with_the_second_link(page: Page, judge: Page, site: Site) -> list[str]:
    """The gate, its mail, the plan. What axe has against the gate and against the plan, asked with the same session."""
    follow(page.get_by_role("link", name="Read it"))
    heading(page, "What we wrote to you")
    expect(page.locator("main")).not_to_contain_text(SECRET)
    _lend(page, judge)
    judge.goto("/consultations/mine/plan/")
    found = faults(judge)
    press(page, "Send me the link")
    link = mails.link_in(_mail(site, "The link that you asked for"), site)
    page.goto(link)
    press(page, "Open what we wrote")
    heading(page, "What we suggest")
    expect(page.locator(".total")).to_contain_text("£330 to £390")
    judge.goto(link)
    heading(judge, "Open your request")
    press(judge, "Open my request")
    expect(judge.locator("main")).not_to_contain_text(SECRET)  # it worked once
    _lend(page, judge)
    judge.goto("/consultations/mine/plan/")
    heading(judge, "What we suggest")
    found += faults(judge)
    press(judge, "Say yes to what I ticked")
    return found + faults(judge)


def _lend(page: Page, judge: Page) -> None:
    """Let the judge's browser have Cleo's session."""
    [mine] = [cookie for cookie in page.context.cookies() if cookie["name"].endswith("client")]
    judge.context.add_cookies([{"name": mine["name"], "value": mine["value"], "url": page.url}])


def _goes_to_arrange(page: Page) -> None:
    """From the start page to the visits that the yes made."""
    follow(page.get_by_role("link", name=re.compile("visits? to arrange", re.I)).first)
    follow(page.get_by_role("link", name="Cleo Marsh").first)
    follow(page.get_by_role("link", name="arrange all that wait"))


def _dee_books_the_visits(page: Page) -> str:
    """Dee books them at the first times that go together. When the first is, in words for clients."""
    people.sign_in(page)
    _goes_to_arrange(page)
    first = page.locator(".visit-to-arrange").first
    slot = first.get_by_role("radio").first
    moment = moments.instant((slot.get_attribute("value") or "").split(" ")[0])
    slot.check()
    press(page, "Book what is chosen")
    expect(page.locator(".messagelist")).to_contain_text("ooked")
    return moments.for_clients(moment)
