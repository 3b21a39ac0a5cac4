"""A button of an editor, and what one press of it does: in one transaction, and once, however often it is pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Self, TypeVar
from zoneinfo import ZoneInfo

from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest

from clinic.foundation import press as pressed
from clinic.foundation.models import Press as FirstPress
from content.admin import desk
from content.admin.options import EditorOptions
from content.forms.page import ActionForm
from content.models import Document, PageEvent
from content.publishing import (
    core,
    history,
    kinds,
)
from content.publishing.edit import Edit, Editor
from content.publishing.errors import PublishingError
from content.publishing.obstacles import NOTHING_OVERRIDDEN, Overrides

P = TypeVar("P", bound="Press", contravariant=True)


@dataclass(frozen=True)
class Action(Generic[P]):
    """A button. `saves`: what was typed is saved with it. `first`: it is done before that, and waits for no form.

    `right`: one that goes for everything that has drafts, or "view" or "change" of the kind of document.
    """

    right: str
    run: Callable[[P], str]
    saves: bool = True
    first: bool = False

    def rights(self, options: EditorOptions) -> tuple[str, ...]:
        """Anyone who holds one of these may press it."""
        if "." in self.right:
            return (self.right,)
        # A reviewer sees what waits for one, and may show it to others.
        return (options.right(self.right), *((desk.REVIEW,) if self.right == "view" else ()))


@dataclass
class Sent:
    """What came with the press: the forms as typed, the problems that somebody lets pass, and why it did not go through."""

    form: BaseForm | None
    action_form: ActionForm
    problem: str = ""
    ticked: frozenset[str] = frozenset()

    def is_valid(self, action: Action[Any]) -> bool:
        """Whether the forms that the action needs can be taken. Asked before the transaction, which so stays short."""
        well = self.action_form.is_valid()
        return (self.form is None or not action.saves or self.form.is_valid()) and well


@dataclass
class Press:
    """A button pressed: who, when, on which document, and the newest version and event that they know.

    What the press itself does is known to it from then on. `told` says in words what has been done so far.
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
    done_before: frozenset[str] = frozenset()  # the verbs that the first of two presses has done

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
        """Do it, unless the first of two presses has; return what to tell."""
        return "" if name in self.done_before else verb(self)

    def perform(self, name: str, action: Action[Self], sent: Sent, save: Callable[[Self, Any], str]) -> bool:
        """Save what was typed and do what the button says, in one transaction. False if a form must be mended first.

        Nothing stays of what fails. Where a rule says no, what was done before it stays and is told: the draft is saved. An
        action that comes `first` waits for no form.
        """
        well = sent.is_valid(action)
        self.typed = sent.action_form.cleaned_data
        self.overrides = Overrides(sent.ticked, self.typed.get("reason", ""))

        def steps() -> bool:
            if action.first:
                self.told.append(self.run(name, action.run))
            if well and sent.form is not None and action.saves:
                self.told.append(save(self, sent.form))
            if well and not action.first:
                self.told.append(self.run(name, action.run))
            return well

        return self._once(steps)

    def _once(self, steps: Callable[[], bool]) -> bool:
        """Take them, from where the first of two presses of the same page stands, if this is the second."""
        key = self.editor.press
        self.resume(pressed.done(key))
        try:
            return self._together(steps)
        except PublishingError:
            # Perhaps the other press was faster by a moment.
            if not self.resume(pressed.done(key)):
                raise
        return self._together(steps)

    @staticmethod
    def _together(steps: Callable[[], bool]) -> bool:
        """All of them in one transaction. A refusal is no failure: its own step is undone, those before it are kept."""
        with transaction.atomic():
            try:
                return steps()
            except PublishingError as error:
                refusal = error
        raise refusal

    def did(self, event: PageEvent) -> None:
        """Our own event is no news to what follows; one between it and what the person saw is."""
        before = self.row.events.filter(pk__lt=event.pk).exclude(verb="share").order_by("-pk").first()
        if self.event == (before.pk if before else 0):
            self.event = event.pk
