"""Which fields of which rows stand in which file. The one place where a field or a model is added.

`load` and `export` follow these lists. A test names every field of this app that is in none and not left out on purpose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import models

from content.models import (
    FAQ,
    ClinicProfile,
    Concern,
    Correction,
    Edition,
    ExamplePlan,
    ExamplePlanLine,
    FormerSlug,
    OpeningHours,
    Page,
    PageEvent,
    Person,
    Picture,
    Source,
    Suitability,
    Synonym,
    Treatment,
    Version,
)
from content.models.clinic import FILLERS, URGENT
from content.publishing.snapshots import PageSnapshot


@dataclass(frozen=True)
class Lines:
    """Rows that belong to another row and stand inside it in their own order, each as a list: [0, "09:00", "17:00"]."""

    model: type[models.Model]
    parent: str  # the field that names the row they belong to
    fields: tuple[str, ...]  # in the order of the list


@dataclass(frozen=True)
class Shape:
    """How the rows of one model stand in files.

    Links to other rows are among the fields: a row is named by its key, "concern/milia" for a page, or by the last part
    of it where only one row has that ("milia").
    """

    words: str  # what people call the rows
    model: type[models.Model]
    place: str  # a list in a .yaml, a table in a .csv, one thing in a .yaml, or a folder/ with one .md a row
    key: tuple[str, ...]  # what tells the rows apart on every machine
    fields: tuple[str, ...]  # in the order in which they are written
    order: tuple[str, ...]  # what the rows are sorted by: fields, dots for those of another row
    left_out: Mapping[str, str] = field(default_factory=dict)  # a field, and why it is in no file
    lines: Mapping[str, Lines] = field(default_factory=dict)
    derived: Mapping[str, Callable[[Mapping[str, Any]], Any]] = field(
        default_factory=dict
    )  # a field, and what it is in a file that does not say it
    # The files that belong to a row, by their names in the storage, which are also their names in the folder.
    stored: Callable[[Any], list[str]] = lambda row: []

    @property
    def links(self) -> Mapping[str, type[models.Model]]:
        """The fields that name other rows."""
        return {
            name: relation.related_model
            for name in self.fields
            if name not in self.lines
            and (relation := self.model._meta.get_field(name)).is_relation
            and isinstance(relation.related_model, type)
        }

    def many(self, name: str) -> bool:
        """Whether that field names a list of rows."""
        return bool(self.model._meta.get_field(name).many_to_many)


# The reason codes with which the shipped matrix marks what a specialist alone decides, and what is known of a retinoid.
SPECIALIST_CODE = "R22"
RETINOID_CODE = "R21"
_PAGE = tuple(each.name for each in fields(PageSnapshot) if each.name != "body")

# In the order in which they load: what is named comes before what names it.
SHAPES = (
    Shape(
        words="clinic",
        model=ClinicProfile,
        place="clinic.yaml",
        key=("id",),
        fields=(
            *("name", "short_name", "trade", "mail_name", "address"),
            *("street", "town", "county", "postcode", "country", "part", "getting_here"),
            *("video_call", "to_bring", "what_happens"),
            *("phone", "email", *URGENT, *FILLERS, "time_zone", "currency"),
            *("consultation_fee", "review_grace_days", "opening_hours", "demo"),
        ),
        order=("id",),
        left_out={
            "id": "there is one clinic",
            "requests_closed": "it is true of a day, and of one copy",
            "closed_words": "the same",
        },
        lines={"opening_hours": Lines(OpeningHours, "profile", ("weekday", "opens", "closes"))},
    ),
    Shape(
        words="sources",
        model=Source,
        place="sources.yaml",
        key=("code",),
        fields=("code", "title", "url"),
        order=("code",),
    ),
    Shape(
        words="pictures",
        model=Picture,
        place="pictures.yaml",
        key=("name",),
        fields=(
            *("name", "alt", "decorative", "caption", "shows_a_person", "consent", "folder", "widths"),
            *("width", "height", "uploaded_by", "uploaded_at"),
        ),
        order=("name",),
        stored=lambda row: [row.path(width) for width in row.widths],
    ),
    Shape(
        words="people",
        model=Person,
        place="people.yaml",
        key=("slug",),
        fields=("slug", "name", "role", "register", "text", "portrait", "order"),
        order=("order", "slug"),
        left_out={"account": "accounts of staff belong to one copy of the site"},
    ),
    Shape(
        words="concerns",
        model=Concern,
        place="concerns.yaml",
        key=("code",),
        fields=("code", "group", "name", "tell", "comes_first", "needs_clinician_first", "order"),
        order=("order", "code"),
        left_out={"public_id": "each copy of the site makes its own"},
    ),
    Shape(
        words="treatments",
        model=Treatment,
        place="treatments.yaml",
        key=("code",),
        fields=(
            *("code", "name", "short", "offered", "is_medical_procedure", "how"),
            *("evidence", "evidence_words", "sessions", "sessions_most", "session_length"),
            *("downtime", "downtime_days", "comfort"),
            *("main_risk", "pigment_risk", "cost_basis", "price_from", "price_to", "price_reviewed_on"),
            *(
                "at_home",
                "allowed_with_keloids",
                "waits_after_isotretinoin",
                "needs_test_spot",
                "cuts",
                "face_only",
                "is_filler",
            ),
            *("hold_in_pregnancy", "adds_to", "invasiveness"),
            *("sources", "order", "recovery", "reviewed_by", "reviewed_on", "is_published"),
        ),
        order=("order", "code"),
        left_out={"live": "versions stay with their copy"},
    ),
    Shape(
        words="plans",
        model=ExamplePlan,
        place="plans.yaml",
        key=("title",),
        fields=("title", "for_whom", "note", "order", "is_published", "lines"),
        order=("order", "title"),
        left_out={"live": "versions stay with their copy"},
        lines={"lines": Lines(ExamplePlanLine, "plan", ("treatment", "times_from", "times_to", "note"))},
    ),
    Shape(
        words="suitability",
        model=Suitability,
        place="suitability.csv",
        key=("concern", "treatment"),
        fields=(
            *("concern", "treatment", "score", "specialist_only", "waits_in_pregnancy", "reason_code"),
            *("reason", "sources", "reviewed_by", "reviewed_on", "is_published"),
        ),
        order=("concern.order", "concern.code", "treatment.order", "treatment.code"),
        left_out={"live": "versions stay with their copy"},
        derived={
            "specialist_only": lambda values: values.get("reason_code") == SPECIALIST_CODE,
            "waits_in_pregnancy": lambda values: values.get("reason_code") == RETINOID_CODE,
        },
    ),
    Shape(
        words="pages",
        model=Page,
        place="pages/",
        key=("kind", "slug"),
        fields=(*_PAGE, "is_published", "body"),
        order=("kind", "slug"),
        left_out={
            "public_id": "each copy of the site makes its own",
            "updated_at": "says when this copy was saved",
            "live": "versions stay with their copy",
        },
    ),
    Shape(
        words="search words",
        model=Synonym,
        place="synonyms.csv",
        key=("phrase", "means"),
        fields=("phrase", "means"),
        order=("means", "phrase"),
        left_out={"updated_at": "says when this copy was saved"},
    ),
    Shape(
        words="former addresses",
        model=FormerSlug,
        place="former.yaml",
        key=("kind", "slug"),
        fields=("kind", "slug", "page"),
        order=("kind", "slug"),
        left_out={"created_at": "says when this copy was told"},
    ),
    Shape(
        words="questions",
        model=FAQ,
        place="faqs.yaml",
        key=("slug",),
        fields=("slug", "group", "question", "answer", "pages", "order"),
        order=("order", "slug"),
        left_out={"updated_at": "says when this copy was saved"},
    ),
)

# Models of this app that are in no file, and why.
LEFT_OUT: Mapping[type[models.Model], str] = {
    Version: "drafts and history stay with their copy; what readers see goes along",
    Correction: "it is about rows of this copy",
    Edition: "each copy has its own, and makes another with every row that is loaded",
    PageEvent: "who did what here says nothing about another copy",
}


def of(model: type[models.Model]) -> Shape:
    """The shape of that model's rows. Raises StopIteration for one that is in no file."""
    return next(each for each in SHAPES if each.model is model)


def names(keys: Mapping[int, tuple[Any, ...]]) -> dict[int, str]:
    """What each row is called where another names it, by its id: the last part of its key if no other row has that."""
    last = Counter(key[-1] for key in keys.values())
    return {pk: str(key[-1]) if last[key[-1]] == 1 else "/".join(map(str, key)) for pk, key in keys.items()}
