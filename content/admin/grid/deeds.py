"""The buttons of a cell of the matrix: what each needs, says, and tells afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from clinic.foundation import when
from content.admin import desk
from content.admin.grid.forms import CellForm, read
from content.models import PageEvent, Suitability
from content.publishing import facts, verbs
from content.publishing.core import Actor
from content.publishing.errors import Refused
from content.publishing.facts import CellSnapshot
from content.publishing.going_live import NOTHING_OVERRIDDEN, Overrides
from content.publishing.grid import Cell

CHANGE, ADD = "content.change_suitability", "content.add_suitability"
# Which field of the form a refusal is about.
ABOUT = {
    "no_word": "word",
    "no_time": "publish_at",
    "not_ahead": "publish_at",
    "no_reason": "reason",
}


@dataclass
class Press:
    """A button pressed: who, when, on which cell, and the newest version and event that they know.

    `row` is None until a new cell has been saved. What the press itself does is known to it from then on.
    """

    cell: Cell
    row: Suitability | None
    actor: Actor
    now: datetime
    zone: ZoneInfo
    number: int
    event: int
    overrides: Overrides = NOTHING_OVERRIDDEN
    said: dict[str, Any] = field(default_factory=dict)  # what CellSayForm has read
    old: int = 0  # the version to restore
    told: list[str] = field(default_factory=list)

    @property
    def document(self) -> Suitability:
        """The cell's row. Raises Refused with code "no_cell" while there is none."""
        if self.row is None:
            raise Refused("no_cell", "Nobody has scored this yet. Save a draft first.")
        return self.row

    def who(self) -> dict[str, Any]:
        """What every verb is told."""
        return {"actor": self.actor, "now": self.now}

    def saying(self) -> dict[str, Any]:
        """What a verb is told that compares what the person saw."""
        return {"number": self.number, "event": self.event, **self.who()}

    def did(self, event: PageEvent) -> None:
        """Our own event is no news to what follows; one between it and what the person saw is."""
        before = self.document.events.filter(pk__lt=event.pk).exclude(verb="share").order_by("-pk").first()
        if self.event == (before.pk if before else 0):
            self.event = event.pk


@dataclass(frozen=True)
class Deed:
    """A button. `saves`: what was typed is saved with it. `first`: it is done before that. `goes_on`: to the next draft."""

    rights: tuple[str, ...]
    say: Callable[[Press], str]
    saves: bool = True
    first: bool = False
    goes_on: bool = False


def saved(press: Press, form: CellForm) -> str:
    """Save what was typed; the press goes on from there. Nothing new is nothing to tell."""
    note, before = press.said["note"], press.number
    if press.row is None:
        _add(press, read(form, CellSnapshot()), note)
        return "Saved as a draft. Readers see nothing of it yet."
    said = read(form, press.cell.draft.said if press.cell.draft else facts.of_cell(press.row))
    version = verbs.save_draft(press.row, said, note=note, **press.saying())
    if version.number == before:
        return ""
    press.number = version.number
    press.did(version.events.order_by("pk")[0])
    return f"Saved as version {version.number}, a draft."


def _add(press: Press, said: CellSnapshot, note: str) -> None:
    cell = press.cell
    press.row = verbs.add_cell(cell.concern, cell.treatment, said, note=note, **press.who())
    press.number, press.event = 1, press.row.events.latest("pk").pk


def _save(press: Press) -> str:
    return ""  # saved already


def _approve(press: Press) -> str:
    version = verbs.approve(press.document, **press.saying())
    press.did(press.document.events.latest("pk"))
    return (
        f"Version {version.number} is approved by {version.approved_by.name if version.approved_by else ''}."
    )


def _publish(press: Press) -> str:
    verbs.publish(press.document, overrides=press.overrides, **press.saying())
    return f"Readers see version {press.number}."


def _approve_and_publish(press: Press) -> str:
    press.told.append(_approve(press))
    return _publish(press)


def _send_back(press: Press) -> str:
    version = verbs.send_back(press.document, note=press.said["word"], **press.saying())
    return f"Version {version.number} is sent back to {version.saved_by_name}."


def _schedule(press: Press) -> str:
    publish_at = press.said["publish_at"]
    if publish_at is None:
        raise Refused("no_time", "Choose the day and the time when it should go live.")
    verbs.schedule(press.document, publish_at=publish_at, overrides=press.overrides, **press.saying())
    return f"Version {press.number} goes live on {when.moment(publish_at, press.zone)}."


def _unschedule(press: Press) -> str:
    event = verbs.unschedule(press.document, **press.who())
    press.did(event)
    return f"Version {event.version.number} does not go live by itself any more."


def _unpublish(press: Press) -> str:
    press.did(verbs.unpublish(press.document, **press.who()))
    return "Readers are told nothing of it any more."


def _discard(press: Press) -> str:
    row = press.document
    if row.live_id is None and not row.is_published:
        verbs.remove(row, now=press.now)
        return "The draft is discarded."
    verbs.discard(row, **press.saying())
    return "The draft is discarded. It stays in the history."


def _restore(press: Press) -> str:
    version = verbs.restore(press.document, press.old, **press.saying())
    return f"Version {press.old} is the draft again, as version {version.number}. Readers see no change yet."


DEEDS = {
    "save": Deed((CHANGE,), _save),
    "publish": Deed((desk.PUBLISH,), _publish),
    "schedule": Deed((desk.PUBLISH,), _schedule),
    "unschedule": Deed((desk.PUBLISH,), _unschedule, first=True),
    "unpublish": Deed((desk.PUBLISH,), _unpublish, first=True),
    "approve": Deed((desk.REVIEW,), _approve, goes_on=True),
    "approve_and_publish": Deed((desk.REVIEW, desk.PUBLISH), _approve_and_publish, goes_on=True),
    "send_back": Deed((desk.REVIEW,), _send_back, saves=False, goes_on=True),
    "discard": Deed((CHANGE,), _discard, saves=False),
    "restore": Deed((CHANGE,), _restore, saves=False),
}
