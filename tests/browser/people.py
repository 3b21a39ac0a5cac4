"""What clients and Dee do in a browser, one function for each thing that a person would call one thing.

They use what a person uses: links, buttons and labels by their words. Nothing here knows an address but the
first one, which a person would have to type as well.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, Response, expect

from tests.browser import mails, moments
from tests.browser.site import PASSWORD, Site

# To the site, whoever answers everything in less than 8 seconds is a program.
HUMAN_SECONDS = 8.5
# The heading after sending: with a time that is held, and without one.
SENT = re.compile("^(?:Check your email to keep this time|We have your request)$")


@dataclass
class Asked:
    """A request as its client knows it."""

    reference: str
    start: datetime
    value: str  # of the chosen time in the form
    name: str
    email: str


# --- the small things -------------------------------------------------------------------------------------------------


def press(page: Page | Locator, words: str) -> None:
    """Press the button with exactly these words, and wait until the page that it leads to is there."""
    follow(page.get_by_role("button", name=words, exact=True))


def follow(link: Locator) -> None:
    """Click a link or a button that leads to a page, and wait until that page is there.

    Whatever a test reads or clicks next is then on the new page: on a busy machine the old one stays for a while, often with
    the same words on it. What leads to no page is clicked without this.
    """
    with link.page.expect_navigation():
        link.click()


def tick(page: Page | Locator, words: str) -> None:
    """Choose the answer whose label begins with these words."""
    page.get_by_label(re.compile(rf"^\s*{re.escape(words)}")).first.check()


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    """This is the page with that heading, and it has no other of its rank."""
    expect(page.locator("h1")).to_have_text(words)


def path(page: Page) -> str:
    return urlsplit(page.url).path


# --- a request --------------------------------------------------------------------------------------------------------


def pick_a_time(page: Page, which: int = 0) -> tuple[str, datetime]:
    """On a page of times: press a free one with Tomas, far enough ahead to be moved online. Returns value and moment."""
    follow(page.get_by_role("link", name="Tomas Adeyemi", exact=True))
    follow(page.get_by_role("link", name=re.compile("^Later days")).first)
    time = page.locator(".chosen-day .times > *").nth(which)
    query = parse_qs(urlsplit(time.get_attribute("href") or "").query)
    value = time.get_attribute("value") or query["take"][0]
    moment = moments.instant(value)
    # By itself the button says the moment that it sends, and who is there.
    assert (
        " ".join(time.inner_text().split()).replace("Midday", "midday")
        == f"{moments.for_clients(moment)} , with Tomas Adeyemi"
    )
    follow(time)
    return value, moment


def answer_everything(
    page: Page, name: str, email: str, which: int = 0
) -> tuple[tuple[str, datetime], float]:
    """From the first question to the check page. Returns the chosen time, and when the request began for the site.

    `which`: the number of the free time to choose.
    """
    tick(page, "Ice pick")
    tick(page, "Face")
    press(page, "Yes, continue")
    began = time.monotonic()
    heading(page, "Do any of these apply to you?")
    press(page, "None of these")
    heading(page, "When suits you?")
    chosen = pick_a_time(page, which)
    heading(page, "How do we reach you?")
    page.get_by_label("Full name").fill(name)
    page.get_by_label("Email address").fill(email)
    press(page, "Continue")
    heading(page, "Check and send")
    return chosen, began


def wait_like_a_person(page: Page, began: float) -> None:
    """Until somebody who began then could have answered everything."""
    page.wait_for_timeout(max(0.0, began + HUMAN_SECONDS - time.monotonic()) * 1000)


def send(page: Page, began: float) -> str:
    """Agree and send, no sooner than a person could. Returns the reference."""
    wait_like_a_person(page, began)
    page.locator("#id_health").check()
    press(page, "Send your request")
    heading(page, SENT)
    return page.locator("main .ref").first.inner_text()


def almost_ask(page: Page, name: str, email: str, which: int = 0) -> Callable[[], Asked]:
    """A whole request, without looking left or right, up to the last button: the function that comes back presses it.

    What a test does meanwhile saves it waiting until a person could have answered everything. `which`: the
    number of the free time to choose.
    """
    page.goto("/consultations/request/")
    (value, start), began = answer_everything(page, name, email, which=which)
    return lambda: Asked(send(page, began), start, value, name, email)


def ask_together(people: list[tuple[Page, str, str]]) -> list[Asked]:
    """Several people ask at the same time, each for another time, so that nobody has to wait for long.

    With what is kept free after it a visit takes an hour, and times begin every half hour: every other one does not overlap.
    """
    sends = [almost_ask(*person, which=2 * number) for number, person in enumerate(people)]
    return [send() for send in sends]


def open_link(page: Page, link: str) -> None:
    """Open the link in a mail. The page behind it has a button, so that a mail scanner opens nothing."""
    page.goto(link)
    heading(page, "Open your request")
    press(page, "Open my request")
    assert path(page) == "/consultations/mine/"


def open_mail(page: Page, site: Site, to: str, subject: str, count: int = 1) -> None:
    """Wait for the mail, see that it is discreet, and open its link."""
    mail = mails.wait_for(site, to, subject, count)
    mails.is_discreet(mail)
    open_link(page, mails.link_in(mail, site))


# --- the desk ---------------------------------------------------------------------------------------------------------


def sign_in(page: Page, name: str = "dee") -> None:
    page.goto("/admin/")
    heading(page, "Sign in to the desk")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    expect(page.locator("details.me")).to_be_attached()  # on a phone it stands in the menu


def row_of(page: Page, asked: Asked) -> Locator:
    """A request's line in the worklist on this page."""
    return page.locator("#result_list tbody tr").filter(has_text=asked.reference)


def open_request(page: Page, asked: Asked) -> None:
    """Open a request from the worklist by the client's name."""
    row = row_of(page, asked)
    expect(row).to_have_count(1)
    follow(row.get_by_role("link", name=asked.name))
    heading(page, re.compile(re.escape(asked.reference)))


def go_to_worklist(page: Page) -> None:
    page.goto("/admin/bookings/consultationrequest/")


def go_to_tab(page: Page, words: str) -> None:
    go_to_worklist(page)
    tabs = page.get_by_role("navigation", name="Which ones")
    follow(tabs.get_by_role("link", name=re.compile(f"^{words}")).first)


@contextmanager
def page_loads(page: Page, most: int) -> Iterator[None]:
    """What is done within may take this many pages, not counting redirects."""
    seen: list[str] = []

    def count(response: Response) -> None:
        if response.request.is_navigation_request() and not 300 <= response.status < 400:
            seen.append(response.url)

    page.on("response", count)
    yield
    page.remove_listener("response", count)
    assert 0 < len(seen) <= most, seen


def tick_other_times(page: Page, asked: Asked, count: int) -> list[datetime]:
    """On a request's page: tick the first free times except the one asked for. Returns their moments, earliest first."""
    ticked: list[datetime] = []
    for box in page.locator("section.main label.slot").all():
        moment = moments.instant(box.locator("input").get_attribute("value") or "")
        if moment != asked.start and len(ticked) < count:
            expect(box.locator(".when")).to_have_text(moments.for_the_desk(moment))
            box.locator("input").check()
            ticked.append(moment)
    assert len(ticked) == count
    return sorted(ticked)


def action(page: Page, summary: str) -> Locator:
    """Unfold one of the desk's other answers and return it."""
    box = page.locator("section.verbs > details").filter(has=page.locator("summary", has_text=summary))
    if box.get_attribute("open") is None:
        box.locator("summary").first.click()
    return box
