"""What a press and a page of the desk ask of the database. A press reads what its action needs, not a page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Appointment, ConsultationRequest
from tests import factories as make
from tests.desk.pages import ANSWERS, DAY, WORKLIST, html, page_of, typed, words

pytestmark = pytest.mark.once

# The page's own token, as every browser sends it: the press is kept, so that a second one lands where it did.
PRESSED = {"csrfmiddlewaretoken": "one"}


def asked(context: CaptureQueriesContext) -> list[str]:
    """The statements, without the savepoints that stand here for BEGIN and COMMIT, because every test is a transaction."""
    marks = ("SAVEPOINT", "RELEASE SAVEPOINT")
    return [query["sql"] for query in context.captured_queries if not query["sql"].startswith(marks)]


def listed(statements: list[str]) -> str:
    return "\n".join(f"{number} {sql[:200]}" for number, sql in enumerate(statements, 1))


@pytest.mark.parametrize(
    ("do", "most"),
    # Seven are the same for each: profile, session, user, permissions and the request before it; the press that is kept and
    # the words for the next page after it. Confirming asks for the next one of the list and whom it may name; then twelve of
    # its own: read, swap, lock, hold, profile, against, hours, book, withdraw, queue, fields, event.
    [
        ("confirm_wish", 21),
        ("confirm", 24),
        ("offer", 31),
        ("note", 11),
        ("take", 11),
        ("assign", 12),
        ("tag", 12),
    ],
)
def test_a_press_asks_for_what_its_action_needs(dee: Client, do: str, most: int) -> None:
    consultation = make.submitted(answers=ANSWERS)
    make.submitted(start=make.at(4, 12))
    data = {"do": do, "version": consultation.version} | typed(do) | PRESSED
    with CaptureQueriesContext(connection) as context:
        answer = dee.post(page_of(consultation), data)
    assert answer.status_code == 303
    assert len(asked(context)) <= most, listed(asked(context))


@pytest.mark.parametrize(("do", "most"), [("confirm_wish", 20), ("note", 10)])
def test_a_press_without_a_token_is_not_kept(dee: Client, do: str, most: int) -> None:
    """A program's press, as these were counted before: confirming asked 53 things, a note 39."""
    consultation = make.submitted(answers=ANSWERS)
    make.submitted(start=make.at(4, 12))
    data = {"do": do, "version": consultation.version} | typed(do)
    with CaptureQueriesContext(connection) as context:
        answer = dee.post(page_of(consultation), data)
    assert answer.status_code == 303
    assert len(asked(context)) <= most, listed(asked(context))


CALENDAR, OF_ONE_DAY = "/admin/calendar/", "/admin/calendar/?show=day"
PAGES = [(WORKLIST, 8), (CALENDAR, 8), (OF_ONE_DAY, 8), (DAY, 9), (f"{DAY}?who=all", 9)]


@pytest.mark.parametrize(("page", "most"), [("request", 20), *PAGES])
def test_a_page_asks_for_what_it_shows(dee: Client, page: str, most: int) -> None:
    consultation = make.submitted(answers=ANSWERS)
    make.submitted(start=make.at(4, 12))
    with CaptureQueriesContext(connection) as context:
        answer = dee.get(page_of(consultation) if page == "request" else page)
    assert answer.status_code == 200
    assert len(asked(context)) <= most, listed(asked(context))


def test_a_page_asks_for_no_more_among_thousands_of_requests(dee: Client) -> None:
    consultation = make.submitted(answers=ANSWERS)
    make.submitted(start=make.at(4, 12))
    dan, block = Client(), f"/admin/block/?who={make.practitioner().pk}&on=2026-12-04"
    dan.force_login(make.staff("Dan Holt", *make.DEE, "bookings.add_timeoff"))
    with CaptureQueriesContext(connection) as of_few:
        assert "This touches 1 person" in words(dan.get(block))
    many(3_000, like=consultation)
    booked(practitioners=12, a_day=30, days=8)  # more than a week, which is the most that one page shows
    analyze()
    for page, most in ((page_of(consultation), 20), *PAGES):
        with CaptureQueriesContext(connection) as context:
            assert dee.get(page).status_code == 200
        assert len(asked(context)) <= most, listed(asked(context))
    with CaptureQueriesContext(connection) as of_many:
        assert "This touches 1 person" in words(dan.get(block))
    assert len(asked(of_many)) <= len(asked(of_few)), listed(asked(of_many))
    # The start page with all its figures (tests/desk/test_start.py asks with few requests).
    make.staff().user_permissions.add(Permission.objects.get(codename="view_figures"))
    with CaptureQueriesContext(connection) as context:
        assert "How the queue is doing" in html(dee.get("/admin/"))
    assert len(asked(context)) <= 12, listed(asked(context))


def test_a_practitioner_s_day_with_reasons_asks_for_little_more(dee: Client) -> None:
    """Whose reasons were read is looked up and noted; the day itself is read as for everybody."""
    many(400, like=make.submitted(answers=ANSWERS))
    booked(practitioners=12, a_day=30, days=1)
    mine = make.practitioner("Ana 3")
    mine.user = make.staff()
    mine.save()
    for most in (11, 10):
        with CaptureQueriesContext(connection) as context:
            assert "My Monday 30 November" in dee.get(DAY).content.decode()
        assert len(asked(context)) <= most, listed(asked(context))


def many(number: int, *, like: ConsultationRequest) -> None:
    """So many more new requests, without anything that hangs on them."""
    shown = ("consultation_type_id", "status", "created_at", "name", "name_search", "promise_due_at")
    same = {field: getattr(like, field) for field in shown}
    ConsultationRequest.objects.bulk_create(
        (
            ConsultationRequest(
                reference=f"M{n:06}", email=f"m{n}@example.org", mailbox=f"m{n}@example.org", **same
            )
            for n in range(number)
        ),
        batch_size=2_000,
    )


def booked(*, practitioners: int, a_day: int, days: int) -> None:
    """A visit for each of those requests: so many practitioners, each with so many a day from today on."""
    people = [make.practitioner(f"Ana {n}") for n in range(practitioners)]
    kind = make.consultation_type()
    quarter = timedelta(minutes=15)
    times = [
        (who, make.at(1, 9) + timedelta(days=day - 1) + n * quarter)
        for day in range(days)
        for who in people
        for n in range(a_day)
    ]
    requests = ConsultationRequest.objects.filter(reference__startswith="M").values_list("pk", flat=True)
    Appointment.objects.bulk_create(
        (
            Appointment(
                request_id=key,
                practitioner=who,
                consultation_type=kind,
                starts_at=start,
                ends_at=start + quarter,
                blocks_from=start,
                blocks_until=start + quarter,
                state=Appointment.State.BOOKED,
                created_at=make.NOW,
            )
            for key, (who, start) in zip(requests, times, strict=False)
        ),
        batch_size=2_000,
    )


def analyze() -> None:
    """What PostgreSQL does by itself a minute after so many rows came, but cannot do for rows of a test's transaction.

    Without it the plan is that for the few rows of the test before, and may take longer than a statement is allowed to.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_anyone_who_sees_no_number_has_none_counted(eve: Client) -> None:
    make.submitted()
    with CaptureQueriesContext(connection) as context:
        assert eve.get("/admin/all/").status_code == 200
    assert not [sql for sql in asked(context) if "COUNT(" in sql]
