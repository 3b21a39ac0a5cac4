"""The suitability matrix with its rows, columns, sources and people."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet, Subquery
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from clinic.foundation import money
from clinic.foundation.admin.fresh import FreshAdmin
from clinic.foundation.admin.inlines import FewRows
from content.admin import desk
from content.admin.documents import DocumentAdmin
from content.admin.grid import page as grid
from content.admin.options import EditorOptions
from content.admin.usage import UsedAdmin
from content.forms.facts import CellForm, TreatmentForm
from content.models import (
    ClinicProfile,
    Concern,
    Person,
    Source,
    Suitability,
    Treatment,
)
from content.publishing import verbs
from content.publishing.edit import Edit
from content.publishing.facts import CellSnapshot, TreatmentSnapshot
from content.publishing.kinds import DocumentSnapshot
from content.queries import usage
from content.queries.usage import Use


class CodedAdmin(FreshAdmin):
    """A code is chosen once: the versions of pages and exported files name the row by it.

    And what the matrix or a page stands on is not deleted, neither alone nor by the dozen: its cells would go with it.
    """

    actions = None
    stands_under: tuple[str, ...] = ()  # the relations of rows that need this one

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        needed = obj is not None and any(getattr(obj, name).exists() for name in self.stands_under)
        return super().has_delete_permission(request, obj) and not needed

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj is not None and obj.pk else ()


@admin.register(Source)
class SourceAdmin(CodedAdmin, UsedAdmin):
    list_display = ("code", "title", "url")
    list_per_page = 300
    search_fields = ("code", "title")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def uses(self, obj: Source) -> list[Use]:
        return usage.of_source(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Notes in a text name it too, and no relation knows of them."""
        return super().has_delete_permission(request, obj) and not (obj and usage.of_source(obj))


@admin.register(Person)
class PersonAdmin(UsedAdmin):
    list_display = ("name", "role", "register", "account", "order")
    list_select_related = ("account",)

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> tuple[str, ...]:
        """The account decides whose name stands under a check, so only a superuser sets it."""
        return () if request.user.is_superuser else ("account",)

    def uses(self, obj: Person) -> list[Use]:
        return usage.of_person(obj)


class SuitabilityInline(FewRows):
    """Cells beside their concern, to read: each leads to its own page, where it is changed."""

    model = Suitability
    show_change_link = True
    fields = ("concern", "treatment", "score", "specialist_only", "waits_in_pregnancy", "reason")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Django asks for the right to change as well, and that is nobody's here."""
        user = desk.user_of(request)
        return user.has_perm("content.view_suitability") or user.has_perm("content.change_suitability")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suitability]:
        return super().get_queryset(request).select_related("concern", "treatment")


@admin.register(Concern)
class ConcernAdmin(CodedAdmin):
    stands_under = ("suitability", "pages")
    list_display = ("name", "code", "group", "tell", "comes_first", "needs_clinician_first", "order")
    list_filter = ("group",)
    inlines = (SuitabilityInline,)


def _make_treatment(form: BaseForm, snapshot: DocumentSnapshot, edit: Edit, note: str) -> Treatment:
    assert isinstance(snapshot, TreatmentSnapshot)
    return verbs.add_treatment(edit, form.cleaned_data["code"], snapshot, note=note)


TREATMENT = EditorOptions(
    model=Treatment,
    blank=TreatmentSnapshot(),
    make=_make_treatment,
    uses=usage.of_treatment,
    sends="name",
    beside=("live", "reviewed_by"),
    fieldsets=(
        ("What it is", {"fields": ("name", "code", "short", "is_medical_procedure", "how")}),
        ("Evidence", {"fields": ("evidence", "evidence_words", "sources")}),
        (
            "What to expect",
            {
                "fields": ("sessions", "sessions_most", "session_length", "comfort")
                + ("downtime", "downtime_days", "recovery")
            },
        ),
        ("Risk", {"fields": ("main_risk", "pigment_risk")}),
        (
            "Rules of the guide",
            {
                "fields": (
                    "at_home",
                    "allowed_with_keloids",
                    "waits_after_isotretinoin",
                    "needs_test_spot",
                    "cuts",
                    "face_only",
                    "is_filler",
                    "hold_in_pregnancy",
                    "adds_to",
                    "invasiveness",
                )
            },
        ),
        (
            "Not medical: goes live without a reviewer",
            {"fields": ("offered", "cost_basis", "price_from", "price_to", "price_reviewed_on", "order")},
        ),
    ),
)


@admin.register(Treatment)
class TreatmentAdmin(DocumentAdmin):
    editor_options = TREATMENT
    form = TreatmentForm
    fieldsets = TREATMENT.fieldsets
    list_display = (
        "name",
        "state",
        "offered",
        "price",
        "price_reviewed_on",
        "reviewed_by",
        "order",
    )
    list_filter = (
        "is_published",
        "offered",
        "evidence",
        "pigment_risk",
        # Treatments whose facts nobody has signed.
        ("reviewed_by", admin.EmptyFieldListFilter),
    )
    list_select_related = ("reviewed_by",)

    def has_delete_permission(self, request: HttpRequest, obj: Treatment | None = None) -> bool:
        """What the matrix or a page stands on is not deleted: its cells would go with it."""
        needed = obj is not None and (obj.suitability.exists() or obj.pages.exists())
        return super().has_delete_permission(request, obj) and not needed

    def get_readonly_fields(self, request: HttpRequest, obj: Treatment | None = None) -> tuple[str, ...]:
        """A code is chosen once: the versions of pages and exported files name the row by it."""
        return ("code",) if obj is not None and obj.pk else ()

    @admin.display(description="Price", ordering="price_from")
    def price(self, obj: Any) -> str:
        """As readers see it."""
        if obj.price_from is None:
            return "-"
        return money.span(obj.price_from, obj.price_to, obj.currency or "GBP")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Treatment]:
        currency = Subquery(ClinicProfile.objects.values("currency")[:1])
        rows: QuerySet[Treatment] = super().get_queryset(request).annotate(currency=currency)
        return rows


def _make_cell(form: BaseForm, snapshot: DocumentSnapshot, edit: Edit, note: str) -> Suitability:
    assert isinstance(snapshot, CellSnapshot)
    concern, treatment = form.cleaned_data["concern"], form.cleaned_data["treatment"]
    return verbs.add_cell(edit, concern, treatment, snapshot, note=note)


CELL = EditorOptions(
    model=Suitability,
    blank=CellSnapshot(),
    make=_make_cell,
    uses=usage.of_cell,
    sends="reason",
    prefix="cell",
    beside=("live", "concern", "treatment", "reviewed_by"),
    fieldsets=(
        ("The cell", {"fields": ("concern", "treatment", "score", "reason", "reason_code")}),
        ("Who is told", {"fields": ("specialist_only", "waits_in_pregnancy")}),
        ("Where it comes from", {"fields": ("sources",)}),
    ),
)


@admin.register(Suitability)
class SuitabilityAdmin(DocumentAdmin):
    editor_options = CELL
    form = CellForm
    fieldsets = CELL.fieldsets
    list_display = (
        "concern",
        "treatment",
        "state",
        "score",
        "reviewed_by",
        "reviewed_on",
        "reason",
    )
    list_display_links = ("concern", "treatment")
    list_filter = (
        "is_published",
        "concern",
        "treatment",
        "score",
        "specialist_only",
        "waits_in_pregnancy",
        "reason_code",
        # What nobody has signed.
        ("reviewed_by", admin.EmptyFieldListFilter),
    )
    list_select_related = ("concern", "treatment", "reviewed_by")
    list_per_page = 50
    search_fields = ("reason",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [path("list/", view(self.list_view), name="content_suitability_list"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return grid.page(self, request)

    def list_view(self, request: HttpRequest) -> HttpResponse:
        """The same cells one under the other, to be filtered and searched."""
        return super().changelist_view(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Suitability | None = None) -> tuple[str, ...]:
        """Which concern and which treatment it is about never changes."""
        return ("concern", "treatment") if obj is not None and obj.pk else ()
