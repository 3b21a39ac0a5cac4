"""Staff and roles. Only a superuser edits them: nobody else can give rights, least of all to themselves."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bookings.admin import leavers, people
from bookings.desk_site import DeskSite
from bookings.roles import lines
from clinic.foundation import press, when
from clinic.foundation.admin.fields import Ticks, without_links
from clinic.foundation.admin.fresh import FreshAdmin
from clinic.foundation.generic import UserAdmin, UserChangeForm, UserCreationForm
from clinic.foundation.models import SignIn
from clinic.foundation.signin import factor, guard
from clinic.foundation.signin.again import recently_signed_in
from clinic.foundation.signin.forms import current_zone
from clinic.foundation.signin.pages import SteppedSite
from clinic.foundation.text import id_in


class SuperuserOnly(FreshAdmin):
    """Django's own rule would let whoever holds "change user" make themselves a superuser."""

    def _allowed(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request)


def _rights(formfield: Any) -> Any:
    """The rights that the table of roles knows, each with its own words alone."""
    worth = Q()
    for app in {right.partition(".")[0] for right in lines.RIGHTS}:
        codes = [right.partition(".")[2] for right in lines.RIGHTS if right.startswith(f"{app}.")]
        worth |= Q(content_type__app_label=app, codename__in=codes)
    formfield.queryset = Permission.objects.filter(worth).select_related("content_type")
    formfield.label_from_instance = lambda right: right.name
    return formfield


def _as_roles(groups: Any) -> None:
    groups.label = "Roles"
    groups.help_text = "What they may do. Whoever has a role may sign in to the desk."


class NewPersonForm(UserCreationForm):
    """Everything that a new member of staff needs, on one page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.fields[name].required = True
        _as_roles(self.fields["groups"])


class PersonForm(UserChangeForm):
    """Without the password: not even its hash is anybody's to read. A link leads to the page that sets a new one."""

    password = None  # type: ignore[assignment]  # Django's way to drop a field of the base

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            _as_roles(self.fields["groups"])


@method_decorator(recently_signed_in, name="add_view")
@method_decorator(recently_signed_in, name="change_view")
@method_decorator(recently_signed_in, name="delete_view")
@method_decorator(recently_signed_in, name="user_change_password")
@method_decorator(recently_signed_in, name="reset_second_step")
class DeskUserAdmin(SuperuserOnly, UserAdmin):
    actions = None
    by_itself = ("last_login",)
    form = PersonForm
    add_form = NewPersonForm
    add_form_template = "admin/change_form.html"
    list_display = ("username", "first_name", "last_name", "is_active", "has_second_step", "last_login")
    list_select_related = ("factor",)
    list_filter = ("is_active", "groups")
    filter_horizontal = ()
    readonly_fields = ("new_password", "second_step", "last_login", "date_joined", "opened")
    fieldsets = (
        (None, {"fields": ("username", "new_password", "second_step")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("What they may do", {"fields": ("is_active", "is_superuser", "groups")}),
        ("Dates", {"fields": ("last_login", "date_joined", "opened")}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "first_name", "last_name", "email", "password1", "password2", "groups")},
        ),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": "Staff"} | (extra_context or {}))

    def people_view(self, request: HttpRequest) -> HttpResponse:
        return people.page(request, cast(DeskSite, self.admin_site))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Django saves the whole row with it, so nobody else changes the row meanwhile."""
        with transaction.atomic():
            User.objects.select_for_update().filter(pk=id_in(id)).first()
            return super().user_change_password(request, id, form_url)

    # --- the second step of their sign-in -----------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("people/", view(self.people_view), name="auth_user_people"),
            path("<id>/second-step/", view(self.reset_second_step), name="auth_user_second_step"),
            *super().get_urls(),
        ]

    def reset_second_step(self, request: HttpRequest, id: str) -> HttpResponse:
        """For somebody who has lost the telephone and the recovery codes: they set up another one at the next sign-in."""
        user = self.get_object(request, id)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if user == request.user:
            return redirect("admin:account")
        if user is None or factor.of(user) is None:
            return redirect("admin:auth_user_changelist")
        if request.method != "POST":
            must = cast(SteppedSite, self.admin_site).must_have_one(user)
            context = {"title": "Reset the second step", "person": user, "must": must}
            context |= self.admin_site.each_context(request)
            return TemplateResponse(request, "admin/auth/user/second_step.html", context)
        factor.remove(user)
        guard.note(request, user, SignIn.Outcome.RESET, timezone.now())
        self.log_change(request, user, "Reset the second step.")
        name = user.get_full_name() or user.get_username()
        words = f"The second step of {name} is gone. They set up another one at their next sign-in."
        self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:auth_user_change", user.pk)

    @admin.display(description="Second step", boolean=True)
    def has_second_step(self, obj: User) -> bool:
        return factor.of(obj) is not None

    @admin.display(description="Second step")
    def second_step(self, obj: User) -> str:
        found = factor.of(obj)
        if found is None:
            return "None set up."
        since = f"On since {when.day_with_year(found.since, current_zone())}."
        url = reverse("admin:auth_user_second_step", args=[obj.pk])
        return format_html('{} <a href="{}">Reset it, for a lost telephone</a>', since, url)

    # --- somebody leaves ----------------------------------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Whoever has worked here keeps their name: the account is closed. One that nobody has used is removed."""
        user = self.get_object(request, object_id)
        if user is None or not self.has_delete_permission(request, user):
            return super().delete_view(request, object_id, extra_context)
        if leavers.is_closed(user) and leavers.has_worked(user):
            return self.response_delete(request, str(user), user.pk)
        worked: dict[str, Any] = {"stays": None}
        if leavers.has_worked(user):
            worked = {"stays": leavers.stays(user), "assigned": leavers.assigned(user)}
        return super().delete_view(request, object_id, worked | (extra_context or {}))

    def what_goes(self, objs: Any, request: HttpRequest) -> Any:
        if any(leavers.has_worked(user) for user in objs):
            return ["The account"], {}, set(), []
        return super().what_goes(objs, request)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        if not any(leavers.has_worked(user) for user in queryset):
            return super().log_deletions(request, queryset)
        press.keep(press.of(request, request.user), timezone.now())
        return [self.log_change(request, user, "Closed the account.") for user in queryset]

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        if leavers.has_worked(obj):
            leavers.close(obj)
        else:
            super().delete_model(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        closed = User.objects.filter(pk=obj_id).first()
        if closed is None:
            return super().response_delete(request, obj_display, obj_id)
        name = closed.get_full_name() or closed.get_username()
        words = f"The account of {name} is closed. What they did keeps their name."
        self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:auth_user_changelist")

    @admin.display(description="Password")
    def new_password(self, obj: User) -> SafeString:
        return format_html(
            '<a href="{}">Set a new password</a>', reverse("admin:auth_user_password_change", args=[obj.pk])
        )

    @admin.display(description="Opened requests")
    def opened(self, obj: User) -> SafeString:
        address = reverse("admin:foundation_auditentry_changelist")
        return format_html('<a href="{}?who={}">What they opened</a>', address, obj.pk)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A role without the right to sign in to the desk would be a trap: whoever has one is staff."""
        super().save_related(request, form, formsets, change)
        user: User = form.instance
        if not user.is_staff and (user.is_superuser or user.groups.exists()):
            user.is_staff = True
            user.save(update_fields=["is_staff"])

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["widget"] = Ticks
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return without_links(super().formfield_for_dbfield(db_field, request, **kwargs))


@method_decorator(recently_signed_in, name="add_view")
@method_decorator(recently_signed_in, name="change_view")
@method_decorator(recently_signed_in, name="delete_view")
class DeskGroupAdmin(SuperuserOnly, GroupAdmin):
    actions = None
    filter_horizontal = ()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": "Roles"} | (extra_context or {}))

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        kwargs["widget"] = Ticks
        return _rights(super().formfield_for_manytomany(db_field, request, **kwargs))


# Importing Django's own admin of them, above, has registered it.
admin.site.unregister([User, Group])
admin.site.register(User, DeskUserAdmin)
admin.site.register(Group, DeskGroupAdmin)
