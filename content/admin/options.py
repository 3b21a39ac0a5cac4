"""What the editors' own pages (editor, history, previews) must know of the kind of document that they are about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.http import Http404
from django.urls import reverse

from clinic.foundation.admin.confirmed import ConfirmedAdmin
from clinic.foundation.admin.fields import CleanWords
from clinic.foundation.text import id_in
from content.models import Document
from content.publishing import kinds
from content.publishing.edit import Edit
from content.publishing.kinds import DocumentSnapshot, Kind
from content.queries.usage import Use

# Makes a document of a checked form: the form, what it says, who and when, and a note.
Make = Callable[[BaseForm, DocumentSnapshot, Edit, str], Document]


@dataclass(frozen=True)
class EditorOptions:
    """One kind of document on the desk.

    `sends` is a field that every form of it has, so that a POST without it is a button alone. `prefix` keeps its fields
    apart from those that go with the buttons, where both have a "note" or a "reason". `beside` are the rows that its
    name and its state need.
    """

    model: type[Document]
    blank: DocumentSnapshot
    make: Make
    uses: Callable[[Any], list[Use]]
    fieldsets: Any
    sends: str = "title"
    prefix: str = ""
    beside: tuple[str, ...] = ("live",)
    # What else its editor should know of the row that readers have, in a sentence.
    remark: Callable[[Any], str] = lambda row: ""

    @property
    def kind(self) -> Kind:
        """What publishing knows of it."""
        return kinds.kind(self.model())

    def sent(self, name: str) -> str:
        """What a field of its form is called in a request."""
        return f"{self.prefix}-{name}" if self.prefix else name

    @property
    def name(self) -> str:
        """As Django calls the model: "exampleplan"."""
        return str(self.model._meta.model_name)

    def right(self, do: str) -> str:
        """The right to view, add, change or delete such documents. Publishing and reviewing are rights of their own."""
        return f"content.{do}_{self.name}"

    def sought(self, object_id: str | int) -> Any:
        """The document of this id, or None: nobody has made it, or somebody has deleted it."""
        rows = self.model._default_manager.select_related(*self.beside)
        return rows.filter(pk=id_in(str(object_id))).first()

    def found(self, object_id: str | int) -> Any:
        """The document of this id, or 404."""
        document = self.sought(object_id)
        if document is None:
            raise Http404
        return document

    def url(self, page: str, *args: Any) -> str:
        """The address of one of its pages on the desk: "change", "history", "changelist" ..."""
        return reverse(f"admin:content_{self.name}_{page}", args=args)

    def urls(self, row: Document | None) -> dict[str, str]:
        """The addresses that its templates name."""
        found = {page: self.url(page) for page in ("changelist", "preview")}
        if row is not None and row.pk:
            found |= {page: self.url(page, row.pk) for page in ("change", "history", "compare", "delete")}
        return found


class EditedAdmin(CleanWords, ConfirmedAdmin):
    """The admin of such a kind, as its pages see it. What it does is in content.admin.documents."""

    editor_options: EditorOptions
