"""What both apps count and note: limits across processes, sign-ins and their second step, who looked at what, presses,
which roles came.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from clinic.foundation.crypto import EncryptedTextField
from clinic.foundation.limits.history import WRITTEN_ONCE_DAYS
from clinic.foundation.written_once import WrittenOnce


class Counter(models.Model):
    """How often one key was used in one window of one scope. Written by `throttle` only."""

    scope = models.CharField(max_length=40)
    key_hash = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "key_hash", "window_start"], name="one_counter_per_scope_key_and_window"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.window_start:%Y-%m-%d %H:%M}: {self.count}"


class SignIn(models.Model):
    """Somebody tried to sign in: the log that shows who did, and whether anybody is guessing. Written by `signin` only.

    Holds no password, no code, and no name that belongs to no account: people type passwords where names go.
    """

    class Outcome(models.TextChoices):
        IN = "in", "Signed in"
        WRONG = "wrong", "Wrong name or password"
        CLOSED = "closed", "Refused: too many wrong ones"
        # Of the second step. Nobody is in yet after the first two.
        PASSWORD = "password", "Right password, code asked for"
        CODE = "code", "Code wrong"
        RECOVERY = "recovery", "Recovery code used"
        SET_UP = "set-up", "Second step set up"
        CODES = "codes", "New recovery codes made"
        OFF = "off", "Second step turned off"
        RESET = "reset", "Second step reset"

    at = models.DateTimeField("when", db_index=True)
    who = models.CharField(max_length=150, blank=True)
    network = models.CharField(max_length=50)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        verbose_name = "sign-in"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who or 'unknown name'}: {self.get_outcome_display()}"


class Factor(models.Model):
    """The second step of one account's sign-in: a telephone that makes codes of this key. Written by `signin` only."""

    user = models.OneToOneField("auth.User", on_delete=models.CASCADE, related_name="factor")
    key = EncryptedTextField(help_text="Base32, as apps take it.")
    since = models.DateTimeField()
    # The newest half minute whose code was used: that code and older ones are worth nothing.
    used_step = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Second step of {self.user_id}"


class RecoveryCode(models.Model):
    """What lets somebody in once who has lost the telephone: hashed as passwords are. Written by `signin` only."""

    factor = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="recovery_codes")
    hashed = models.CharField(max_length=256)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Recovery code of {self.factor_id}"


class Press(models.Model):
    """A button that did what it should: anyone who presses it again from the same page lands on the same result.

    Written by `press` only. The key is a digest that tells nothing, `result` an id or empty.
    """

    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)
    result = models.CharField(max_length=40, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "presses"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class AppendOnly(TypeError):
    """Somebody tried to change or remove a line of a history."""

    def __init__(self) -> None:
        super().__init__("This history is append-only.")


class HistoryLine(models.Model):
    """A row that is written once: the model neither changes nor deletes it, and the database refuses as well.

    Each history names its WrittenOnce among its constraints. `forgotten` are columns that the clock may empty in lines that
    are old enough.
    """

    forgotten: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


class AuditEntries(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly


class AuditEntry(HistoryLine):
    """One member of staff saw, exported or changed one thing. Holds no content, and outlives both of them.

    `object_id` is empty for many things of one kind. `facts` holds codes, numbers and days only.
    """

    at = models.DateTimeField(db_index=True)
    who = models.CharField(max_length=150)
    who_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=40)
    object_label = models.CharField(max_length=100)
    object_id = models.CharField(max_length=64)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    objects = AuditEntries.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        constraints = [WrittenOnce(name="audit_entries_are_written_once", days=WRITTEN_ONCE_DAYS)]
        indexes = [
            models.Index(fields=["object_label", "object_id"], name="audit_by_object"),
            models.Index(fields=["who_id", "at"], name="audit_by_person"),
        ]
        verbose_name = "audit entry"
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who}: {self.action} {self.object_label} {self.object_id}"


class GivenRole(models.Model):
    """A role that came with the site, and its group here. None: the owner deleted it, and it stays deleted."""

    code = models.CharField(max_length=40, unique=True)
    group = models.OneToOneField("auth.Group", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.code


class RoleChange(models.Model):
    """A change to a role that this database has had. It is not made again, so what an owner undid stays undone."""

    name = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
