"""No overlap can exist: the database refuses it, on PostgreSQL and on SQLite, and still does after the table was altered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations import AddField, AlterField, RemoveConstraint
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from bookings.models import Appointment, ConsultationRequest
from tests.factories import NOW, at, consultation_type, practitioner, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation() -> ConsultationRequest:
    return submitted(start=None, windows=((0, "morning"),))


def appointment(
    consultation: ConsultationRequest, start: datetime, minutes: int = 30, **changes: Any
) -> Appointment:
    values: dict[str, Any] = {
        "request": consultation,
        "practitioner": practitioner(),
        "consultation_type": consultation_type(),
        "starts_at": start,
        "ends_at": start + timedelta(minutes=minutes),
        "blocks_from": start,
        "blocks_until": start + timedelta(minutes=minutes),
        "state": "held",
        "held_until": start,
        "created_at": NOW,
    } | changes
    return Appointment(**values)


def refused(what: Appointment) -> bool:
    try:
        with transaction.atomic():
            what.save()
    except IntegrityError as error:
        assert "appointments_do_not_overlap" in str(error)
        return True
    return False


def test_the_database_refuses_an_overlap(consultation: ConsultationRequest) -> None:
    appointment(consultation, at(3, 10)).save()
    assert refused(appointment(consultation, at(3, 10)))
    assert refused(appointment(consultation, at(3, 10, 15), state="booked"))
    assert refused(appointment(consultation, at(3, 9), minutes=120))


def test_neighbours_other_people_and_released_time_are_fine(consultation: ConsultationRequest) -> None:
    appointment(consultation, at(3, 10)).save()
    assert not refused(appointment(consultation, at(3, 10, 30)))
    assert not refused(appointment(consultation, at(3, 9, 30)))
    assert not refused(appointment(consultation, at(3, 10), practitioner=practitioner("Bo Quist")))
    assert not refused(appointment(consultation, at(3, 10), state="released"))


def test_an_update_is_refused_as_well(consultation: ConsultationRequest) -> None:
    appointment(consultation, at(3, 10)).save()
    released = appointment(consultation, at(3, 10), state="released")
    released.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=released.pk).update(state="held")
    later = appointment(consultation, at(3, 11))
    later.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=later.pk).update(blocks_from=at(3, 10, 15), starts_at=at(3, 10, 15))


def test_a_row_does_not_overlap_itself(consultation: ConsultationRequest) -> None:
    held = appointment(consultation, at(3, 10))
    held.save()
    held.state = "booked"
    assert not refused(held)


def test_the_buffers_count_not_only_the_visit(consultation: ConsultationRequest) -> None:
    appointment(consultation, at(3, 10), blocks_until=at(3, 10, 45)).save()
    assert refused(appointment(consultation, at(3, 10, 30)))


def test_a_form_says_it_kindly(consultation: ConsultationRequest) -> None:
    appointment(consultation, at(3, 10)).save()
    with pytest.raises(ValidationError, match="overlaps another appointment"):
        appointment(consultation, at(3, 10, 15)).validate_constraints()


def migrate(*operations: Operation) -> Callable[[], None]:
    """Run migration operations on the real table, as `migrate` would; return what undoes them."""
    states = [ProjectState.from_apps(apps)]
    with connection.schema_editor() as editor:
        for operation in operations:
            after = states[-1].clone()
            operation.state_forwards("bookings", after)
            operation.database_forwards("bookings", editor, states[-1], after)
            states.append(after)

    def undo() -> None:
        Appointment.objects.all().delete()
        with connection.schema_editor() as editor:
            for n, operation in reversed(list(enumerate(operations))):
                operation.database_backwards("bookings", editor, states[n + 1], states[n])

    return undo


@pytest.mark.django_db(transaction=True)
def test_the_rule_survives_a_change_of_the_table() -> None:
    """SQLite rebuilds a table to alter it; a trigger that is not part of the model's SQL would silently go."""
    consultation = submitted(start=None, windows=((0, "morning"),))
    undo = migrate(
        AddField("appointment", "extra", models.CharField(max_length=5, null=True)),
        AlterField("appointment", "extra", models.CharField(max_length=9, null=True)),
    )
    try:
        appointment(consultation, at(3, 10)).save()
        assert refused(appointment(consultation, at(3, 10, 15)))
    finally:
        undo()
    appointment(consultation, at(3, 10)).save()
    assert refused(appointment(consultation, at(3, 10, 15)))


@pytest.mark.django_db(transaction=True)
def test_the_rule_can_be_taken_away_and_put_back() -> None:
    """The migration is reversible; and without the rule the overlap appears, so the tests above can fail."""
    consultation = submitted(start=None, windows=((0, "morning"),))
    undo = migrate(RemoveConstraint("appointment", "appointments_do_not_overlap"))
    try:
        appointment(consultation, at(3, 10)).save()
        assert not refused(appointment(consultation, at(3, 10, 15)))
    finally:
        undo()
    appointment(consultation, at(3, 10)).save()
    assert refused(appointment(consultation, at(3, 10, 15)))
