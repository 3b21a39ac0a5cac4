"""Exports: managers take requests or visits along as a file, without health answers, and each one is noted."""

from __future__ import annotations

import csv
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings import limits, wording
from bookings.models import ConsultationRequest
from bookings.queries.exports import Export, Holds, What
from bookings.states import Status
from bookings.workflow import erasure
from bookings.workflow.core import Origin
from clinic.foundation.models import AuditEntry
from tests import factories as make
from tests.desk.pages import html, words

pytestmark = pytest.mark.once
EXPORTS = "/admin/bookings/consultationrequest/exports/"
DAY = timedelta(days=1)
ANSWERS = {
    "concerns": ["rolling"],
    "areas": ["face"],
    "treatments": ["no_preference"],
    "applies": ["isotretinoin"],
    "anything_else": "I am afraid of needles",
    "support": ["step_free"],
    "support_note": "I use a wheelchair",
}


@pytest.fixture
def maya() -> Client:
    """Maya's browser: she manages."""
    client = Client()
    client.force_login(make.staff("Maya Holt", "bookings.export_request", "foundation.view_auditentry"))
    return client


def ask(client: Client, **asked: str) -> Any:
    return client.post(EXPORTS, {"what": "requests", "holds": "figures", "kind": "csv"} | asked)


def body(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def rows(client: Client, **asked: str) -> list[dict[str, str]]:
    text = body(ask(client, **asked)).decode().removeprefix("\ufeff")
    return list(csv.DictReader(StringIO(text)))


# --- who may ----------------------------------------------------------------------------------------------------------


def test_others_take_nothing(dee: Client, eve: Client) -> None:
    make.submitted()
    for client in (dee, eve):
        assert client.get(EXPORTS).status_code == ask(client).status_code == 403
        assert EXPORTS not in html(client.get("/admin/all/"))
    assert not AuditEntry.objects.exists()


def test_it_is_on_the_rail_of_who_may_and_says_what_is_in_no_file(maya: Client) -> None:
    assert f'href="{EXPORTS}"' in html(maya.get("/admin/all/"))
    page = maya.get(EXPORTS)
    assert "No file holds a health answer, a note or a flag." in words(page)
    assert 'value="2026-10-01"' in html(page) and 'value="2026-10-31"' in html(
        page
    )  # the month before this one


def test_whoever_signed_in_a_while_ago_is_asked_again(maya: Client) -> None:
    maya.get(EXPORTS)
    with time_machine.travel(make.NOW + timedelta(minutes=11), tick=False):
        answer = ask(maya)
        assert answer.status_code == 401 and "Is it still you?" in words(answer)
    assert not AuditEntry.objects.exists()


# --- what is in it ----------------------------------------------------------------------------------------------------


def test_figures_say_what_clients_came_for_and_no_name(maya: Client) -> None:
    cleo = make.in_state(Status.CONFIRMED, answers=ANSWERS, name="Cleo Marsh", phone="01632 960001")
    [row] = rows(maya)
    assert (row["Reference"], row["State"], row["About"]) == (cleo.reference, "Confirmed", "Rolling scars")
    assert row["Arrived (Europe/London)"] == "2026-11-30 09:00:00+00:00"
    assert (row["Visit (Europe/London)"], row["Visit with"]) == ("2026-12-03 10:00:00+00:00", "Ana Lind")
    assert (row["Fee"], row["Currency"]) == ("40.00", "GBP")
    everything = body(ask(maya)).decode()
    for secret in ("Cleo", "01632", cleo.email, "isotretinoin", "needles", "wheelchair"):
        assert secret not in everything


def test_why_a_request_ended_is_said_in_words(maya: Client) -> None:
    make.in_state(Status.DECLINED)
    [row] = rows(maya)
    assert row["Declined because"] in wording.REASONS.values()


def test_names_come_without_what_they_came_for(maya: Client) -> None:
    cleo = make.submitted(answers=ANSWERS, name="=Cleo Marsh", phone="+33 1 23 45 67 89")
    [row] = rows(maya, holds="people")
    assert (row["Name"], row["E-mail"], row["Phone"]) == ("'=Cleo Marsh", cleo.email, "+33 1 23 45 67 89")
    everything = body(ask(maya, holds="people")).decode()
    for secret in ("Rolling", "isotretinoin", "needles", "wheelchair", "urgent"):
        assert secret not in everything
    assert "About" not in row


def test_visits_are_those_of_their_days(maya: Client) -> None:
    make.in_state(Status.CONFIRMED, start=make.at(4, 9))
    cleo = make.in_state(Status.CONFIRMED, start=make.at(3, 10))
    make.submitted(start=make.at(3, 12))  # asked for, and not booked
    found = rows(maya, what="visits")
    assert [row["Starts (Europe/London)"] for row in found] == [
        "2026-12-03 10:00:00+00:00",
        "2026-12-04 09:00:00+00:00",
    ]
    [row] = rows(maya, what="visits", since="2026-12-03", to="2026-12-03", holds="people")
    assert (row["Reference"], row["Name"], row["Minutes"], row["Way"]) == (
        cleo.reference,
        "Cleo Marsh",
        "30",
        "In person",
    )


def test_days_are_the_clinics(maya: Client) -> None:
    make.submitted(now=make.NOW - DAY)
    assert len(rows(maya, since="2026-11-29", to="2026-11-29")) == 1
    make.profile(time_zone="Pacific/Auckland")  # there it is ten in the evening
    [row] = rows(maya, since="2026-11-29", to="2026-11-29")
    assert row["Arrived (Pacific/Auckland)"] == "2026-11-29 22:00:00+13:00"


def test_spam_is_in_none_and_somebody_erased_in_figures_alone(maya: Client) -> None:
    make.in_state(Status.SUSPECTED)
    cleo = make.submitted(name="Cleo Marsh")
    erasure.erase(cleo, Origin(make.CLIENT, make.NOW))
    assert [row["Reference"] for row in rows(maya)] == [cleo.reference]
    assert "There is nothing of these days to export." in words(ask(maya, holds="people"))


def test_a_workbook_has_the_same_rows(maya: Client) -> None:
    cleo = make.submitted()
    answer = ask(maya, kind="xlsx")
    assert (
        answer.headers["Content-Disposition"]
        == 'attachment; filename="requests-figures-until-2026-11-30.xlsx"'
    )
    with zipfile.ZipFile(BytesIO(body(answer))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    named = ask(maya, since="2026-11-01", to="2026-11-30").headers["Content-Disposition"]
    assert "requests-figures-2026-11-01-to-2026-11-30.csv" in named
    assert cleo.reference in sheet and "Arrived (Europe/London)" in sheet and "Cleo" not in sheet


# --- what is refused, and what is noted -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"what": "answers"}, "Choose requests or visits"),
        ({"holds": ""}, "Choose what the file is for"),
        ({"kind": "exe"}, "Choose a kind of file"),
        ({"since": "soon"}, "Enter a day, like 23/11/2026"),
        ({"since": "2026-11-02", "to": "2026-11-01"}, "This day is before the first"),
    ],
)
def test_what_cannot_be_had_is_said_and_nothing_is_noted(
    maya: Client, asked: dict[str, str], message: str
) -> None:
    page = ask(maya, **asked)
    assert page.status_code == 200 and message in words(page)
    assert not AuditEntry.objects.exists()


def test_a_workbook_beyond_its_limit_is_refused_and_csv_is_not(
    maya: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.exports, "XLSX_ROWS", 1)
    make.submitted()
    make.submitted(start=make.at(4, 10))
    assert "These are 2 rows" in words(ask(maya, kind="xlsx"))
    assert not AuditEntry.objects.exists()
    assert len(rows(maya)) == 2


def test_it_is_noted_before_the_first_byte_with_what_and_how_many(maya: Client) -> None:
    make.submitted()
    answer = ask(maya, holds="people", since="2026-11-01", to="2026-11-30")
    [entry] = AuditEntry.objects.all()  # and nothing of the file was read
    assert (entry.who, entry.action, entry.object_label) == ("maya", "export", "bookings.consultationrequest")
    assert entry.facts == {
        "rows": 1,
        "holds": "people",
        "format": "csv",
        "since": "2026-11-01",
        "to": "2026-11-30",
    }
    assert body(answer).count(b"\r\n") == 2
    assert "exported requests" in words(maya.get("/admin/foundation/auditentry/?what=export"))


@pytest.mark.parametrize("what", What)
@pytest.mark.parametrize("holds", Holds)
def test_a_batch_takes_as_many_statements_however_many_rows_it_has(
    monkeypatch: pytest.MonkeyPatch, what: What, holds: Holds
) -> None:
    """Rows of one moment are neither lost nor doubled between batches."""
    monkeypatch.setattr("bookings.queries.exports.BATCH_ROWS", 3)
    for hour in range(9, 16):
        make.in_state(Status.CONFIRMED, start=make.at(3, hour))
    numbers = []
    export = Export(what, holds)
    count, newest = export.measured()
    with CaptureQueriesContext(connection) as statements:
        found = [row[0] for row in export.rows(newest)]
    numbers.append(len(statements))
    assert count == len(found) == len(set(found)) == ConsultationRequest.objects.count()
    assert numbers[0] <= 3 * 3 + 1
