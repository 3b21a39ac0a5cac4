"""Everything that a client touches. The prefix is /consultations/."""

from __future__ import annotations

from django.urls import path

from bookings.client import asking, door, guided, mine, moving, public, saying, sending, sent, start

app_name = "client"

urlpatterns = [
    # A request, from start to sent.
    path("request/", start.start, name="start"),
    path("request/guide/", guided.from_guide, name="from_guide"),
    path("request/check/", sending.check, name="check"),
    path("request/<slug:name>/", asking.step, name="step"),
    path("sent/", sent.sent, name="sent"),
    path("times/", public.free_times, name="times"),
    # The link in the mail.
    path("open/<rest:token>", door.open_link, name="open"),
    path("new-link/", door.new_link, name="new_link"),
    # The client's own request.
    path("mine/", mine.mine, name="mine"),
    path("mine/appointment.ics", mine.calendar, name="calendar"),
    path("mine/reschedule/", moving.reschedule, name="reschedule"),
    path("mine/<slug:verb>/", saying.say, name="say"),
]
