"""The editors' forms: facts as lines of text, the clock of the clinic guarded, mistakes named before they show."""

from __future__ import annotations

import re
from datetime import date
from itertools import count
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import slugify

from clinic.foundation.forms import CleanText, EditorsLines, EditorsText
from clinic.foundation.images import Rejected, Rendition
from clinic.foundation.limits import EDITOR_TEXT_CHARACTERS, PICTURE_BYTES
from clinic.foundation.plain import AddressField, DayInput, MomentField
from content import drawings, markdown, money, outline, usage
from content.models import FAQ, ClinicProfile, Page, Picture, Treatment, zone_guards
from content.publishing import check, claims, going_live, link_check, verbs

SEPARATOR = "|"
# An amount of money as it is typed, in characters.
_AMOUNT = 40
# A picture's name that is made from its words, in characters.
_NAME = 40
# A page's address that is made from its title, in characters: room for a number behind it.
_SLUG = 70


class PairsField(CleanText):
    """A list of pairs, one a line: "Visits | 3 to 6". Gives [["Visits", "3 to 6"]]."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}))
        super().__init__(limit=EDITOR_TEXT_CHARACTERS, lines=True, pasted=True, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The stored list as lines; what somebody typed stays as it is."""
        if isinstance(value, list):
            return "\n".join(f" {SEPARATOR} ".join(pair) for pair in value)
        return value

    def to_python(self, value: Any) -> Any:
        """Raise ValidationError, naming the line, for one that is not two texts."""
        pairs = []
        for number, line in enumerate(super().to_python(value).splitlines(), 1):
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


class MoneyField(CleanText):
    """An amount as people write it, "45" or "45.50" (the clinic's currency); kept in minor units: 4550."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "vMoney"}))
        # What ModelForm passes for a whole number.
        for name in ("min_value", "max_value"):
            kwargs.pop(name, None)
        super().__init__(limit=_AMOUNT, **{"required": True, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """The stored amount as it is written; what somebody typed stays as it is."""
        return money.written(value, ClinicProfile.current().currency) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Whole minor units, or None for nothing. Raises ValidationError for what is no amount."""
        typed = super().to_python(value)
        if not typed:
            return None
        currency = ClinicProfile.current().currency
        amount = money.read(typed, currency)
        if amount is None:
            raise forms.ValidationError(money.how(currency), code="invalid")
        return amount


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


class TreatmentForm(forms.ModelForm):
    """The draft of a treatment: prices as people write them, checked on a day that has been. It never saves."""

    recovery = PairsField(
        help_text=f"One a line: Days 1 to 3 {SEPARATOR} Redness. End with: Before and after {SEPARATOR} ..."
    )

    price_from = MoneyField(required=False, help_text="For example 165 or 165.50.")
    price_to = MoneyField(required=False, help_text="Empty if there is only one price.")

    class Meta:
        model = Treatment
        fields = "__all__"

    def clean_hold_in_pregnancy(self) -> str:
        return " ".join(self.cleaned_data["hold_in_pregnancy"].replace(",", " ").split())

    def clean_adds_to(self) -> str:
        code: str = self.cleaned_data["adds_to"]
        others = Treatment.objects.exclude(pk=self.instance.pk)
        if code and not others.filter(code=code, adds_to="").exists():
            raise forms.ValidationError(
                "Give the code of another treatment that stands by itself, or leave this empty.",
                code="no_host",
            )
        return code

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
        whole = f"{self.cleaned_data.get('question', '')}\n{answer}"
        for line in outline.lines(answer):
            for one in claims.found(line, whole):
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


class PictureForm(forms.ModelForm):
    """Reads the file into the sizes that are kept. `cleaned_data["file"]` is those, or None where none was chosen."""

    file = forms.FileField(
        required=False,
        label="Picture file",
        help_text=f"JPEG, PNG or WebP, at most {PICTURE_BYTES // 1024**2} MB. It is kept as WebP in several sizes, "
        "without the camera\u2019s place and date. A new file replaces the old one wherever the picture is used.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    # What the admin found in the file, before Django opened its transaction: the sizes, why it cannot be used, or nothing.
    looked_at: list[Rendition] | Rejected | None = None
    disk_is_full = False

    class Meta:
        model = Picture
        fields = ("name", "alt", "decorative", "caption", "shows_a_person", "consent")
        # Also in the page editor, where no admin makes the form.
        field_classes = {"alt": EditorsLines, "caption": EditorsText, "consent": EditorsText}

    def clean_file(self) -> list[Rendition] | None:
        if isinstance(self.looked_at, Rejected):
            raise forms.ValidationError(str(self.looked_at), code=self.looked_at.code)
        if self.looked_at is None and self.instance.pk is None:
            raise forms.ValidationError("Choose a picture: a JPEG, PNG or WebP file.", code="required")
        return self.looked_at

    def clean(self) -> dict[str, Any] | None:
        if self.disk_is_full:
            text = "The picture could not be kept: the disk may be full. Tell whoever runs the server, and try again."
            self.add_error("file", forms.ValidationError(text, code="not_kept"))
        return super().clean()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"] or slugify(self.data.get(self.add_prefix("alt"), ""))[
            :_NAME
        ].strip("-")
        if not name:
            raise forms.ValidationError("Give the picture a name, in letters from a to z.", code="required")
        renamed = self.instance.pk and "name" in self.changed_data
        count = sum(len(use.rows) for use in usage.of_picture(self.initial["name"])) if renamed else 0
        if count:
            raise forms.ValidationError(
                f"It is used under its old name on {count} page{'s'[: count != 1]}. Change the text there first.",
                code="in_use",
            )
        return name


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
        self.fields["menu_title"].required = False
        self.fields[
            "menu_title"
        ].help_text = "A shorter heading for lists and links. Left empty, it is the title."
        self.fields["slug"].required = False
        self.fields["slug"].help_text = "The last part of the address. Left empty, it is made from the title."
        there = self["drawing"].value() or ""
        names = sorted(drawings.names() | ({there} if isinstance(there, str) else set()) - {""})
        self.fields["drawing"].widget = forms.Select(
            choices=[("", "None"), *((name, _drawing_words(name)) for name in names)]
        )

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
        if not cleaned.get("menu_title") and "menu_title" not in self.errors:
            longest = Page._meta.get_field("menu_title").max_length
            cleaned["menu_title"] = cleaned.get("title", "")[:longest].rstrip()
        if kind and cleaned.get("slug") == "":
            cleaned["slug"] = self._slug_of(cleaned.get("title", ""), kind)
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

    def _slug_of(self, title: str, kind: str) -> str:
        """An address made from the title that no other page of the kind has; an error where it has no letters for one."""
        made = slugify(title)[:_SLUG].strip("-")
        if title and not made:
            self.add_error(
                "slug", forms.ValidationError("Write an address in letters from a to z.", code="no_slug")
            )
        others = Page.objects.filter(kind=kind).exclude(pk=self.instance.pk)
        taken = set(others.filter(slug__startswith=made).values_list("slug", flat=True)) if made else set()
        numbered = (f"{made}-{number}" for number in count(2))
        return made if made not in taken else next(slug for slug in numbered if slug not in taken)


def _drawing_words(name: str) -> str:
    words = name.replace("-", " ").capitalize()
    return words if drawings.exists(name) else f"{words} (there is no such drawing)"


class SayForm(forms.Form):
    """What goes with the buttons of a page's editor: when, why, and what is different."""

    note = CleanText(
        limit=200,
        label="What is different",
        help_text="A few words for the history. You may leave it empty.",
    )
    publish_at = MomentField(required=False, label="Publish on")
    next_review = forms.DateField(
        required=False, widget=DayInput, label="To be checked again by", help_text="Readers see this date."
    )
    reason = CleanText(
        limit=1000,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Why the ticked problems may stay",
        help_text="Kept in the history.",
    )
    word = CleanText(
        limit=verbs.LONGEST_WORD,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="What should be different",
        help_text="Whoever edits it reads this.",
    )
