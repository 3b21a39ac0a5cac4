"""What stands above free times: of which kind, with whom, and beside which other clock they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from bookings import limits
from bookings.client.times import search
from bookings.client.times.table import Table
from bookings.client.times.words import length_and_cost, zones
from bookings.models import ConsultationType
from bookings.slot_text import ANY
from clinic.foundation.forms import CrispyForm, button
from clinic.foundation.layout import OurWords

ANYBODY_WORDS = "Whoever is free first"


class FilterForm(CrispyForm):
    """What there is a choice of, as it was chosen. It is only drawn: `search.query_of` reads the answers.

    The kinds stand in the open, each a link, and so do people if they are few (`kinds_shown`, `people_shown`); the form has
    the rest. `kinds`: those to choose from. `draft`: its key, as part of the form of a request, whose other answers its
    button keeps.
    """

    practitioner = forms.ChoiceField(label="Who would you like to see?")
    zone = forms.ChoiceField(label="Where will you be? (optional)")

    def __init__(
        self,
        table: Table,
        kinds: Sequence[ConsultationType],
        *,
        currency: str,
        ask_zone: bool = True,
        draft: str = "",
    ) -> None:
        chosen, self.query, self.draft = table.query, table.query, draft
        self.kinds, self.shown, self.currency = kinds, table.query.kind, currency
        self.person, zone = str(chosen.practitioner_id or ANY), chosen.zone.key if chosen.zone else ""
        self.people = [(str(one.pk), one.name) for one in chosen.practitioners]
        super().__init__(initial={"practitioner": self.person, "zone": zone})
        elsewhere = zones() if ask_zone and chosen.kind.mode != ConsultationType.Mode.IN_PERSON else ()
        many = [] if self.people_shown else self.people
        self._offer("practitioner", [(ANY, ANYBODY_WORDS), *many] if many[1:] else [])
        self._offer("zone", [("", f"Show {table.zone_words} only"), *((name, name) for name in elsewhere)])
        if "zone" in self.fields:
            self.fields["zone"].help_text = f"We then show your own time beside {table.zone_words}."

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Ask for one of these, unless that is no choice."""
        if len(choices) < 2:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def kinds_shown(self) -> list[tuple[str, str, str, bool]]:
        """Each kind of consultation, if there are several: address, words, length and cost, and whether it is shown."""
        return [
            (
                self._look(type=str(kind.pk)),
                self._words(kind),
                length_and_cost(kind, self.currency),
                kind == self.shown,
            )
            for kind in (self.kinds if self.kinds[1:] else ())
        ]

    @property
    def people_shown(self) -> list[tuple[str, str, bool]]:
        """Whoever is free first and each person, where they are few: address, words, and whether their times are shown."""
        people = self.people
        if not 2 <= len(people) <= limits.times.PEOPLE_IN_THE_OPEN:
            return []
        anybody = "Either" if len(people) == 2 else ANYBODY_WORDS
        return [
            (self._look(practitioner=key), words, key == self.person)
            for key, words in [(ANY, anybody), *people]
        ]

    @property
    def only(self) -> str:
        """'By phone only with Ana Ruiz', where somebody was asked for who has no times of this kind; else empty."""
        names = [name for _, name in self.people]
        if not self.query.is_without or not names:
            return ""
        *others, last = names
        return f"{self._words(self.shown)} only with {', '.join(others)}{' or ' if others else ''}{last}"

    @property
    def unasked(self) -> list[tuple[str, str]]:
        """What the form does not ask, and keeps as it was chosen: name and value."""
        kept = {"type": str(self.shown.pk), "practitioner": self.person, **search.day_kept(self.query)}
        return [(name, value) for name, value in kept.items() if name not in self.fields]

    def _words(self, kind: ConsultationType) -> str:
        """A kind named by how it takes place where that tells them apart."""
        ways = {one.mode for one in self.kinds}
        return kind.get_mode_display() if len(ways) == len(self.kinds) else kind.name

    def _look(self, **instead: str) -> str:
        """The address of these times but for one choice; the day and the other choices stay."""
        within = {"d": self.draft} if self.draft else {}
        return search.address(self.query, **within, **search.day_kept(self.query), **instead)

    @property
    def summary(self) -> str:
        """What can be changed here, for the fold around it: 'Change person or time zone'."""
        names = {"practitioner": "person", "zone": "time zone"}
        *others, last = [names[name] for name in self.fields]
        return f"Change {', '.join(others)}{' or ' if others else ''}{last}"

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_method = "get"
        helper.form_tag = not self.draft
        return helper

    def layout(self) -> list[Any]:
        name = {"name": "show", "value": "1"} if self.draft else {}
        along = [] if self.draft else [OurWords('{% include "bookings/client/form/along.html" %}')]
        return [*along, *self.asked(), button("Show these times", css_class="quiet", **name)]
