"""What can be found, out of the database: published pages, questions, people; and whether any of it has changed."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from content.models import FAQ, Page, Person, Synonym, Treatment
from content.search import plain
from content.search.index import Document, Section
from content.text import markdown

# What it is, its number, its version.
Stamp = frozenset[tuple[str, str, str]]

# What a result says it is.
KINDS = {
    Page.Kind.HOME: "This clinic",
    Page.Kind.HUB: "Concerns",
    Page.Kind.CONCERN: "Concern",
    Page.Kind.TREATMENT: "Treatment",
    Page.Kind.ARTICLE: "Article",
    Page.Kind.DUTY: "About us",
}
# Home and hub mention everything, so anything else that fits goes first; a question has one answer, a page has all of it.
IMPORTANCE = {Page.Kind.HOME: 0.55, Page.Kind.HUB: 0.9, Page.Kind.CONCERN: 1.1}
QUESTION_IMPORTANCE = 0.9
# People who need this page must not have to look past another one.
URGENT, URGENT_IMPORTANCE = "urgent-help", 1.6
AFTERCARE = "aftercare"


def stamp() -> Stamp:
    """Everything with its version, in one statement. Two stamps are equal when nothing has changed between them.

    Every row and not only the newest: of two editors who save at once, the later may have begun earlier.
    """
    newest = Cast("updated_at", CharField())
    rows = [
        _versions("page", Page.objects.published(), newest),
        _versions("question", FAQ.objects.all(), newest),
        _versions("person", Person.objects.all(), _words("slug", "name", "role", "register", "text")),
        _versions(
            "treatment",
            Treatment.objects.filter(offered=False, pages=None),
            _words("name", "how", "evidence_words"),
        ),
        _versions("synonym", Synonym.objects.all(), newest),
    ]
    return frozenset(rows[0].union(*rows[1:], all=True))


def _words(*fields: str) -> Any:
    """What these rows say, as their version: they keep no time of their changes."""
    return Concat(*(part for field in fields for part in (field, Value("\n"))), output_field=TextField())


def _versions(name: str, rows: Any, version: Any) -> Any:
    return rows.order_by().values_list(
        Value(name, output_field=CharField()), Cast("pk", CharField()), Cast(version, CharField())
    )


def documents() -> list[Document]:
    """Everything that a reader may find, in a steady order. Four statements."""
    pages = Page.objects.published().order_by("order", "pk")
    questions = FAQ.objects.order_by("order", "pk")
    people = Person.objects.order_by("order", "pk")
    elsewhere = Treatment.objects.filter(offered=False, pages=None).order_by("order", "pk")
    return [
        *map(page_document, pages),
        *map(question_document, questions),
        *map(person_document, people),
        *map(elsewhere_document, elsewhere),
    ]


def synonyms() -> list[tuple[str, str]]:
    """What people type, and what our pages say. One statement."""
    return list(Synonym.objects.order_by("pk").values_list("phrase", "means"))


def page_document(page: Page) -> Document:
    parts = markdown.parts(page.body, steps=page.kind == Page.Kind.HOME)
    return Document(
        url=page.get_absolute_url(),
        kind="Help now" if page.slug == URGENT else KINDS[Page.Kind(page.kind)],
        title=page.title,
        menu_title=page.menu_title,
        tell=page.tell,
        summary=page.summary,
        # Urgent help prints whom to call in place of its facts: no result may lead to a panel that is not there.
        facts=""
        if page.slug == URGENT
        else "\n".join(f"{label}: {text}" for label, text in page.at_a_glance),
        sections=plain.sections(part.content for part in parts if part.kind in ("html", "of-100")),
        importance=URGENT_IMPORTANCE if page.slug == URGENT else IMPORTANCE.get(Page.Kind(page.kind), 1.0),
        is_help=page.slug == URGENT,
        is_aftercare=page.slug == AFTERCARE,
    )


def question_document(question: FAQ) -> Document:
    answer = plain.text(markdown.render(question.answer))
    return Document(
        url=f"{reverse('content:faqs')}#{question.slug}",
        kind="Question",
        title=question.question,
        sections=(Section("", "", answer),),
        importance=QUESTION_IMPORTANCE,
    )


def person_document(person: Person) -> Document:
    return Document(
        url=f"{reverse('content:team')}#person-{person.slug}",
        kind="Our team",
        title=person.name,
        tell=person.role,
        sections=(Section("", "", "\n".join(filter(None, (person.text, person.register)))),),
    )


def elsewhere_document(treatment: Treatment) -> Document:
    """A treatment that is not done here: whoever asks for it by its name reads that first. One with a page needs none."""
    return Document(
        url=f"{reverse('content:treatments')}#not-offered-{treatment.code}",
        kind="Treatment",
        title=treatment.name,
        tell="Not done here",
        sections=(Section("", "", f"{treatment.how}\nEvidence: {treatment.evidence_words}"),),
    )
