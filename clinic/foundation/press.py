"""A button pressed twice: the second press of the same page by the same person lands where the first did.

Each page that is drawn has its own token, so the same words from the same page are the same press. What a press does
calls `keep` in its own transaction; code that is refused afterwards asks `done` whether its own press came first.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from clinic.foundation.models import Press


class Twice(Exception):
    """Another press of the same page was done while this one was being done. Its transaction must not be kept."""


def of(request: HttpRequest, user: AbstractBaseUser | AnonymousUser) -> str:
    """A keyed digest of who sends what from which page; it does not reveal the words. Empty where no page was drawn."""
    if not request.POST.get("csrfmiddlewaretoken"):
        return ""
    sent = [(name, file) for name, file in request.FILES.items() if isinstance(file, UploadedFile)]
    files = sorted((name, file.name or "", file.size or 0) for name, file in sent)
    whole = repr((user.pk, request.path, sorted(request.POST.lists()), files))
    return salted_hmac("clinic.foundation.press", whole, algorithm="sha256").hexdigest()


def keep(key: str, now: datetime, result: str = "") -> None:
    """Note that this press is done, with what came of it (an id). Nothing without a key, or if it was noted before."""
    if key:
        Press.objects.bulk_create([Press(key=key, at=now, result=result)], ignore_conflicts=True)


def keep_first(key: str, now: datetime, result: str = "") -> bool:
    """The same for a caller that nothing else protects: False if it was noted before."""
    if not key:
        return True
    _, made = Press.objects.get_or_create(key=key, defaults={"at": now, "result": result})
    return made


def done(key: str) -> Press | None:
    """The first press of the same page, if it did what it should."""
    return Press.objects.filter(key=key).first() if key else None


def part(key: str, number: int) -> str:
    """The key of one row of a press that changes many: each row is done once."""
    return (
        salted_hmac("clinic.foundation.press.part", f"{key}:{number}", algorithm="sha256").hexdigest()
        if key
        else ""
    )
