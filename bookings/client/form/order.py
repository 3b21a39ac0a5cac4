"""The pages of the request in their order, and which of them are still to be answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.urls import reverse

from bookings.client.form import drafts
from bookings.client.form.draft_data import DraftData
from bookings.client.form.drafts import OpenDraft
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


@dataclass(frozen=True)
class Step:
    """One page. `title` is for the browser's tab and history, so it says nothing about health."""

    name: str
    title: str
    form: type[StepForm] | None  # None: the page of times, which is not like the others
    # Whether everything that needs an answer has one: an old draft, or a damaged one, may lack it.
    is_whole: Callable[[DraftData], bool] = lambda data: True
    needed: Callable[[DraftData], bool] = lambda data: True
    heading: str = ""
    lead: str = ""


def _phone_is_whole(data: DraftData) -> bool:
    # Whoever is to be texted agrees to it on this page, even when the number was known before. And a number from an earlier
    # request or draft may lack its area code, which nobody was asked for then.
    return bool(e164(data.phone)) and (data.texts or not data.wants_texts)


STEPS = (
    Step("age", "Are you 18 or over?", AgeForm, is_whole=lambda data: bool(data.adult)),
    Step(
        "about",
        "What it is about",
        AboutForm,
        is_whole=lambda data: bool(data.concerns and data.areas),
        heading="What is it about?",
        lead="This is private. We use it to plan a consultation with the right person, and for nothing else.",
    ),
    Step("interests", "Your interests", TreatmentsForm),
    Step(
        "before",
        "Before we plan",
        HealthForm,
        is_whole=lambda data: bool(data.applies),
        heading="Before we plan",
        lead="We ask so that we can plan safely and see you with the right person. It is not a diagnosis.",
    ),
    Step("times", "When suits you?", None, is_whole=lambda data: data.type is not None),
    Step(
        "you",
        "How do we reach you?",
        YouForm,
        is_whole=lambda data: bool(data.name and data.email and data.contact_by),
        heading="How do we reach you?",
        lead="We use this to answer your request and for nothing else.",
    ),
    Step(
        "phone",
        "Your phone",
        PhoneForm,
        is_whole=_phone_is_whole,
        needed=lambda data: data.wants_a_call,
        heading="Your phone",
        lead="We use it for this request and for nothing else.",
    ),
    Step("support", "Support", SupportForm),
)
BY_NAME = {step.name: step for step in STEPS}
CHECK = "check"


def first_open(data: DraftData) -> str:
    """The first page that still has to be answered, or the check page."""
    return next((step.name for step in STEPS if step.needed(data) and not _is_done(step, data)), CHECK)


def _is_done(step: Step, data: DraftData) -> bool:
    return step.name in data.done and step.is_whole(data)


def may_see(name: str, data: DraftData) -> bool:
    """Pages are answered in order; one that has been answered, or comes next, may be seen."""
    return name in data.done or name == first_open(data)


def may_answer(name: str, data: DraftData) -> bool:
    """Whether answers to this page are kept. All are, once we know that somebody is an adult: another tab may be ahead."""
    return may_see(name, data) or "age" in data.done


def before(name: str, data: DraftData) -> str:
    """The page behind the Back link: the check page for a change, else the one before; empty for the start page."""
    if name != CHECK and first_open(data) == CHECK:
        return CHECK
    needed = [step.name for step in STEPS if step.needed(data)] + [CHECK]
    place = needed.index(name) if name in needed else 0
    return needed[place - 1] if place else ""


def progress(name: str, data: DraftData) -> str:
    """'Step 3 of 8': among the pages that apply, of which the check page is the last."""
    needed = [step.name for step in STEPS if step.needed(data)] + [CHECK]
    return f"Step {needed.index(name) + 1} of {len(needed)}" if name in needed else ""


def answered(data: DraftData, name: str) -> DraftData:
    """The page is answered, and its answers are in `data`."""
    done = [*(page for page in data.done if page != name), name]
    return replace(without_notice(data, name).without_typed(name), done=done)


def ask_afresh(data: DraftData, name: str, why: str = "") -> DraftData:
    """The page has to be answered again; it says why (a key of SENT_BACK) until it is."""
    open_again = replace(data, done=[page for page in data.done if page != name]).without_typed(name)
    return send_back(open_again, name, why) if why else open_again


SENT_BACK = {
    "concerns": "You changed what it is about, so please choose your time again. The rest is kept.",
    "choice": "You changed who you would like to see, or how. These are the times for that.",
    "missing": "This page still needs an answer. What you filled in after it is kept.",
}


def send_back(data: DraftData, name: str, why: str) -> DraftData:
    """Let the page `name` say why the client lands on it (a key of SENT_BACK), until it is answered."""
    return replace(data, sent_back=data.sent_back | {name: why})


def without_notice(data: DraftData, name: str) -> DraftData:
    """The page `name` has said why."""
    return replace(data, sent_back={page: why for page, why in data.sent_back.items() if page != name})


def notice(data: DraftData, name: str) -> str:
    """Why the client was sent back to this page, in words; empty if they were not."""
    return SENT_BACK.get(data.sent_back.get(name, ""), "")


def url(name: str, draft: OpenDraft) -> str:
    """The address of a page for this draft."""
    path = reverse("client:check") if name == CHECK else reverse("client:step", args=[name])
    return drafts.address(path, draft)
