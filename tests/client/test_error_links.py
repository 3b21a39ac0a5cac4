"""Every form with an error: the summary leads to what can be filled in, which tells its error to those who cannot see."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import html5lib
import pytest
from django.contrib.auth.models import User
from django.test import Client

from bookings.client.form import order
from bookings.client.own.actions import ACTIONS
from bookings.models import WorkingHours
from tests import factories as make
from tests.client import walk
from tests.desk.pages import WORKLIST, say
from tests.desk.test_schedule import fields

pytestmark = pytest.mark.once

FOCUSABLE = {"input", "select", "textarea", "button", "a"}
# Messages about a form as a whole lead to the top of the page.
WHOLE = {"#main"}


def holes(page: Any) -> Iterator[str]:
    """What is wrong with the errors of this page, in words."""
    parents = {child: node for node in page.iter() for child in node}
    by_id = {node.get("id"): node for node in page.iter() if isinstance(node.tag, str) and node.get("id")}

    def described(node: Any) -> str:
        """The words that a screen reader adds to this node, from itself and the groups around it."""
        words = ""
        while node is not None:
            for name in (node.get("aria-describedby") or "").split():
                words += "".join(by_id[name].itertext()) if name in by_id else ""
            node = parents.get(node)
        return words

    for node in by_id.values():
        for name in (node.get("aria-describedby") or "").split():
            if name not in by_id:
                yield f"#{node.get('id')} is described by #{name}, which is not there"
    links = [
        link
        for alert in page.iter()
        if isinstance(alert.tag, str) and alert.get("role") == "alert"
        for link in alert.iter("a")
        if (link.get("href") or "").startswith("#")
    ]
    for link in links:
        place = by_id.get(link.get("href")[1:])
        if place is None:
            yield f"{link.get('href')} is not there"
        elif place.tag not in FOCUSABLE and place.get("tabindex") is None:
            yield f"{link.get('href')} cannot be focused"
        elif link.get("href") not in WHOLE and not _same(link.text, described(place)):
            yield f"{link.get('href')} does not say: {link.text}"
    errors = [node for node in page.iter() if _is_error(node)]
    for node in errors:
        words = "".join(node.itertext()).strip()
        who = [one for one in page.iter() if one.tag in FOCUSABLE and words in described(one)]
        # What is wrong with a form as a whole stands at its top and is read out at once.
        whole = node.get("role") == "alert" and not _in_a_field(node, parents)
        if not who and not whole:
            yield f"nothing is described by: {words}"
    if not errors and not links:
        yield "no error is said"


def _in_a_field(node: Any, parents: dict[Any, Any]) -> bool:
    while node is not None:
        if "field" in (node.get("class") or "").split():
            return True
        node = parents.get(node)
    return False


def _same(summary: str | None, described: str) -> bool:
    """The summary may name the field before the message ("Full name: use 120 ...")."""
    words = (summary or "").casefold()
    parts = [words, words.partition(": ")[2], words.partition("? ")[2]]
    return any(part and part in described.casefold() for part in parts)


def _is_error(node: Any) -> bool:
    classes = (node.get("class") or "").split() if isinstance(node.tag, str) else []
    return bool({"wrong", "errorlist"} & set(classes))


# --- the forms, each wrong in every field that can be --------------------------------------------------------------------

LONG = "x" * 5000
WRONG_STEPS: dict[str, dict[str, Any]] = {
    "about": {"adult": "", "concerns": [], "areas": ["nowhere"], "treatments": ["made-up"]},
    "before": {"applies": [], "anything_else": LONG, "support": ["made-up"], "support_note": LONG},
    "times": {"slot": ""},
    "you": {"name": "", "name_to_use": LONG, "email": "x", "contact_by": "text", "phone": "12"},
    "check": {"health": "", "texts": ""},
}
WRONG_REPLIES: dict[str, tuple[str, dict[str, Any]]] = {
    "accept": ("offered", {}),
    "ask-other-times": ("offered", {"text": LONG, "days": "x"}),
    "answer": ("waiting", {}),
    "add-information": ("new", {}),
    "withdraw": ("new", {"text": LONG}),
    "cancel": ("confirmed", {"text": LONG}),
    "choose-questions": ("confirmed", {"suggested": ["x"], "own": LONG}),
    "reschedule": ("confirmed", {}),
}


def step(name: str, **given: Any) -> walk.Page:
    browser = Client()
    draft = walk.to_check(browser, you={"contact_by": "text", "phone": "07700 900 982"})
    path = f"/consultations/request/{name}/?d={draft}"
    return walk.shown(browser, browser.post(path, WRONG_STEPS[name] | given))


def reply(verb: str) -> walk.Page:
    status, given = WRONG_REPLIES[verb]
    consultation = make.in_state(status)
    browser = walk.signed_in(consultation)
    consultation.refresh_from_db()
    path = f"/consultations/mine/{verb}/"
    return walk.shown(browser, browser.post(path, {"version": consultation.version} | given))


def sent_page() -> walk.Page:
    browser = Client()
    draft = walk.to_check(browser)
    walk.send(browser, draft)
    return walk.shown(browser, browser.post(f"/consultations/sent/?d={draft}", {"email": "x"}))


def too_quick() -> walk.Page:
    browser = Client()
    draft = walk.to_check(browser)
    walk.age(draft, seconds=-295)
    return walk.shown(browser, walk.send(browser, draft))


def full_days() -> walk.Page:
    """No free time to lead to."""
    WorkingHours.objects.all().delete()
    browser = Client()
    draft = walk.to_check(browser, times={"slot": "none", "parts": ["morning", "afternoon", "evening"]})
    return walk.shown(browser, browser.post(f"/consultations/request/times/?d={draft}", {"slot": ""}))


def desk() -> Client:
    dee = Client()
    dee.force_login(make.staff())
    return dee


def desk_reply(do: str, status: str = "new", **given: Any) -> walk.Page:
    return say(desk(), make.in_state(status), do, **given)


FORMS: dict[str, Callable[[], walk.Page]] = {
    **{f"step {name}": lambda name=name: step(name) for name in WRONG_STEPS},  # type: ignore[misc]  # mypy cannot type a lambda's default
    **{f"reply {verb}": lambda verb=verb: reply(verb) for verb in WRONG_REPLIES},  # type: ignore[misc]  # as above
    "step times, made up": lambda: step("times", slot="nonsense"),
    "step times, no window": lambda: step("times", slot="none"),
    "step times, nothing free": full_days,
    "step check, too quick": too_quick,
    "sent": sent_page,
    "new link": lambda: Client().post("/consultations/new-link/", {"email": "x"}),
    "guide": lambda: Client().post("/guide/", {}),
    "desk, ask": lambda: desk_reply("ask"),
    "desk, decline": lambda: desk_reply("decline", reason="x"),
    "desk, cancel": lambda: desk_reply("cancel", "confirmed", reason="x"),
    "desk, contact": lambda: desk_reply("correct_contact", email="x", name="", phone="960001"),
    "desk, phone": lambda: desk().post(
        f"{WORKLIST}add/", {"draft": uuid.uuid4(), "make": "book", "phone": "960001", "concerns": ["x"]}
    ),
    "desk, kind": lambda: desk_kind(),
}


def desk_kind() -> walk.Page:
    boss = Client()
    boss.force_login(User.objects.create_superuser("boss"))
    url = f"/admin/bookings/consultationtype/{make.consultation_type().pk}/change/"
    return boss.post(url, fields(boss, url) | {"fee": "45,50", "minutes": "x"})


@pytest.mark.parametrize("name", FORMS)
def test_the_summary_leads_to_the_field_and_the_field_says_its_error(name: str) -> None:
    assert list(holes(walk.tree(FORMS[name]()))) == []


def test_no_form_of_a_client_is_left_out() -> None:
    assert set(WRONG_STEPS) == {*order.BY_NAME, order.CHECK}
    nothing_to_fill_in = {verb for verb, action in ACTIONS.items() if not action.form.base_fields}
    assert set(WRONG_REPLIES) - {"reschedule"} == set(ACTIONS) - nothing_to_fill_in


@pytest.mark.parametrize(
    ("html", "hole"),
    [
        ('<p role="alert"><a href="#a">Say it</a></p>', "#a is not there"),
        ('<p role="alert"><a href="#a">Say it</a></p><span id="a"></span>', "#a cannot be focused"),
        ('<p role="alert"><a href="#a">Say it</a></p><input id="a">', "#a does not say: Say it"),
        ('<input id="a" aria-describedby="b">', "#a is described by #b, which is not there"),
        ('<p class="wrong">Say it</p><input id="a">', "nothing is described by: Say it"),
        (
            '<div class="field"><p class="wrong" role="alert">Say it</p><input></div>',
            "nothing is described by: Say it",
        ),
        ('<input id="a">', "no error is said"),
    ],
)
def test_a_hole_is_found(html: str, hole: str) -> None:
    assert hole in list(holes(html5lib.HTMLParser(namespaceHTMLElements=False).parse(html)))
