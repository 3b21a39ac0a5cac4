"""Forms with times: the suggested ones to tick, others that were asked for, and any other that somebody types."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.layout import HTML, Div
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from bookings import limits, slot_text, typed_time
from bookings.admin.choices import Choices
from bookings.admin.forms import BECAUSE, DESK_FORM, VerbForm, because
from bookings.availability import Slot
from bookings.fields import area
from bookings.queries import session_rules
from bookings.typed_time import NotATime
from clinic.foundation import when
from clinic.foundation.forms import CleanText, button
from clinic.foundation.text import id_in


def read_slot(value: str, practitioners: Container[int], minutes: int) -> Slot:
    """The slot of so many minutes that a form's value means. Raises ValidationError for what no page of ours offered.

    `practitioners` holds the keys that may be named. Whether the time is still free is the verb's question, asked under a
    lock.
    """
    match slot_text.read(value):
        case (int(key), start) if key in practitioners:
            return Slot(practitioner_id=key, start=start, end=start + timedelta(minutes=minutes))
    raise ValidationError("Choose one of the times shown.", code="not_a_slot")


def slot_words(value: str, zone: ZoneInfo) -> str:
    """'Thu 3 Dec 10:00' for a form's value; empty for what is none. For showing only: nothing is looked up."""
    read = slot_text.read(value)
    return when.short(read[1], zone) if read else ""


def _posted(form: forms.Form, name: str) -> list[str]:
    """Every value that was posted under `name`; none for a form that was not."""
    return form.data.getlist(name) if isinstance(form.data, QueryDict) else []


def ticked_beside(form: forms.Form) -> list[str]:
    """The values of the boxes that were ticked on the page from which any form of it was posted, each once."""
    return list(dict.fromkeys(_posted(form, "slot")))


def _slots(kind: str, label: str, verb: str) -> HTML:
    """The times to tick ("checkbox") or to choose from ("radio"), as the page found them, for the action `verb`."""
    return HTML(
        '{% include "admin/bookings/consultationrequest/slots.html" with '
        f'kind="{kind}" label="{label}" verb="{verb}" %}}'
    )


class EndField(forms.ChoiceField):
    """The end of an offer. What is posted is checked by itself: to put every end into words takes the clinic's hours."""

    offered: Choices

    def valid_value(self, value: str) -> bool:
        return self.offered.is_end(value)


class SlotsForm(VerbForm):
    """One to three ticked times, the end of the offer, a personal note. Also for "confirm the ticked time".

    A time that was typed becomes a tick like any other. `although` carries, for each time with something against it, what
    its page said was against it: "3@2026-12-01T10:30Z hours notice".
    """

    note_field = "note"
    begins: str | None = None  # several buttons share them
    most = 3
    # Buttons that only look (and Enter, which presses none): then nothing needs to be ticked yet.
    LOOKS = ("see", "check")
    # What a preview shows when nothing is ticked; a verb never gets it.
    fallback: Sequence[Slot] = ()
    until = EndField(label="If you offer times, they can choose until", required=False)
    note = area(
        "A personal note (optional)",
        hint="The client reads it on their page, not in the mail.",
        rows=2,
        limit=limits.texts.PERSONAL_NOTE_CHARACTERS,
    )
    other = CleanText(
        label="Any other time",
        limit=limits.texts.TYPED_TIME_CHARACTERS,
        help_text="For example tomorrow 13:00. If clients are not offered it, you read why, and may give it all the same.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    other_who = forms.ChoiceField(label="With", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        end, who = self.fields.get("until"), self.fields["other_who"]
        if isinstance(end, EndField):
            end.offered, end.choices = self.choices, lambda: self.choices.ends
            end.initial = lambda: self.choices.usual_end
        assert isinstance(who, forms.ChoiceField)
        who.choices = lambda: [(str(key), name) for key, name in self.choices.practitioners.items()]
        who.initial = self.choices.consultation.wished_practitioner_id or self.choices.suggested_with
        if session_rules.has_rules(self.choices.consultation, self.choices.consultation.consultation_type):
            self.fields[BECAUSE] = because()
            self.fields[BECAUSE].widget.attrs["form"] = DESK_FORM

    def asked(self) -> list[Any]:
        return [*self._times("checkbox", "Suggested times"), *self._besides()]

    def _times(self, kind: str, label: str) -> list[Any]:
        check = button(
            "Check this time",
            name="check",
            value=self.verb,
            formaction=f"#times-{self.verb}",
            form=DESK_FORM,
            css_class="little",
        )
        return [_slots(kind, label, self.verb), Div("other", "other_who", check, css_class="any-time")]

    def _besides(self) -> list[str]:
        return [name for name in self.fields if name not in ("other", "other_who")]

    @property
    def looks(self) -> bool:
        return any(name in self.data for name in self.LOOKS) or self.data.get("do") == ""

    @property
    def boxes(self) -> list[str]:
        """The values of the ticked boxes, whichever button was pressed."""
        return ticked_beside(self)

    @property
    def ticked(self) -> list[str]:
        """The values of the times that the pressed button is about."""
        return self.boxes

    @property
    def agreed(self) -> Mapping[str, frozenset[str]]:
        """By value: what the page said was against a time."""
        told = (text.split() for text in _posted(self, "although")[: limits.lists.TICKED_TIMES_READ])
        return {words[0]: frozenset(words[1:]) for words in told if words}

    def clean(self) -> dict[str, Any] | None:
        self._take_typed()
        slots = [self._slot(value) for value in self.ticked[: limits.lists.TICKED_TIMES_READ]] or list(
            self.fallback
        )
        if not self.looks:
            self._count(len(slots))
        self.cleaned_data["slots"] = slots
        agreed = self.agreed
        self.cleaned_data["agreed"] = {
            slot: agreed[key] for slot in slots if (key := slot_text.of(slot)) in agreed
        }
        return self.cleaned_data

    def clean_other(self) -> str:
        typed = str(self.cleaned_data["other"] or "").strip()
        if typed:
            try:
                self.typed_start = typed_time.read(typed, self.choices.clinic.zone, self.choices.now)
            except NotATime as error:
                raise ValidationError(str(error), code="not_a_time") from error
        return typed

    def _take_typed(self) -> None:
        """Tick the time that was typed. What the page ticked by itself, and nobody changed, makes room for it."""
        if not self.cleaned_data.get("other") or not isinstance(self.data, QueryDict):
            return
        who = id_in(self.cleaned_data.get("other_who") or "")
        if not who:
            self.add_error("other_who", ValidationError("Choose with whom.", code="required"))
            return
        value = slot_text.value(who, self.typed_start)
        ticked = self.boxes
        keep = [] if self.most == 1 and len(ticked) < 2 or ticked == _posted(self, "at_first") else ticked
        self.data = self.data.copy()
        self.data.setlist("slot", [*keep, value])
        self.data[self.add_prefix("other")] = ""
        # A typed time is looked at before it is given, even if its page never showed it.
        self.data.appendlist("although", value)

    def _count(self, number: int) -> None:
        if not number:
            raise ValidationError("Tick a time first.", code="no_slot")
        if number > self.most:
            words = "Tick one time only." if self.most == 1 else f"Tick {self.most} times at most."
            raise ValidationError(words, code="too_many")

    def _slot(self, value: str) -> Slot:
        return read_slot(value, self.choices.practitioners, self.choices.minutes)


class SlotForm(SlotsForm):
    """Exactly one ticked time."""

    most = 1


class WishForm(SlotsForm):
    """The time that the client asked for, on the button itself."""

    most = 1

    @property
    def ticked(self) -> list[str]:
        return _posted(self, "wish")[:1]


class MoveForm(SlotForm):
    """The new time of a visit. Nobody is asked, so it has no end by which to choose."""

    begins = ""  # a move and a proposal stand beside each other: what is typed into one is not the other's
    legend = "The new time"
    until: EndField | None = None  # type: ignore[assignment]  # Django's way to drop a field of the base

    def asked(self) -> list[Any]:
        return [*self._times("radio", self.legend), *self._besides()]
