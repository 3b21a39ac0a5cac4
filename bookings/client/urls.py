"""Everything that a client touches, and the diary that a calendar app reads. The prefix is /consultations/."""

from __future__ import annotations

from django.urls import path

from bookings.client.diary import diary
from bookings.client.form import check, sent, start, step
from bookings.client.own import link, move, page, verbs
from bookings.client.plan import page as plan
from bookings.client.times.page import free_times

app_name = "client"

urlpatterns = [
    # A request, from start to sent.
    path("request/", start.start, name="start"),
    path("request/guide/", start.from_guide, name="from_guide"),
    path("request/check/", check.check, name="check"),
    path("request/<slug:name>/", step.step, name="step"),
    path("sent/", sent.sent, name="sent"),
    path("times/", free_times, name="times"),
    # The link in the mail.
    path("open/<rest:token>", link.open_link, name="open"),
    path("new-link/", link.new_link, name="new_link"),
    # A practitioner's diary, for their calendar app.
    path("diary/<str:token>.ics", diary, name="diary"),
    # The client's own request.
    path("mine/", page.mine, name="mine"),
    path("mine/appointment.ics", page.calendar, name="calendar"),
    path("mine/reschedule/", move.move, name="move"),
    path("mine/other/", verbs.turn, name="turn"),
    # The plan after the visit, behind a link of its own.
    path("mine/plan/", plan.plan, name="plan"),
    path("mine/plan/link/", plan.send_link, name="plan_link"),
    path("mine/plan/<int:number>/", plan.earlier, name="plan_earlier"),
    path("mine/<slug:verb>/", verbs.call, name="verb"),
]
