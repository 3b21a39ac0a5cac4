"""What is blocked: who, from when until when. Days and times are typed as people write them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div
from django import forms
from django.core.exceptions import ValidationError

from bookings import limits, typed_time
from bookings.models import Practitioner
from bookings.queries.touched import Stretch
from bookings.typed_time import NotATime
from clinic.foundation import when
from clinic.foundation.admin.fields import Ticks
from clinic.foundation.forms import CleanText, CrispyForm, Several


def _typed(label: str, hint: str = "", example: str = "") -> CleanText:
    return CleanText(
        label=label,
        help_text=hint,
        limit=limits.texts.TYPED_TIME_CHARACTERS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": example}),
    )


class BlockForm(CrispyForm):
    """Several people, from a day and a time on until another. What is left empty means the whole day.

    `own`: the only one (by key) whose time the reader may block. There is nothing to choose then.
    """

    who = Several(label="Who", widget=Ticks, error_messages={"required": "Tick whose time it is."})
    on = _typed("Day")
    last = _typed("Until which day", "Empty: the same day")
    label = CleanText(
        label="Why, for staff (optional)",
        help_text="Clients are never told.",
        limit=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, zone: ZoneInfo, now: datetime, own: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = zone, now
        self.people = dict(Practitioner.objects.bookable().values_list("pk", "name"))
        who = self.fields["who"]
        assert isinstance(who, forms.MultipleChoiceField)
        who.choices = [(str(key), name) for key, name in self.people.items() if own in (None, key)]
        if own is not None:
            who.widget, who.initial = forms.MultipleHiddenInput(), [str(own)]
        self.fields["on"].help_text = f"{typed_time.example(when.local_day(now, zone))}, today, tomorrow"
        self.fields["from"] = _typed("From", "13:00. Empty: from the start of the day")
        self.fields["until"] = _typed("Until", "17:00. Empty: to the end of the day")

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_tag = False  # the page draws it, around the answers too
        helper.disable_csrf = True
        helper.form_show_errors = True
        return helper

    def layout(self) -> list[Any]:
        return ["who", Div("on", "last", css_class="row2"), Div("from", "until", css_class="row2"), "label"]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first = self._day("on")
        last = self._day("last") if data.get("last") else first
        begins, ends = self._clock("from"), self._clock("until")
        if not data.get("on") and "on" not in self.errors:
            self.add_error("on", ValidationError("Type the day.", code="required"))
        if self.errors or first is None or last is None:
            return data
        start, end = self._moment("from", first, begins), self._moment("until", last, ends)
        if start is None or end is None:
            return data
        self.start, self.end = start, end
        self._check_order(first, last)
        return data

    def _moment(self, name: str, on: date, at: time | None) -> datetime | None:
        """The moment of the clock in this field; None if that day has none. Without one, and at midnight, the day begins or
        ends: where clocks go forward at midnight there is no 00:00, but a day all the same."""
        if at is None or at == time.min:
            return when.day_bounds(on, self.zone)[0 if name == "from" else 1]
        try:
            return typed_time.moment(on, at, self.zone)
        except NotATime as error:
            self.add_error(name, ValidationError(str(error), code="not_a_time"))
            return None

    def _check_order(self, first: date, last: date) -> None:
        if last < first:
            words = f"{when.date_words(last)} is before {when.date_words(first)}."
            self.add_error("last", ValidationError(words, code="order"))
        elif self.end <= self.start:
            self.add_error("until", ValidationError("This must be later than “From”.", code="order"))
        elif self.end <= self.now:
            words = f"{when.moment(self.end, self.zone)} has passed already."
            self.add_error(
                "until" if self.cleaned_data.get("until") else "on", ValidationError(words, code="past")
            )
        elif self.end - self.start > timedelta(days=limits.times.BLOCKED_DAYS):
            words = "That is more than a year. Switch the practitioner off instead."
            self.add_error("last", ValidationError(words, code="too_long"))

    def _day(self, name: str) -> date | None:
        typed = self.cleaned_data.get(name)
        if not typed:
            return None
        try:
            return typed_time.day(typed, when.local_day(self.now, self.zone))
        except NotATime as error:
            self.add_error(name, ValidationError(str(error), code="not_a_day"))
            return None

    def _clock(self, name: str) -> time | None:
        typed = self.cleaned_data.get(name)
        if not typed:
            return None
        try:
            return typed_time.clock(typed)
        except NotATime as error:
            self.add_error(name, ValidationError(str(error), code="not_a_time"))
            return None

    @property
    def stretches(self) -> list[Stretch]:
        """What is to be blocked. Of a valid form only."""
        return [Stretch(int(key), self.start, self.end) for key in self.cleaned_data["who"]]

    @property
    def words(self) -> str:
        """'Tue 24 Nov 13:00 to 17:00', 'Tue 24 Nov, the whole day', 'Tue 24 Nov to Thu 26 Nov': of a valid form only.
        With the year when it is not this one.
        """
        zone, ends = self.zone, self.end
        last = ends - timedelta(minutes=1)
        this_year = when.local(last, zone).year == when.local(self.now, zone).year
        short = when.short if this_year else when.short_with_year
        starts = short(self.start, zone)
        whole = self.start == when.day_bounds(when.local_day(self.start, zone), zone)[0]
        to_midnight = ends == when.day_bounds(when.local_day(ends, zone), zone)[0]
        first_day, last_day = starts.rsplit(" ", 1)[0], short(last, zone).rsplit(" ", 1)[0]
        one_day = when.same_day(self.start, last, zone)
        if whole and to_midnight:
            return f"{first_day}, the whole day" if one_day else f"{first_day} to {last_day}, whole days"
        end = "the end of the day" if to_midnight else when.digits(ends, zone)
        return f"{starts} to {end}" if one_day else f"{starts} to {last_day}, {end}"

    @property
    def names(self) -> str:
        """'Ana Lind and Bo Berg'; of a valid form only."""
        names = [self.people[int(key)] for key in self.cleaned_data["who"]]
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
