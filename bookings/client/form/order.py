"""The pages of the request in their order, and which of them are still to be answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.urls import reverse

from bookings.client.form import drafts
from bookings.client.form.draft_data import DraftData
from bookings.client.form.drafts import OpenDraft
from bookings.client.form.questions import AboutForm, BeforeForm, StepForm, YouForm
from bookings.fields import e164


@dataclass(frozen=True)
class Step:
    """One page. `title` is for the browser's tab and history, so it says nothing about health."""

    name: str
    title: str
    form: type[StepForm] | None  # None: the page of times, which is not like the others
    # Whether everything that needs an answer has one: an old draft, or a damaged one, may lack it.
    is_whole: Callable[[DraftData], bool]
    heading: str = ""  # empty: the form's first question is the heading
    intro: str = ""  # a template, what stands between the heading and the questions
    is_wide: bool = False


def _you_is_whole(data: DraftData) -> bool:
    # A number from an earlier request or draft may lack its area code, which nobody was asked for then.
    can_be_called = bool(e164(data.phone)) or not (data.phone or data.wants_a_call)
    return bool(data.name and data.email and data.contact_by) and can_be_called


STEPS = (
    Step(
        "about",
        "Request a consultation",
        AboutForm,
        is_whole=lambda data: bool(data.adult and data.concerns and data.areas),
        heading="Request a consultation",
        intro="bookings/client/form/begin.html",
        is_wide=True,
    ),
    Step("before", "Before we plan", BeforeForm, is_whole=lambda data: bool(data.applies)),
    Step("times", "When suits you?", None, is_whole=lambda data: data.type is not None),
    Step(
        "you",
        "How do we reach you?",
        YouForm,
        is_whole=_you_is_whole,
        heading="How do we reach you?",
        intro="bookings/client/form/for_when.html",
    ),
)
BY_NAME = {step.name: step for step in STEPS}
CHECK = "check"
UNDER_18_URL = "/under-18s/"
_NAMES = [*BY_NAME, CHECK]


def first_open(data: DraftData) -> str:
    """The first page that still has to be answered, or the check page."""
    return next((step.name for step in STEPS if not _is_done(step, data)), CHECK)


def _is_done(step: Step, data: DraftData) -> bool:
    return step.name in data.done and step.is_whole(data)


def may_see(name: str, data: DraftData) -> bool:
    """Pages are answered in order; one that has been answered, or comes next, may be seen, and the one of a time that came
    along."""
    return name in data.done or name == first_open(data) or (name == "times" and data.brought)


def may_answer(name: str, data: DraftData) -> bool:
    """Whether answers to this page are kept. All are, once we know that somebody is an adult: another tab may be ahead."""
    return may_see(name, data) or bool(data.adult)


def before(name: str, data: DraftData) -> str:
    """The page behind the Back link: the check page for a change, else the one before; empty for the first page."""
    if name != CHECK and first_open(data) == CHECK:
        return CHECK
    names = _names(name, brought=data.brought)
    place = names.index(name)
    return names[place - 1] if place else ""


def progress(name: str, *, brought: bool = False) -> str:
    """'Step 3 of 5': among the pages, of which the check page is the last. `brought` as in DraftData."""
    names = _names(name, brought=brought)
    return f"Step {names.index(name) + 1} of {len(names)}"


def _names(name: str, *, brought: bool) -> list[str]:
    """The pages in their order, as whoever sees the page `name` has them: without that of times if theirs came along."""
    return [one for one in _NAMES if not brought or one != "times" or name == "times"]


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
