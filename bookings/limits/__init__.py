"""Every figure that limits a client, a member of staff or a machine on the way from a request to a visit.

What a clinic may want to change is not a constant but a row in the admin: the booking rules (`BookingRules` in
bookings/models/booking_rules.py: how long an unproved hold lasts, how long offers are held, the reply promise,
requests of one network and of an address) and the kinds of consultation (until when a client may move or cancel).
What depends on the machine is a setting: how long a link opens is LINK_DAYS. Signing in, uploads and bodies:
clinic/foundation/limits/. docs/operations.md lists those that somebody can run into.
"""

from __future__ import annotations

from bookings.limits import audit as audit
from bookings.limits import bots as bots
from bookings.limits import deadlines as deadlines
from bookings.limits import exports as exports
from bookings.limits import figures as figures
from bookings.limits import floods as floods
from bookings.limits import lists as lists
from bookings.limits import mail as mail
from bookings.limits import plans as plans
from bookings.limits import reminders as reminders
from bookings.limits import retention as retention
from bookings.limits import sessions as sessions
from bookings.limits import texts as texts
from bookings.limits import times as times
from bookings.limits import worker as worker
