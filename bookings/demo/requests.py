"""Requests of invented people, as many as are wanted, in every state: the same for the same number and seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random
from uuid import UUID

from django.db import transaction

from bookings import outbox
from bookings.demo.people import everybody
from bookings.demo.stage import Stage, deliver
from bookings.demo.stories import MORE, PROGRAMME, Story
from bookings.models import ConsultationRequest, Message
from bookings.queries.clinic import clinic
from bookings.workflow import intake


class NotADemonstration(Exception):
    """Somebody has made this clinic their own: no invented people may come into it."""


@transaction.atomic
def load(count: int, *, seed: int, now: datetime) -> int:
    """Make `count` requests; return how many there are by now that were not there before.

    The clinic must have been loaded. Raises NotADemonstration when its profile no longer says that it is one. A second call
    with the same seed makes nothing: they are there.
    """
    if not clinic(now).profile.demo:
        raise NotADemonstration
    if ConsultationRequest.objects.filter(draft_id=Stage(now, seed).draft_id()).exists():
        return 0
    stage, people = Stage(now, seed), everybody(Random(f"people {seed}"))
    made = [_story(stage, number)(stage, next(people)) for number in range(count)]
    _settle(stage, made)
    return len(made)


def _story(stage: Stage, number: int) -> Story:
    if number < len(PROGRAMME):
        return PROGRAMME[number]
    return stage.rng.choices([story for _, story in MORE], [share for share, _ in MORE])[0]


def _settle(stage: Stage, made: Sequence[ConsultationRequest]) -> None:
    """Nothing is left that a worker would send, and what a program makes up at random is the same for the same seed."""
    mails = Message.objects.filter(request__in=[one.pk for one in made])
    deliver(mails, stage.now)
    mails.filter(state=Message.State.QUEUED).update(
        state=Message.State.DROPPED, problem="Nobody writes to an invented person."
    )
    named = list(mails.order_by("pk"))
    for mail in named:
        mail.message_id = f"<{stage.rng.getrandbits(128):032x}@{outbox.host()}>"
    Message.objects.bulk_update(named, ["message_id"], batch_size=200)
    taken = set(ConsultationRequest.objects.values_list("reference", flat=True))
    for one in made:
        one.reference = next(found for found in _references(stage.rng) if found not in taken)
        taken.add(one.reference)
        one.calendar_uid = str(UUID(int=stage.rng.getrandbits(128), version=4))
    ConsultationRequest.objects.bulk_update(made, ["reference", "calendar_uid"], batch_size=200)


def _references(rng: Random) -> Iterator[str]:
    while True:
        yield "".join(rng.choices(intake.ALPHABET, k=intake.REFERENCE_LENGTH))
