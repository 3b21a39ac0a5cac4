"""Loads the shipped pages and the matrix. From then on editors own them.

Rows that exist, by slug or code, are left alone, links between rows included: a second load never overwrites an edit.
A row that an editor has deleted or renamed is made again, so `make run` loads into an empty database only.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from content.models import (
    FAQ,
    ClinicProfile,
    Concern,
    OpeningHours,
    Page,
    Person,
    Source,
    Suitability,
    Treatment,
)
from content.publishing import core

FOLDER = Path(__file__).parent / "demo"
# The reason code with which the matrix marks what a specialist alone decides.
SPECIALIST_CODE = "R22"

M = TypeVar("M", bound=models.Model)


class DemoError(ValueError):
    """Something in the files is wrong; the text names the file and the key."""


@dataclass(frozen=True)
class Entry:
    """One thing in a file: its values, and words that say where it stands."""

    where: str
    values: Mapping[str, Any]

    def wrong(self, key: str, problem: str) -> DemoError:
        return DemoError(f"{self.where}: {key}: {problem}")

    def get(self, key: str) -> Any:
        if key not in self.values:
            raise self.wrong(key, "is missing")
        return self.values[key]

    def found(self, key: str, known: Mapping[str, M]) -> list[M]:
        """The rows that the list under `key` names, in its order."""
        return [self.one(key, code, known) for code in self.values.get(key) or []]

    def one(self, key: str, code: str, known: Mapping[str, M]) -> M:
        if code not in known:
            raise self.wrong(key, f"there is no {code!r}")
        return known[code]


def load(folder: Path = FOLDER) -> dict[str, int]:
    """Create what is missing, all or nothing; return how many rows of each kind are new. Raises DemoError."""
    with transaction.atomic():
        counts = {"clinic": _clinic(folder)}
        counts["sources"] = _simple(Source, folder / "sources.yaml", "code", ("code", "title", "url"))
        counts["people"] = _simple(
            Person, folder / "people.yaml", "slug", ("slug", "name", "role", "register", "text", "order")
        )
        counts["concerns"] = _simple(
            Concern, folder / "concerns.yaml", "code", ("code", "group", "name", "tell", "order")
        )
        counts["treatments"] = _treatments(folder / "treatments.yaml")
        counts["suitability"] = _suitability(folder / "suitability.csv")
        counts["pages"] = _pages(folder / "pages", timezone.now())
        counts["questions"] = _faqs(folder / "faqs.yaml")
    return counts


def _clinic(folder: Path) -> int:
    if ClinicProfile.objects.exists():
        return 0
    path = folder / "clinic.yaml"
    entry = Entry(path.name, _yaml(path, dict))
    names = ("name", "short_name", "mail_name", "address", "phone", "email", "time_zone", "currency")
    profile = ClinicProfile(pk=1, **{name: entry.get(name) for name in (*names, "consultation_fee", "demo")})
    _save(profile, entry)
    for row in entry.get("opening_hours"):
        try:
            weekday, opens, closes = row
            hours = OpeningHours(
                profile=profile,
                weekday=weekday,
                opens=time.fromisoformat(opens),
                closes=time.fromisoformat(closes),
            )
        except (TypeError, ValueError) as error:
            raise entry.wrong("opening_hours", f"{row!r} is not [weekday, opens, closes]") from error
        _save(hours, entry)
    return 1


def _simple(model: type[M], path: Path, key: str, names: Iterable[str]) -> int:
    """Rows without links to others."""
    entries = _entries(path, key)
    known = _known(model, key)
    new = [entry for entry in entries if entry.get(key) not in known]
    for entry in new:
        _save(model(**{name: entry.get(name) for name in names}), entry)
    return len(new)


_TREATMENT_FIELDS = (
    *(
        "code",
        "name",
        "short",
        "offered",
        "is_medical_procedure",
        "how",
        "evidence",
        "evidence_words",
        "sessions",
    ),
    *(
        "session_length",
        "downtime",
        "comfort",
        "main_risk",
        "pigment_risk",
        "cost_basis",
        "price_from",
        "price_to",
    ),
    *("price_reviewed_on", "recovery", "order"),
)


def _treatments(path: Path) -> int:
    known, sources = _known(Treatment, "code"), _known(Source, "code")
    new = [entry for entry in _entries(path, "code") if entry.get("code") not in known]
    for entry in new:
        treatment = Treatment(**{name: entry.get(name) for name in _TREATMENT_FIELDS})
        _save(treatment, entry)
        treatment.sources.set(entry.found("sources", sources))
    return len(new)


def _suitability(path: Path) -> int:
    concerns, treatments, sources = _known(Concern, "code"), _known(Treatment, "code"), _known(Source, "code")
    existing = set(Suitability.objects.values_list("concern_id", "treatment_id"))
    links = []
    count = 0
    for entry in _csv(path):
        cell = Suitability(
            concern=entry.one("concern", entry.get("concern"), concerns),
            treatment=entry.one("treatment", entry.get("treatment"), treatments),
            score=entry.get("score"),
            reason_code=entry.get("reason_code"),
            reason=entry.get("reason"),
            specialist_only=entry.get("reason_code") == SPECIALIST_CODE,
        )
        if (cell.concern_id, cell.treatment_id) in existing:
            continue
        existing.add((cell.concern_id, cell.treatment_id))
        _save(cell, entry)
        codes = [code for code in entry.get("sources").split() if code != "-"]
        links += [
            Suitability.sources.through(
                suitability_id=cell.pk, source_id=entry.one("sources", code, sources).pk
            )
            for code in codes
        ]
        count += 1
    Suitability.sources.through.objects.bulk_create(links)
    return count


_PAGE_FIELDS = (
    *("kind", "slug", "title", "menu_title", "summary", "at_a_glance", "drawing", "drawing_alt", "caption"),
    *("written_by", "checked_on", "review_due", "order"),
)


def _pages(folder: Path, now: datetime) -> int:
    concerns, treatments = _known(Concern, "code"), _known(Treatment, "code")
    sources, people = _known(Source, "code"), _known(Person, "slug")
    existing = set(Page.objects.values_list("kind", "slug"))
    count = 0
    for path in sorted(folder.glob("*.md")):
        entry, body = _front_matter(path)
        if entry.get("slug") != path.stem:
            raise entry.wrong("slug", f"is {entry.get('slug')!r}, but the file is {path.name}")
        if (entry.get("kind"), entry.get("slug")) in existing:
            continue
        values = {name: entry.get(name) for name in _PAGE_FIELDS}
        checker = entry.values.get("checked_by")
        page = Page(
            **values,
            tell=entry.values.get("tell") or "",
            body=body,
            checked_by=entry.one("checked_by", checker, people) if checker else None,
        )
        _save(page, entry)
        page.concerns.set(entry.found("concerns", concerns))
        page.treatments.set(entry.found("treatments", treatments))
        page.sources.set(entry.found("sources", sources))
        # Editors compare with it, and come back to it.
        core.first_version(page, now=now, by="The shipped pages")
        count += 1
    return count


def _faqs(path: Path) -> int:
    # A question may stand on pages of any kind, so its slugs must not be ambiguous; those of the demo are not.
    pages = _known(Page, "slug")
    known = _known(FAQ, "question")
    new = [entry for entry in _entries(path, "question") if entry.get("question") not in known]
    for entry in new:
        faq = FAQ(question=entry.get("question"), answer=entry.get("answer"), order=entry.get("order"))
        _save(faq, entry)
        faq.pages.set(entry.found("pages", pages))
    return len(new)


def _known(model: type[M], key: str) -> dict[str, M]:
    return {getattr(row, key): row for row in model._default_manager.all()}


def _save(row: models.Model, entry: Entry) -> None:
    """Save after the fields' own checks; relations and constraints are left to the database."""
    try:
        row.clean_fields()
    except ValidationError as error:
        key, problems = next(iter(error.message_dict.items()))
        raise entry.wrong(key, " ".join(problems)) from error
    row.save(force_insert=True)


def _entries(path: Path, key: str) -> list[Entry]:
    """The things in a YAML list, each named by its key."""
    entries = []
    for number, values in enumerate(_yaml(path, list), 1):
        if not isinstance(values, dict) or key not in values:
            raise DemoError(f"{path.name}: entry {number}: {key}: is missing")
        entries.append(Entry(f"{path.name}: {values[key]}", values))
    return entries


def _yaml(path: Path, kind: type) -> Any:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise DemoError(f"{path.name}: cannot be read: {error}") from error
    if not isinstance(data, kind):
        raise DemoError(f"{path.name}: should hold a {kind.__name__}")
    return data


def _csv(path: Path) -> list[Entry]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Entry(f"{path.name}: line {number}", row) for number, row in enumerate(csv.DictReader(file), 2)
        ]


def _front_matter(path: Path) -> tuple[Entry, str]:
    """The values between the two lines of dashes, and the Markdown after them."""
    opening, _, rest = path.read_text(encoding="utf-8").partition("---\n")
    head, dashes, body = rest.partition("\n---\n")
    if opening.strip() or not dashes:
        raise DemoError(f"pages/{path.name}: should start with values between two lines of ---")
    try:
        values = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise DemoError(f"pages/{path.name}: cannot be read: {error}") from error
    return Entry(f"pages/{path.name}", values), body.strip() + "\n"
