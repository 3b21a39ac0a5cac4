"""Every page that anybody can reach: no fault that axe finds, nothing refused by the browser, nothing from a stranger.

The browsers of these tests run scripts, because axe is one, and under the site's real Content-Security-Policy.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import mails, people
from tests.browser.conftest import Open
from tests.browser.looks import faults, hrefs
from tests.browser.people import Asked, follow, heading, press, tick
from tests.browser.site import Site
from tests.browser.watch import Watch
from tests.docs.test_urls import shipped

pytestmark = pytest.mark.once


def test_the_watch_sees_what_it_is_for(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    watch = Watch(context, site.url)
    page = '<p style="color:red">Hello</p><img src="/gone.png"><img src="http://elsewhere.test/pixel.png">'
    policy = {"content-type": "text/html", "content-security-policy": "style-src 'self'"}

    def answer(route: Route) -> None:
        if route.request.is_navigation_request():
            route.fulfill(body=page, headers=policy)
        else:
            route.fulfill(status=404)

    context.route("**/*", answer)
    context.new_page().goto(f"{site.url}/")
    context.close()
    assert watch.strangers == ["http://elsewhere.test/pixel.png"]
    assert f"404 {site.url}/gone.png" in watch.broken
    assert any("Content Security Policy" in complaint for complaint in watch.complaints)
    with pytest.raises(AssertionError):
        watch.is_clean()


def is_the_first(leaflet: str, seen: set[str]) -> bool:
    """Whether no leaflet of that kind of page has been looked at."""
    kind = leaflet.split("/")[1]
    return not any(path.startswith(f"/{kind}/") and path.endswith("/leaflet/") for path in seen)


def test_every_public_page(somebody: Open, site: Site) -> None:
    page = somebody(scripts=True)
    found, seen = [], {"/"}
    waiting = deque(seen)
    while waiting:
        path = waiting.popleft()
        answer = page.goto(path)
        assert answer is not None
        if answer.status != 200:
            found.append(f"{path}: {answer.status}")
            continue
        found += faults(page)
        # A link with a type leads to a file, such as the feed.
        for link in hrefs(page, "a[href]:not([type])"):
            target = urlsplit(urljoin(page.url, link))
            if f"{target.scheme}://{target.netloc}" == site.url and target.path not in seen:
                if target.path.endswith("/leaflet/") and not is_the_first(target.path, seen):
                    continue  # one of concerns and one of treatments: test_leaflet.py prints them all
                seen.add(target.path)
                waiting.append(target.path)
    assert not found, "\n".join(found)
    # The crawl went everywhere: whatever ships is linked from somewhere, and so are the free times and the way to sign in.
    # The sitemap of an invented clinic names nothing.
    listed = shipped()
    assert len(listed) >= 35
    assert listed <= seen
    assert {"/consultations/times/", "/consultations/request/", "/search/"} <= seen


def test_the_search_with_results_and_without(somebody: Open, site: Site) -> None:
    """By keyboard from any page. Marked words, a correction, no result and an error are judged like every other page."""
    page = somebody(390, scripts=True)
    found: list[str] = []
    page.goto("/concerns/ice-pick/")
    page.get_by_role("banner").get_by_role("link", name="Search").press("Enter")
    heading(page, "Search")
    field = page.get_by_role("searchbox", name="Search our pages")
    field.fill("dermarollr")
    field.press("Enter")
    expect(page.locator("ol h3 a").first).to_have_text("Microneedling")
    for query in ("dermarollr", "ice pick squeezing", "xyzzyx", "<b>&", "a" * 101):
        page.goto(f"/search/?q={quote(query)}")
        found += faults(page)
    page.goto("/search/?q=ice%20pick%20squeezing")
    follow(page.locator("ol h3 a").first)
    expect(page.locator("#why-it-happens")).to_be_in_viewport()
    assert page.evaluate("document.referrer") == ""
    page.goto("/no/such/page/")
    page.get_by_role("searchbox").fill("milia")
    follow(page.get_by_role("button", name="Search"))
    expect(page.locator("ol h3 a").first).to_have_text("Milia")
    assert not found, "\n".join(found)


def test_every_page_of_a_request_and_every_state_of_it(somebody: Open, site: Site) -> None:
    """One request goes through most states, and its page is judged in each. So are the steps, empty and with errors."""
    page, dee = somebody(390, scripts=True), somebody()
    found: list[str] = []

    def judge() -> None:
        found.extend(faults(page))

    people.sign_in(dee)
    page.goto("/concerns/ice-pick/")
    follow(page.locator("main").get_by_role("link", name="Request a consultation").first)
    asked = _ask_and_judge(page, "Lena Moss", "lena@example.org", judge)
    judge()  # sent
    mail = mails.wait_for(site, asked.email, "Open by ")
    page.goto(mails.link_in(mail, site))
    judge()
    press(page, "Open my request")
    judge()  # new
    for answer, words in (
        (_asks, "Our question: answer by "),
        (_offers, "Choose a time by "),
        (_confirms, "Booked"),
    ):
        people.go_to_worklist(dee)
        dee.goto(f"/admin/bookings/consultationrequest/?q={asked.reference}")
        people.open_request(dee, asked)
        answer(dee, asked)
        page.goto("/consultations/mine/")
        judge()
        mails.is_discreet(mails.wait_for(site, asked.email, words))
    follow(page.get_by_role("link", name="Choose another time"))
    judge()
    page.goto("/consultations/mine/")
    page.locator("summary", has_text="Choose your questions").click()
    press(page, "Send your questions")
    judge()  # none was chosen
    page.locator("summary", has_text="Cancel your consultation").click()
    follow(page.get_by_role("button", name=re.compile(r"^Cancel \w+day ")))
    judge()  # cancelled
    press(page, "Close this page")
    judge()  # closed, 403
    page.goto("/consultations/new-link/")
    judge()
    page.goto("/consultations/request/you/?d=1c2ee0dc-5b8b-4d2f-9be3-3d1d1d7a3a9e")
    judge()  # no such draft
    page.goto("/consultations/request/no-such-page/")
    page.goto("/no-such-page/")
    judge()
    assert not found, "\n".join(found)


def _ask_and_judge(page: Page, name: str, email: str, judge: Callable[[], None]) -> Asked:
    """Answer step by step. Each step is judged as it comes, and with the errors of an empty answer."""
    press(page, "Yes, continue")
    began = time.monotonic()
    fills: dict[str, Callable[[], object]] = {
        "about": lambda: tick(page, "Face"),
        "before": lambda: tick(page, "I’m not sure"),
        "times": lambda: chosen.append(people.pick_a_time(page)),
        "you": lambda: _reach(page, name, email),
    }
    chosen: list[tuple[str, datetime]] = []
    for step, fill in fills.items():
        assert people.path(page) == f"/consultations/request/{step}/"
        for fold in reversed(page.locator("main details:not([open]) > summary").all()):
            fold.click()
        judge()
        press(page, "Ask for other times" if step == "times" else "Continue")
        if people.path(page) == f"/consultations/request/{step}/":
            expect(page).to_have_title(re.compile("^Error: "))
            judge()
            fill()
            if step != "times":  # there the answer is a press
                press(page, "Continue")
    heading(page, "Check and send")
    judge()
    value, start = chosen[0]
    return Asked(people.send(page, began), start, value, name, email)


def _reach(page: Page, name: str, email: str) -> None:
    page.get_by_label("Full name").fill(name)
    page.get_by_label("Email address").fill(email)
    tick(page, "Call me")
    page.get_by_label("Phone number").fill("07700 900 982")


def _asks(dee: Page, asked: Asked) -> None:
    box = people.action(dee, "Ask a question")
    box.get_by_label("Your question").fill("Which side is it?")
    press(box, "Ask and tell Lena")
    _is_done(dee)


def _offers(dee: Page, asked: Asked) -> None:
    people.tick_other_times(dee, asked, 3)
    press(dee, "Offer the ticked times and tell Lena")
    _is_done(dee)


def _confirms(dee: Page, asked: Asked) -> None:
    people.tick_other_times(dee, asked, 1)
    press(dee, "Confirm the one ticked time and tell Lena")
    _is_done(dee)


def _is_done(dee: Page) -> None:
    expect(dee.locator(".messagelist .success")).to_have_count(1)


def test_every_page_of_the_desk_itself(somebody: Open, site: Site) -> None:
    """The desk's own pages as Ana, who may see everything, sees them; a long name hides no column of the worklist."""
    cleo, ana = somebody(390), somebody(scripts=True)
    send = people.almost_ask(cleo, "Nell " + "Reed" * 28, f"{'nell' * 15}@{'reed' * 15}.example.org")
    found: list[str] = []

    def judge(*paths: str) -> None:
        for path in paths:
            ana.goto(f"/admin/{path}")
            found.extend(faults(ana))

    judge("login/")
    people.sign_in(ana, "ana")
    judge("all/", "password_change/", "bookings/consultationrequest/add/")
    asked = send()
    judge("", "day/", "closing/", "bookings/message/", "bookings/consultationrequest/exports/")
    judge("auth/user/people/", "bookings/workerbeat/")
    judge("diary/1/", "calendar/?show=day", "calendar/")
    ana.locator("#cal details").first.evaluate("one => one.open = true")
    found += faults(ana)  # with a menu open
    judge("foundation/auditentry/", "foundation/auditentry/?since=soon", "foundation/auditentry/?tab=forms")
    judge(*[f"bookings/consultationrequest/?tab={tab}" for tab in ("new", "suspected")])
    people.go_to_worklist(ana)
    people.open_request(ana, asked)
    found += faults(ana)
    people.tick_other_times(ana, asked, 2)
    press(ana, "Preview the offer")
    found += faults(ana)
    press(people.action(ana, "Ask a question"), "Ask and tell Nell")
    found += faults(ana)  # with an error
    assert not found, "\n".join(found)


def test_every_list_that_the_desk_edits_and_a_row_of_each(somebody: Open) -> None:
    ana = somebody(scripts=True)
    found: list[str] = []
    people.sign_in(ana, "ana")
    lists = _lists(ana)
    assert len(lists) >= 12
    for path in lists:
        ana.goto(path)
        found += faults(ana, dark=False)
        rows = hrefs(ana, "#result_list tbody th a")
        add = hrefs(ana, '#content-main a.addlink:not([href="#"])')
        for row in (*rows, *add)[:1]:
            ana.goto(row)
            found += faults(ana, dark=False)
    assert not found, "\n".join(found)


def _lists(ana: Page) -> list[str]:
    """The address of every list of the desk that Ana edits by hand."""
    ana.goto("/admin/all/")
    links = hrefs(ana, "#content-main th a")
    ours = ("/admin/bookings/", "/admin/content/", "/admin/auth/user/")
    verbs = "/admin/bookings/consultationrequest/"
    return [path for path in links if path.startswith(ours) and path != verbs]
