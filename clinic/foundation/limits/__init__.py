"""Every figure that limits somebody in what both apps build on: signing in, bodies, texts, uploads, rows, waits.

The limits of requests and visits are in bookings/limits/, those of pages in content/limits.py. docs/operations.md lists
those that somebody can run into.
"""

from __future__ import annotations

from clinic.foundation.limits import bodies as bodies
from clinic.foundation.limits import history as history
from clinic.foundation.limits import logs as logs
from clinic.foundation.limits import pictures as pictures
from clinic.foundation.limits import rows as rows
from clinic.foundation.limits import server as server
from clinic.foundation.limits import sign_in as sign_in
from clinic.foundation.limits import texts as texts
from clinic.foundation.limits import waits as waits
