"""How large the body of a request may be, in bytes."""

from __future__ import annotations

from clinic.foundation.limits.pictures import PICTURE_BYTES

# A client's longest form has 2 KB, an editor's longest text 60,000 characters of up to 12 bytes as a form sends them. An
# upload is a picture and the form around it. deploy/nginx/clinic.conf has the same sizes.
PUBLIC_BODY_BYTES = 256 * 1024
DESK_BODY_BYTES = 2 * 1024 * 1024
UPLOAD_BODY_BYTES = PICTURE_BYTES + 1024 * 1024
# For a body that is too large, this many times the limit is read and thrown away, so that the sender gets the
# answer. Anyone who sends more finds the connection closed.
BODY_THROWN_AWAY_TIMES = 4
