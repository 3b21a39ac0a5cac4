"""The form above free times: of which kind, with whom, and beside which other clock they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from bookings.client.times.table import Table
from bookings.client.times.words import kind_in_short, kind_words, zones
from bookings.models import ConsultationType
from bookings.slot_text import ANY
from clinic.foundation.forms import CrispyForm, button, radios


class FilterForm(CrispyForm):
    """What there is a choice of, as it was chosen. It is only drawn: `search.query_of` reads the answers.

    `kinds`: those to choose from. `within`: part of the form of a request, whose other answers its button keeps.
    """

    # Not a menu: on a phone it would cut off how long a visit takes and what it costs.
    type = radios("What kind of consultation?", required="Select a kind of consultation")
    practitioner = forms.ChoiceField(label="Who would you like to see?")
    zone = forms.ChoiceField(label="Where will you be? (optional)")

    def __init__(
        self,
        table: Table,
        kinds: Sequence[ConsultationType],
        *,
        currency: str,
        ask_zone: bool = True,
        within: bool = False,
    ) -> None:
        chosen, self.within = table.query, within
        self.kinds, self.shown, self.currency = kinds, table.query.kind, currency
        person, zone = chosen.practitioner_id or ANY, chosen.zone.key if chosen.zone else ""
        super().__init__(initial={"type": chosen.kind.pk, "practitioner": person, "zone": zone})
        elsewhere = zones() if ask_zone and chosen.kind.mode != ConsultationType.Mode.IN_PERSON else ()
        self._offer("type", [(str(kind.pk), kind_words(kind, currency)) for kind in kinds])
        people = [(str(one.pk), one.name) for one in chosen.practitioners]
        self._offer("practitioner", [(ANY, "Whoever is free first"), *people] if people[1:] else [])
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
    def others(self) -> list[tuple[int, str]]:
        """The other kinds of consultation: key and words, each a link to its times."""
        return [(kind.pk, kind_in_short(kind, self.currency)) for kind in self.kinds if kind != self.shown]

    @property
    def summary(self) -> str:
        """What can be changed here, for the fold around it: 'Change visit or person'."""
        names = {"type": "visit", "practitioner": "person", "zone": "time zone"}
        *others, last = [names[name] for name in self.fields]
        return f"Change {', '.join(others)}{' or ' if others else ''}{last}"

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_method = "get"
        helper.form_tag = not self.within
        return helper

    def layout(self) -> list[Any]:
        name = {"name": "show", "value": "1"} if self.within else {}
        return [*self.asked(), button("Show these times", css_class="quiet", **name)]
