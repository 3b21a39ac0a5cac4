"""Texts that came with the site and were wrong are put right where they still are as they came.

Ten of them told everybody not to stop a medicine. Whoever takes isotretinoin and is pregnant, or may be, must take no more
of it, that day. Four more named an order of asking that is not the one for skin that marks easily. What an editor has changed
is left alone and named on the desk.

A page gets one version more, by nobody, and loses its check: no clinician has read the new words. What is live stays live.
A draft beside it is put on top again as it was, and does not go live by itself any more. Backwards, a page that nobody has
touched since says what it said, with the check that it had; a publication that was taken off the plan stays off.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

SITE = "The site"
NOTE = "Corrected by an update: who checked the text before has not read this"
AGAIN = "The draft as it was, on top of the corrected text"
EXCEPTION = (
    "**One exception cannot wait: if you take isotretinoin and are pregnant, or think you may be, take no more capsules "
    "and call that doctor today.** If nobody answers, call your GP or 111."
)
WHY_EXCEPTION = (
    "It names isotretinoin and does not say, in the same place, what must happen in pregnancy. Whoever takes isotretinoin "
    "and is pregnant, or may be, must take no more capsules and call the doctor who prescribed it that day; if nobody "
    "answers, their GP or 111. “Do not stop it” without this exception can do harm. Please add it, and let a clinician "
    "read the page."
)
WHY_ORDER = (
    "It says what to ask about first. For skin that is brown or black, or tans easily, that is what carries a lower risk "
    "of colour change; and what is often discussed but not done here is named as well. This text was changed here, so "
    "please compare it with the guide, and let a clinician read it."
)
WHY_PREGNANT = (
    "It tells people who are pregnant what to do and does not say what matters most: whoever takes isotretinoin and is "
    "pregnant, or may be, must take no more capsules and call the doctor who prescribed it that day; if nobody answers, "
    "their GP or 111. Please add it."
)
WHY_PLAN = (
    "A draft of it was to go live by itself on {when} (UTC). An update has corrected the text that readers have, so the plan was "
    "taken off. Please read the draft against the corrected text before you publish it."
)
# By code: title, address. Made where a corrected page names them and they are not there.
SOURCES = {
    "ISN": (
        "NHS, pregnancy, breastfeeding and fertility while taking isotretinoin capsules",
        "https://www.nhs.uk/medicines/isotretinoin-capsules/pregnancy-breastfeeding-and-fertility-while-taking-isotretinoin-capsules/",
    ),
    "UKT": (
        "UK Teratology Information Service, isotretinoin capsules in pregnancy",
        "https://medicinesinpregnancy.org/Medicine--pregnancy/Isotretinoin-tablets",
    ),
    "MHR": (
        "Medicines and Healthcare products Regulatory Agency, Drug Safety Update: oral retinoids and pregnancy prevention",
        "https://www.gov.uk/drug-safety-update/oral-retinoids-pregnancy-prevention-reminder-of-measures-to-minimise-teratogenic-risk",
    ),
    "JAM": (
        "JAMA Dermatology 2017, review of isotretinoin and procedures, 32 papers",
        "https://jamanetwork.com/journals/jamadermatology/article-abstract/2632046",
    ),
    "NLA": (
        "Lasers in Surgery and Medicine 2017, trial of laser soon after isotretinoin in 10 people",
        "https://pubmed.ncbi.nlm.nih.gov/28853175/",
    ),
    "NAV": (
        "Journal of Cosmetic Dermatology 2022, review of acne scars in brown and black skin, PubMed 36575886",
        "",
    ),
    "SAL": ("Salameh 2022, Lasers in Surgery and Medicine, 24 experts on lasers for acne scars", ""),
}


@dataclass(frozen=True)
class Change:
    """One text that shipped. `shipped` is the digest of what it said; `edits` are (what it said, what it says now).

    A row is a page of `kind` or, without one, a question. `lost` and `named` are codes of sources. `why` is what staff are
    told of a row that had been edited.
    """

    slug: str
    shipped: str
    edits: tuple[tuple[str, str], ...]
    kind: str = ""
    field: str = "body"
    named: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    why: str = WHY_EXCEPTION


def _stop(slug: str, shipped: str, old: str, new: str = "", **more: Any) -> Change:
    """A sentence that ends with the doctor who prescribed it, and the exception after it."""
    more = {"kind": "treatment", "named": ("ISN", "UKT")} | more
    return Change(slug, shipped, ((old, f"{new or old} {EXCEPTION}"),), **more)


CHANGES = (
    Change(
        "active-acne",
        "808aafbed71b8012d89b094257186b00",
        (
            (
                "the doctor who prescribed it decides that with you. Experts do not agree on how long to wait before some treatments, ",
                f"the doctor who prescribed it decides that with you. {EXCEPTION}\n\n"
                "Isotretinoin can badly harm an unborn baby. If you want to try for a baby, talk to that doctor first. "
                "You need to wait for a month after the last capsule.\n\n"
                "Experts do not agree on how long to wait before some treatments, ",
            ),
        ),
        kind="concern",
        named=("ISN", "UKT", "MHR", "JAM"),
        lost=("CAN",),
    ),
    _stop(
        "chemical-peels",
        "d765815be4c2473d9b64730d20ef3dbf",
        "that is for the doctor who prescribed it to say.",
    ),
    _stop(
        "dermabrasion",
        "c7a8fafb5a89ba7ae8af1a23323d510f",
        "do not stop it on your own: ask the doctor who prescribed it.",
        named=("ISN", "UKT", "JAM"),
        lost=("CAN",),
    ),
    _stop(
        "dermal-fillers",
        "ed7374edb2b2f51089651c3af6e55c2b",
        "Do not stop it for a filler: the doctor who prescribed it has to say.",
    ),
    _stop(
        "laser-resurfacing",
        "c2d68b382a20b1f7db220106d6bd9a68",
        "Do not stop it for a laser: ask the doctor who prescribed it.",
        named=("ISN", "UKT", "JAM", "NLA"),
        lost=("ALB", "SOM", "CAN"),
    ),
    _stop(
        "microdermabrasion",
        "4c43c5f87c413c88a657d8e2909893af",
        "Do not stop it for a polish: talk to the doctor who prescribed it.",
    ),
    _stop(
        "microneedling",
        "ba4b923088a16f3b4ce7e2600e0c8bb3",
        "Do not stop it to be treated sooner without asking the doctor who prescribed it.",
    ),
    _stop(
        "prp-with-microneedling",
        "d9968b966a69ee040be05a3e4dd90433",
        "Do not stop it yourself; your prescriber and we can talk.",
        "Do not stop it yourself: ask the doctor who prescribed it. We can talk to them too.",
    ),
    _stop(
        "punch-techniques",
        "c8da817b4bf1dc47670522bd379a3228",
        "Do not stop it to have a scar cut out; talk to whoever prescribed it.",
        "Do not stop it to have a scar cut out: talk to the doctor who prescribed it.",
    ),
    Change(
        "i-take-or-took-isotretinoin-how-long-must-i-wait",
        "ffa71e52dd27b6b5defcc3b41164df56",
        (
            (
                "so we name no date. Some advice says 6 to 12 months. In 2017 a group of experts found too little proof to delay "
                "light peels and gentler lasers. We hold",
                "so we name no date. We hold",
            ),
            (
                "Do not stop a medicine without asking the doctor who gave it to you.",
                "Do not stop a medicine before you ask the doctor who gave it to you. But one thing cannot wait. **If you take "
                "isotretinoin and are pregnant, or think you may be, take no more capsules and call that doctor today.** If "
                "nobody answers, call your GP or 111.",
            ),
        ),
        field="answer",
    ),
    Change(
        "i-am-pregnant-or-breastfeeding-can-i-come",
        "4f28196e81e106647f9db2787cc01e48",
        (
            (
                "Do not use a retinoid cream if you are pregnant or trying.",
                "If you take isotretinoin and are pregnant, or think you may be, take no more capsules and call the doctor "
                "who prescribed it today. If nobody answers, call your GP or 111. Do not use a retinoid cream if you are "
                "pregnant or trying.",
            ),
        ),
        field="answer",
        why=WHY_PREGNANT,
    ),
    Change(
        "which-treatment-suits-ice-pick-boxcar-or-rolling-scars",
        "195488ff731ecf5b47371eb58f04f889",
        (
            (
                "ask about [microneedling](/treatments/microneedling/) too.",
                "ask about [microneedling](/treatments/microneedling/) before laser: its risk of colour change is lower.",
            ),
        ),
        field="answer",
        why=WHY_ORDER,
    ),
    Change(
        "boxcar",
        "12df5b790bfd333be1289f61a2ebc7e4",
        (
            (
                "Ask about microneedling or the gentler laser too. The stronger laser carries a high risk of colour change",
                "Ask about microneedling or the gentler laser first. The stronger laser carries a high risk of colour change",
            ),
        ),
        kind="concern",
        field="at_a_glance",
        why=WHY_ORDER,
    ),
    Change(
        "ice-pick",
        "d74ca3a0f76d5e54d77df743ff6077b8",
        (
            (
                "Punch techniques",
                "Punch techniques. Focal acid (TCA CROSS) is often discussed too, but not done here",
            ),
        ),
        kind="concern",
        field="at_a_glance",
        why=WHY_ORDER,
    ),
    Change(
        "rolling",
        "6bdcaea6ad82adf25a99ebdf5c64308a",
        (
            (
                "Ablative fractional laser, dermal fillers",
                "Ablative fractional laser. Subcision is often discussed too, but not done here",
            ),
            (
                "Fillers and microneedling carry a low risk of colour change. The stronger laser carries a high one",
                "Ask about microneedling or fillers first: a low risk of colour change. The stronger laser carries a high one",
            ),
        ),
        kind="concern",
        field="at_a_glance",
        why=WHY_ORDER,
    ),
    Change(
        "skin-tone-and-treatment",
        "6c8433bd1c0d4f4137735b0776501eb7",
        (
            (
                "made with somebody who can tell you what happened to skin like yours.\n",
                "made with somebody who can tell you what happened to skin like yours.\n\n"
                "If your skin is brown or black, or tans easily, or you do not know how it takes the sun, our [guide](/guide/) "
                "names what is lower in risk first. That is an order in which to ask, and it forbids nothing. Experts do not "
                "all agree. Some start with the gentler laser because it is safer, though it does less. Others start with the "
                "stronger kind too, and set it with care. Few studies look at black skin.\n",
            ),
        ),
        kind="article",
        named=("NAV", "SAL"),
        why=WHY_ORDER,
    ),
)


# --- what a text says -------------------------------------------------------------------------------------------------


def digest(value: Any) -> str:
    """Of a text without blanks around it, or of facts at a glance: the same on every machine, however a form sends lines."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return hashlib.sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()[:32]


def corrected(value: Any, change: Change, *, back: bool = False) -> Any:
    """The text with the change's edits made, or taken back."""
    for edit in change.edits:
        old, new = reversed(edit) if back else edit
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").replace(old, new)
        else:
            value = [[label, new if fact == old else fact] for label, fact in value]
    return value


def as_shipped(value: Any, change: Change) -> bool:
    return digest(value) == change.shipped


def lacks_exception(text: str) -> bool:
    """Whether it names isotretinoin and no paragraph or line of it speaks of pregnancy with it."""
    blocks = [block.lower() for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.)\s)", text)]
    naming = [block for block in blocks if "isotretinoin" in block]
    return bool(naming) and not any("pregnan" in block for block in naming)


def _texts(data: dict[str, Any]) -> str:
    """All that a page's data, or a question's row, says."""
    facts = [f"{label}: {fact}" for label, fact in data.get("at_a_glance") or ()]
    texts = [data.get(name) or "" for name in ("summary", "body", "question", "answer")]
    return "\n\n".join([*texts, *facts])


# --- pages ------------------------------------------------------------------------------------------------------------


def _kept(page: Any) -> Any:
    return page.versions.filter(discarded_at=None).order_by("-number")


def _append(apps: Any, page: Any, data: dict[str, Any], note: str, now: datetime, *, live: bool) -> Any:
    """One version more, which nobody has approved, with its line in the history."""
    last = page.versions.order_by("-number").first()
    version = page.versions.create(
        number=last.number + 1,
        data=data,
        note=note,
        saved_by_name=SITE,
        saved_at=now,
        published_at=now if live else None,
    )
    apps.get_model("content", "PageEvent").objects.create(
        page=page, version=version, verb="correct", by_name=SITE, at=now
    )
    return version


def _with(data: dict[str, Any], change: Change) -> dict[str, Any]:
    """The same data with the change in it if it is as shipped; without a date for a check that nobody has made."""
    if not as_shipped(data[change.field], change):
        return data
    sources = [code for code in data.get("sources") or () if code not in change.lost]
    sources += [code for code in change.named if code not in sources]
    return data | {
        change.field: corrected(data[change.field], change),
        "sources": sources,
        "review_due": None,
    }


def _put(apps: Any, page: Any, version: Any, *, signed: bool) -> None:
    """Make the page's row say what the version says; `signed`: with the approval that it has."""
    data, signed = version.data, signed and version.approved_at is not None
    profile = apps.get_model("content", "ClinicProfile").objects.first()
    zone = ZoneInfo(profile.time_zone if profile else "Europe/London")
    page.body, page.at_a_glance = data["body"], data["at_a_glance"]
    page.checked_by = version.approved_by if signed else None
    page.checked_on = version.approved_at.astimezone(zone).date() if signed else None
    page.review_due = (version.next_review if signed else None) or data.get("review_due")
    page.save()
    page.sources.set(apps.get_model("content", "Source").objects.filter(code__in=data.get("sources") or ()))


def _make_sources(apps: Any, codes: tuple[str, ...]) -> None:
    for code in codes:
        title, url = SOURCES[code]
        apps.get_model("content", "Source").objects.get_or_create(
            code=code, defaults={"title": title, "url": url}
        )


def _correct_page(apps: Any, page: Any, change: Change, now: datetime) -> None:
    tip = _kept(page).first()
    base = page.live or tip
    if base is None or not as_shipped(base.data[change.field], change):
        return
    live = page.live is not None and page.is_published
    if live and not as_shipped(getattr(page, change.field), change):
        return  # the row was changed past the verbs
    _make_sources(apps, change.named)
    fixed = _append(apps, page, _with(base.data, change), NOTE, now, live=live)
    if live:
        page.live = fixed
    if live or page.live is None:
        _put(apps, page, fixed, signed=False)
    for planned in page.versions.filter(publish_at__isnull=False):
        why = WHY_PLAN.format(when=f"{planned.publish_at:%-d %B %Y, %H:%M}")
        _name(apps, *_page_words(page), why, now)
        page.versions.filter(pk=planned.pk).update(publish_at=None)
    if tip.pk != base.pk:
        _append(apps, page, _with(tip.data, change), AGAIN, now, live=False)


def _page_words(page: Any) -> tuple[str, str]:
    return f"Page: {page.menu_title}", f"/admin/content/page/{page.pk}/change/"


def _name(apps: Any, subject: str, path: str, why: str, now: datetime) -> None:
    corrections = apps.get_model("content", "Correction").objects
    corrections.create(subject=subject[:200], admin_path=path, why=why, made_at=now)


# --- forwards and backwards -------------------------------------------------------------------------------------------


def correct(apps: Any, schema_editor: Any) -> None:
    now = timezone.now()
    pages, faqs = apps.get_model("content", "Page").objects, apps.get_model("content", "FAQ").objects
    for change in CHANGES:
        if change.kind:
            for page in pages.filter(kind=change.kind, slug=change.slug).select_related("live"):
                _correct_page(apps, page, change, now)
        else:
            for faq in faqs.filter(slug=change.slug):
                if as_shipped(faq.answer, change):
                    faq.answer = corrected(faq.answer, change)
                    faq.save()
    for subject, path, why in _left(apps):
        _name(apps, subject, path, why, now)


def _left(apps: Any) -> Iterator[tuple[str, str, str]]:
    """What still has to be read by a person, whoever wrote it: subject, path, why."""
    for page in apps.get_model("content", "Page").objects.order_by("order", "pk"):
        tip = _kept(page).first()
        said = [vars(page)] if page.is_published or not tip else []
        said += [tip.data] if tip else []
        for why in _whys(page.kind, page.slug, said):
            yield (*_page_words(page), why)
    for faq in apps.get_model("content", "FAQ").objects.order_by("order", "pk"):
        for why in _whys("", faq.slug, [vars(faq)]):
            yield f"Question: {faq.question}", f"/admin/content/faq/{faq.pk}/change/", why


def _whys(kind: str, slug: str, said: list[dict[str, Any]]) -> list[str]:
    """Why a person has to read what the row, or its newest version, says."""
    whys = [WHY_EXCEPTION] if any(lacks_exception(_texts(data)) for data in said) else []
    for change in CHANGES:
        if (change.kind, change.slug) == (kind, slug) and change.why != WHY_EXCEPTION:
            texts = [_texts(data) for data in said]
            if not all(new.strip() in text for text in texts for _, new in change.edits):
                whys.append(change.why)
    return whys


def take_back(apps: Any, schema_editor: Any) -> None:
    for fixed in apps.get_model("content", "Version").objects.filter(saved_by_name=SITE, note=NOTE):
        page = apps.get_model("content", "Page").objects.get(pk=fixed.page_id)
        later = page.versions.filter(number__gt=fixed.number)
        earlier = page.versions.filter(number__lt=fixed.number, discarded_at=None).order_by("-number")
        before = earlier.filter(published_at__isnull=False).first() or earlier.first()
        if before is None or later.exclude(saved_by_name=SITE, note=AGAIN).exists():
            continue  # somebody has gone on from there
        if page.live_id == fixed.pk:
            page.live = before
            _put(apps, page, before, signed=True)
        elif page.live_id is None:
            _put(apps, page, before, signed=False)
        later.delete()
        fixed.delete()
    for change in CHANGES:
        for faq in apps.get_model("content", "FAQ").objects.filter(
            slug=change.slug if not change.kind else ""
        ):
            before = corrected(faq.answer, change, back=True)
            if before != faq.answer and as_shipped(before, change):
                faq.answer = before
                faq.save()
    ours = Q(why__in=(WHY_EXCEPTION, WHY_ORDER, WHY_PREGNANT)) | Q(why__startswith=WHY_PLAN.split("{")[0])
    apps.get_model("content", "Correction").objects.filter(ours).delete()


class Migration(migrations.Migration):
    dependencies = [("content", "0011_corrections")]

    operations = [migrations.RunPython(correct, take_back)]
