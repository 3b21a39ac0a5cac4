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
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from clinic.foundation.images import Rejected, Rendition
from content import pictures
from content.forms import PictureForm
from content.models import FAQ, Page, Picture

# The buttons, as `do` names them.
CHOOSE, UPLOAD = "insert", "upload"
MAY_UPLOAD = "content.add_picture"
# What one chooser lists at most; more than that is found by the search of the desk.
MOST = 500


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
        :MOST
    ]
    groups = [
        (f"Link: {Page.Kind(kind).label.partition(' (')[0].lower()}", [_link(page) for page in some])
        for kind, some in groupby(pages, lambda page: page.kind)
    ]
    asked = [
        (_markdown(faq.question, faq.get_absolute_url()), faq.question) for faq in FAQ.objects.all()[:MOST]
    ]
    kept = [(_slot(name), name) for name in Picture.objects.values_list("name", flat=True)[:MOST]]
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
    form = upload_form(request)
    if not form.is_valid():
        return Inserted(request.POST, "The picture is not kept yet. See what is missing beside it.", form)
    user = cast(User, request.user)
    by = user.get_full_name() or user.get_username()
    picture: Picture = form.instance
    pictures.fill(picture, form.cleaned_data["file"], by=by, now=timezone.now())
    return Inserted(
        _with(request.POST, _slot(picture.name)),
        "The picture is kept, and stands at the end of the text. The page itself is not saved yet.",
    )


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
        return pictures.read(cast(BinaryIO, chosen), chosen.size or 0)
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
