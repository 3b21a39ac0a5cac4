"""A draft kept behind the page while somebody writes: "Keep as a draft", answered as JSON to static/desk-plan.js.

Without the script the button does the same. No colleague's draft is written over unseen: one that somebody else kept or sent
since the page was drawn is said, and nothing is kept until they press a button. One's own draft of the
same tab is in nobody's way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse, QueryDict

from bookings.admin.plan import beside, kept, standing
from bookings.admin.plan.forms import PlanForms
from bookings.desk_site import WRITES_PLANS, clinic_of
from bookings.models import ConsultationRequest
from bookings.queries import plans
from bookings.workflow import plan as verbs
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Conflict, WorkflowError
from clinic.foundation import press, when
from clinic.foundation.text import id_in


def told(request: HttpRequest, consultation: ConsultationRequest, now: datetime) -> JsonResponse:
    """Keep what was typed so far: `said` is for the page, `version` for its next press, `again` whether to go on
    keeping, `ready` whether it could be sent, `unanswered` what is said of their questions.
    """
    user = cast(User, request.user)
    if not user.has_perm(WRITES_PLANS):
        raise PermissionDenied
    sent = PlanForms.sent(request.POST)
    written, left = kept.so_far(sent, plans.draft_of(consultation))
    if written is None:
        return JsonResponse({"said": f"Not kept yet. {left}", "again": True}, status=422)
    origin = Origin(Actor.staff(user, press.of(request, user)), now, id_in(request.POST.get("version", "")))
    answers = beside.answers(request.POST, consultation)
    call = partial(verbs.write_plan, written=written, answers=answers, tab=tab(request.POST))
    try:
        done = unhindered(call, consultation, origin, tab(request.POST))
    except Conflict as conflict:
        return JsonResponse({"said": _lost(conflict), "again": False}, status=409)
    except WorkflowError as refused:
        return JsonResponse({"said": f"Not kept. {refused}", "again": False}, status=409)
    at_clock = when.digits(now, clinic_of(request).zone)
    said = f"Kept at {at_clock}." if not left else f"Kept at {at_clock}, all but the treatments. {left}"
    if beside.unseen(request.POST, consultation):
        said = f"{said} Not an answer to a question of theirs: another is kept. Press “Keep as a draft” to see it."
    rules, questions = standing.rules_of(sent, done, now), beside.unanswered(request.POST, done)
    agreed = request.POST.getlist("although")
    figures = standing.figures(sent, rules, agreed, questions, clinic_of(request).currency)
    figures |= {"said": said, "version": done.version, "again": True, "unanswered": beside.waits(questions)}
    # The button to send it is filled if it could be sent as it is.
    figures["ready"] = not figures["left"] and standing.is_complete(sent) and not plans.asked(done)
    return JsonResponse(figures)


def at(consultation: ConsultationRequest) -> JsonResponse:
    """The version of the request as it is now, for a page that was read while its last words were still on their way."""
    return JsonResponse({"version": consultation.version})


def unhindered(
    verb: Callable[[ConsultationRequest, Origin], ConsultationRequest],
    consultation: ConsultationRequest,
    origin: Origin,
    its_tab: str,
) -> ConsultationRequest:
    """Call it although the page is older than the request, if all that came since is the same person's draft from the same
    tab (kept behind the page before a reload) or no part of a plan, a call for example. Raises Conflict otherwise.
    """
    try:
        return verb(consultation, origin)
    except Conflict as conflict:
        if origin.version is None or plans.was_touched(
            consultation, origin.version, origin.actor.id, its_tab
        ):
            raise
        return verb(conflict.consultation, replace(origin, version=conflict.consultation.version))


def was_overtaken(consultation: ConsultationRequest, origin: Origin, data: QueryDict) -> bool:
    """Whether a draft that was not written in this tab may stand where this page shows an older one."""
    return origin.version is not None and plans.was_touched(
        consultation, origin.version, origin.actor.id, tab(data)
    )


def tab(data: QueryDict) -> str:
    """Which tab of a browser sent it, as static/desk-plan.js drew its name; empty without the script."""
    typed = data.get("tab", "")
    return typed if _TAB.fullmatch(typed) else ""


_TAB = re.compile(r"[a-z0-9]{4,16}")


def _lost(why: WorkflowError) -> str:
    return f"{why} What you type here is not kept any more. Press “Keep as a draft” to see what to do."
