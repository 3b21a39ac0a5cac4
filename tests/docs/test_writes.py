"""Only bookings/workflow/ writes a status, only content/publishing/ what readers can open; forms never save."""

from __future__ import annotations

import ast

import pytest

from tests.docs import source
from tests.docs.pages import read, section, table

WORKFLOW = "bookings.workflow."
PUBLISHING = "content.publishing."


def allowed_writes() -> dict[str, set[str]]:
    """Room of pages -> the calls by which docs/architecture.md lets it write rows itself."""
    allowed: dict[str, set[str]] = {}
    for room, call, _why in table(section(read("docs/architecture.md"), "Who writes"), "room"):
        allowed.setdefault(room.strip("`"), set()).add(call.strip("`"))
    return allowed


def pages() -> source.Tree:
    return {
        name: body
        for name, body in source.project().items()
        if name.startswith(("bookings.client", "bookings.admin", "content.views", "content.admin"))
    }


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


# --- the project ------------------------------------------------------------------------------------------------------


def test_only_the_workflow_writes_a_status() -> None:
    assert [
        f"{name}:{line} {code}"
        for name, body in source.project().items()
        if not name.startswith(WORKFLOW)
        for line, code in source.status_writes(body)
    ] == []


def test_the_workflow_does_write_it() -> None:
    tree = source.project()
    assert source.status_writes(tree["bookings.workflow.core"])
    assert source.status_writes(tree["bookings.workflow.intake"])


def test_only_the_publishing_verbs_say_what_readers_can_open() -> None:
    # The workflow's own setattr is looked after above; it touches no page.
    assert [
        f"{name}:{line} {code}"
        for name, body in source.project().items()
        if not name.startswith((PUBLISHING, WORKFLOW))
        for line, code in source.publication_writes(body)
    ] == []


def test_the_publishing_verbs_do_say_it() -> None:
    tree = source.project()
    for name in ("release", "verbs", "core"):
        assert source.publication_writes(tree[f"{PUBLISHING}{name}"]), name


def test_forms_never_save() -> None:
    writes = [
        f"{name}:{line} {form.name}: {call}"
        for name, body in source.project().items()
        for form in source.forms(body)
        for line, call in source.row_writes(form)
    ]
    assert writes == []
    own_save = [
        f"{name}: {form.name}"
        for name, body in source.project().items()
        for form in source.forms(body)
        for part in form.body
        if isinstance(part, ast.FunctionDef) and part.name in ("save", "_save_m2m")
    ]
    assert own_save == []


def test_pages_write_only_what_the_architecture_lets_them() -> None:
    allowed = allowed_writes()
    assert [
        f"{name}:{line} {call}"
        for name, body in pages().items()
        for line, call in source.row_writes(body)
        if call not in allowed.get(room(name), set())
    ] == []


def test_what_the_architecture_lets_them_write_they_write() -> None:
    tree = pages()
    done = {(room(name), call) for name, body in tree.items() for _line, call in source.row_writes(body)}
    assert {(name, call) for name, calls in allowed_writes().items() for call in calls} - done == set()


# --- the guards can fail ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "row.status = 'new'",
        "row.status, row.version = 'new', 2",
        "row.status: str = 'new'",
        "row.status += 'x'",
        "rows.filter(pk=1).update(status='new')",
        "rows.update(**{'status': 'new'})",
        "rows.bulk_update(found, ['status'])",
        "rows.bulk_update(found, fields=['version', 'status'])",
        "row.save(update_fields=['status'])",
        "setattr(row, 'status', 'new')",
        "setattr(row, name, 'new')",
        "object.__setattr__(row, 'status', 'new')",
        "ConsultationRequest(status='new')",
        "ConsultationRequest.objects.create(status='new')",
        "Request.objects.update_or_create(pk=1, defaults={'status': 'new'})",
    ],
)
def test_a_written_status_is_seen(code: str) -> None:
    assert {line for line, _ in source.status_writes(ast.parse(code))} == {1}


@pytest.mark.parametrize(
    "code",
    [
        "page.is_published = True",
        "page.live = version",
        "pages.filter(pk=1).update(is_published=False)",
        "Page.objects.update(live=None)",
        "Page(is_published=False)",
        "page.save(update_fields=['live'])",
        "setattr(page, name, True)",
    ],
)
def test_a_publication_past_the_verbs_is_seen(code: str) -> None:
    assert {line for line, _ in source.publication_writes(ast.parse(code))} == {1}


@pytest.mark.parametrize(
    "code", ["if page.is_published: pass", "Page.objects.filter(is_published=True)", "page.title = 'x'"]
)
def test_a_publication_that_is_only_read_is_not(code: str) -> None:
    assert source.publication_writes(ast.parse(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "if row.status == 'new': pass",
        "status = row.status",
        "rows.filter(status='new')",
        "response.status_code = 303",
        "render(request, 'page.html', status=404)",
        "setattr(row, 'name', 'Cleo')",
        "rows.update(version=2)",
        "row.save(update_fields=['name'])",
    ],
)
def test_a_status_that_is_only_read_is_not(code: str) -> None:
    assert source.status_writes(ast.parse(code)) == []


@pytest.mark.parametrize(
    "call",
    [
        "self.instance.save()",
        "super().save(commit=False)",
        "Note.objects.create(text='x')",
        "Note.objects.filter(pk=1).update(text='x')",
        "Note.objects.bulk_create([])",
        "row.delete()",
    ],
)
def test_a_form_that_writes_is_seen(call: str) -> None:
    body = ast.parse(f"class NoteForm(forms.Form):\n    def clean(self):\n        {call}")
    [form] = source.forms(body)
    assert [line for line, _ in source.row_writes(form)] == [3]


def test_a_form_that_only_reads_is_not() -> None:
    body = ast.parse(
        "class A(forms.ModelForm):\n    def clean(self):\n        data.update(more)\n        Page.objects.all()"
    )
    [form] = source.forms(body)
    assert source.row_writes(form) == []
