"""The buttons of a document's editor: what each needs, says, and tells afterwards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Self, cast
from zoneinfo import ZoneInfo

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from clinic.foundation import money, when
from clinic.foundation import press as pressed
from clinic.foundation.models import Press as FirstPress
from clinic.foundation.text import id_in
from content.admin import desk, form_values
from content.admin.options import EditorOptions
from content.models import ClinicProfile, Document, PageEvent, Suitability, Treatment
from content.publishing import (
    core,
    differences,
    history,
    kinds,
    obstacles,
    preview,
    shared_previews,
    states,
    verbs,
)
from content.publishing.check import Problem
from content.publishing.differences import Difference
from content.publishing.edit import Edit, Editor
from content.publishing.errors import EditRefused, PublishingError
from content.publishing.facts import CellSnapshot, TreatmentSnapshot
from content.publishing.kinds import DocumentSnapshot
from content.publishing.obstacles import NOTHING_OVERRIDDEN, Overrides


@dataclass
class Press:
    """A button pressed: who, when, on which document, and the newest version and event that they know.

    What the press itself does is known to it from then on. `told` is what has been done so far, in words.
    """

    request: HttpRequest
    row: Document
    editor: Editor
    now: datetime
    zone: ZoneInfo
    number: int
    event: int
    overrides: Overrides = NOTHING_OVERRIDDEN
    typed: dict[str, Any] = field(default_factory=dict)  # what ActionForm has read
    told: list[str] = field(default_factory=list)
    done_before: frozenset[str] = frozenset()  # the verbs that the first of two presses has said

    @property
    def noun(self) -> str:
        return kinds.kind(self.row).noun

    @property
    def edit(self) -> Edit:
        """What every verb is told: who, when, and the newest version and event that the person saw or has made since."""
        return Edit(self.editor, self.now, self.number, self.event)

    def resume(self, first: FirstPress | None) -> bool:
        """Go on where the first press of the same page stands. False if it has done nothing, or somebody came after it."""
        since = self.row.events.filter(pk__gt=self.event).exclude(verb="share").select_related("version")
        events = list(since.order_by("pk"))
        # All that one press does is done at one moment.
        moment = (self.editor.user, first.at if first else None)
        if not events or any((event.by, event.at) != moment for event in events):
            return False
        self.done_before = frozenset(event.verb for event in events)
        self.told = [history.done(event, self.zone) for event in events]
        self.event = events[-1].pk
        tip = core.newest(self.row)
        self.number = tip.number if tip else self.number
        return True

    def run(self, name: str, verb: Callable[[Self], str]) -> str:
        """Say the verb, unless the first of two presses has; return what to tell."""
        return "" if name in self.done_before else verb(self)

    def once(self, do: Callable[[], bool]) -> bool:
        """Do it, from where the first of two presses of the same page stands, if this is the second."""
        key = self.editor.press
        self.resume(pressed.done(key))
        try:
            return do()
        except PublishingError:
            # Perhaps the other press was faster by a moment.
            if not self.resume(pressed.done(key)):
                raise
        return do()

    def did(self, event: PageEvent) -> None:
        """Our own event is no news to what follows; one between it and what the person saw is."""
        before = self.row.events.filter(pk__lt=event.pk).exclude(verb="share").order_by("-pk").first()
        if self.event == (before.pk if before else 0):
            self.event = event.pk


@dataclass(frozen=True)
class Action:
    """A button. `saves`: what was typed is saved with it. `first`: it is done before that, and waits for no form.

    `right`: one that goes for everything that has drafts, or "view" or "change" of the kind of document.
    """

    right: str
    run: Callable[[Press], str]
    saves: bool = True
    first: bool = False

    def rights(self, options: EditorOptions) -> tuple[str, ...]:
        """Whoever holds one of these may press it."""
        if "." in self.right:
            return (self.right,)
        # A reviewer sees what waits for one, and may show it to others.
        return (options.right(self.right), *((desk.REVIEW,) if self.right == "view" else ()))


def saved(press: Press, form: BaseForm) -> str:
    """Save what was typed; the press goes on from there. Nothing new is nothing to tell."""
    before = press.number
    snapshot = form_values.read(form, states.of(press.row, press.zone).snapshot)
    version = verbs.save_draft(press.row, press.edit, snapshot, note=press.typed["note"])
    if version.number == before:
        return ""
    press.number = version.number
    press.did(version.events.order_by("pk")[0])
    return f"Saved as version {version.number}."


def _save(press: Press) -> str:
    return ""  # saved already


def _publish(press: Press) -> str:
    verbs.publish(press.row, press.edit, overrides=press.overrides)
    return f"Version {press.number} is live."


def _schedule(press: Press) -> str:
    publish_at = press.typed["publish_at"]
    if publish_at is None:
        raise EditRefused("no_time", "Choose the day and the time when it should go live.")
    verbs.schedule(press.row, press.edit, publish_at=publish_at, overrides=press.overrides)
    return f"Version {press.number} goes live on {when.moment(publish_at, press.zone)}."


def _unschedule(press: Press) -> str:
    event = verbs.unschedule(press.row, press.edit)
    press.did(event)
    return f"Version {event.version.number} does not go live by itself any more."


def _unpublish(press: Press) -> str:
    press.did(verbs.unpublish(press.row, press.edit))
    return f"Readers cannot open this {press.noun} any more."


def _approve(press: Press) -> str:
    version = verbs.approve(press.row, press.edit, next_review=press.typed["next_review"])
    return (
        f"Version {version.number} is approved by {version.approved_by.name if version.approved_by else ''}."
    )


def _send_back(press: Press) -> str:
    version = verbs.send_back(press.row, press.edit, note=press.typed["word"])
    return f"Version {version.number} is sent back. Whoever edits it reads what you wrote."


def _discard(press: Press) -> str:
    verbs.discard(press.row, press.edit)
    return "The draft is discarded. It stays in the history."


def _restore(press: Press) -> str:
    old = id_in(press.request.POST.get("version", ""))
    version = verbs.restore(press.row, press.edit, old)
    return f"Version {old} is the draft again, as version {version.number}. Readers see no change yet."


def _share(press: Press) -> str:
    if not preview.address(press.row):
        raise EditRefused(
            "no_page", "No page that readers can open shows this yet, so there is nothing to share."
        )
    version = verbs.share(press.row, press.edit)
    path = reverse("content:shared_preview", args=[f"{shared_previews.token(version, press.now)}/"])
    url = press.request.build_absolute_uri(path)
    until = when.moment(press.now + shared_previews.LASTS, press.zone)
    return format_html(
        'Whoever has this link sees version {} until {}: <a class="shared" href="{}">{}</a>',
        version.number,
        until,
        url,
        url,
    )


ACTIONS = {
    "save": Action("change", _save),
    "publish": Action(desk.PUBLISH, _publish),
    "schedule": Action(desk.PUBLISH, _schedule),
    "unschedule": Action(desk.PUBLISH, _unschedule, first=True),
    "unpublish": Action(desk.PUBLISH, _unpublish, first=True),
    "approve": Action(desk.REVIEW, _approve),
    "send_back": Action(desk.REVIEW, _send_back, saves=False),
    "share": Action("view", _share),
    "discard": Action("change", _discard, saves=False),
    "restore": Action("change", _restore, saves=False),
}


def joined(told: Sequence[str]) -> SafeString | str:
    """What happened, in one message."""
    parts = [part for part in told if part]
    return format_html_join(" ", "{}", ((part,) for part in parts)) if parts else "Nothing has changed."


@dataclass(frozen=True)
class Listed:
    """A problem as the editor lists it: with the field to mend it in, and a tick to let it pass."""

    problem: Problem
    key: str
    ticked: bool
    label: str
    sent: str  # what the field is called in the form


def listed(problems: Sequence[Problem], ticked: Collection[str], options: EditorOptions) -> list[Listed]:
    """Problems for the page, blocking ones first, as they come."""
    keys = [(problem, obstacles.key(problem)) for problem in problems]
    return [
        Listed(problem, key, key in ticked, label(problem.field, options.model), options.sent(problem.field))
        for problem, key in keys
    ]


def compared(before: DocumentSnapshot, after: DocumentSnapshot) -> list[Difference]:
    """What differs between two snapshots of one kind: prices as they are written, choices in their words."""
    currency = ClinicProfile.current().currency if isinstance(after, TreatmentSnapshot) else ""
    return differences.between(_in_words(before, currency), _in_words(after, currency))


def _in_words(snapshot: DocumentSnapshot, currency: str) -> DocumentSnapshot:
    """The same, for people to read and for nothing else."""
    if isinstance(snapshot, TreatmentSnapshot):
        prices = {
            name: "" if amount is None else money.written(amount, currency)
            for name, amount in (("price_from", snapshot.price_from), ("price_to", snapshot.price_to))
        }
        return replace(snapshot, **cast(Any, prices | _chosen(snapshot, Treatment)))
    if isinstance(snapshot, CellSnapshot):
        return replace(snapshot, **cast(Any, _chosen(snapshot, Suitability)))
    return snapshot


def _chosen(snapshot: DocumentSnapshot, model: type[models.Model]) -> dict[str, str]:
    """The words of what was chosen from a list."""
    found: dict[str, str] = {}
    for each in fields(snapshot):
        choices = getattr(_field(each.name, model), "flatchoices", None)
        if choices:
            value = getattr(snapshot, each.name)
            found[each.name] = str(dict(choices).get(value, value))
    return found


def labelled(found: Sequence[Difference], model: type[models.Model]) -> list[tuple[str, Difference]]:
    """Differences with the words of the form."""
    return [(label(difference.field, model), difference) for difference in found]


def label(name: str, model: type[models.Model]) -> str:
    """What the form calls a field of the snapshot."""
    return capfirst(str(getattr(_field(name, model), "verbose_name", name.replace("_", " "))))


def _field(name: str, model: type[models.Model]) -> Any:
    """The column of that name, or None: the lines of a plan are rows of their own."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
