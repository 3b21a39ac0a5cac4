"""Two web hosts and two workers behind nginx and PgBouncer are one clinic, and stay one when a host and a worker die."""

from __future__ import annotations

import io
import re
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from bookings import outbox, slot_text
from bookings.models import Appointment, ConsultationRequest, Message, Practitioner
from content.models import Page as Article
from content.models import Picture
from tests import factories as make
from tests.client import walk
from tests.content.html import filled_from
from tests.desk.pages import page_of, words
from tests.hosts.browser import Browser, Page
from tests.hosts.conftest import PASSWORD, Clinic, Machine
from tests.publishing.desk import page_of as editor_of
from tests.servers import PATIENCE, until

pytestmark = pytest.mark.only("postgresql")
FORM = "/consultations/request/"


@pytest.fixture(autouse=True)
def calm(clinic: Clinic) -> Iterator[None]:
    """What the test before left to be sent is out, and the mail server does as it is asked."""
    due = Message.objects.filter(state__in=(Message.State.QUEUED, Message.State.SENDING))
    until(lambda: not due.filter(not_before__lte=timezone.now()).exists())
    yield
    clinic.sink.script = lambda step, to: None


def time_of(number: int) -> datetime:
    """The half-hours from ten to one of each working day from next week on."""
    days = [timezone.localdate() + timedelta(days=ahead) for ahead in range(7, 30)]
    day = [one for one in days if one.weekday() < 5][number // 6]
    start = datetime(day.year, day.month, day.day, 10, tzinfo=make.LONDON)
    return (start + timedelta(minutes=30 * (number % 6))).astimezone(timezone.get_default_timezone())


def walked(browser: Browser, name: str, number: int, at: tuple[int, int] = (0, 0)) -> str:
    """The address of the page that sends: everything is answered, each page on the other host than the last."""
    browser.get(FORM, at=at[0])
    begun = browser.post(FORM, walk.ANSWERS["about"], at=at[0])
    draft = begun.leads_to.partition("?d=")[2]
    changes = {
        "times": {"slot": slot_text.value(None, time_of(number))},
        "you": {"name": name, "email": address_of(name)},
    }
    for turn, step in enumerate(("before", "times", "you"), start=1):
        fields = walk.ANSWERS[step] | changes.get(step, {})
        page = browser.post(f"{FORM}{step}/?d={draft}", fields, at=at[turn % 2])
        assert page.status == 303, page.text
    assert page.leads_to == f"{FORM}check/?d={draft}"
    walk.age(draft)
    return page.leads_to


def address_of(name: str) -> str:
    return f"{name.split()[0].lower()}@example.org"


def mails_to(clinic: Clinic, name: str, kind: str) -> list[str]:
    """The texts of the mails of that kind that have arrived."""
    ids = Message.objects.filter(kind=kind, to=address_of(name)).values_list("message_id", flat=True)
    arrived = [one.mail for one in list(clinic.sink.taken)]
    found = [mail.get_body(("plain",)) for mail in arrived if str(mail["Message-ID"]) in set(ids)]
    return [str(body.get_content()) for body in found if body is not None]


def sign_in(browser: Browser, at: int) -> None:
    sent = filled_from(browser.get("/admin/login/", at=at)) | {"username": "dee", "password": PASSWORD}
    assert browser.post("/admin/login/", sent, at=at).status in (302, 303)


def test_from_the_form_to_confirmed_with_every_step_on_the_other_host(clinic: Clinic) -> None:
    one, two = (host.port for host in clinic.hosts)
    cleo, dee = clinic.browser(), clinic.browser()
    check = walked(cleo, "Cleo Marsh", 0, at=(one, two))
    sent = cleo.post(check, walk.AGREED, at=one)
    assert sent.leads_to.startswith("/consultations/sent/")
    consultation = ConsultationRequest.objects.get()
    assert consultation.reference in cleo.get(sent.leads_to, at=two).text
    until(lambda: bool(mails_to(clinic, "Cleo Marsh", "received")))
    [mail] = mails_to(clinic, "Cleo Marsh", "received")
    link = re.search(r"https://www\.example\.org(/consultations/open/\S+)", mail)
    assert link
    telephone = clinic.browser()  # another one than the form was filled in with
    assert telephone.get(link[1], at=two).status == 200
    assert telephone.post(link[1], {}, at=one).leads_to == "/consultations/mine/"
    assert consultation.reference in telephone.get("/consultations/mine/", at=two).text
    sign_in(dee, at=one)
    shown = dee.get(page_of(consultation), at=two)
    assert shown.status == 200 and "Cleo Marsh" in shown.text
    consultation.refresh_from_db()
    wish = slot_text.value(Practitioner.objects.get().pk, time_of(0))
    pressed = {"do": "confirm_wish", "version": consultation.version, "wish": wish}
    assert dee.post(page_of(consultation), pressed, at=two).status == 303
    until(lambda: bool(mails_to(clinic, "Cleo Marsh", "confirmed")))
    assert "confirmed" in words(telephone.get("/consultations/mine/", at=one)).lower()


def test_what_is_published_on_one_is_read_on_the_other_from_then_on(clinic: Clinic) -> None:
    one, two = (host.port for host in clinic.hosts)
    dee, article = clinic.browser(), Article.objects.get()
    reader, path = clinic.browser(), f"/articles/{article.slug}/"
    for port in (one, two, one, two):
        assert article.summary in reader.get(path, at=port).text
    sign_in(dee, at=one)
    for number, port in enumerate((one, two)):
        text = f"How to keep the sun off, edit {number}."
        opened = filled_from(dee.get(editor_of(article), at=port))
        published = dee.post(editor_of(article), opened | {"summary": text, "do": "publish"}, at=port)
        assert published.status == 303, published.text
        assert text in reader.get(path, at=two if port == one else one).text
        assert text in reader.get(path).text


def test_a_picture_that_one_took_the_other_shows_and_nginx_sends(clinic: Clinic) -> None:
    one, two = (host.port for host in clinic.hosts)
    dee = clinic.browser()
    sign_in(dee, at=two)
    add = "/admin/content/picture/add/"
    dee.get(add, at=one)
    photo = io.BytesIO()
    Image.new("RGB", (480, 300), "white").save(photo, "JPEG")
    fields: dict[str, Any] = {"name": "waiting-room", "alt": "Three chairs.", "caption": "", "consent": ""}
    taken = dee.post(add, fields | {"file": ("chairs.jpg", photo.getvalue())}, at=one)
    assert taken.status == 302, taken.text
    path = Picture.objects.get().url(480)
    for port in (one, two):
        assert clinic.browser().get(path, at=port).headers["X-Accel-Redirect"].endswith("480.webp")
        assert clinic.browser().get(path).content.startswith(b"RIFF")


def test_of_many_who_want_a_time_through_nginx_one_gets_it(clinic: Clinic) -> None:
    names = [f"{name} Race" for name in ("Abe", "Bea", "Cal", "Dot", "Eli", "Fay")]
    ready = [(browser := clinic.browser(), walked(browser, name, 1 + n % 2)) for n, name in enumerate(names)]
    with ThreadPoolExecutor(len(ready)) as pool:
        pages = list(pool.map(lambda racer: racer[0].post(racer[1], walk.AGREED), ready))
    assert {page.status for page in pages} == {303}
    won = [number for number, page in enumerate(pages) if page.leads_to.startswith("/consultations/sent/")]
    assert sorted(1 + number % 2 for number in won) == [1, 2]
    for number in (1, 2):
        assert Appointment.objects.filter(starts_at=time_of(number)).count() == 1
    assert ConsultationRequest.objects.filter(name__endswith=" Race").count() == 2
    loser = next(number for number in range(len(names)) if number not in won)
    assert ready[loser][0].get(pages[loser].leads_to).status == 200


def test_of_two_at_the_desk_who_give_a_time_to_two_clients_on_two_hosts_one_does(clinic: Clinic) -> None:
    now = timezone.now()
    clients = [make.submitted(name=name, start=None, now=now) for name in ("Kit Desk", "Lou Desk")]
    pressed = {"do": "confirm", "slot": slot_text.of(make.slot(time_of(12))), "note": ""}
    desks = []
    for host, consultation in zip(clinic.hosts, clients, strict=True):
        desks.append(dee := clinic.browser())
        sign_in(dee, at=host.port)
        assert dee.get(page_of(consultation), at=host.port).status == 200

    def press(number: int) -> Page:
        fields = pressed | {"version": clients[number].version}
        return desks[number].post(page_of(clients[number]), fields, at=clinic.hosts[number].port)

    with ThreadPoolExecutor(2) as pool:
        pages = list(pool.map(press, range(2)))
    assert sorted(page.status for page in pages) == [303, 409]
    [visit] = Appointment.objects.filter(starts_at=time_of(12))
    gets, waits = sorted(clients, key=lambda one: one.pk != visit.request_id)
    assert "That time has just been taken." in words(pages[clients.index(waits)])
    assert [ConsultationRequest.objects.get(pk=one.pk).status for one in (gets, waits)] == [
        "confirmed",
        "new",
    ]


def test_a_host_and_a_worker_die_and_nothing_is_lost_or_done_twice(clinic: Clinic) -> None:
    """The last one: afterwards one host and no worker is left."""
    names = [f"{name} Left" for name in ("Gus", "Hal", "Ida", "Joy")]
    ready = [(browser := clinic.browser(), walked(browser, name, 6 + n)) for n, name in enumerate(names)]
    cut, dead = Event(), Event()
    whose: list[str] = []

    def script(step: str, to: str) -> str | None:
        """The first mail is taken, and whoever sent it does not live to hear so."""
        if step != "taken" or cut.is_set():
            return None
        whose.append(to)
        cut.set()
        dead.wait(PATIENCE)
        return "drop"

    clinic.sink.script = script
    victim = clinic.hosts[0]
    with ThreadPoolExecutor(len(ready) + 2) as pool:
        victim.tell(signal.SIGSTOP)  # what it is asked from here on it has, and never answers
        sending = [pool.submit(browser.post, check, walk.AGREED) for browser, check in ready]
        until(lambda: answered(sending) == len(ready) // 2)
        reading = [pool.submit(clinic.browser().get, "/articles/") for _ in range(2)]
        until(lambda: answered(reading) == 1)
        victim.die()
        pages = [one.result(PATIENCE) for one in sending]
        # Who only read was sent on to the other host. What was sent was not: it might have been taken.
        assert [one.result(PATIENCE).status for one in reading] == [200, 200]
    assert Counter(page.status for page in pages) == {303: 2, 503: 2}
    assert cut.wait(PATIENCE)
    _kill_whoever_has(clinic.workers, whose[0])
    dead.set()
    for page, (browser, check) in zip(pages, ready, strict=True):
        again = browser.post(check, walk.AGREED)  # as the page for the 503 asks, and after a 303 does no harm
        assert again.leads_to.startswith("/consultations/sent/"), (page.status, again.status)
    assert {clinic.browser().get("/articles/").status for _ in range(4)} == {200}
    left = ConsultationRequest.objects.filter(name__endswith=" Left")
    assert sorted(left.values_list("name", flat=True)) == names
    _all_mails_arrive(clinic, names, whose[0])
    _a_worker_that_is_stopped_finishes_its_mail(clinic, left.first())


def answered(asked: list[Future[Page]]) -> int:
    return sum(one.done() for one in asked)


def _kill_whoever_has(workers: list[Machine], to: str) -> None:
    """The worker that has the mail to this address in its hands."""
    message = Message.objects.get(to=to, state=Message.State.SENDING)
    [victim] = [one for one in workers if f"-{one.process.pid}-" in message.leased_by]
    victim.die()


def _all_mails_arrive(clinic: Clinic, names: list[str], cut: str) -> None:
    """Each one once, but for the one that a worker died over: that twice, and its row says that it was not answered for."""
    mails = Message.objects.filter(kind="received", to__in=[address_of(name) for name in names])
    until(lambda: not mails.exclude(state=Message.State.SENT).exists())
    assert mails.count() == len(names)
    copies = Counter(clinic.sink.ids())
    for message in mails:
        assert (copies[message.message_id], message.unanswered) == ((2, 1) if message.to == cut else (1, 0))


def _a_worker_that_is_stopped_finishes_its_mail(clinic: Clinic, client: ConsultationRequest | None) -> None:
    """As systemd stops it: SIGTERM, while the server has the mail and has not said so yet."""
    [worker] = [one for one in clinic.workers if one.process.poll() is None]
    has_it, told = Event(), Event()

    def script(step: str, to: str) -> str | None:
        if step == "taken":
            has_it.set()
            told.wait(PATIENCE)
        return None

    clinic.sink.script = script
    mail = outbox.queue(client, "new_link", now=timezone.now())
    assert has_it.wait(PATIENCE)
    worker.tell(signal.SIGTERM)
    told.set()
    assert worker.process.wait(PATIENCE) == 0
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, clinic.sink.ids().count(mail.message_id)) == (Message.State.SENT, 1, 1)
