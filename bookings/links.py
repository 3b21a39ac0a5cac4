"""Client links and the sessions they open.

The token in a mail is the link's id and an HMAC, under LINK_KEY, of the row's purpose, id and random seed.
The database holds the seed alone, so a copy of it opens nothing. A session's cookie is random; the database
holds its digest.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from bookings import limits
from bookings.models import Appointment, ClientLink, ClientSession, ConsultationRequest
from bookings.models.message import MANAGE, PLAN
from clinic.foundation.crypto import opened
from clinic.foundation.mailed_links import token_in

_ID_BYTES = 7
_MAC_BYTES = 32
# 39 bytes are exactly 52 characters: no padding, and only one way to write a token.
TOKEN_LENGTH = 52
_TOKEN = rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}"
_NO_SEED = bytes(32)


def mint(consultation: ConsultationRequest, *, now: datetime, purpose: str = MANAGE) -> ClientLink:
    """Make a link for one request and one purpose. It lasts LINK_DAYS, or until the day after a booked visit; one to a plan
    lasts minutes, and works once.
    """
    link = unsaved(consultation, now=now, purpose=purpose)
    link.save()
    return link


def unsaved(consultation: ConsultationRequest, *, now: datetime, purpose: str = MANAGE) -> ClientLink:
    """The same, for many that are saved at once. No statement if the request's appointments are at hand."""
    expires_at = now + timedelta(days=settings.LINK_DAYS)
    if purpose == PLAN:
        expires_at = now + limits.deadlines.PLAN_LINK
    elif booked := [row for row in consultation.appointments.all() if row.state == Appointment.State.BOOKED]:
        expires_at = max(expires_at, booked[0].ends_at + timedelta(days=1))
    return ClientLink(
        request=consultation,
        seed=secrets.token_bytes(32),
        purpose=purpose,
        created_at=now,
        expires_at=expires_at,
    )


def token(link: ClientLink) -> str:
    """The link's token, made again from the row and LINK_KEY whenever it is needed."""
    raw = link.pk.to_bytes(_ID_BYTES, "big") + _mac(link.purpose, link.pk, bytes(link.seed))
    return base64.urlsafe_b64encode(raw).decode("ascii")


def url(link: ClientLink) -> str:
    """The full address that goes into a mail."""
    return address(token(link))


def address(token_text: str) -> str:
    """The address that opens `token_text`."""
    return f"{settings.SITE_URL}/consultations/open/{token_text}/"


def find(token_text: str, now: datetime) -> ClientLink | None:
    """The live link of this token, whatever its purpose, or None. Anything that mail programs add around it does not matter.

    Unknown, malformed, expired, revoked and erased all take the same path: one query, one HMAC, one
    constant-time comparison. Changes nothing.
    """
    pk, given = _parse(token_text)
    link = ClientLink.objects.select_related("request__consultation_type").filter(pk=pk).first()
    purpose, seed = (link.purpose, bytes(link.seed)) if link is not None else (MANAGE, _NO_SEED)
    expected = _mac(purpose, pk, seed)
    genuine = hmac.compare_digest(expected, given)
    return link if link is not None and genuine and is_live(link, now) else None


def was_used(token_text: str) -> bool:
    """Whether this is the token of a link that works once, and it was opened: one query and one HMAC."""
    pk, given = _parse(token_text)
    link = ClientLink.objects.filter(pk=pk).first()
    purpose, seed = (link.purpose, bytes(link.seed)) if link is not None else (MANAGE, _NO_SEED)
    genuine = hmac.compare_digest(_mac(purpose, pk, seed), given)
    return link is not None and genuine and purpose == PLAN and link.opened_at is not None


def is_live(link: ClientLink, now: datetime) -> bool:
    """True while the link opens something."""
    used_up = link.purpose == PLAN and link.opened_at is not None
    in_time = link.revoked_at is None and now < link.expires_at
    return in_time and not used_up and link.request.erased_at is None


def opened_by(mailboxes: Collection[str]) -> set[str]:
    """At which of these mailboxes has anybody opened a link, for any request? They know of us, and want our mails."""
    theirs = ConsultationRequest.objects.filter(mailbox__in=mailboxes)
    proved = theirs.filter(email_proved_at__isnull=False).values_list("mailbox", flat=True)
    # A link from before the address was corrected says nothing about the current address.
    current = Q(request__address_corrected_at=None) | Q(created_at__gte=F("request__address_corrected_at"))
    opened = ClientLink.objects.filter(current, request__mailbox__in=mailboxes, opened_at__isnull=False)
    return {*proved.distinct(), *opened.values_list("request__mailbox", flat=True).distinct()}


def revoke_all(consultation: ConsultationRequest, now: datetime) -> int:
    """Kill every link and session of the request (a new address, an erasure). Returns how many links died."""
    return revoke_of([consultation.pk], now)


def revoke_of(consultations: Collection[int], now: datetime) -> int:
    """The same for the requests with these keys."""
    ClientSession.objects.filter(request__in=consultations).delete()
    return ClientLink.objects.filter(request__in=consultations, revoked_at__isnull=True).update(
        revoked_at=now
    )


def hand_over(gone: ConsultationRequest, kept: ConsultationRequest) -> None:
    """Let the links and sessions of one request open another one: they were merged. Only for one and the same person."""
    # What was typed there was about the other request.
    ClientSession.objects.filter(request=gone).update(request=kept, typed=None)
    ClientLink.objects.filter(request=gone).update(request=kept)


def revoke_everything(now: datetime) -> tuple[int, int]:
    """Kill every client link and session there is (a restored copy); returns how many of each."""
    sessions = ClientSession.objects.all().delete()[0]
    return ClientLink.objects.filter(revoked_at__isnull=True).update(revoked_at=now), sessions


def retire(now: datetime) -> int:
    """Revoke links that have expired and delete sessions that are over; returns how many rows that were.

    For the clock: after this, setting a clock back brings no link back to life.
    """
    idle_since = now - timedelta(minutes=limits.sessions.CLIENT_IDLE_MINUTES)
    over = ClientSession.objects.filter(Q(ends_at__lte=now) | Q(last_seen_at__lt=idle_since))
    expired = ClientLink.objects.filter(revoked_at__isnull=True, expires_at__lte=now)
    return over.delete()[0] + expired.update(revoked_at=now)


def open_session(link: ClientLink, now: datetime) -> tuple[ClientSession, str] | None:
    """Let the client in through `link`: the session and the value of its cookie, which is stored nowhere else.

    None for a link that works once, if somebody has opened it at this moment.
    """
    is_first = ClientLink.objects.filter(pk=link.pk, opened_at__isnull=True).update(opened_at=now)
    if link.purpose == PLAN and not is_first:
        return None
    cookie = secrets.token_urlsafe(32)
    session = ClientSession.objects.create(
        request=link.request,
        link=link,
        key=_digest(cookie),
        opened_at=now,
        last_seen_at=now,
        ends_at=now + timedelta(minutes=limits.sessions.CLIENT_SESSION_MINUTES),
    )
    return session, cookie


def session_for(cookie: str, now: datetime) -> ClientSession | None:
    """The session of this cookie, or None when it is unknown, idle for 30 minutes, 2 hours old, or its link revoked.

    Notes that the client was here, at most once a minute.
    """
    session = (
        ClientSession.objects.select_related("request__consultation_type", "request__support_needs", "link")
        .filter(key=_digest(cookie))
        .first()
    )
    if session is None or now >= session.ends_at or session.link.revoked_at or session.request.erased_at:
        return None
    if now - session.last_seen_at >= timedelta(minutes=limits.sessions.CLIENT_IDLE_MINUTES):
        return None
    if now - session.last_seen_at >= limits.sessions.LINK_SEEN_EVERY:
        ClientSession.objects.filter(pk=session.pk).update(last_seen_at=now)
        session.last_seen_at = now
    return session


def keep_typed(session: ClientSession, typed: dict[str, Any] | None) -> None:
    """Keep what was typed into a form that could not be accepted, as the client's pages write it; None forgets it."""
    if opened(session, "typed") != typed:
        session.typed = typed
        ClientSession.objects.filter(pk=session.pk).update(typed=typed)


def say_done(session: ClientSession, beside: str = "") -> None:
    """What was just done is said by the next page of this session, once; what was typed for it is forgotten, but for what
    was typed `beside` it and is not sent yet.
    """
    keep_typed(session, {"done": True, **({"beside": beside} if beside else {})})


def just_did(session: ClientSession) -> bool:
    """Whether the page that is being drawn says so. Whoever has drawn it forgets it: `keep_typed` with None."""
    return bool((opened(session, "typed") or {}).get("done"))


def typed_beside(session: ClientSession) -> str:
    """What was typed beside that."""
    return str((opened(session, "typed") or {}).get("beside", ""))


def turn_to(session: ClientSession, consultation: ConsultationRequest) -> None:
    """Let this session show another request of the same person; what its link may open there stays what it was."""
    # What was typed there was about the other request.
    ClientSession.objects.filter(pk=session.pk).update(request=consultation, typed=None)


def close(session: ClientSession) -> None:
    """End the session: the cookie opens nothing any more."""
    ClientSession.objects.filter(pk=session.pk).delete()


def _parse(token_text: str) -> tuple[int, bytes]:
    """The id and the HMAC inside a token; id 0 (which no row has) and zeros for anything that is not one."""
    found = token_in(token_text, _TOKEN)
    if not found:
        return 0, bytes(_MAC_BYTES)
    raw = base64.urlsafe_b64decode(found)
    return int.from_bytes(raw[:_ID_BYTES], "big"), raw[_ID_BYTES:]


def _mac(purpose: str, pk: int, seed: bytes) -> bytes:
    message = b"|".join((b"client-link", purpose.encode(), str(pk).encode(), seed))
    return hmac.digest(settings.LINK_KEY.encode(), message, "sha256")


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "surrogatepass")).hexdigest()
