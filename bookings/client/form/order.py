"""The pages of the request in their order, which of them are still to be answered, and what is sent in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from bookings import consents, slot_text
from bookings.client import typed
from bookings.client.form import drafts, guide_answers
from bookings.client.form.questions import (
    AboutForm,
    AgeForm,
    HealthForm,
    PhoneForm,
    StepForm,
    SupportForm,
    TreatmentsForm,
    YouForm,
)
from bookings.fields import e164
from bookings.models import ContactBy, Draft
from bookings.queries.client import real_concerns
from bookings.workflow.submission import Submission

Data = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One page. `title` is for the browser's tab and history, so it says nothing about health."""

    name: str
    title: str
    form: type[StepForm] | None  # None: the page of times, which is not like the others
    needed: Callable[[Data], bool] = lambda data: True
    heading: str = ""
    lead: str = ""


def _wants_a_call(data: Data) -> bool:
    return data.get("contact_by") in (ContactBy.PHONE, ContactBy.TEXT)


def texts_asked_there(data: Data) -> bool:
    """Whether the page of the phone asks for the agreement to texts: who wants to be texted must give it."""
    return bool(data.get("contact_by") == ContactBy.TEXT)


STEPS = (
    Step("age", "Are you 18 or over?", AgeForm),
    Step(
        "about",
        "What it is about",
        AboutForm,
        heading="What is it about?",
        lead="This is private. We use it to plan a consultation with the right person, and for nothing else.",
    ),
    Step("interests", "Your interests", TreatmentsForm),
    Step(
        "before",
        "Before we plan",
        HealthForm,
        heading="Before we plan",
        lead="We ask so that we can plan safely and see you with the right person. It is not a diagnosis.",
    ),
    Step("times", "When suits you?", None),
    Step(
        "you",
        "How do we reach you?",
        YouForm,
        heading="How do we reach you?",
        lead="We use this to answer your request and for nothing else.",
    ),
    Step(
        "phone",
        "Your phone",
        PhoneForm,
        needed=_wants_a_call,
        heading="Your phone",
        lead="We use it for this request and for nothing else.",
    ),
    Step("support", "Support", SupportForm),
)
BY_NAME = {step.name: step for step in STEPS}
CHECK = "check"


def first_open(data: Data) -> str:
    """The first page that still has to be answered, or the check page."""
    return next((step.name for step in STEPS if step.needed(data) and not _is_done(step, data)), CHECK)


def _is_done(step: Step, data: Data) -> bool:
    # Who is to be texted says so on the page of the phone, also when the number was known before.
    if step.name == "phone" and texts_asked_there(data) and not data.get("texts"):
        return False
    # A number from a request or a draft of before may lack its area code, which nobody was asked for then.
    if step.name == "phone" and not e164(data.get("phone", "")):
        return False
    return step.name in data.get("done", [])


def may_see(name: str, data: Data) -> bool:
    """Pages are answered in order; one that has been answered, or comes next, may be seen."""
    return name in data.get("done", []) or name == first_open(data)


def may_answer(name: str, data: Data) -> bool:
    """Whether answers to this page are kept. Once somebody is known to be an adult, all are: another tab may be ahead."""
    return may_see(name, data) or "age" in data.get("done", [])


def before(name: str, data: Data) -> str:
    """The page behind the Back link: the check page for a change, else the one before; empty for the start page."""
    if name != CHECK and first_open(data) == CHECK:
        return CHECK
    needed = [step.name for step in STEPS if step.needed(data)] + [CHECK]
    place = needed.index(name) if name in needed else 0
    return needed[place - 1] if place else ""


def progress(name: str, data: Data) -> str:
    """'Step 3 of 8': among the pages that apply, of which the check page is the last."""
    needed = [step.name for step in STEPS if step.needed(data)] + [CHECK]
    return f"Step {needed.index(name) + 1} of {len(needed)}" if name in needed else ""


def answer(data: Data, name: str, given: Data) -> None:
    """Put one page's answers into the draft's data."""
    data.update(given)
    forget_notice(data, name)
    typed.forget(data, name)
    data["done"] = [*(step for step in data.get("done", []) if step != name), name]


def ask_afresh(data: Data, name: str, why: str = "") -> None:
    """The page has to be answered again; it says why (a key of SENT_BACK) until it is."""
    data["done"] = [step for step in data.get("done", []) if step != name]
    typed.forget(data, name)
    if why:
        send_back(data, name, why)


SENT_BACK = {
    "concerns": "You changed what it is about, so please choose your time again. The rest is kept.",
    "choice": "You changed who you would like to see, or how. These are the times for that.",
    "missing": "This page still needs an answer. What you filled in after it is kept.",
}


def send_back(data: Data, name: str, why: str) -> None:
    """Let the page `name` say why the client lands on it (a key of SENT_BACK), until it is answered."""
    data["sent_back"] = data.get("sent_back", {}) | {name: why}


def forget_notice(data: Data, name: str) -> None:
    """The page `name` has said why."""
    data["sent_back"] = {page: why for page, why in data.get("sent_back", {}).items() if page != name}


def notice(data: Data, name: str) -> str:
    """Why the client was sent back to this page, in words; empty if they were not."""
    return SENT_BACK.get(data.get("sent_back", {}).get(name, ""), "")


def url(name: str, draft: Draft) -> str:
    """The address of a page for this draft."""
    path = reverse("client:check") if name == CHECK else reverse("client:step", args=[name])
    return drafts.address(path, draft)


def asked_times(query: QueryDict, data: Data) -> QueryDict:
    """Which times to show: what the address asks for, else what was chosen before."""
    wanted = QueryDict(mutable=True)
    for key in ("type", "practitioner", "from", "days", "zone"):
        if key in query:
            wanted[key] = query.get(key, "")
    for key, kept in (("type", "type"), ("practitioner", "practitioner"), ("zone", "time_zone")):
        if key not in query and data.get(kept):
            wanted[key] = str(data[kept])
    return wanted


def submission(draft: Draft, given: dict[str, bool]) -> Submission:
    """What is sent: the draft's answers and the consents; `given` are those of the check page."""
    data = draft.data
    chosen = slot_text.read(data.get("slot", ""))
    calls = _wants_a_call(data)
    practitioner_id = chosen[0] if chosen else data.get("practitioner")
    agreed = given | ({consents.TEXTS: bool(data.get("texts"))} if texts_asked_there(data) else {})
    return Submission(
        draft_id=draft.pk,
        consultation_type_id=data["type"],
        practitioner_id=practitioner_id,
        start=chosen[1] if chosen else None,
        # With a chosen time these are what would suit as well, if it cannot be kept.
        windows=tuple((day, part) for day, part in data.get("windows", [])),
        name=data["name"],
        name_to_use=data.get("name_to_use", ""),
        email=data["email"],
        phone=e164(data.get("phone", "")) if calls else "",
        contact_by=data["contact_by"],
        may_leave_message=bool(calls and data.get("may_leave_message")),
        time_zone=data.get("time_zone", ""),
        answers={
            "concerns": data.get("concerns", []),
            "areas": data.get("areas", []),
            "treatments": data.get("treatments", []),
            "applies": data.get("applies", []),
            "anything_else": data.get("anything_else", ""),
            "support": data.get("support", []),
            "support_note": data.get("support_note", ""),
            **guide_answers.sent(data),
        },
        consents=tuple((kind, consents.version(kind), yes) for kind, yes in agreed.items()),
        source_page_id=data.get("source_page"),
        follows_id=data.get("follows"),
    )


def concerns_of(data: Data) -> list[str]:
    """The concerns by which practitioners are chosen."""
    return real_concerns(data.get("concerns", []))
