"""One document: its draft as a form, beside it how readers would see it, and a button for everything that can be done.

GET shows. POST does what one button says and leads back here with 303, or comes back with what was typed and the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from clinic.foundation import press as pressed
from clinic.foundation import when
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in
from content import limits
from content.admin import actions, desk, form_values, insert, labels, usage
from content.admin.actions import ACTIONS
from content.admin.desk import user_of
from content.admin.insert import Chooser, Inserted
from content.admin.options import EditedAdmin
from content.admin.press import Press, Sent
from content.forms.page import ActionForm
from content.models import ClinicProfile, Document, Page
from content.publishing import kinds, obstacles, preview, review_dates, states
from content.publishing.differences import Difference
from content.publishing.edit import Edit, Editor
from content.publishing.errors import EditConflict, PublishingError
from content.publishing.kinds import DocumentSnapshot
from content.publishing.reviewer import needs_reviewer, person_of
from content.publishing.snapshots import PageSnapshot
from content.publishing.states import DocumentState


@dataclass
class Answer(Sent):
    """The same of a document: with what others changed meanwhile, and what was put into its text."""

    theirs: list[Difference] = field(default_factory=list)
    inserted: Inserted | None = None


def page(admin: EditedAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """The document's editor; for somebody who may only read or approve, the document with its state."""
    options = admin.editor_options
    desk.require(request, options.right("view"), options.right("change"), desk.REVIEW)
    now, zone = timezone.now(), ClinicProfile.current().zone
    if _inserts(admin, request):
        return _insert(admin, request, object_id, now, zone)
    if request.method == "POST":
        return _run(admin, request, object_id, now, zone)
    row = options.found(object_id)
    return _shown(admin, request, states.of(row, zone), None, when.local_day(now, zone))


def add(admin: EditedAdmin, request: HttpRequest) -> HttpResponse:
    """A document that is not there yet. Its first save makes it, as a draft."""
    options = admin.editor_options
    desk.require(request, options.right("add"))
    form = _form(admin, request, options.model(), options.blank)
    action_form = ActionForm(request.POST or None)
    problem, inserted = "", None
    if _inserts(admin, request):
        form, action_form, inserted = _with_inserted(admin, request, options.model())
    elif request.method == "POST":
        try:
            row = _made(admin, request, form, action_form)
        except PublishingError as error:
            problem = str(error)
        else:
            if row is not None:
                messages.success(request, f"{row} is there as a draft. Nobody can open it yet.")
                return SeeOther(options.url("change", row.pk))
    context = {
        "fieldsets": _grouped(admin, form),
        "form": form,
        "action_form": action_form,
        "problem": problem,
        "may_write": True,
        "chooser": _chooser(admin, request, inserted),
        "noun": options.kind.noun,
        "urls": options.urls(None),
    }
    return desk.may_frame_ourselves(
        desk.shown(admin, request, "admin/content/page/editor.html", f"Add {options.kind.noun}", context)
    )


def _inserts(admin: EditedAdmin, request: HttpRequest) -> bool:
    """Whether the button puts something into a text, which only a page has."""
    return admin.editor_options.model is Page and request.POST.get("do") in (insert.CHOOSE, insert.UPLOAD)


def _chooser(admin: EditedAdmin, request: HttpRequest, inserted: Inserted | None) -> Chooser | None:
    return insert.chooser(user_of(request), inserted) if admin.editor_options.model is Page else None


def _insert(
    admin: EditedAdmin, request: HttpRequest, object_id: str, now: datetime, zone: ZoneInfo
) -> HttpResponse:
    """Put something into the text, and show the page as it was typed."""
    desk.require(request, admin.editor_options.right("change"))
    row = admin.editor_options.sought(object_id)
    if row is None:
        return admin.tell_gone(request, object_id)
    form, action_form, inserted = _with_inserted(admin, request, row)
    answer = Answer(form, action_form, ticked=_ticked(request), inserted=inserted)
    return _shown(admin, request, states.of(row, zone), answer, when.local_day(now, zone))


def _with_inserted(
    admin: EditedAdmin, request: HttpRequest, row: Document
) -> tuple[BaseForm, ActionForm, Inserted]:
    """The forms as they were typed, with what was put into the text. Nothing is checked: nobody has asked to save."""
    if request.POST["do"] == insert.UPLOAD:
        desk.require(request, insert.MAY_UPLOAD)
    inserted = insert.insert(request)
    instance = _instance(row)
    maker = admin.get_form(request, instance if row.pk else None, change=bool(row.pk))
    form = maker(instance=instance, initial=insert.unchecked(maker(inserted.data, instance=instance)))
    return form, ActionForm(initial=insert.unchecked(ActionForm(request.POST))), inserted


def _made(
    admin: EditedAdmin, request: HttpRequest, form: BaseForm, action_form: ActionForm
) -> Document | None:
    """What this press makes, or the first of two presses has made. None while a form must be mended."""
    options, key = admin.editor_options, pressed.of(request, user_of(request))
    if pressed.done(key) is None and (form.is_valid() & action_form.is_valid()):
        edit = Edit(Editor.staff(user_of(request), key), timezone.now())
        try:
            snapshot = form_values.read(form, options.blank)
            return options.make(form, snapshot, edit, action_form.cleaned_data["note"])
        except PublishingError:
            if pressed.done(key) is None:
                raise
    first = pressed.done(key)
    return options.sought(first.result) if first else None


def _run(
    admin: EditedAdmin, request: HttpRequest, object_id: str, now: datetime, zone: ZoneInfo
) -> HttpResponse:
    """Do what the pressed button says. What was typed is saved first, so that the button means what the person sees."""
    name = request.POST.get("do", "save")
    action = ACTIONS.get(name)
    if action is None:
        raise Http404
    options, user = admin.editor_options, user_of(request)
    if not any(user.has_perm(right) for right in action.rights(options)):
        raise PermissionDenied
    row = options.sought(object_id)
    if row is None:
        return admin.tell_gone(request, object_id)
    answer = Answer(_typed(admin, request, row, zone), ActionForm(request.POST), ticked=_ticked(request))
    number, _, event = request.POST.get("seen", "").partition("-")
    editor = Editor.staff(user, pressed.of(request, user))
    press = Press(request, row, editor, now, zone, id_in(number), id_in(event))
    started_from = press.number
    try:
        done = press.perform(name, action, answer, actions.saved)
    except EditConflict as error:
        # Once something of the press is done, the last event is the person's own.
        why = (
            f"Somebody else changed this {options.kind.noun} while you had it open. What you typed is still here."
            if any(press.told)
            else f"{error} Nothing of yours is saved, and what you typed is still here."
        )
        answer.problem = f"{why} Saving now puts yours on top of theirs."
        answer.theirs = _theirs(row, started_from, error)
    except PublishingError as error:
        answer.problem = str(error)
    else:
        if done:
            messages.success(request, actions.joined(press.told))
            return SeeOther(options.url("change", row.pk))
    return _not_all_done(admin, request, press, answer)


def _not_all_done(admin: EditedAdmin, request: HttpRequest, press: Press, answer: Answer) -> HttpResponse:
    """The document as it is now, with what was typed. What was done before something stood in the way is done."""
    row = admin.editor_options.sought(press.row.pk)
    if row is None:  # deleted a moment ago
        return admin.tell_gone(request, str(press.row.pk))
    for sentence in filter(None, press.told):
        messages.success(request, sentence)
    state = states.of(row, press.zone)
    return _shown(admin, request, state, answer, when.local_day(press.now, press.zone))


def _typed(admin: EditedAdmin, request: HttpRequest, row: Document, zone: ZoneInfo) -> BaseForm | None:
    """The form as it was sent, or None if none was sent, or by somebody who may not write."""
    may_write = user_of(request).has_perm(admin.editor_options.right("change"))
    if admin.editor_options.sent(admin.editor_options.sends) not in request.POST or not may_write:
        return None
    return _form(admin, request, row, states.newest_snapshot(row, zone))


def _form(admin: EditedAdmin, request: HttpRequest, row: Document, snapshot: DocumentSnapshot) -> BaseForm:
    # Checking a form writes what was typed into its instance, so it gets one of its own.
    instance = _instance(row)
    maker = admin.get_form(request, instance if row.pk else None, change=bool(row.pk))
    form: BaseForm = maker(
        request.POST or None,
        instance=instance,
        initial=form_values.initial(snapshot),
        prefix=admin.editor_options.prefix or None,
    )
    return form


def _instance(row: Document) -> Document:
    """The row again, for a form to write into."""
    fresh: Document = type(row)._default_manager.get(pk=row.pk) if row.pk else type(row)()
    return fresh


def _ticked(request: HttpRequest) -> frozenset[str]:
    return frozenset(request.POST.getlist("override"))


def _theirs(row: Document, number: int, error: EditConflict) -> list[Difference]:
    """What the others changed since the version that this person started from."""
    seen = row.versions.filter(number=number).first()
    if seen is None:
        return []
    return labels.compared(kinds.snapshot_of(seen), kinds.snapshot_of(error.version))


def _shown(
    admin: EditedAdmin, request: HttpRequest, state: DocumentState, answer: Answer | None, today: date
) -> HttpResponse:
    user, options, row = user_of(request), admin.editor_options, state.document
    may_write, may_publish = user.has_perm(options.right("change")), user.has_perm(desk.PUBLISH)
    form = (answer.form if answer else None) or _fresh_form(admin, request, state, may_write)
    snapshot = state.snapshot
    may_review = user.has_perm(desk.REVIEW)
    may_approve = may_review and options.kind.has_reviewer
    reviewer = person_of(Editor.staff(user)) if may_approve else None
    open_problems = [] if state.is_live else obstacles.problems(snapshot, today)
    context = {
        "row": row,
        "state": state,
        "form": form,
        "fieldsets": _grouped(admin, form) if form else [],
        "action_form": _action_form(state, snapshot, answer, today),
        "problem": answer.problem if answer else "",
        "theirs": labels.labelled(answer.theirs, options.model) if answer else [],
        "problems": labels.listed(open_problems, answer.ticked if answer else frozenset(), options),
        "needs_reviewer": "" if state.is_live else needs_reviewer(snapshot, row),
        "may_write": may_write,
        # Anyone who puts something into the text goes on from the version that they opened.
        "seen": request.POST.get("seen") if answer and answer.inserted else state.seen,
        "chooser": _chooser(admin, request, answer.inserted if answer else None) if may_write else None,
        "may_publish": may_publish,
        "remark": options.remark(row),
        "used": usage.linked(request, options.uses(row)),
        "may_delete": admin.has_delete_permission(request, row),
        "reviewer": reviewer,
        "unlinked": reviewer is None and may_approve,
        "may_send_back": may_review and state.is_draft and not state.tip.sent_back_at,
        "changed": labels.labelled(_changed(admin, state), options.model) if state.is_draft else [],
        "noun": options.kind.noun,
        "urls": options.urls(row) | {"version": options.url("version", row.pk, state.tip.number)},
        "address": preview.address(row) if row.is_published else "",
    }
    return desk.may_frame_ourselves(
        desk.shown(admin, request, "admin/content/page/editor.html", str(row), context)
    )


def _action_form(
    state: DocumentState, snapshot: DocumentSnapshot, answer: Answer | None, today: date
) -> ActionForm:
    """What goes with the buttons, as typed or fresh. Readers of a page alone are told when it must be checked again."""
    day = snapshot.review_due if isinstance(snapshot, PageSnapshot) else state.tip.next_review
    action_form = (
        answer.action_form
        if answer
        else ActionForm(initial={"next_review": review_dates.next_date(day, today)})
    )
    if not isinstance(snapshot, PageSnapshot):
        action_form.fields[
            "next_review"
        ].help_text = f"It shows in the list of what is due, {limits.REVIEW_SOON_DAYS} days before."
    return action_form


def _fresh_form(admin: EditedAdmin, request: HttpRequest, state: DocumentState, may_write: bool) -> Any:
    if not may_write:
        return None
    instance = _instance(state.document)
    maker = admin.get_form(request, instance, change=True)
    return maker(
        instance=instance,
        initial=form_values.initial(state.snapshot),
        prefix=admin.editor_options.prefix or None,
    )


def _changed(admin: EditedAdmin, state: DocumentState) -> list[Difference]:
    """What differs from what readers have, or had last, for the reviewer to read."""
    before = kinds.snapshot_of(state.live) if state.live else admin.editor_options.blank
    return labels.compared(before, state.snapshot.unchecked())


def _grouped(admin: EditedAdmin, form: Any) -> list[tuple[str, list[Any]]]:
    return [
        (str(title), [form[name] for name in section["fields"] if name in form.fields])
        for title, section in admin.editor_options.fieldsets
    ]
