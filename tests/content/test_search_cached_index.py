"""One index a process: built once, built again after a change, and never waited for while an old one is there."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from content.models import FAQ, Page, Person, Synonym, Treatment
from content.search import cached_index, rows
from content.search.cached_index import Shelf
from content.search.index import Document, Index, build

pytestmark = pytest.mark.django_db


def article(slug: str = "wibble", **more: Any) -> Page:
    values = {"title": slug.capitalize(), "menu_title": slug.capitalize(), "summary": "About it."} | more
    return Page.objects.create(kind=Page.Kind.ARTICLE, slug=slug, **values)


def urls(query: str) -> list[str]:
    return [hit.url for hit in cached_index.index().find(query)]


# --- What makes it new ------------------------------------------------------------------------------------------------


def test_a_new_page_is_found_at_once_and_a_changed_one_by_its_new_words(db: None) -> None:
    assert urls("wibble") == []
    page = article()
    assert urls("wibble") == ["/articles/wibble/"]
    page.title = page.menu_title = "Gronk"
    page.save()
    assert urls("gronk") == ["/articles/wibble/"]
    assert urls("wibble") == []


def test_a_page_that_goes_is_no_longer_found(db: None) -> None:
    page = article()
    assert urls("wibble")
    page.is_published = False
    page.save()
    assert urls("wibble") == []
    page.is_published = True
    page.save()
    assert urls("wibble")
    page.delete()
    assert urls("wibble") == []


def test_a_new_synonym_counts_from_the_next_search_on(db: None) -> None:
    article()
    assert urls("thingummy") == []
    synonym = Synonym.objects.create(phrase="thingummy", means="wibble")
    assert urls("thingummy") == ["/articles/wibble/"]
    synonym.phrase = "doodah"
    synonym.save()
    assert urls("thingummy") == []
    assert urls("doodah") == ["/articles/wibble/"]
    synonym.delete()
    assert urls("doodah") == []


def test_questions_and_people_count_too(db: None) -> None:
    question = FAQ.objects.create(
        slug="gronk", group=FAQ.Group.SCARS, question="What is a gronk?", answer="It is big."
    )
    person = Person.objects.create(slug="zed", name="Zed Quill", role="Nurse")
    assert cached_index.index().find("gronk")[0].title == "What is a gronk?"
    assert cached_index.index().find("quill")[0].title == "Zed Quill"
    question.answer = "It is enormous."
    question.save()
    assert cached_index.index().find("enormous")[0].title == "What is a gronk?"
    person.name = "Zed Mallow"
    person.save()
    assert cached_index.index().find("mallow")[0].title == "Zed Mallow"


def test_a_page_swapped_for_another_changes_the_stamp(db: None) -> None:
    """Neither the number of pages nor the time of the newest change tells: every row counts."""
    shown, hidden = article("wibble"), article("gronk", is_published=False)
    assert urls("wibble") and not urls("gronk")
    Page.objects.filter(pk=shown.pk).update(is_published=False)
    Page.objects.filter(pk=hidden.pk).update(is_published=True)
    assert urls("gronk") and not urls("wibble")


def test_an_editor_who_began_earlier_and_saves_later_is_not_overlooked(db: None) -> None:
    early, late = article("wibble"), article("gronk")
    late.save()
    cached_index.index()
    before = early.updated_at
    Page.objects.filter(pk=early.pk).update(title="Flumm", updated_at=before.replace(microsecond=1))
    assert urls("flumm")


# --- What it costs ----------------------------------------------------------------------------------------------------


def test_nothing_new_is_one_statement_another_edition_two_and_an_index_five_more(
    shipped: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cached_index.index()
    with django_assert_num_queries(1):
        cached_index.index()
    Treatment.objects.all()[0].save()  # nothing that is searched
    with django_assert_num_queries(2):
        cached_index.index()
    Page.objects.get(slug="milia").save()
    with django_assert_num_queries(7):
        cached_index.index()


def test_the_stamp_is_the_same_when_nothing_changes(shipped: None) -> None:
    first, second = rows.stamp(), rows.stamp()
    assert first == second
    assert {name for name, _, _ in first} == {"page", "question", "person", "synonym", "treatment"}


def test_what_is_built_holds_no_row_and_asks_no_database(
    shipped: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    index = cached_index.make()
    with django_assert_num_queries(0):
        assert index.find("keloid") and index.answer("keliod").corrected and index.suggestions("bilia")


# --- Threads ----------------------------------------------------------------------------------------------------------


def index_of(title: str) -> Index:
    return build([Document(url=f"/{title}/", kind="Page", title=title)], ())


class Slow:
    """A stamp that a test moves on, and an index that takes until the test lets it be done."""

    def __init__(self) -> None:
        self.version = "one"
        self.built: list[str] = []
        self.fails = False
        self.building = threading.Event()
        self.go_on = threading.Event()
        self.shelf = Shelf(self.stamp, self.make)

    def stamp(self) -> rows.Stamp:
        return frozenset({("page", "1", self.version)})

    def make(self) -> Index:
        version = self.version
        self.building.set()
        assert self.go_on.wait(10)
        if self.fails:
            raise RuntimeError("the database went away")
        self.built.append(version)
        return index_of(version)

    def first_title(self) -> str:
        return self.shelf.index().entries[0].document.title


def in_threads(number: int, slow: Slow) -> tuple[list[threading.Thread], list[str]]:
    seen: list[str] = []
    threads = [threading.Thread(target=lambda: seen.append(slow.first_title())) for _ in range(number)]
    for thread in threads:
        thread.start()
    return threads, seen


def test_the_first_index_is_built_once_for_all_who_wait() -> None:
    slow = Slow()
    threads, seen = in_threads(6, slow)
    assert slow.building.wait(10)
    slow.go_on.set()
    for thread in threads:
        thread.join(10)
    assert seen == ["one"] * 6
    assert slow.built == ["one"]


def test_while_one_thread_builds_the_others_get_the_old_index() -> None:
    slow = Slow()
    slow.go_on.set()
    assert slow.first_title() == "one"
    slow.version = "two"
    slow.building.clear()
    slow.go_on.clear()
    [builder], seen = in_threads(1, slow)
    assert slow.building.wait(10)
    assert slow.first_title() == "one"  # does not wait
    slow.go_on.set()
    builder.join(10)
    assert seen == ["two"]
    assert slow.first_title() == "two"
    assert slow.built == ["one", "two"]


def test_an_index_that_could_not_be_built_is_tried_again() -> None:
    slow = Slow()
    slow.go_on.set()
    slow.first_title()
    slow.version = "two"
    slow.fails = True
    with pytest.raises(RuntimeError):
        slow.shelf.index()
    slow.fails = False
    assert slow.first_title() == "two"


def test_a_change_while_it_is_built_makes_it_be_built_again() -> None:
    slow = Slow()
    threads, _ = in_threads(1, slow)
    assert slow.building.wait(10)
    slow.version = "two"
    slow.go_on.set()
    threads[0].join(10)
    assert slow.first_title() == "two"


def test_many_threads_find_the_same(shipped: None) -> None:
    """Snowball's stemmer remembers its word while it works: shared between threads, it would mix them up."""
    index = cached_index.make()
    queries = (
        "unfading scarring needlings",
        "keliod tumours",
        "hyperpigmentations moisturising",
        "anaesthetised",
    )
    expected = {query: index.find(query) for query in queries}
    wrong: list[str] = []

    def ask() -> None:
        for _ in range(20):
            wrong.extend(query for query in queries if index.find(query) != expected[query])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
