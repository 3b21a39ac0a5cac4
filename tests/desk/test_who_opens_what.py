"""docs/urls.md says of each address of the desk whom it is for. All are walked as everybody: what is not theirs stays shut.

The walk calls the view behind each address, with a session of each person's own. That is what asks for rights; what stands
before it (headers, sizes, sign-in) has tests of its own. A page is drawn for one of those who may open it, the next one's
turn at the next address: whether it opens is known before it is drawn. Everything is rolled back.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.template.backends.django import Template
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import timezone

from bookings import desk_site
from bookings.models import (
    Answers,
    Appointment,
    Closure,
    ConsultationRequest,
    Event,
    FeeText,
    Message,
    Note,
    PlanPhrase,
    Practitioner,
    RequestLimit,
    Tag,
    WorkerBeat,
)
from bookings.queries import frame
from bookings.queries.clinic import profile_with_hours, zone
from bookings.roles import grants
from bookings.roles.table import ROLES
from bookings.states import Status
from bookings.workflow import plan
from bookings.workflow.core import Origin
from clinic.foundation.models import SignIn
from content.publishing import due
from tests import factories as make
from tests.docs import addresses
from tests.docs.addresses import EVERYBODY, NOBODY, STAFF, Who
from tests.plans.writing import THEN, ana, not_now

pytestmark = pytest.mark.once
HUGE = "9" * 23  # past 64 bits
GARBAGE = {
    "do": "save",
    "action": "delete_selected",
    "_selected_action": "abc",
    "index": "x",
    "select_across": "x",
    "version": HUGE,
    "seen": f"{HUGE}-abc",
    "page": HUGE,
    "draft": "no-uuid",
    "slot": f"{HUGE}@9999-99-99",
    "name": "\u0301" * 300,
    "title": "x" * 5000,
    "order": HUGE,
    "minutes": HUGE,
    "first_day": "0000-00-00",
    "since": "32 Foo",
    "day0-0-starts": "25:99",
    "day0-0-ends": "x" * 5000,
    "time_off-TOTAL_FORMS": "-1",
    "lines-TOTAL_FORMS": "1",
    "lines-INITIAL_FORMS": "1",
    "lines-0-id": "abc",
    "opening_hours-TOTAL_FORMS": "1",
    "opening_hours-INITIAL_FORMS": "1",
    "opening_hours-0-id": HUGE,
    "groups": ["abc", HUGE],
    "concerns": [HUGE, "x"],
    "_save": "Save",
}
FORM_TYPE = "application/x-www-form-urlencoded"
# What answers nobody's GET here: only a form may be sent there, there is no such thing, or no row of it.
NEVER_OPEN = {
    "/admin/logout/",
    "/admin/r/<content_type_id>/<object_id>/",
    "/admin/<url>",
    "/admin/content/page/due/<correction_id>/done/",
    "/admin/bookings/message/<object_id>/history/",
    "/admin/foundation/auditentry/<object_id>/change/",
    "/admin/foundation/auditentry/<object_id>/history/",
    "/admin/content/picture/<object_id>/delete/",
}
FORMS = ("", urlencode(GARBAGE, doseq=True))


@pytest.fixture
def world(shipped_clinic: None) -> None:
    """The shipped content, a request, a visit, a closure, a tag, a sign-in, and one person of each role."""
    grants.give(make.NOW)
    make.submitted(name="Cleo Secret")
    make.in_state(Status.CONFIRMED, start=make.at(3, 12))
    _with_a_draft_of_a_plan(make.in_state(Status.ATTENDED, start=make.at(3, 14)))
    make.rules()
    Closure.objects.create(name="Holidays", first_day="2026-12-24", last_day="2026-12-26")
    RequestLimit.objects.create(first_day="2027-06-01", a_day=0)
    FeeText.objects.create(valid_from="2027-06-01", text="You pay at the clinic.")
    WorkerBeat.objects.create(name="one", at=make.NOW)
    SignIn.objects.create(at=make.NOW, who="sue", network="203.0.113.0/24", outcome="in")
    Tag.objects.create(name="Rings back")
    PlanPhrase.objects.create(place="first", words="Use sun protection every day.")
    for role in ROLES:
        User.objects.create_user(role.code, is_staff=True).groups.add(Group.objects.get(name=role.name))
    make.staff("Sue Root", is_superuser=True)
    make.staff("Eve Nobody")


def _with_a_draft_of_a_plan(cleo: ConsultationRequest) -> None:
    plan.write_plan(cleo, Origin(ana(), THEN), written=not_now())


@dataclass(frozen=True)
class Person:
    """Somebody at the desk, or nobody, with what they hold and what their session says."""

    user: User | AnonymousUser
    held: frozenset[str]
    kept: dict[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        return self.user.get_username() or "a stranger"

    def may(self, who: Who) -> bool:
        if who.any_of & {EVERYBODY}:
            return True
        if who.any_of & {NOBODY} or not isinstance(self.user, User):
            return False
        return self.user.is_superuser or bool(who.any_of & {STAFF, *self.held})


def people() -> list[Person]:
    """A stranger, Eve, one person of each role, and Sue who may do everything."""
    found = [Person(AnonymousUser(), frozenset(), {})]
    for name in ("eve", *(role.code for role in ROLES), "sue"):
        user, browser = User.objects.get(username=name), Client()
        browser.force_login(user)
        held = Permission.objects.filter(group__user=user).values_list("content_type__app_label", "codename")
        found.append(Person(user, frozenset(f"{app}.{code}" for app, code in held), dict(browser.session)))
    return found


def call(person: Person, url: str, form: str | None) -> Any:
    """What the view behind `url` answers this person: a response, or the refusal that it raised."""
    factory = RequestFactory()
    request: Any = factory.get(url) if form is None else factory.post(url, form, FORM_TYPE)
    request.user, request.session = person.user, SessionStore()
    request.session._session_cache = dict(person.kept)
    request._messages = CookieStorage(request)
    request._dont_enforce_csrf_checks = True
    view, args, kwargs = resolve(url)
    try:
        with transaction.atomic():
            answer = view(request, *args, **kwargs)
            transaction.set_rollback(True)
        for close in (
            answer._resource_closers
        ):  # of a file to download; its own `close` would say that a request is over
            close()
        return answer
    except (PermissionDenied, Http404) as refusal:
        return refusal


def is_refused(answer: Any) -> bool:
    """Forbidden, or led to the sign-in, or asked to sign in so that what was sent is not lost."""
    if isinstance(answer, PermissionDenied) or getattr(answer, "status_code", 0) in (401, 403):
        return True
    return not isinstance(answer, Http404) and answer.headers.get("Location", "").startswith("/admin/login/")


def holds_nothing(answer: Any) -> bool:
    """There is no such thing, or only a form may be sent there: for whoever has the right as for everybody else."""
    if isinstance(answer, Http404) or answer.status_code in (404, 405):
        return True
    return bool(answer.status_code == 302 and answer.headers["Location"] == "/admin/")


def filled(route: str) -> str:
    """The address of a row that is there, if its model has one."""
    _, _, app, name, *_ = (*route.split("/"), "", "")
    model = next(
        (m for m in admin.site._registry if (m._meta.app_label, m._meta.model_name) == (app, name)), None
    )
    first = model._default_manager.order_by("pk").values_list("pk", flat=True).first() if model else None
    if "/plan/" in route:  # there is one after a visit alone
        first = ConsultationRequest.objects.filter(status=Status.ATTENDED).values_list("pk", flat=True).get()
    somebody = Practitioner.objects.values_list("pk", flat=True).first() or 1
    route = (
        route.replace("<practitioner_id>", str(somebody))
        .replace("<app_label>", "bookings")
        .replace("<url>", "nothing-here/")
    )
    return re.sub(r"<\w+>", str(first or 1), route)


class Pen:
    """Draws the pages of whoever's turn it is; nobody reads the others'."""

    def __init__(self) -> None:
        self.draws, self._draw = True, Template.render

    def render(self, template: Template, *args: Any, **kwargs: Any) -> Any:
        return self._draw(template, *args, **kwargs) if self.draws else ""


@pytest.fixture
def pen(world: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pen]:
    """The clinic's profile and what the frame shows come from the clock, the database and who it is, not from what is asked:
    read once."""
    mine = Pen()
    monkeypatch.setattr(Template, "render", lambda *args, **kwargs: mine.render(*args, **kwargs))
    read, now = frame.read, timezone.now()
    numbers, website = read(0, now, zone(), counted=True).numbers, due.counts(now, zone())

    profile, theirs = profile_with_hours(), lru_cache(lambda user: read(user, now, zone(), counted=False))

    def once(user: int, at: datetime, place: ZoneInfo, *, counted: bool) -> frame.Frame:
        return replace(theirs(user), numbers=numbers if counted else None)

    monkeypatch.setattr(desk_site, "profile_with_hours", lambda: copy(profile))
    monkeypatch.setattr(frame, "read", once)
    monkeypatch.setattr(due, "counts", lambda *args: website)
    logging.disable(logging.CRITICAL)  # each refusal's line takes longer than the refusal
    yield mine
    logging.disable(logging.NOTSET)


def walk(pen: Pen) -> Iterator[str]:
    """A line for whatever is not as the page says. Addresses take turns in whose page is drawn."""
    everybody = people()
    for at, each in enumerate(addresses.desk().values()):
        url, opened = filled(each.address), False
        artists = [person for person in everybody if person.may(each.opened_by)] or everybody
        for person in everybody:
            pen.draws = person is artists[at % len(artists)]
            for method, who, form in (("GET", each.opened_by, None), ("POST", each.sent_by, FORMS[at % 2])):
                may, answer = person.may(who), call(person, url, form)
                refused = is_refused(answer)
                is_open = not refused and not holds_nothing(answer)
                opened |= is_open and method == "GET"
                if (refused and not who.sometimes) if may else is_open:
                    yield f"{method} {each.address} as {person.name}: {answer!r}"
        expected = NOBODY not in each.opened_by.any_of and each.address not in NEVER_OPEN
        if opened is not expected and not each.opened_by.sometimes:
            yield f"GET {each.address}: opened by {'somebody' if opened else 'nobody'}"


def test_everybody_opens_what_is_theirs_and_nothing_else(pen: Pen) -> None:
    before = everything()
    wrong = list(walk(pen))
    assert wrong == [], "\n".join(wrong)
    assert everything() == before


def everything() -> tuple[int, ...]:
    tables = (ConsultationRequest, Event, Message, Appointment, Answers, Note, User, Group)
    return tuple(table.objects.count() for table in tables)
