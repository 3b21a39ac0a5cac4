"""The audit is read by managers: who opened what, by person, request and period, and what of it is worth a look."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import ConsultationRequest
from clinic.foundation import audit
from clinic.foundation.models import AuditEntry, SignIn
from tests import factories as make
from tests.desk.pages import html, page_of, words

AUDIT = "/admin/foundation/auditentry/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A Friday, and the Sunday after it.
FRIDAY, SUNDAY = make.NOW - 3 * DAY, make.NOW - DAY


@pytest.fixture
def maya() -> Client:
    """Maya's browser: she manages."""
    client = Client()
    client.force_login(
        make.staff("Maya Holt", "foundation.view_auditentry", "bookings.view_consultationrequest")
    )
    return client


def opened(
    who: User, consultation: ConsultationRequest | int, at: datetime = FRIDAY, action: str = "open"
) -> None:
    key = consultation if isinstance(consultation, int) else consultation.pk
    AuditEntry.objects.create(
        at=at,
        who=who.username,
        who_id=who.pk,
        action=action,
        object_label="bookings.consultationrequest",
        object_id=str(key),
    )


def shown(client: Client, **asked: Any) -> str:
    page = client.get(AUDIT, asked)
    assert page.status_code == 200
    return words(page)


def rows(client: Client, **asked: Any) -> list[str]:
    """The rows of the table, each as a reader sees it."""
    table = html(client.get(AUDIT, asked)).partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in table.split("<tr")[1:]]


def odd(client: Client) -> str:
    return shown(client).partition("Worth a look")[2].partition("When Who")[0]


# --- who may ----------------------------------------------------------------------------------------------------------


def test_it_says_who_opened_which_request_and_names_no_client(maya: Client, dee: Client) -> None:
    cleo = make.submitted()
    dee.get(page_of(cleo))
    page = maya.get(AUDIT)
    assert all(f'name="{name}"' in html(page) for name in ("who", "what", "reference", "since", "to"))
    assert f"Mon 30 Nov 2026 09:00 Dee Hart opened, with health answers {cleo.reference}" in words(page)
    assert f'<a href="{page_of(cleo)}">{cleo.reference}</a>' in html(page)
    assert "Cleo" not in html(page) and cleo.email not in html(page)


def test_whoever_opens_it_without_health_answers_is_noted_as_well(maya: Client) -> None:
    cleo = make.submitted()
    desk = Client()
    desk.force_login(make.staff("Nell Archer", "bookings.view_consultationrequest"))
    desk.get(page_of(cleo))
    assert any(f"Nell Archer opened {cleo.reference}" in row for row in rows(maya, what="opened"))


@pytest.mark.once
def test_others_do_not_read_it(dee: Client, eve: Client) -> None:
    for client in (dee, eve):
        assert client.get(AUDIT).status_code == 403
        assert f'href="{AUDIT}"' not in html(client.get("/admin/all/"))


@pytest.mark.once
def test_nobody_writes_it(maya: Client) -> None:
    opened(make.staff(), 1)
    key = AuditEntry.objects.latest("pk").pk
    sue = Client()
    sue.force_login(make.staff("Sue Root", is_superuser=True))
    for client in (maya, sue):
        for url in ("add/", f"{key}/change/", f"{key}/delete/"):
            assert client.post(AUDIT + url, {"post": "yes"}).status_code in (302, 403, 404)
    assert AuditEntry.objects.filter(pk=key, who="dee").exists()


def test_whoever_reads_it_is_noted_once_an_hour(maya: Client) -> None:
    for _ in range(3):
        maya.get(AUDIT)
    [entry] = AuditEntry.objects.filter(who="maya")
    assert (entry.action, entry.object_label) == ("read audit", "foundation.auditentry")
    assert "Maya Holt read this audit" in shown(maya)


# --- which lines ------------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_a_request_leads_managers_to_who_opened_it(maya: Client, dee: Client) -> None:
    cleo, other = make.submitted(), make.submitted(start=make.at(4, 10))
    link = f"{AUDIT}?reference={cleo.reference}"
    assert link in html(maya.get(page_of(cleo)))
    assert link not in html(dee.get(page_of(cleo)))
    dee.get(page_of(other))
    found = rows(maya, reference=cleo.reference.lower())
    assert len(found) == 2 and all(cleo.reference in row for row in found)


@pytest.mark.once
def test_an_account_leads_to_what_they_opened(maya: Client) -> None:
    dee, ana = make.staff(), make.staff("Ana Lind", "bookings.read_health")
    opened(dee, 1)
    opened(ana, 2, action="view")
    sue = Client()
    sue.force_login(make.staff("Sue Root", is_superuser=True))
    assert f"{AUDIT}?who={ana.pk}" in html(sue.get(f"/admin/auth/user/{ana.pk}/change/"))
    [row] = rows(maya, who=ana.pk)
    assert "Ana Lind opened, with health answers a request that is gone" in row
    assert not any("Dee Hart" in row for row in rows(maya, what="health"))


def test_days_are_the_clinics_and_both_count(maya: Client) -> None:
    make.profile(time_zone="Pacific/Auckland")  # 13 hours ahead in November
    dee = make.staff()
    for at in (make.at(24, 10, month=11), make.at(24, 12, month=11), make.at(25, 12, month=11)):
        opened(dee, 1, at=at)
    found = rows(maya, who=dee.pk, since="2026-11-25", to="25/11/2026")
    assert len(found) == 1 and "Wed 25 Nov 2026 01:00" in found[0]


@pytest.mark.once
@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"since": "soon"}, "Enter a day, like 23/11/2026"),
        ({"since": "9999-12-31"}, "Enter a day before the year 2100"),
        ({"since": "2026-11-25", "to": "2026-11-24"}, "This day is before the first"),
        ({"reference": "NONESUCH"}, "There is no request with this reference"),
        ({"who": "9" * 23}, "Select a valid choice"),
        ({"what": "x"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(
    maya: Client, asked: dict[str, str], message: str
) -> None:
    page = maya.get(AUDIT, asked)
    assert page.status_code == 200
    assert message in words(page) and "<tbody>" not in html(page)
    for typed in asked.values():
        assert f'value="{typed}"' in html(page) or "Select a valid choice" in message


@pytest.mark.once
def test_what_is_no_day_is_shown_again_as_it_was_typed(maya: Client) -> None:
    """A browser's own field for days would show nothing."""
    assert '<input type="text" name="since" value="soon"' in html(maya.get(AUDIT, {"since": "soon"}))
    assert '<input type="date" name="since" value="2026-11-25"' in html(
        maya.get(AUDIT, {"since": "2026-11-25"})
    )


def test_a_long_audit_has_pages(maya: Client) -> None:
    dee = make.staff()
    for n in range(60):
        opened(dee, n + 1, at=FRIDAY + timedelta(minutes=n))
    assert len(rows(maya, who=dee.pk)) == 50
    assert "page=2" in html(maya.get(AUDIT, {"who": dee.pk}))
    assert len(rows(maya, who=dee.pk, page=2)) == 10
    assert len(rows(maya, who=dee.pk, page="x")) == 50


@pytest.mark.once
def test_saved_forms_have_a_tab_of_their_own(maya: Client) -> None:
    dee = make.staff()
    LogEntry.objects.log_actions(
        dee.pk, [make.staff("Bo New", "bookings.read_health")], CHANGE, "Set a role."
    )
    [row] = rows(maya, tab="forms")
    assert "Dee Hart changed user: bo Set a role." in row


@pytest.mark.once
def test_second_steps_have_a_tab_for_whoever_may_read_the_log_of_sign_ins(maya: Client) -> None:
    make.staff()
    for outcome in ("set-up", "in", "reset"):
        SignIn.objects.create(at=FRIDAY, who="dee", network="192.0.2.0/24", outcome=outcome)
    assert "Second steps" not in html(maya.get(AUDIT, {"tab": "steps"}))
    pia = Client()
    pia.force_login(make.staff("Pia Lead", "foundation.view_auditentry", "foundation.view_signin"))
    [reset, made] = rows(pia, tab="steps", who=make.staff().pk)
    assert "Dee Hart Second step reset from 192.0.2.0/24" in reset and "Second step set up" in made


@pytest.mark.once
def test_an_export_says_what_and_how_many(maya: Client) -> None:
    audit.seen(make.staff(), "export", ConsultationRequest, FRIDAY, rows=312, format="csv")
    [row] = rows(maya, what="export")
    assert "Dee Hart exported requests rows: 312, format: csv" in row


# --- worth a look -----------------------------------------------------------------------------------------------------


def test_a_day_far_beyond_what_is_usual_is_worth_a_look(maya: Client) -> None:
    dee = make.staff()
    for back in range(8, 12):
        for n in range(10):
            opened(dee, n + 1, at=make.NOW - back * DAY + HOUR)
    for n in range(30):
        opened(dee, n + 1)
    assert "opened 30 requests" not in odd(maya)  # not more than three times ten
    opened(dee, 31)
    assert "Dee Hart opened 31 requests on Friday 27 November. On most days it is 10 or fewer." in odd(maya)


def test_the_same_request_opened_again_is_one(maya: Client) -> None:
    dee = make.staff()
    for _ in range(40):
        opened(dee, 1)
    assert "Nothing of the last 7 days stands out" in shown(maya)


def test_an_hour_in_which_the_clinic_was_closed_throughout_is_worth_a_look(maya: Client) -> None:
    dee = make.staff()
    opened(dee, 1, at=FRIDAY)
    opened(dee, 1, at=FRIDAY + 7 * HOUR + timedelta(minutes=59))  # 16:59
    assert "while the clinic was closed" not in shown(maya).partition("What is noted")[0]
    opened(dee, 1, at=SUNDAY)
    assert "Dee Hart opened requests once while the clinic was closed, last on Sunday 29 November." in odd(
        maya
    )


def test_what_has_long_been_closed_and_is_somebody_elses_is_worth_a_look(maya: Client) -> None:
    dee, ana = make.staff(), make.staff("Ana Lind", "bookings.read_health")
    cleo = make.in_state("declined", start=None)
    ConsultationRequest.objects.filter(pk=cleo.pk).update(closed_at=FRIDAY - 29 * DAY, assigned_to=ana)
    opened(dee, cleo)
    assert "closed long ago" not in shown(maya).partition("What is noted")[0]
    ConsultationRequest.objects.filter(pk=cleo.pk).update(closed_at=FRIDAY - 30 * DAY)
    opened(ana, cleo)
    audit.seen(dee, "export", User, FRIDAY)  # an id that is no number
    assert "Dee Hart opened a request closed long ago and assigned to others or nobody." in odd(maya)
    assert "Ana Lind opened a request" not in odd(maya)


def test_many_lines_take_as_many_statements_as_a_few(maya: Client) -> None:
    dee, numbers = make.staff(), []
    cleo = make.submitted()
    for many in (3, 600):
        AuditEntry.objects.bulk_create(
            AuditEntry(
                at=FRIDAY - timedelta(minutes=n),
                who="dee",
                who_id=dee.pk,
                action="view",
                object_label="bookings.consultationrequest",
                object_id=str(cleo.pk + n),
            )
            for n in range(many)
        )
        maya.get(AUDIT)
        with CaptureQueriesContext(connection) as statements:
            assert maya.get(AUDIT).status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 24, numbers
