"""What an editor puts into a text without knowing how it is written: a link to a page, or a picture, uploaded on the spot.

Nothing of the page is saved here. The button comes back with the text and what was chosen at its end, and everything else
as it was typed; with a script it stands where the cursor was. A picture that is uploaded is there for all pages at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, BinaryIO, cast

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from clinic.foundation import press
from clinic.foundation.images import Rejected, Rendition
from content import limits
from content.forms.picture import PictureForm
from content.models import FAQ, Page, Picture
from content.pictures import uploads

# The buttons, as `do` names them.
CHOOSE, UPLOAD = "insert", "upload"
MAY_UPLOAD = "content.add_picture"


@dataclass
class Chooser:
    """What can be put into the text: (what is written there, what it is called), by kind; and the form of a new picture."""

    groups: list[tuple[str, list[tuple[str, str]]]]
    upload: PictureForm | None
    told: str = ""


@dataclass
class Inserted:
    """The form's data with what was chosen in it, and one sentence about it. `upload` is what could not be uploaded yet."""

    data: QueryDict
    told: str = ""
    upload: PictureForm | None = field(default=None)


def chooser(user: User, inserted: Inserted | None = None) -> Chooser:
    """Every page, question and picture, in three statements."""
    pages = Page.objects.order_by("kind", "menu_title").only("kind", "slug", "menu_title", "is_published")[
        : limits.CHOOSER_LISTED
    ]
    groups = [
        (f"Link: {Page.Kind(kind).label.partition(' (')[0].lower()}", [_link(page) for page in some])
        for kind, some in groupby(pages, lambda page: page.kind)
    ]
    asked = [
        (_markdown(faq.question, faq.get_absolute_url()), faq.question)
        for faq in FAQ.objects.all()[: limits.CHOOSER_LISTED]
    ]
    kept = [
        (_slot(name), name)
        for name in Picture.objects.values_list("name", flat=True)[: limits.CHOOSER_LISTED]
    ]
    groups += [(title, rows) for title, rows in (("Link: question", asked), ("Picture", kept)) if rows]
    upload = (inserted and inserted.upload) or _nameless(PictureForm(prefix="picture"))
    return Chooser(groups, upload if user.has_perm(MAY_UPLOAD) else None, inserted.told if inserted else "")


def insert(request: HttpRequest) -> Inserted:
    """What the button asks for: the chosen thing, or a new picture, at the end of the text."""
    chosen = request.POST.get("chosen", "").strip()
    if request.POST.get("do") == CHOOSE:
        if not chosen:
            return Inserted(request.POST, "Choose what to put in first.")
        return Inserted(
            _with(request.POST, chosen), "It stands at the end of the text. Nothing is saved yet."
        )
    return _uploaded(request)


def _uploaded(request: HttpRequest) -> Inserted:
    """Keep the picture that was sent. Pressed twice, it is kept once, and both answers are the same."""
    key = press.of(request, cast(User, request.user))
    picture = _kept_by(key)
    if picture is None:
        form = upload_form(request)
        kept = _keep(request, form, key) if form.is_valid() else None
        # Refused, because another press of the same page was first?
        picture = kept or _kept_by(key)
        if picture is None:
            return Inserted(request.POST, "The picture is not kept yet. See beside it why.", form)
    return Inserted(
        _with(request.POST, _slot(picture.name)),
        "The picture is kept, and stands at the end of the text. The page itself is not saved yet.",
    )


def _kept_by(key: str) -> Picture | None:
    """The picture that an earlier press of the same page has kept."""
    first = press.done(key)
    return Picture.objects.filter(pk=first.result).first() if first else None


def _keep(request: HttpRequest, form: PictureForm, key: str) -> Picture | None:
    """The picture of a checked form, kept with its files. None if that cannot be: the form then says why."""
    user, now = cast(User, request.user), timezone.now()
    picture: Picture = form.instance
    try:
        with transaction.atomic():
            by = user.get_full_name() or user.get_username()
            uploads.fill(picture, form.cleaned_data["file"], by=by, now=now)
            press.keep(key, now, str(picture.pk))
    except OSError:
        form.disk_is_full = True
    except IntegrityError:
        pass  # another picture took the name at the same moment, which the form says now
    else:
        return picture
    form.full_clean()
    return None


def upload_form(request: HttpRequest) -> PictureForm:
    """The form of a new picture as it was sent, its file read. Without a name it takes one from its words."""
    form = _nameless(PictureForm(request.POST, request.FILES, prefix="picture"))
    form.looked_at = look_at(request.FILES.get("picture-file"))
    return form


def _nameless(form: PictureForm) -> PictureForm:
    form.fields["name"].required = False
    form.fields["name"].help_text = "How texts call it. Left empty, it is made from the alternative text."
    form.order_fields(["file", "alt", "decorative", "caption", "shows_a_person", "consent", "name"])
    return form


def look_at(chosen: object) -> list[Rendition] | Rejected | None:
    """The sizes of an uploaded file, why it cannot be used, or None where none was chosen."""
    if not isinstance(chosen, UploadedFile):
        return None
    try:
        return uploads.read(cast(BinaryIO, chosen), chosen.size or 0)
    except Rejected as error:
        return error


def unchecked(form: BaseForm) -> dict[str, Any]:
    """What was typed into a form, to show it again without saying what is wrong in it: nobody has asked for that yet."""
    return {
        name: one.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, one in form.fields.items()
    }


def _with(typed: QueryDict, chosen: str) -> QueryDict:
    data = typed.copy()
    body = data.get("body", "").rstrip()
    data["body"] = f"{body}\n\n{chosen}\n" if body else f"{chosen}\n"
    return data


def _link(page: Page) -> tuple[str, str]:
    name = page.menu_title if page.is_published else f"{page.menu_title} (not published)"
    return _markdown(page.menu_title, page.get_absolute_url()), name


def _markdown(words: str, address: str) -> str:
    escaped = words.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"[{escaped}]({address})"


def _slot(name: str) -> str:
    return f"{{{{ picture {name} }}}}"
