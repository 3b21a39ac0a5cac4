"""The form of the clinic's profile: its clock and its currency are guarded."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from clinic.foundation import money
from clinic.foundation.admin.fields import AddressField
from content.forms.fields import MoneyField
from content.models import ClinicProfile, Treatment, zone_guards

# Of the United Kingdom: area and district, then sector and unit. Whether it is in use only Royal Mail knows.
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}")


class ClinicProfileForm(forms.ModelForm):
    """Refuses to move the clinic's clock under visits that are already agreed, unless the person says that they know."""

    moves_visits = forms.BooleanField(
        required=False,
        label="Yes, I know: future visits keep their moment",
        help_text="Needed only to change the time zone while visits lie ahead. A visit at 10:00 in the old zone is the "
        "same moment in the new one, so another time on the clock. Tell those clients.",
    )

    consultation_fee = MoneyField(initial=0, help_text="For example 45 or 45.50. 0 is free.")

    class Meta:
        model = ClinicProfile
        fields = "__all__"
        field_classes = {"email": AddressField}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk and "time_zone" in self.changed_data and not cleaned.get("moves_visits"):
            visits = sum(count() for count in zone_guards)
            if visits:
                lie = "1 future visit lies" if visits == 1 else f"{visits} future visits lie"
                self.add_error(
                    "time_zone",
                    forms.ValidationError(
                        f"{lie} ahead. Tick “Yes, I know” below to change the zone all the same.",
                        code="visits_ahead",
                    ),
                )
        if self.instance.pk and "currency" in self.changed_data and cleaned.get("currency"):
            self._keep_prices(cleaned["currency"])
        self._address_in_parts(cleaned)
        return cleaned

    def _address_in_parts(self, cleaned: dict[str, Any]) -> None:
        """Half an address would stand at the foot of every page. A British postcode has one form."""
        if any(cleaned.get(name) for name in ("street", "town", "county", "postcode")):
            for name in ("street", "town"):
                if not cleaned.get(name) and name not in self.errors:
                    text = f"Enter the {name} too, or leave all parts of the address empty."
                    self.add_error(name, forms.ValidationError(text, code="half_an_address"))
        if cleaned.get("country") != "GB":
            if cleaned.get("part") and "country" in cleaned:
                text = "Only the United Kingdom has these parts. Leave this empty for another country."
                self.add_error("part", forms.ValidationError(text, code="other_country"))
            return
        if cleaned.get("postcode"):
            letters = "".join(cleaned["postcode"].upper().split())
            cleaned["postcode"] = f"{letters[:-3]} {letters[-3:]}"
            if not POSTCODE.fullmatch(cleaned["postcode"]):
                text = "Enter a postcode of the United Kingdom, like NW1 6XE."
                self.add_error("postcode", forms.ValidationError(text, code="not_a_postcode"))

    def _keep_prices(self, currency: str) -> None:
        """Amounts are whole minor units: read in a currency with other ones, £45.00 would be 4,500 yen."""
        before = ClinicProfile.current()
        priced = before.consultation_fee or Treatment.objects.filter(price_from__gt=0).exists()
        if priced and money.digits(before.currency) != money.digits(currency):
            text = "Amounts in this currency are counted otherwise. Empty the fee and every price first."
            self.add_error("currency", forms.ValidationError(text, code="other_units"))
