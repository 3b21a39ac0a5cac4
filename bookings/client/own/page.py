"""The client's own request behind the link: where it stands, in every state. It never shows health answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings import limits, links, wording
from bookings.client import typed
from bookings.client.form.reached import known_needs, support_of
from bookings.client.own.actions import (
    ACTIONS,
    AcceptForm,
    AskAgainForm,
    CancelForm,
    OfferedTime,
    OwnForm,
)
from bookings.client.own.after import after, number, part_taken_back
from bookings.client.own.history import in_its_words, meanwhile, timeline
from bookings.client.own.session import closed, session_of
from bookings.client.own.status import Situation, advice, headline, held_words, visit_words
from bookings.client.phone_hours import opening
from bookings.client.times.table import open_days
from bookings.client.times.windows import WindowsForm
from bookings.client.times.words import how_words
from bookings.messages import calendar_file
from bookings.messages.visits import AS_IN_LETTER, called
from bookings.models import Appointment, ClientSession, ConsultationRequest, ConsultationType
from bookings.queries import client as queries
from bookings.queries import course, fee_texts, plans
from bookings.queries.clinic import Clinic, clinic
from bookings.states import ASK_AGAIN_FROM, DeclineReason, Status, Who
from bookings.workflow import wait
from bookings.workflow.core import last_event
from clinic.foundation import money, when
from clinic.foundation.crypto import SEALED_WORDS, Unreadable
from clinic.foundation.forms import CrispyForm
from clinic.foundation.names import initials
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in
from content.models import ClinicProfile

_TYPED_IS_SEALED = f"{SEALED_WORDS} It is what you typed into a form here: please type it again, or call us."


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The page. It works in every state and never shows health answers."""
    now = timezone.now()
    session = session_of(request, now)
    return _as_it_stands(request, session, now) if session else closed(request)


@never_cache
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The booked visit as a file for a calendar."""
    now = timezone.now()
    session = session_of(request, now)
    if session is None:
        return closed(request)
    file = calendar_file.download(session.request, ClinicProfile.current(), now=now)
    if not wait.seen_by_client(session.request, now):
        return SeeOther(request.path)  # it was made from what has just been changed
    if file is None:
        raise Http404
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


def _as_it_stands(request: HttpRequest, session: ClientSession, now: datetime) -> HttpResponse:
    """The page with the form that is still to be put right, if there is one."""
    consultation = session.request
    try:
        kept = session.typed or {}
    except Unreadable:
        return show(request, consultation, now, problem=_TYPED_IS_SEALED)
    verb = kept.get("verb", "")
    if links.just_did(session):  # said once: no reload and no other page says it again
        links.keep_typed(session, None)
        return show(request, consultation, now, did=True)
    if verb not in ACTIONS:
        return show(request, consultation, now)
    form = ACTIONS[verb].form(typed.post(kept["fields"]))
    if kept["version"] == consultation.version:
        return show(request, consultation, now, verb=verb, form=form)
    # Something happened meanwhile. Its form may be gone from the page, but the words are not.
    changed = meanwhile(last_event(consultation), now)
    return show(request, consultation, now, verb=verb, form=form, changed=changed)


def show(
    request: HttpRequest,
    consultation: ConsultationRequest,
    now: datetime,
    *,
    verb: str = "",
    form: CrispyForm | None = None,
    problem: str = "",
    changed: str = "",
    did: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The client's page; after a POST that did not work with `form` as it was filled in, and why. After one that did (`did`)
    with what was done.

    It tells what is so when it is sent. From then on what it tells can no longer be taken back.
    """
    given: dict[str, Any] = {"verb": verb, "form": form, "problem": problem, "changed": changed, "did": did}
    response = _drawn(request, consultation, now, status=status, **given)
    while not wait.seen_by_client(consultation, now):
        consultation = ConsultationRequest.objects.select_related("consultation_type").get(pk=consultation.pk)
        response = _drawn(request, consultation, now, status=status, **given)
    return response


def _drawn(
    request: HttpRequest,
    consultation: ConsultationRequest,
    now: datetime,
    *,
    verb: str,
    form: CrispyForm | None,
    problem: str,
    changed: str,
    did: bool,
    status: int,
) -> HttpResponse:
    place = clinic(now)
    situation = _situation(consultation, place, now)
    # Before the form learns which times it offers: their keys are no words of the client's.
    typed_lines = typed.words(form) if form is not None and (changed or problem) else []
    context = {
        "consultation": consultation,
        "headline": headline(situation),
        "lines": timeline(situation)[::-1],
        "story": situation.story,
        "advice": advice(situation),
        "opens": opening(now, place),
        "can_ask_again": may_ask_again(consultation),
        "forms": _forms(situation, form, minute=id_in(request.GET.get("time", ""))),
        "verb": verb,
        "form": form,
        "problem": problem,
        "changed": changed,
        "typed_lines": typed_lines,
        "done": _done(situation) if did else _kept(situation),
        "zone_words": when.zone_words(place.zone),
        "after": situation.after,
        "called": called(consultation.consultation_type),
        "in_person": consultation.consultation_type.mode == ConsultationType.Mode.IN_PERSON,
        "by_video": consultation.consultation_type.mode == ConsultationType.Mode.VIDEO,
    }
    times = _offered_or_held(situation) | _booked(situation) | _of_plan(situation)
    return render(request, "bookings/client/own/page.html", context | times, status=status)


def _situation(consultation: ConsultationRequest, place: Clinic, now: datetime) -> Situation:
    story = queries.story(consultation, now, place.zone)
    is_to_come = consultation.is_open or (story.visit is not None and story.visit.starts_at > now)
    around = course.around(consultation, place.zone) if is_to_come else []
    return Situation(consultation, story, place, now, after(consultation, place, now), around)


def _of_plan(situation: Situation) -> dict[str, object]:
    """Whether it is a visit of a plan, which of them, may be asked for once more, and is nearer to another than the plan has
    it.
    """
    consultation = situation.consultation
    mine = next((one for one in situation.around if one.session.pk == consultation.pk), None)
    return {
        "number": number(consultation, situation.around),
        "is_session": consultation.consultation_type.is_session,
        "yes_is_gone": plans.yes_is_gone(consultation),
        "may_be_had_again": plans.may_be_had_again(consultation),
        "near": [
            (when.date_words(one.day), abs(one.after), one.least, one.is_agreed)
            for one in (mine.near if mine else ())
        ],
    }


def _offers(situation: Situation) -> list[OfferedTime]:
    """Each time that can be accepted, with how long it takes where that differs."""
    alike, zone = bool(_each_takes(situation)), situation.place.zone
    return [
        OfferedTime(
            offer.pk,
            when.day(offer.starts_at, zone),
            when.clock(offer.starts_at, zone),
            situation.theirs(offer),
            visit_words(offer, with_length=not alike),
        )
        for offer in situation.story.offers
    ]


def _each_takes(situation: Situation) -> str:
    """How long any of the offered times takes, '45 minutes', or empty if they differ."""
    lengths = {when.length(offer.minutes) for offer in situation.story.offers}
    return lengths.pop() if len(lengths) == 1 else ""


def _offered_or_held(situation: Situation) -> dict[str, object]:
    """What the page says about times that are not booked."""
    consultation, story = situation.consultation, situation.story
    agreed = story.visit or next(iter(story.offers), None)
    is_pending = consultation.status in (Status.NEW, Status.SUSPECTED, Status.WAITING)
    wish = consultation.wished_start if consultation.status in (Status.NEW, Status.WAITING) else None
    return {
        "offers": _offers(situation),
        "each_takes": _each_takes(situation),
        "offers_off": [(situation.time_words(offer), story.off[offer.pk]) for offer in story.offers_off],
        "is_pending": is_pending,
        "support": support_of(consultation) if is_pending else [],
        "wish": situation.moment(wish),
        "wished_how": _wished_how(situation),
        "held": held_words(situation) if story.held else "",
        "can_choose": may_choose(consultation),
        "wish_off": story.off.get(story.held.pk, "") if story.held else "",
        "cutoff_hours": agreed.cutoff_hours if agreed else "",
        "fee": fee_words(agreed, consultation),
        "paid": _paid(agreed, consultation),
        "fee_text": fee_texts.paragraphs(agreed.terms) if agreed else [],
    }


def may_choose(consultation: ConsultationRequest) -> bool:
    """Whether its client may wish for another time: nobody has answered yet, and nothing was agreed before."""
    kind = consultation.consultation_type
    agreed = consultation.displaced_at is not None or consultation.session_number is not None
    is_open = consultation.status in (Status.NEW, Status.WAITING)
    return is_open and not agreed and kind.is_active and not kind.is_session


def fee_words(agreed: Appointment | None, consultation: ConsultationRequest) -> str:
    """'£45', as agreed. Empty for nothing, and for a session of a plan: the plan says it, behind a link of its own."""
    named = agreed is not None and agreed.fee and not consultation.session_number
    return money.words(agreed.fee, agreed.currency) if agreed and named else ""


def _paid(agreed: Appointment | None, consultation: ConsultationRequest) -> str:
    """How and when it is paid, for a fee that the page names."""
    named = fee_words(agreed, consultation) if agreed else consultation.consultation_type.fee
    return consultation.consultation_type.paid if named else ""


def _wished_how(situation: Situation) -> str:
    """'First consultation, in person, 45 minutes, £45, with Ana Lind': on the terms of the held time, else on today's."""
    consultation, held = situation.consultation, situation.story.held
    kind = consultation.consultation_type
    # A time is held with somebody, also for whoever asked for anybody.
    person = held.practitioner if held else consultation.wished_practitioner
    terms = held.terms if held else kind.terms(situation.place.profile.currency)
    cost = AS_IN_LETTER if consultation.session_number else ""
    words = how_words(kind.name, terms, held.minutes if held else kind.minutes, cost=cost)
    return f"{words}, with {person.name}" if person else words


def _booked(situation: Situation) -> dict[str, object]:
    """What the page says about the visit, and what the client can do with it."""
    visit = situation.story.visit
    if visit is None:
        return {}
    return {
        "visit": situation.time_words(visit),
        "kind": visit.consultation_type.name,
        "how": visit_words(visit, with_name=False),
        "who": visit.practitioner,
        "initials": initials(visit.practitioner.name),
        "can_change": can_change(visit, situation.now),
        "can_move": may_move(visit),
        "in_person": visit.terms.is_in_person,
        "known": known_needs(situation.consultation, is_in_person=visit.terms.is_in_person),
        "by_video": visit.terms.mode == ConsultationType.Mode.VIDEO,
        "to_come": visit.starts_at > situation.now,
        "may_ask": not visit.consultation_type.is_session,
        "asked": _asked(situation),
        **_proposed(situation),
        "cutoff": situation.moment(visit.cutoff),
    }


def _asked(situation: Situation) -> str:
    """'3 questions': how many they sent for the visit. What they say stands nowhere behind the link."""
    sent, gone = situation.last_of("choose_questions"), situation.last_of("remove_questions")
    number = sent.facts["questions"] if sent and not (gone and gone.version > sent.version) else 0
    return f"{number} question{'' if number == 1 else 's'}" if number else ""


def _proposed(situation: Situation) -> dict[str, object]:
    """The other time that staff propose for the visit, and why it cannot be had if it cannot."""
    proposal = situation.story.proposal
    if proposal is None:
        return {}
    return {
        "proposal": situation.time_words(proposal),
        "proposal_who": proposal.practitioner.name,
        "proposal_how": visit_words(proposal, with_name=False),
        "is_earlier": situation.story.visit is not None
        and proposal.starts_at < situation.story.visit.starts_at,
        "proposal_off": situation.story.off.get(proposal.pk, ""),
    }


_NOT_AGAIN = (DeclineReason.UNDER_18, DeclineReason.SPAM)


def _forms(situation: Situation, sent: CrispyForm | None, *, minute: int) -> dict[str, OwnForm]:
    """A form for each verb, by its name in the page: the one that was sent, and the others empty but for the offered time
    that was pressed in a mail, by its minute."""
    shown = {}
    for name, action in ACTIONS.items():
        form = sent if isinstance(sent, action.form) else action.form()
        form.version = situation.consultation.version
        if isinstance(form, AcceptForm):
            pressed = [time.pk for time in situation.story.offers if when.minute(time.starts_at) == minute]
            form.offer(_offers(situation), chosen=pressed[0] if len(pressed) == 1 else None)
        elif isinstance(form, WindowsForm):
            form.offer_days(open_days(situation.place))
        elif isinstance(form, AskAgainForm) and situation.after is not None:
            form.words, form.primary = "Ask for a visit", False
        elif isinstance(form, CancelForm) and situation.story.visit is not None:
            form.words = f"Cancel {situation.moment(situation.story.visit.starts_at)}"
        shown[name.replace("-", "_")] = form
    return shown


def may_ask_again(consultation: ConsultationRequest) -> bool:
    """Never about a visit of a plan: its client has been seen, and asks us for a time."""
    if consultation.session_number:
        return False
    return consultation.status in ASK_AGAIN_FROM and consultation.decline_reason not in _NOT_AGAIN


def can_change(booked: Appointment | None, now: datetime) -> bool:
    return booked is not None and booked.can_be_changed_by_client(now)


def may_move(booked: Appointment) -> bool:
    """A visit of a kind that is no longer offered stays booked, and only staff can move it."""
    return booked.consultation_type.is_active


def _kept(situation: Situation) -> str:
    """For a minute after their link was opened: that this has kept the time they chose."""
    last, held = situation.last, situation.story.held
    if last is None or last.verb != "prove" or held is None or held.pk in situation.story.off:
        return ""
    is_new = situation.now - last.at < limits.sessions.JUST_DONE
    return f"Your time is kept: {situation.time_words(held)}." if is_new else ""


def _done(situation: Situation) -> str:
    """What the client has just done, from the history itself, and within a minute of it."""
    last, link_asked_at = situation.last, situation.story.link_asked_at
    if (
        link_asked_at
        and situation.now - link_asked_at < limits.sessions.JUST_DONE
        and (last is None or link_asked_at >= last.at)
    ):
        return "A new link is on its way to you."
    if (
        last is not None
        and last.actor_kind == Who.CLIENT
        and situation.now - last.at < limits.sessions.JUST_DONE
    ):
        done = part_taken_back(last) or wording.of(last.verb).client_done
        return in_its_words(done, situation.consultation)
    return ""
