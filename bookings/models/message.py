"""What we tell people, and the links that let a client in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from bookings.models.history import Note
from bookings.models.request import ConsultationRequest
from clinic.foundation.crypto import EncryptedJSONField, EncryptedTextField

MANAGE, PLAN = "manage", "plan"


class ClientLink(models.Model):
    """One link in a mail. The token is the id and an HMAC of `seed` under LINK_KEY: the database alone opens nothing."""

    request = models.ForeignKey(ConsultationRequest, on_delete=models.CASCADE, related_name="links")
    seed = models.BinaryField(max_length=32)
    # "manage" opens status, times and messages for weeks. "plan" opens the plan too: once, within minutes of being sent.
    purpose = models.CharField(max_length=12, default=MANAGE)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} link of {self.request_id}"


class ClientSession(models.Model):
    """A client who opened a link: for one request only, separate from staff sign-in."""

    request = models.ForeignKey(ConsultationRequest, on_delete=models.CASCADE, related_name="client_sessions")
    link = models.ForeignKey(ClientLink, on_delete=models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=64, unique=True, help_text="A digest of the cookie.")
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # What was typed into a form of the client's page that could not be accepted: its verb, the version it was about, and
    # its fields. Gone with the session, or once it is put right. Or that something was just done, until a page has said it.
    typed = EncryptedJSONField(null=True)

    def __str__(self) -> str:
        return f"Session of {self.request_id}"


class Message(models.Model):
    """One e-mail in the outbox: queued in the verb's transaction, sent later by the worker."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        KEPT = "kept", "Kept (trial, not sent)"
        FAILED = "failed", "Failed"
        DROPPED = "dropped", "Dropped"
        # Still true, but more automatic mails than an unknown address gets in a day. Staff may send it.
        WITHHELD = "withheld", "Held back"
        # Owed to somebody who is not to be mailed: a call to make, from `not_before` on. Then somebody has told them.
        TO_CALL = "to_call", "Call to make"
        TOLD = "told", "Told on the phone"

    request = models.ForeignKey(
        ConsultationRequest, null=True, blank=True, on_delete=models.CASCADE, related_name="messages"
    )
    kind = models.CharField(max_length=24)
    to = models.EmailField(
        max_length=254, blank=True, help_text="Empty: they have no address, so they are rung."
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    # The request's version when this was queued; truth tests compare what it says with what still holds.
    version = models.PositiveIntegerField(default=0)
    # Codes, ids and times that the text needs: appointment ids, old and new times.
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    # Words that staff wrote for this mail (frozen when queued).
    note = models.ForeignKey(Note, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages")
    link = models.ForeignKey(
        ClientLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages"
    )

    message_id = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=200, blank=True)
    # The rendered mail, bytes as text with a placeholder where the link goes. Rendered once, at the first claim.
    body = EncryptedTextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Of these, how often the server got the whole text without saying whether it has it: it may have arrived.
    unanswered = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Staff brought it about: it is not one of the automatic mails that are counted.
    by_staff = models.BooleanField(default=False)
    # Counted towards what this mailbox gets in a day, since this moment.
    mailbox = models.CharField(max_length=254, blank=True, editable=False)
    counted_at = models.DateTimeField(null=True, blank=True, editable=False)
    problem = models.CharField(
        max_length=200, blank=True, help_text="Why it failed, was dropped or held back. No addresses."
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        permissions = [("send_again", "Can send a failed message again")]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=("queued", "sending")),
                name="messages_waiting_to_go",
            ),
            models.Index(
                fields=["request", "not_before"],
                condition=Q(state="to_call"),
                name="messages_to_tell_by_phone",
            ),
            # What the desk is told of on every page, among all the mails there ever were.
            models.Index(fields=["request"], condition=Q(state="failed"), name="failed_messages"),
            models.Index(
                fields=["mailbox", "counted_at"],
                condition=Q(counted_at__isnull=False),
                name="messages_counted_by_mailbox",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.request_id}"


class WorkerBeat(models.Model):
    """A sign of life from one worker, for /readyz and the desk."""

    name = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    # When it last looked at the mails, which it does in a thread of its own.
    mails_at = models.DateTimeField(null=True)
    # Seconds. If set: not a sign of life but word of a worker that stopped because its clock was so far ahead (or behind).
    clock_off = models.IntegerField(null=True)

    def __str__(self) -> str:
        return self.name


class MailHold(models.Model):
    """While this row is there, the outbox is held (bookings/mail_hold.py). There is at most one."""

    class Why(models.TextChoices):
        RESTORED = "restored", "A backup was put back"
        SILENT = "silent", "Nobody was there for a while"
        BY_HAND = "by_hand", "Somebody held it"

    ONLY = 1

    at = models.DateTimeField()
    why = models.CharField(max_length=8, choices=Why.choices)
    # The last sign of life before it: in a restored copy, roughly when the backup was made.
    alive_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()  # "Can send a failed message again" governs it
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="the_mail_is_held_once")]

    def __str__(self) -> str:
        return self.get_why_display()
