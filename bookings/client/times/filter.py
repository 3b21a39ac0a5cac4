"""What stands above free times: of which kind, with whom, and beside which other clock they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from bookings import limits
from bookings.client.times.table import Table
from bookings.client.times.words import length_and_cost, zones
from bookings.models import ConsultationType
from bookings.slot_text import ANY
from clinic.foundation.forms import CrispyForm, button

ANYBODY_WORDS = "Whoever is free first"


class FilterForm(CrispyForm):
    """What there is a choice of, as it was chosen. It is only drawn: `search.query_of` reads the answers.

    The kinds stand in the open, each a link, and so do people if they are few (`kinds_shown`, `people_shown`); the form has
    the rest. `kinds`: those to choose from. `within`: part of the form of a request, whose other answers its button keeps.
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
        within: bool = False,
    ) -> None:
        chosen, self.within = table.query, within
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
    def kinds_shown(self) -> list[tuple[int, str, str, bool]]:
        """Each kind of consultation, if there are several: key, words, length and cost, and whether its times are shown.

        Named by how it takes place where that tells them apart.
        """
        ways = {kind.mode for kind in self.kinds}
        by_way = len(ways) == len(self.kinds)
        return [
            (
                kind.pk,
                kind.get_mode_display() if by_way else kind.name,
                length_and_cost(kind, self.currency),
                kind == self.shown,
            )
            for kind in (self.kinds if self.kinds[1:] else ())
        ]

    @property
    def people_shown(self) -> list[tuple[str, str, bool]]:
        """Whoever is free first and each person, where they are few: key, words, and whether their times are shown."""
        people = self.people
        if not 2 <= len(people) <= limits.times.PEOPLE_IN_THE_OPEN:
            return []
        anybody = "Either" if len(people) == 2 else ANYBODY_WORDS
        return [(key, words, key == self.person) for key, words in [(ANY, anybody), *people]]

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
        helper.form_tag = not self.within
        return helper

    def layout(self) -> list[Any]:
        name = {"name": "show", "value": "1"} if self.within else {}
        return [*self.asked(), button("Show these times", css_class="quiet", **name)]
