"""Requests of invented people, as many as are wanted, in every state: the same for the same number and seed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

from django.db import transaction

from bookings.demo import copies
from bookings.demo.people import everybody
from bookings.demo.stage import Stage, deliver
from bookings.demo.stories import MORE, PROGRAMME, Story
from bookings.models import ConsultationRequest, Message
from bookings.queries.clinic import clinic

# So many are played, each in its turn; whatever there is beyond them is copied from those that are over.
PLAYED = 300


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
    played = [_story(stage, number)(stage, next(people)) for number in range(min(count, PLAYED))]
    _settle(stage, played)
    return len(played) + copies.make(stage, played, count - len(played), people)


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
        mail.message_id = stage.message_id()
    Message.objects.bulk_update(named, ["message_id"], batch_size=200)
    for one in made:
        one.reference = stage.reference()
        one.calendar_uid = str(stage.draft_id())
    ConsultationRequest.objects.bulk_update(made, ["reference", "calendar_uid"], batch_size=200)
