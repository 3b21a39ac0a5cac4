"""The editors' forms: facts as lines of text, the clock of the clinic guarded, mistakes named before they show."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.text import slugify

from clinic.foundation.plain import AddressField, DayInput, MomentField
from content import drawings, markdown, money, outline
from content.models import FAQ, ClinicProfile, Page, Synonym, Treatment, zone_guards
from content.publishing import check, claims, going_live, link_check
from content.search import words

SEPARATOR = "|"
# Of one text of a page, in characters. The longest shipped one has under 10,000.
LONGEST = 60_000


class PairsField(forms.CharField):
    """A list of pairs, one a line: "Visits | 3 to 6". Gives [["Visits", "3 to 6"]]."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The stored list as lines; what somebody typed stays as it is."""
        if isinstance(value, list):
            return "\n".join(f" {SEPARATOR} ".join(pair) for pair in value)
        return value

    def to_python(self, value: Any) -> Any:
        """Raise ValidationError, naming the line, for one that is not two texts."""
        pairs = []
        for number, line in enumerate((super().to_python(value) or "").splitlines(), 1):
            if not line.strip():
                continue
            label, separator, text = (part.strip() for part in line.partition(SEPARATOR))
            if not (separator and label and text):
                raise forms.ValidationError(
                    f"Line {number} should be two texts with {SEPARATOR} between them, like: Visits {SEPARATOR} 3 to 6.",
                    code="not_pairs",
                )
            pairs.append([label, text])
        return pairs

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class MoneyField(forms.CharField):
    """An amount as people write it, "45" or "45.50" (the clinic's currency); kept in minor units: 4550."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "vMoney"}))
        # What ModelForm passes for a whole number.
        for name in ("min_value", "max_value"):
            kwargs.pop(name, None)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The stored amount as it is written; what somebody typed stays as it is."""
        return money.written(value, ClinicProfile.current().currency) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Whole minor units, or None for nothing. Raises ValidationError for what is no amount."""
        typed = super().to_python(value)
        if not typed:
            return None
        amount = money.read(typed, ClinicProfile.current().currency)
        if amount is None:
            raise forms.ValidationError("Enter an amount like 45 or 45.50.", code="invalid")
        return amount


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
        return cleaned

    def _keep_prices(self, currency: str) -> None:
        """Amounts are whole minor units: read in a currency with other ones, £45.00 would be 4,500 yen."""
        before = ClinicProfile.current()
        priced = before.consultation_fee or Treatment.objects.filter(price_from__gt=0).exists()
        if priced and money.digits(before.currency) != money.digits(currency):
            text = "Amounts in this currency are counted otherwise. Empty the fee and every price first."
            self.add_error("currency", forms.ValidationError(text, code="other_units"))


class TreatmentForm(forms.ModelForm):
    """Prices as people write them, checked on a day that has been."""

    recovery = PairsField(
        help_text=f"One a line: Days 1 to 3 {SEPARATOR} Redness. End with: Before and after {SEPARATOR} ..."
    )

    price_from = MoneyField(required=False, help_text="For example 165 or 165.50.")
    price_to = MoneyField(required=False, help_text="Empty if there is only one price.")

    class Meta:
        model = Treatment
        fields = "__all__"

    def clean_price_reviewed_on(self) -> date | None:
        day: date | None = self.cleaned_data["price_reviewed_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.", code="ahead")
        return day


class FAQForm(forms.ModelForm):
    """Makes the address from the question where none is typed. An answer goes live when it is saved, so it is checked here.

    It has no headings (the page has them), promises nothing that no page may, and its links lead somewhere.
    """

    class Meta:
        model = FAQ
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:  # somebody who may only look has no fields
            self.fields["slug"].required = False

    def clean_answer(self) -> str:
        answer: str = self.cleaned_data["answer"]
        if "<h" in markdown.render(answer):
            raise forms.ValidationError(
                "An answer has no headings and no lines across. Leave out # and ---.", code="heading"
            )
        for line in outline.lines(answer):
            for one in claims.found(line):
                if one.claim.blocks:
                    text = f"“{one.words}”: {one.claim.why} {one.claim.instead}"
                    raise forms.ValidationError(text, code="claim")
        known = check.site(timezone.localdate())
        for link in outline.links(answer):
            fault = link_check.fault(link.target, "", known.places, known.former)
            if fault and fault.blocks:
                raise forms.ValidationError(
                    f"[{link.words}]({link.target}): {fault.message}", code=fault.code
                )
        return answer

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("slug") == "":
            cleaned["slug"] = slugify(cleaned.get("question", ""))[: FAQ.SLUG_LENGTH].strip("-")
            if cleaned.get("question") and not cleaned["slug"]:
                self.add_error(
                    "slug", forms.ValidationError("Write an address in letters from a to z.", code="no_slug")
                )
        return cleaned


class PageForm(forms.ModelForm):
    """The draft of a page. Names what would not print: an unknown drawing, a slot that no template fills.

    It never saves: `content.admin.typed` makes a snapshot of what it has read. Who checked the page is not here, because
    only a reviewer's approval says it.
    """

    at_a_glance = PairsField(
        help_text=f"One a line: Fades on its own {SEPARATOR} No. Left empty on a treatment page, "
        "the panel is filled from its treatments. Their price is added in any case."
    )

    class Meta:
        model = Page
        exclude = ("is_published", "checked_by", "checked_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A draft may lack what readers must have: the check before publication asks for it.
        self.fields["summary"].required = False
        for name in ("summary", "body", "drawing_alt"):
            self.fields[name].validators.append(MaxLengthValidator(LONGEST))

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        unknown = markdown.unknown_slots(body)
        if unknown:
            raise forms.ValidationError(
                f"Nothing prints at {{{{ {unknown[0]} }}}}. Known are: {', '.join(markdown.SLOTS)}.",
                code="unknown_slot",
            )
        return body

    def clean_drawing(self) -> str:
        name: str = self.cleaned_data["drawing"]
        if name and not drawings.exists(name):
            raise forms.ValidationError("There is no drawing of that name.", code="unknown_drawing")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("drawing") and cleaned.get("caption") and not cleaned.get("drawing_alt"):
            self.add_error(
                "drawing_alt",
                forms.ValidationError(
                    "Say in words what the drawing shows, or it is left out.", code="no_alt"
                ),
            )
        kind = cleaned.get("kind")
        if kind and cleaned.get("slug") and going_live.leads_elsewhere(kind, cleaned["slug"]):
            self.add_error(
                "slug",
                forms.ValidationError(
                    "This address belongs to another part of the site.", code="address_taken"
                ),
            )
        if kind in (Page.Kind.HOME, Page.Kind.HUB):
            others = Page.objects.published().filter(kind=kind).exclude(pk=self.instance.pk)
            if others.exists():
                self.add_error(
                    "kind",
                    forms.ValidationError("There is one already. Unpublish it first.", code="address_taken"),
                )
        return cleaned


class SynonymForm(forms.ModelForm):
    """Refuses a side that holds no word: it could never be met."""

    class Meta:
        model = Synonym
        fields = ("phrase", "means")

    def clean_phrase(self) -> str:
        return _with_words(self.cleaned_data["phrase"])

    def clean_means(self) -> str:
        return _with_words(self.cleaned_data["means"])


def _with_words(text: str) -> str:
    if not words.split(text):
        raise forms.ValidationError("Write at least one word.", code="no_word")
    return text


class SayForm(forms.Form):
    """What goes with the buttons of a page's editor: when, why, and what is different."""

    note = forms.CharField(
        required=False,
        max_length=200,
        label="What is different",
        help_text="A few words for the history. You may leave it empty.",
    )
    publish_at = MomentField(required=False, label="Publish on")
    next_review = forms.DateField(
        required=False, widget=DayInput, label="To be checked again by", help_text="Readers see this date."
    )
    reason = forms.CharField(
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Why the ticked problems may stay",
        help_text="Kept in the page's history.",
    )
