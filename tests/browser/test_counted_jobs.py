"""The jobs of the desk, counted: clicks, pages loaded, fields typed into. docs/jobs.md keeps the figures.

A demonstration with forty requests, at 1280 and at 820 px. Seconds are printed, and compared with nothing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.browser import moments, people
from tests.browser.conftest import Open
from tests.browser.looks import faults
from tests.browser.site import Site, fresh_database, serving
from tests.messages.sink import listening

pytestmark = pytest.mark.once
DOCS = Path(__file__).parents[2] / "docs" / "jobs.md"
TOMORROW = f"/admin/day/?who=all&on={datetime.now(moments.ZONE).date() + timedelta(days=1)}"
WORKLIST, DAY = "/admin/bookings/consultationrequest/", "/admin/day/?who=all"
# A copy of a visit that there is, at another time.
_COPY = """
import uuid
from datetime import timedelta
from itertools import count, islice
from django.utils import timezone
from bookings.models import Appointment, ConsultationRequest
from content.models import ClinicProfile
of = Appointment.objects.booked().filter(request__status="confirmed", mode="in_person").first()
now = timezone.now().astimezone(ClinicProfile.current().zone)
midnight, quarter = now.replace(hour=0, minute=0, second=0, microsecond=0), timedelta(minutes=15)
def copy(name, reference, start, end, who):
    made, visit = ConsultationRequest.objects.get(pk=of.request_id), Appointment.objects.get(pk=of.pk)
    made.pk, made.reference, made.draft_id, made.name = None, reference, uuid.uuid4(), name
    made.calendar_uid = f"{made.draft_id}@example.org"
    made.save()
    visit.pk, visit.request, visit.practitioner = None, made, who
    visit.starts_at = visit.blocks_from = start
    visit.ends_at = visit.blocks_until = end
    visit.save()
"""
# Visits of yesterday that nobody has marked, and four of tomorrow, so early that nobody else is booked then. The
# demonstration's own stand around the hour in which the test runs.
_VISITS = f"""{_COPY}
booked = list(of.practitioner.appointments.values_list("blocks_from", "blocks_until"))
def free(start, step):
    every = (start + n * step for n in count())
    return (at for at in every if all(until <= at or at + quarter <= since for since, until in booked))
starts = list(islice(free(midnight - timedelta(hours=1), -quarter), 16))
starts += islice(free(midnight + timedelta(hours=28), quarter), 4)
for n, start in enumerate(starts):
    copy(f"Visit {{n}}", f"DAY{{n:02}}", start, start + quarter, of.practitioner)
"""
# At any hour a visit of today that is not over, with somebody who has no other. Made after the jobs, which move visits.
_NOW = f"""{_COPY}
from tests.factories import practitioner
start = max(midnight, now - timedelta(minutes=10))
copy("Cleo Marsh", "DAY99", start, now + timedelta(hours=1), practitioner("Bo Berg", kind=of.consultation_type))
"""


class Counted:
    """A person at the desk whose clicks, loads and fields are counted. What scrolls or looks costs nothing."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.loads = self.fields = 0
        page.on("response", self._loaded)

    def _loaded(self, response: Response) -> None:
        self.loads += response.request.is_navigation_request() and not 300 <= response.status < 400

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.first.click(timeout=15_000)
        self.page.wait_for_load_state()

    def type(self, into: Locator, words: str) -> None:
        self.fields += 1
        into.first.fill(words)

    def choose(self, among: Locator, value: str) -> None:
        self.fields += 1
        among.first.select_option(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, with forty requests and three minutes to take something back."""
    folder = tmp_path_factory.mktemp("jobs")
    with (
        listening() as sink,
        fresh_database(folder) as url,
        serving(url, sink, folder, requests=40, also=_VISITS, UNDO_MINUTES="3") as site,
    ):
        yield site


def _open(desk: Counted, number: int, tab: str = "new") -> None:
    """From the worklist to one of its requests without a flag, so that the usual answers are there."""
    rows = desk.page.locator("#result_list tbody tr").filter(
        has_not=desk.page.locator(".flag.urgent, .flag.call")
    )
    desk.click(rows.nth(number).locator("a.open"))


def confirm(desk: Counted) -> None:
    """Confirm the time that somebody asked for, from the list."""
    rows = desk.page.locator("#result_list tbody tr").filter(has_text="held to")
    desk.click(rows.locator('[name="picked"]'))
    desk.click(desk.page.locator('button[name="do"][value="confirm"]'))
    expect(desk.page.locator("body")).to_contain_text("Confirmed for")


def offer_two(desk: Counted) -> None:
    """Offer two times."""
    _open(desk, 6)
    slots = desk.page.locator("section.main label.slot:not(:has(:checked))")
    while (
        desk.page.locator("section.main label.slot :checked").count() < 2
    ):  # the best one is ticked beforehand
        desk.click(slots)
    desk.click(desk.page.locator('button[name="do"][value="offer"]'))
    expect(desk.page.locator("body")).to_contain_text("Offered times")


def ask(desk: Counted) -> None:
    """Ask a question."""
    _open(desk, 7)
    box = desk.page.locator("details").filter(has=desk.page.locator('button[name="do"][value="ask"]'))
    desk.click(box.locator("summary"))
    desk.type(box.locator("textarea"), "Do you still get spots?")
    desk.click(box.locator('button[name="do"][value="ask"]'))
    expect(desk.page.locator("body")).to_contain_text("Asked")


def decline(desk: Counted) -> None:
    """Decline with advice."""
    _open(desk, 7)
    box = desk.page.locator("details").filter(has=desk.page.locator('button[name="do"][value="advise"]'))
    desk.click(box.locator("summary"))
    desk.type(box.locator("textarea"), "Please see a pharmacist first.")
    desk.click(box.locator('button[name="do"][value="advise"]'))
    expect(desk.page.locator("body")).to_contain_text("Declined")


def undo(desk: Counted) -> None:
    """Take back a wrong press."""
    desk.click(desk.page.locator('.undo-bar button[name="do"][value="undo"]'))
    expect(desk.page.locator("body")).to_contain_text("taken back")


def rang_about_laser(desk: Counted) -> None:
    """Find the woman who rang about laser."""
    desk.click(desk.page.get_by_text("Calls", exact=True))
    desk.click(desk.page.get_by_role("link", name="About laser"))
    expect(desk.page.locator("#result_list tbody tr")).not_to_have_count(0)


def book_a_caller(desk: Counted) -> None:
    """Book somebody who is on the phone."""
    page = desk.page
    desk.click(page.get_by_role("link", name="New phone request"))
    desk.type(page.locator("#id_phone"), "01632 960777")
    desk.type(page.locator("#id_name"), "Cleo Marsh")
    desk.type(page.locator("#id_email"), "cleo@example.org")
    for name in ("adult", "agreed"):
        desk.click(page.locator(f"#id_{name}"))
    desk.click(page.locator('[name="applies"][value="none"]'))
    desk.click(page.locator('.time [name="slot"]'))
    desk.click(page.locator('button[name="make"][value="book"]'))
    expect(page.locator("body")).to_contain_text("Booked.")


def set_up_a_practitioner(desk: Counted) -> None:
    """Somebody new works here, like Tomas."""
    page = desk.page
    wide = page.get_by_role("link", name="Practitioners and hours")
    if wide.is_visible():
        desk.click(wide)
        desk.click(page.get_by_role("link", name="Add practitioner"))
    else:  # the rail of a small screen has what is done every day
        desk.click(page.get_by_role("link", name="All pages"))
        desk.click(page.locator(".model-practitioner .addlink"))
    desk.type(page.locator("#id_name"), "Ana Lind")
    for number in (0, 1):
        desk.click(page.locator('[name="consultation_types"]').nth(number))
    like = page.locator("#id_hours_as option", has_text="As Tomas Adeyemi").first
    desk.choose(page.locator("#id_hours_as"), like.get_attribute("value") or "")
    desk.click(page.locator('[name="_save"]'))
    expect(page.locator("#result_list")).to_contain_text("Mon Tue Wed Thu Fri")


def attend_four(desk: Counted) -> None:
    """Four visits took place; whoever marks them stays on the day sheet."""
    # What was just marked stays there with its undo.
    lines = desk.page.locator('#unmarked .line-form:has(button[value="attend"])').filter(has_text="Visit ")
    for left in range(lines.count() - 1, lines.count() - 5, -1):
        desk.click(lines.locator('button[value="attend"]'))
        expect(lines).to_have_count(left)


def ill(desk: Counted) -> None:
    """Somebody rings in ill: four visits to come. All of it is taken back, so that the next round finds them again."""
    page = desk.page
    sheet = page.locator(".sheet").filter(has_text="Visit 17")
    desk.click(sheet.get_by_role("link", name="Away this day"))
    expect(page.locator("#h-hits")).to_contain_text("This touches")
    assert page.locator(".hits select").count() >= 4
    desk.click(page.locator('button[name="do"][value="see"]'))
    expect(page.locator(".outgoing")).to_contain_text("We have to move your consultation")
    desk.click(page.get_by_role("button", name="Block and tell"))
    expect(page.locator(".outcomes")).to_contain_text("The visit is freed")
    loads = desk.loads
    page.get_by_role("button", name="Undo all of it").first.click()
    expect(page.locator("body")).to_contain_text("Taken back")
    desk.loads = loads  # that was not the job


def block_an_afternoon(desk: Counted) -> None:
    """Block a Tuesday afternoon on which nobody is booked."""
    page, day = desk.page, datetime.now(moments.ZONE).date() + timedelta(weeks=40)
    day += timedelta(days=(1 - day.weekday()) % 7)
    desk.click(page.get_by_role("link", name="Block time"))
    desk.click(page.get_by_label("Tomas Adeyemi"))
    desk.type(page.get_by_label("Day", exact=True), f"Tue {day.day} {day:%b} {day.year}")
    desk.type(page.get_by_label("From", exact=True), "13:00")
    desk.click(page.get_by_role("button", name="Block this time"))
    expect(page.locator("body")).to_contain_text("It touches nobody.")


def move_a_visit(desk: Counted) -> None:
    """Move a visit that is still to come."""
    desk.click(desk.page.locator("#rail").get_by_role("link", name="Calendar"))
    visit = desk.page.locator("li.visit").filter(has=desk.page.locator("details.move"))
    desk.click(visit.locator("summary"))
    desk.click(visit.locator("details[open] button[name=to]"))
    expect(desk.page.locator("body")).to_contain_text("Moved to")


def who_is_free_at_three(desk: Counted) -> None:
    """Who is free at three on Thursday? Each has a column for the day, in which something says so at three."""
    desk.click(desk.page.locator("#rail").get_by_role("link", name="Calendar"))
    thursday = desk.page.locator("section.calday").filter(has=desk.page.get_by_role("link", name="Thu"))
    for name in ("Imogen", "Tomas"):
        expect(thursday.locator("h3").filter(has_text=name)).to_be_visible()


JOBS: dict[str, Callable[[Counted], None]] = {
    # Before somebody new practises: of up to three practitioners a week shows all.
    "who is free at three on Thursday": who_is_free_at_three,
    "move a visit": move_a_visit,
    "confirm the asked time": confirm,
    "offer two": offer_two,
    "ask": ask,
    "decline with advice": decline,
    "undo a wrong press": undo,
    "“rang about laser”": rang_about_laser,
    "book a caller": book_a_caller,
    "set up a new practitioner": set_up_a_practitioner,
    "attended, 4 visits": attend_four,
    "ill, 4 visits to come": ill,
    "block Tuesday afternoon": block_an_afternoon,
}
SCRIPTED: dict[str, Callable[[Counted], None]] = {"attended, 4 visits, with JavaScript": attend_four}
# Where a job begins, if not on the worklist.
BEGINS: dict[Callable[[Counted], None], str] = {
    rang_about_laser: WORKLIST + "?tab=open",
    attend_four: DAY,
    ill: TOMORROW,
    block_an_afternoon: "/admin/calendar/",
}


def figures() -> dict[str, str]:
    """Job and its "clicks / loads / fields" in docs/jobs.md."""
    rows = re.findall(
        r"^\| (.+?) \| \S+ \| (\d+ / \d+ / \d+) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE
    )
    return dict(rows)


@pytest.mark.parametrize("width", [1280, 820])
def test_each_job_takes_what_the_page_says(
    somebody: Open, width: int, record_property: Callable[[str, object], None]
) -> None:
    found = {}
    for scripts, jobs in ((False, JOBS), (True, SCRIPTED)):
        page = somebody(width=width, scripts=scripts)
        people.sign_in(page)
        for job, do in jobs.items():
            if do is not undo:  # which follows what has just been pressed
                page.goto(BEGINS.get(do, WORKLIST + "?tab=new"))
            desk, begun = Counted(page), time.monotonic()
            do(desk)
            found[job] = f"{desk.clicks} / {desk.loads} / {desk.fields}"
            record_property("tell", f"job at {width}: {job} {found[job]}, {time.monotonic() - begun:.1f} s")
    assert found == figures()


def test_a_press_on_the_day_sheet_changes_its_line_and_nothing_is_lost_without_the_script(
    somebody: Open, site: Site
) -> None:
    """And the sheet is readable with every aid, on a phone and on paper. Here, because this site has visits."""
    site.make(_NOW)
    page = somebody(scripts=True)
    people.sign_in(page)
    page.goto(DAY)
    found = faults(page)
    line, desk = page.locator("tr.visit").filter(has_text="DAY99"), Counted(page)
    before = page.locator("#sum").inner_text()
    desk.click(line.locator('button[value="arrive"]'))
    expect(line.locator(".chip")).to_contain_text("Here since")
    expect(line.locator("button").first).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Here since")
    assert page.locator("#sum").inner_text() != before
    assert desk.loads == 0
    # A page that is old is refused, and says so on the sheet as it is now, without another load.
    old = line.locator('button[value^="expect"]')
    old.evaluate("button => button.value = 'expect:2026-01-01T00:00:00+00:00'")
    desk.click(old)
    expect(page.locator(".messagelist")).to_contain_text("marked otherwise meanwhile")
    expect(page.locator(".messagelist").last).to_be_focused()
    expect(line.locator(".chip")).to_contain_text("Here since")
    assert desk.loads == 0
    # Whatever else comes back, the browser sends the same form itself.
    page.route(
        "**/admin/day/**",
        lambda route: (
            route.fulfill(body="<p>Not that page.")
            if route.request.resource_type == "fetch"
            else route.continue_()
        ),
    )
    desk.click(line.locator('button[value^="expect"]'))
    expect(line.locator(".chip")).not_to_contain_text("Here since")
    assert desk.loads == 1
    whose = page.locator(".sheet").filter(has_text="DAY99").locator("h2")
    page.goto("/admin/day/?who=" + (whose.get_attribute("id") or "")[2:])
    found += faults(page)
    theirs = page.url
    page.goto(TOMORROW)
    page.locator(".sheet").filter(has_text="Visit 17").get_by_role("link", name="Away this day").click()
    found += faults(page)
    page.locator('button[name="do"][value="see"]').click()
    found += faults(page)
    page.goto(theirs)
    page.emulate_media(media="print")
    for hidden in ("#rail", "#header", ".quick", "#unmarked section", ".about"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".tickbox").first).to_be_visible()
    expect(page.locator(".print-foot").first).to_contain_text("Printed by Dee Okafor")
    assert not found, "\n".join(found)
