"""The request, page by page: start, questions, times, check, send. A GET changes nothing; a POST that worked answers 303."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings import consents, triage
from bookings.availability import Slot
from bookings.client import drafts, steps, times
from bookings.client.forms import CheckForm
from bookings.client.review import review
from bookings.client.windows import GONE, TimesForm, initial
from bookings.models import ConsultationRequest, ContactBy, Draft
from bookings.queries import client as queries
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic, clinic
from bookings.workflow.core import Actor
from bookings.workflow.errors import DifferentAnswers, NotAllowed, Refused, SlotTaken
from bookings.workflow.request import Submission, ask_again, submit
from clinic.foundation import throttle, when
from clinic.foundation.network import client_address, network_of
from clinic.foundation.text import fold

# What came along from the page before, between its redirect and the start page: two opaque ids.
ALONG_COOKIE = "along"
ALONG_SECONDS = 600
# Nobody reads and answers all pages in less.
HUMAN_SECONDS = 8

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def redirect(address: str) -> HttpResponseRedirect:
    """303: the browser fetches the next page with GET, and F5 there repeats nothing."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


# --- start ------------------------------------------------------------------------------------------------------------


@never_cache
@get_or_post
def start(request: HttpRequest) -> HttpResponse:
    """What it takes. POST begins a draft. ?page= and ?time= are taken out of the address by a redirect."""
    if request.method == "POST":
        return _begin(request, timezone.now())
    if request.GET.keys() & {"page", "time", "type"}:
        return _along(request.GET)
    kept = parse_qs(request.COOKIES.get(ALONG_COOKIE, ""))
    along = {name: kept[name][0][:80] for name in ("page", "time", "type") if kept.get(name)}
    place = clinic(timezone.now())
    chosen = times.read(along.get("time", ""))
    return render(
        request,
        "bookings/client/start.html",
        {"along": along, "chosen": when.moment(chosen[1], place.zone) if chosen else ""},
    )


def _along(query: QueryDict) -> HttpResponse:
    response = redirect(reverse("client:start"))
    kept = urlencode({name: query[name][:80] for name in ("page", "time", "type") if name in query})
    response.set_cookie(
        ALONG_COOKIE,
        kept,
        max_age=ALONG_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.PRODUCTION,
        path=reverse("client:start"),
    )
    return response


def _begin(request: HttpRequest, now: datetime) -> HttpResponse:
    data = queries.prefilled(request.POST.get("page", "")[:12])
    kind_ids = {str(kind.pk): kind.pk for kind in queries.types()}
    kind_id = kind_ids.get(request.POST.get("type", ""))
    chosen = request.POST.get("time", "")
    if kind_id:
        data["type"] = kind_id
        read = times.read(chosen)
        if read:
            data |= {"slot": chosen, "practitioner": read[0]}
    response = begin(request, data, now)
    response.delete_cookie(ALONG_COOKIE, path=reverse("client:start"))
    return response


def begin(request: HttpRequest, data: steps.Data, now: datetime) -> HttpResponse:
    """Make a draft for this browser and go to its first page."""
    secret = drafts.secret_of(request)
    draft = drafts.start(secret, data, now)
    response = redirect(steps.url(steps.first_open(data), draft))
    drafts.keep_secret(response, secret)
    return response


def gone(request: HttpRequest) -> HttpResponse:
    """No such draft, another browser's, or an hour old: one page for all."""
    return render(request, "bookings/client/gone.html", status=404)


# --- the questions ----------------------------------------------------------------------------------------------------


@never_cache
@get_or_post
def step(request: HttpRequest, name: str) -> HttpResponse:
    """One page of questions."""
    now = timezone.now()
    if "d" not in request.GET:
        return redirect(reverse("client:start"))
    draft = drafts.find(request, now)
    page = steps.BY_NAME.get(name)
    if draft is None or page is None:
        return gone(request)
    if draft.sent_as is not None:
        return _already_sent(request, draft)
    if not steps.may_see(name, draft.data) or not page.needed(draft.data):
        return redirect(steps.url(steps.first_open(draft.data), draft))
    if page.form is None:
        return _times(request, draft, now)
    form = page.form(
        request.POST if request.method == "POST" else None, initial=draft.data, options=queries.options()
    )
    if request.method == "POST" and form.is_valid():
        return _answered(request, draft, name, form.answers(), now)
    return render(
        request,
        "bookings/client/step.html",
        {"form": form, "step": page, "back": _back(name, draft), "section": "consultations"},
    )


def _answered(
    request: HttpRequest, draft: Draft, name: str, given: steps.Data, now: datetime
) -> HttpResponse:
    if given.get("adult") == "no":
        # Nothing about somebody under 18 is kept, not even what came along from a page.
        draft.delete()
        return redirect("/under-18s/")
    if request.POST.get("website"):
        draft.data["trapped"] = True
    changed = name == "about" and given["concerns"] != draft.data.get("concerns")
    if changed and draft.data.get("slot") and "times" in draft.data.get("done", []):
        # Other concerns may need another practitioner, so the time is looked at again.
        steps.ask_afresh(draft.data, "times")
    steps.answer(draft.data, name, given)
    drafts.save(draft, now)
    return redirect(steps.url(steps.first_open(draft.data), draft))


def _back(name: str, draft: Draft) -> str:
    previous = steps.before(name, draft.data)
    return steps.url(previous, draft) if previous else reverse("client:start")


# --- times ------------------------------------------------------------------------------------------------------------


def _times(request: HttpRequest, draft: Draft, now: datetime) -> HttpResponse:
    """Choose a free time, or say which days would suit."""
    data, place, kinds = draft.data, clinic(now), queries.types()
    if not kinds:
        return render(request, "bookings/client/phone.html", {"why": "no_types"}, status=503)
    concerns = steps.concerns_of(data)
    try:
        asked = times.asked(steps.asked_times(request.GET, data), kinds, concerns)
    except times.Unclear:
        asked = times.asked(QueryDict(), kinds, concerns)

    def is_free(practitioner_id: int | None, start: datetime) -> bool:
        return bool(
            free.free_at(
                now=now,
                consultation_type=asked.kind,
                start=start,
                practitioner_id=practitioner_id,
                concerns=concerns,
            )
        )

    form = TimesForm(
        request.POST if request.method == "POST" else None,
        initial={"slot": data.get("slot", ""), **initial(data.get("windows", []))},
        is_free=is_free,
    )
    if request.method == "POST" and form.is_valid():
        given = {
            "type": asked.kind.pk,
            "practitioner": asked.practitioner_id,
            "slot": form.chosen(),
            "windows": form.windows(),
            "time_zone": asked.zone.key if asked.zone else "",
        }
        data.pop("taken", None)
        return _answered(request, draft, "times", given, now)
    chosen = str(form["slot"].value() or "")
    taken = data.get("taken", "")
    if any(message == GONE for message in form.errors.get("slot", [])):
        taken, chosen = chosen, ""
    shown = times.table(asked, place=place, now=now, concerns=concerns, chosen=chosen)
    return render(
        request,
        "bookings/client/times_step.html",
        {
            "form": form,
            "step": steps.BY_NAME["times"],
            "back": _back("times", draft),
            "section": "consultations",
            "table": shown,
            "kinds": kinds,
            "zones": times.zones() if asked.kind.mode != "in_person" else (),
            "draft": draft,
            "chosen": chosen,
            "kept": _kept(chosen, shown, asked, place, is_free),
            "length": when.length(asked.kind.minutes),
            "taken": bool(taken),
            "nearest": _nearest(taken, asked, concerns, place, now),
            "earlier": _page(draft, asked, shown.earlier),
            "later": _page(draft, asked, shown.later),
        },
    )


def _kept(
    chosen: str,
    shown: times.Table,
    asked: times.Asked,
    place: Clinic,
    is_free: Callable[[int | None, datetime], bool],
) -> list[times.Time]:
    """The time chosen before, if it is still free and not among those shown."""
    read = times.read(chosen)
    if read is None or any(time.chosen for day in shown.days for time in day.times) or not is_free(*read):
        return []
    slot = Slot(start=read[1], practitioner_id=read[0] or 0, end=read[1])
    return [replace(times.time(slot, asked, place.zone), value=chosen, chosen=True)]


def _nearest(
    taken: str, asked: times.Asked, concerns: list[str], place: Clinic, now: datetime
) -> list[times.Time]:
    """The three free times nearest to one that has gone."""
    read = times.read(taken)
    if read is None:
        return []
    found = free.nearest(
        now=now,
        consultation_type=asked.kind,
        start=read[1],
        practitioner_id=asked.practitioner_id,
        concerns=concerns,
    )
    return [times.time(slot, asked, place.zone) for slot in found]


def _page(draft: Draft, asked: times.Asked, first_day: date | None) -> str:
    """The address of an earlier or later stretch of days, with what was asked for kept."""
    if first_day is None:
        return ""
    return "?" + urlencode(
        {
            "d": str(draft.pk),
            "type": asked.kind.pk,
            "practitioner": asked.practitioner_id or times.ANY,
            "zone": asked.zone.key if asked.zone else "",
            "from": first_day.isoformat(),
        }
    )


# --- check and send ---------------------------------------------------------------------------------------------------


@never_cache
@get_or_post
def check(request: HttpRequest) -> HttpResponse:
    """Everything that was answered, each with its Change link; the consents; and Send."""
    now = timezone.now()
    if "d" not in request.GET:
        return redirect(reverse("client:start"))
    draft = drafts.find(request, now)
    if draft is None:
        return gone(request)
    data = draft.data
    if steps.first_open(data) != steps.CHECK:
        return redirect(steps.url(steps.first_open(data), draft))
    if draft.sent_as is not None and request.method != "POST":
        return redirect(drafts.address(reverse("client:sent"), draft))
    options, place = queries.options(), clinic(now)
    form = CheckForm(
        request.POST if request.method == "POST" else None,
        initial={**data.get("agreed", {}), "website": ""},
        options=options,
        may_text=data.get("contact_by") in (ContactBy.PHONE, ContactBy.TEXT),
        must_text=data.get("contact_by") == ContactBy.TEXT,
    )
    if request.method == "POST" and form.is_valid():
        return _send(request, draft, form, place, now)
    found = triage.flags(
        applies=data.get("applies", []), concerns=data.get("concerns", []), text=data.get("anything_else", "")
    )
    return render(
        request,
        "bookings/client/check.html",
        {
            "form": form,
            "groups": review(draft, options, place),
            "back": steps.url("support", draft),
            "statement": consents.STATEMENT,
            "urgent": found.urgent,
            "support_now": found.same_day,
            "mole": "mole" in found.reasons,
            "section": "consultations",
        },
    )


def _send(request: HttpRequest, draft: Draft, form: CheckForm, place: Clinic, now: datetime) -> HttpResponse:
    data = draft.data
    wanted = steps.submission(draft, form.given())
    suspicion = _suspicion(form, draft, now)
    if draft.sent_as is None and not _within_limits(request, draft, place, now):
        # The draft is kept until after the next hour has begun, so that the same answers can be sent then.
        drafts.save(draft, now, minutes=2 * settings.DRAFT_MINUTES)
        return render(request, "bookings/client/phone.html", {"why": "limit"}, status=429)
    try:
        sent = _submit(draft, wanted, suspicion, now)
    except SlotTaken:
        data["agreed"], data["taken"], data["slot"] = form.given(), data["slot"], ""
        steps.ask_afresh(data, "times")
        drafts.save(draft, now)
        return redirect(steps.url("times", draft))
    except DifferentAnswers as error:
        return _different(request, draft, error.request)
    except Refused:
        # What it was to follow has been erased meanwhile; it is a request of its own then.
        data.pop("follows", None)
        sent = submit(
            steps.submission(draft, form.given()), actor=Actor.client(), now=now, suspicion=suspicion
        )
    if draft.sent_as is None:
        draft.sent_as = sent
        draft.save(update_fields=["sent_as"])
    return redirect(drafts.address(reverse("client:sent"), draft))


def _submit(draft: Draft, wanted: Submission, suspicion: str, now: datetime) -> ConsultationRequest:
    followed = ConsultationRequest.objects.filter(pk=draft.data.get("follows")).first()
    if followed is not None and not suspicion:
        try:
            return ask_again(followed, wanted, actor=Actor.client(), now=now)
        except NotAllowed as error:
            raise Refused("open_again", "The earlier request is open again.") from error
    return submit(wanted, actor=Actor.client(), now=now, suspicion=suspicion)


def _suspicion(form: CheckForm, draft: Draft, now: datetime) -> str:
    if form.cleaned_data.get("website") or draft.data.get("trapped"):
        return "honeypot"
    return "too_fast" if now - draft.started_at < timedelta(seconds=HUMAN_SECONDS) else ""


def _within_limits(request: HttpRequest, draft: Draft, place: Clinic, now: datetime) -> bool:
    """Whether this draft may be sent. Each draft counts once, however often its time turns out to be taken."""
    data, rules = draft.data, place.rules
    if data.get("counted"):
        return True
    network = network_of(client_address(request))
    allowed = throttle.allow(
        "request-network", network, limit=rules.requests_per_network_hour, window=timedelta(hours=1), now=now
    ) and throttle.allow(
        "request-address",
        fold(data["email"]),
        limit=rules.requests_per_address_day,
        window=timedelta(days=1),
        now=now,
    )
    if allowed:
        data["counted"] = True
        draft.save(update_fields=["data"])
    return allowed


def _already_sent(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A page of a request that is gone out: a GET leads to the sent page; a POST is refused, with the reference."""
    assert draft.sent_as is not None
    if request.method == "POST":
        return _different(request, draft, draft.sent_as)
    return redirect(drafts.address(reverse("client:sent"), draft))


def _different(request: HttpRequest, draft: Draft, sent: ConsultationRequest) -> HttpResponse:
    return render(
        request,
        "bookings/client/different.html",
        {"sent": sent, "sent_url": drafts.address(reverse("client:sent"), draft)},
        status=409,
    )
