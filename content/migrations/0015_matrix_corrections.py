"""Rows of the matrix and of treatments that are still as they shipped become what the corrected notes say.

What an editor has changed is left alone and named on the desk (Correction). What changes loses its check: nobody has signed the
new words. Nothing that readers can open is closed. What a rule of the guide needs to know of a row (the new flags) is said for
every row with a shipped code, edited or not: the rules apply at once.

Source: corrections.md 8.2, the block at its end, and 8.3 for sources. Beside this file, in `matrix_2026_11/`, lie the matrix as
it shipped before and after, and the sources that are new. Backwards, rows that nobody touched since say what they said; the
checks are not given back.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.db import migrations
from django.utils import timezone

FILES = Path(__file__).parent / "matrix_2026_11"
RETINOID, SPECIALIST = "R21", "R22"
RF = "rf-microneedling"

# How far each goes into the skin; rule 7 asks it last but one.
INVASIVENESS = {
    0: ["topical"],
    1: ["blue-light", "microdermabrasion", "peel-superficial"],
    2: ["laser-fractional-nonablative", "vascular-laser"],
    3: ["filler", "microneedling", "microneedling-prp", "steroid-injection"],
    4: ["laser-fractional-ablative", "peel-medium-deep", "subcision", "tca-cross"],
    5: ["dermabrasion", "punch"],
}
FLAGS: dict[str, dict[str, Any]] = {
    "punch": {"cuts": True, "face_only": True},
    "dermabrasion": {"cuts": True, "face_only": True},
    "subcision": {"cuts": True},
    "peel-medium-deep": {"face_only": True},
    "topical": {"hold_in_pregnancy": "adapalene tretinoin retinol hydroquinone"},
}
# What shipped of a treatment, and what it is now. A list of sources is compared whatever its order.
TREATMENTS: dict[str, dict[str, tuple[Any, Any]]] = {
    "laser-fractional-ablative": {
        "name": ("Ablative fractional laser", "Fractional ablative laser (columns)"),
    },
    "laser-fractional-nonablative": {
        "downtime_days": (None, 4),
        "sources": ("ARS ALB MAYL", "ARS NLA MAYL"),
    },
    "topical": {
        "pigment_risk": ("", "none"),
        "sources": ("PIH DSN NHSK ADA ONI BNS", "TPI DAV NHSK ADA DRE ONI BNS"),
    },
    "microneedling": {
        "sessions": (
            "Often 3 to 6, 4 to 6 weeks apart. This number comes from a weak source",
            "3 in the main trial, a month apart. Often more",
        ),
        "sessions_most": (6, None),
        "sources": ("JUH BHA FDAM DLZ", "JUH BHA FDAM MNL"),
    },
    "peel-medium-deep": {"sources": ("NHSP VAL MAYP2", "NHSP ALX MAYP2")},
    "microdermabrasion": {
        "sessions": (
            "Several, often 2 to 4 weeks apart. The number is not well tested",
            "A series. The number is not well tested",
        ),
        "session_length": ("About 30 to 40 minutes", "Your plan says how long"),
        "sources": ("VER DCO TAM", "TAM MST"),
    },
    "punch": {
        "sessions": (
            "Scars at least 4 to 5 mm apart can share a visit. Closer ones wait 4 weeks",
            "Scars that lie close together take more than one visit. Your plan says how many",
        ),
        "session_length": ("15 to 45 minutes", "Your plan says how long"),
        "sources": ("NHSA HES GUP AORG ACM WLK SC1", "NHSA HES GUP FIF TAM"),
    },
    "filler": {"sources": ("COC7 FIL FDAF FDA2", "COC7 FIL FDD CMV")},
    "tca-cross": {
        "sessions": (
            "Often 3 to 6, 4 to 6 weeks apart. This number comes from a weak source",
            "4 in one study, 2 weeks apart",
        ),
        "sessions_most": (6, 4),
        "sources": ("TCA TCX", "TCA KHU"),
    },
    "vascular-laser": {"sources": ("PDL", "PAE")},
}
RF_ROW: dict[str, Any] = {
    "name": "Radiofrequency needling",
    "short": "RF needling",
    "how": "Fine needles also heat the skin below the surface, so that it builds new collagen.",
    "evidence": "A",
    "evidence_words": "Trials against laser with like results and fewer dark marks, none in the lightest or darkest skin. A US "
    "warning of burns, scars and fat loss (2025)",
    "downtime": "Usually red for 1 to 3 days",
    "downtime_days": 3,
    "comfort": "A numbing cream",
    "main_risk": "Rarely burns, scars, loss of fat under the skin or harm to a nerve",
    "pigment_risk": "low-moderate",
    "invasiveness": 3,
    "recovery": [["Days 1 to 3", "Usually red"]],
    "order": 170,
}
RF_SOURCES = "RFX RFA RFS RFW"


def correct(apps: Any, schema_editor: Any) -> None:
    rows = _Rows(apps)
    if not rows.treatments.filter(
        code__in=[code for codes in INVASIVENESS.values() for code in codes]
    ).exists():
        return  # an empty database loads what ships
    _say_what_rules_need(rows)
    rows.make_sources()
    for code, changes in TREATMENTS.items():
        rows.change_treatment(code, changes)
    made = _make_rf(rows)
    before, after = _table("before"), _table("after")
    for key, (old, new) in {key: (before[key], after[key]) for key in before}.items():
        if old != new:
            rows.change_cell(*key, old, new)
    if made:
        for (concern, code), new in after.items():
            if code == RF:
                rows.make_cell(concern, made, new)


def restore(apps: Any, schema_editor: Any) -> None:
    rows = _Rows(apps)
    made = rows.treatments.filter(code=RF, name=RF_ROW["name"], how=RF_ROW["how"], offered=False).first()
    if made and not made.pages.exists():
        made.suitability.all().delete()
        made.delete()
    before, after = _table("before"), _table("after")
    for key, old in before.items():
        if old != after[key]:
            rows.change_cell(*key, after[key], old, tell=False)
    for code, changes in TREATMENTS.items():
        rows.change_treatment(code, {name: (new, old) for name, (old, new) in changes.items()}, tell=False)
    rows.concerns.filter(code="hypertrophic").update(needs_clinician_first=False)
    new = _new_sources()
    for source in rows.sources.filter(code__in=new):
        ours = source.title == new[source.code][0]
        if ours and not (source.pages.exists() or source.treatments.exists() or source.suitability.exists()):
            source.delete()
    for kind in ("Matrix: ", "Treatment: ", "Source: "):
        rows.corrections.filter(settled_at=None, subject__startswith=kind).delete()


def _say_what_rules_need(rows: _Rows) -> None:
    rows.concerns.filter(code="hypertrophic").update(needs_clinician_first=True)
    for place, codes in INVASIVENESS.items():
        rows.treatments.filter(code__in=codes).update(invasiveness=place)
    for code, flags in FLAGS.items():
        rows.treatments.filter(code=code).update(**flags)
    if rows.treatments.filter(code="microneedling").exists():
        rows.treatments.filter(code="microneedling-prp").update(adds_to="microneedling")
    rows.cells.filter(treatment__code="topical", reason_code=RETINOID).update(waits_in_pregnancy=True)


def _make_rf(rows: _Rows) -> Any:
    """The new treatment, or None if the clinic has one under that code."""
    there = rows.treatments.filter(code=RF).first()
    if there and there.how == RF_ROW["how"]:
        return None
    if there:
        why = f"The matrix now ships with {RF_ROW['name']}, and this clinic has a treatment of its own under that code."
        rows.tell(f"Treatment: {there.name}", "treatment", there.pk, why)
        return None
    made = rows.treatments.create(code=RF, offered=False, **RF_ROW)
    made.sources.set(rows.found(RF_SOURCES))
    return made


class _Rows:
    """The rows of this database, and what may be done with them."""

    def __init__(self, apps: Any) -> None:
        self.treatments = apps.get_model("content", "Treatment")._default_manager
        self.concerns = apps.get_model("content", "Concern")._default_manager
        self.cells = apps.get_model("content", "Suitability")._default_manager
        self.sources = apps.get_model("content", "Source")._default_manager
        self.corrections = apps.get_model("content", "Correction")._default_manager

    def make_sources(self) -> None:
        for code, (title, url) in _new_sources().items():
            row, made = self.sources.get_or_create(code=code, defaults={"title": title, "url": url})
            if not made and row.title != title:
                why = f"Rows of the matrix that ship now rest on “{title}” under this code. This one was here before."
                self.tell(f"Source: {row.code}", "source", row.pk, why)

    def found(self, codes: str) -> list[Any]:
        return list(self.sources.filter(code__in=codes.split()))

    def change_cell(self, concern: str, code: str, old: Any, new: Any, *, tell: bool = True) -> None:
        cell = (
            self.cells.filter(concern__code=concern, treatment__code=code)
            .select_related("concern", "treatment")
            .first()
        )
        if cell is None:
            return
        now = _of(cell)
        if now == new:
            return
        if now != old:
            if tell:
                subject = f"Matrix: {cell.concern.name}, {cell.treatment.name}"
                self.tell(subject, "suitability", cell.pk, _why(old, new))
            return
        cell.score, cell.reason_code, cell.reason = new["score"], new["reason_code"], new["reason"]
        cell.specialist_only = new["reason_code"] == SPECIALIST
        cell.reviewed_by = cell.reviewed_on = None
        cell.save()
        cell.sources.set(self.found(new["sources"]))

    def make_cell(self, concern: str, treatment: Any, new: Any) -> None:
        row = self.concerns.filter(code=concern).first()
        if row is None:
            return
        words = {name: new[name] for name in ("score", "reason_code", "reason")}
        cell = self.cells.create(concern=row, treatment=treatment, **words)
        cell.sources.set(self.found(new["sources"]))

    def change_treatment(self, code: str, changes: dict[str, tuple[Any, Any]], *, tell: bool = True) -> None:
        """Each field by itself: who has set a price has not touched the rest."""
        row = self.treatments.filter(code=code).first()
        if row is None:
            return
        edited = []
        for name, (old, new) in changes.items():
            if name == "sources":
                now = set(row.sources.values_list("code", flat=True))
                old, new = set(old.split()), set(new.split())
            else:
                now = getattr(row, name)
            if now == new:
                continue
            if now != old:
                edited.append(f"{name.replace('_', ' ')}: {_shown(new)}, in place of {_shown(old)}")
            elif name == "sources":
                row.sources.set(self.sources.filter(code__in=new))
            else:
                self.treatments.filter(pk=row.pk).update(**{name: new})
        if edited and tell:
            why = f"This was changed here, so it was left. What ships now says: {'; '.join(edited)}."
            self.tell(f"Treatment: {row.name}", "treatment", row.pk, why)

    def tell(self, subject: str, model: str, pk: int, why: str) -> None:
        self.corrections.create(
            subject=subject[:200],
            admin_path=f"/admin/content/{model}/{pk}/change/",
            why=why,
            made_at=timezone.now(),
        )


def _of(cell: Any) -> dict[str, Any]:
    """What a cell of the database says, to compare with a line of the table."""
    special = cell.specialist_only == (cell.reason_code == SPECIALIST)
    return {
        "score": cell.score,
        "reason_code": cell.reason_code if special else f"{cell.reason_code}, edited",
        "reason": cell.reason,
        "sources": " ".join(sorted(cell.sources.values_list("code", flat=True))),
    }


def _table(name: str) -> dict[tuple[str, str], dict[str, Any]]:
    with (FILES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {
            (line["concern"], line["treatment"]): {
                "score": int(line["score"]),
                "reason_code": line["reason_code"],
                "reason": line["reason"],
                "sources": " ".join(sorted(line["sources"].replace("-", "").split())),
            }
            for line in csv.DictReader(file)
        }


def _new_sources() -> dict[str, tuple[str, str]]:
    with (FILES / "sources.csv").open(encoding="utf-8", newline="") as file:
        return {line["code"]: (line["title"], line["url"]) for line in csv.DictReader(file)}


def _why(old: dict[str, Any], new: dict[str, Any]) -> str:
    """What should be different, for whoever edited the row."""
    words = {"score": "Score", "reason_code": "Reason code", "reason": "Reason", "sources": "Sources"}
    changed = [
        f"{words[name]}: {_shown(new[name])}, in place of {_shown(old[name])}."
        for name in words
        if old[name] != new[name]
    ]
    return " ".join(["This row was changed here, so it was left. What ships now says:", *changed])


def _shown(value: Any) -> str:
    if isinstance(value, set):
        return " ".join(sorted(value))
    return "none" if value in (None, "") else str(value)


class Migration(migrations.Migration):
    dependencies = [("content", "0014_guide_rules")]

    operations = [migrations.RunPython(correct, restore)]
