"""Histories are kept by the database itself: it refuses to change a line, and to delete one inside its period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet

from bookings import clock, limits
from bookings.models import ConsultationRequest, Event
from bookings.states import Status
from bookings.workflow import erasure, intake
from bookings.workflow.core import Actor, Origin
from clinic.foundation.limits.history import WRITTEN_ONCE_DAYS
from clinic.foundation.models import AuditEntry, HistoryLine
from clinic.foundation.written_once import WrittenOnce, lifted
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
KEPT = timedelta(days=WRITTEN_ONCE_DAYS)
HISTORIES = [model for model in apps.get_models() if issubclass(model, HistoryLine)]


def entry(at: datetime) -> AuditEntry:
    return AuditEntry.objects.create(at=at, who="dee", action="view", object_label="x", object_id="1")


def event(at: datetime, status: str = "new", consultation: ConsultationRequest | None = None) -> Event:
    consultation = consultation or make.submitted(start=None)
    return Event.objects.create(
        request=consultation,
        verb="note",
        to_status=status,
        version=consultation.events.count() + 100,
        actor_kind="staff",
        actor_label="Dee Hart",
        at=at,
    )


def today() -> datetime:
    """By the machine's own clock: the database asks no other."""
    return datetime.now(UTC)


def plain(line: models.Model) -> QuerySet[Any]:
    """Past what the models themselves refuse."""
    return QuerySet(type(line)).filter(pk=line.pk)


def refused(do: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            do()
    except IntegrityError as error:
        assert "written_once" in str(error)
        return True
    return False


def test_every_history_is_kept_by_the_database() -> None:
    assert {model.__name__ for model in HISTORIES} >= {"AuditEntry", "Event", "PageEvent"}
    for model in HISTORIES:
        assert [rule for rule in model._meta.constraints if isinstance(rule, WrittenOnce)], model


def test_the_database_keeps_them_a_day_less_than_the_clock() -> None:
    assert WRITTEN_ONCE_DAYS == limits.retention.RECORD_DAYS - 1


@pytest.mark.parametrize("make_line", [entry, event])
def test_a_line_inside_its_period_is_neither_changed_nor_deleted(
    make_line: Callable[[datetime], HistoryLine],
) -> None:
    line = make_line(today() - KEPT + DAY)
    assert refused(lambda: plain(line).update(at=today()))
    assert refused(lambda: plain(line).update(at=today() - 2 * KEPT))
    assert refused(plain(line).delete)
    assert plain(line).exists()


@pytest.mark.parametrize("make_line", [entry, event])
def test_a_line_past_its_period_can_go(make_line: Callable[[datetime], HistoryLine]) -> None:
    line = make_line(today() - KEPT - DAY)
    assert not refused(plain(line).delete)
    assert not plain(line).exists()


def test_the_clock_takes_names_out_of_old_lines_and_of_no_others() -> None:
    cleo = make.submitted(start=None)
    old, young = event(today() - KEPT - 2 * DAY, consultation=cleo), event(today() - DAY, consultation=cleo)
    clock.tick(today())
    assert Event.objects.get(pk=old.pk).actor_label == "Staff"
    assert Event.objects.get(pk=young.pk).actor_label == "Dee Hart"


# --- requests ---------------------------------------------------------------------------------------------------------


def test_what_was_never_anything_but_suspected_goes_whole() -> None:
    cleo = make.in_state(Status.SUSPECTED)
    assert cleo.events.exists()
    cleo.delete()
    assert not Event.objects.exists()


def test_what_was_rescued_keeps_its_history_whatever_its_row_says() -> None:
    cleo = intake.rescue(make.in_state(Status.SUSPECTED), Origin(Actor.staff(make.staff()), make.NOW))
    ConsultationRequest.objects.filter(pk=cleo.pk).update(status="suspected")
    assert refused(ConsultationRequest.objects.get(pk=cleo.pk).delete)
    for line in cleo.events.all():
        assert refused(plain(line).delete)


def test_an_erased_request_keeps_its_history() -> None:
    cleo = erasure.erase(make.in_state(Status.CONFIRMED), Origin(make.CLIENT, make.NOW))
    assert refused(cleo.delete)
    assert cleo.events.count() > 1


# --- how it stays -----------------------------------------------------------------------------------------------------


def test_a_migration_can_lift_it_and_it_is_back_afterwards() -> None:
    line = entry(today())
    with lifted(AuditEntry):
        plain(line).update(who="eve")
    assert AuditEntry.objects.get(pk=line.pk).who == "eve"
    assert refused(lambda: plain(line).update(who="dee"))


def test_it_is_back_when_what_was_lifted_for_fails() -> None:
    line = entry(today())
    with pytest.raises(LookupError), lifted(AuditEntry):
        raise LookupError
    assert refused(lambda: plain(line).update(who="eve"))


@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_rebuilt_keeps_it() -> None:
    """SQLite builds a new table for each change of one. And a flush, as tests do it, empties even this one."""
    line = entry(today())
    model = MigrationExecutor(connection).loader.project_state().apps.get_model("foundation", "AuditEntry")
    column = models.CharField(max_length=5, default="x")
    column.set_attributes_from_name("extra")
    with connection.schema_editor() as editor:
        editor.add_field(model, column)
    try:
        assert refused(lambda: plain(line).update(who="eve"))
    finally:
        with connection.schema_editor() as editor:
            editor.remove_field(model, column)
    assert refused(lambda: plain(line).update(who="eve"))
    call_command("flush", interactive=False, verbosity=0)
    assert not AuditEntry.objects.exists()
