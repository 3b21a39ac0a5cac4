"""What a draft holds, as a value: the answers so far, and what the pages of the form note beside them.

The stored column is JSON that any version of this site may have written. A value of the wrong kind reads as absent, and a
key that we do not know is kept: `data` changes only the keys whose values have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField
from django.http import QueryDict

from bookings import slot_text
from bookings.client.times.windows import Window
from bookings.client.typed import Fields, post
from bookings.models import ContactBy, Weekday
from content.guide import kept

# Whoever chose one of these is reached by phone.
WANT_A_CALL = (ContactBy.PHONE, ContactBy.TEXT)
# The form once had eight pages. Where their questions stand now, for the two hours at most that such a draft lives.
FORMER = {"age": "about", "interests": "about", "phone": "you", "support": "before"}


@dataclass(frozen=True, repr=False)
class DraftData:
    """One draft's answers. A field is named like its key in the stored column, and is empty until it is answered.

    Not printable on purpose: most of it is about somebody's health.
    """

    # Answers, under the names of the forms' fields.
    adult: str = ""  # "yes": nothing is kept of anybody who says no
    concerns: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    treatments: list[str] = field(default_factory=list)
    applies: list[str] = field(default_factory=list)
    anything_else: str = ""
    name: str = ""
    name_to_use: str = ""
    email: str = ""
    contact_by: str = ""  # a value of ContactBy
    phone: str = ""  # as it was typed
    may_leave_message: bool = False
    support: list[str] = field(default_factory=list)
    support_note: str = ""

    # The page of times.
    type: int | None = None  # a ConsultationType's id
    practitioner: int | None = None  # None: any
    slot: str = ""  # the chosen time (slot_text), empty: no time suits
    windows: list[Window] = field(default_factory=list)
    time_zone: str = ""
    brought: bool = False  # the time came along from the page before: that of times need not be shown
    with_whom: str = ""  # with whom a time may be that was chosen with whoever is free, as the page said it
    look: dict[str, str] = field(
        default_factory=dict
    )  # what was filled in there when other times were looked at
    taken: str = ""  # the chosen time (slot_text), if somebody else was first

    # Where it comes from.
    source_page: int | None = None  # a Page's id
    follows: int | None = None  # a ConsultationRequest's id, for whoever asks again
    guide: dict[str, Any] | None = None  # what content.guide.kept keeps
    guide_left_out: bool = False

    # How far it is.
    done: list[str] = field(default_factory=list)  # names of answered pages, the newest last
    sent_back: dict[str, str] = field(default_factory=dict)  # page -> why it is asked again (order.SENT_BACK)
    typed: dict[str, Fields] = field(default_factory=dict)  # page -> what was typed and not taken
    agreed: dict[str, bool] = field(default_factory=dict)  # consent -> ticked, before it is sent
    trapped: bool = False  # the field that nobody sees was filled in
    asked_to_look: datetime | None = None  # when we said "that was very quick"
    counted: bool = False  # it has been counted against the limits of sending

    stored: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """The column as it was read."""

    @classmethod
    def from_data(cls, stored: object) -> DraftData:
        """Read the column. Never raises."""
        column: Mapping[str, Any] = stored if isinstance(stored, Mapping) else {}
        get = column.get
        return cls(
            adult=_text(get("adult")),
            concerns=_texts(get("concerns")),
            areas=_texts(get("areas")),
            treatments=_texts(get("treatments")),
            applies=_texts(get("applies")),
            anything_else=_text(get("anything_else")),
            name=_text(get("name")),
            name_to_use=_text(get("name_to_use")),
            email=_text(get("email")),
            contact_by=_contact_by(get("contact_by")),
            phone=_text(get("phone")),
            may_leave_message=get("may_leave_message") is True,
            support=_texts(get("support")),
            support_note=_text(get("support_note")),
            **_of_times(column),
            source_page=_id(get("source_page")),
            follows=_id(get("follows")),
            guide=_guide(get("guide")),
            guide_left_out=get("guide_left_out") is True,
            done=_texts(get("done")),
            sent_back=_named(get("sent_back"), _is_text),
            typed=_typed(column),
            # Whoever wanted to be texted once agreed to it on the page of the phone.
            agreed=({"texts": True} if get("texts") is True else {}) | _named(get("agreed"), _is_flag),
            trapped=get("trapped") is True,
            asked_to_look=_moment(get("asked_to_look")),
            counted=get("counted") is True,
            stored=dict(column),
        )

    def data(self) -> dict[str, Any]:
        """The column to store: as it was read, except for what has changed since."""
        before = DraftData.from_data(self.stored)
        return {**self.stored, **{name: _json(value) for name, value in self._differing_from(before)}}

    def initial(self) -> dict[str, Any]:
        """The first values of a page's form."""
        return dict(self._differing_from(DraftData()))

    def _differing_from(self, other: DraftData) -> list[tuple[str, Any]]:
        names = [one.name for one in fields(self) if one.compare]
        return [(name, getattr(self, name)) for name in names if getattr(self, name) != getattr(other, name)]

    # --- what follows from the answers --------------------------------------------------------------------------------

    @property
    def chosen(self) -> tuple[int | None, datetime] | None:
        """The practitioner (None: any) and the start (UTC) of the chosen time; None if none is chosen."""
        return slot_text.read(self.slot)

    @property
    def wants_a_call(self) -> bool:
        return self.contact_by in WANT_A_CALL

    # --- what was typed and not taken ---------------------------------------------------------------------------------

    def typed_on(self, page: str) -> QueryDict | None:
        """What waits for this page, as a form reads it; None if nothing does."""
        return post(self.typed[page]) if page in self.typed else None

    def beside(self, given: QueryDict) -> QueryDict:
        """`given`, with the answers so far to whatever it does not answer: a form reads it like one that was sent whole."""
        return post(_as_typed(self.initial()) | dict(given.lists()))

    def with_typed(self, page: str, given: Fields) -> DraftData:
        """Keep what was typed on this page until it is forgotten."""
        return replace(self, typed=self.typed | {page: given})

    def without_typed(self, page: str) -> DraftData:
        """The page has been answered, or is asked afresh."""
        return replace(self, typed={name: given for name, given in self.typed.items() if name != page})


# --- reading: a value of the right kind, or the empty one -------------------------------------------------------------


def _of_times(column: Mapping[str, Any]) -> dict[str, Any]:
    get = column.get
    return {
        "type": _id(get("type")),
        "practitioner": _id(get("practitioner")),
        "slot": _text(get("slot")),
        "windows": _windows(get("windows")),
        "time_zone": _text(get("time_zone")),
        "brought": get("brought") is True,
        "with_whom": _text(get("with_whom")),
        "look": _named(get("look"), _is_text),
        "taken": _text(get("taken")),
    }


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _contact_by(value: object) -> str:
    return _text(value) if value in ContactBy.values else ""


def _id(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 < value <= BigIntegerField.MAX_BIGINT else None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _windows(value: object) -> list[Window]:
    found: list[Window] = []
    for one in value if isinstance(value, list) else []:
        match one:
            case [None | int() as day, str() as part] if day is None or day in Weekday.values:
                found.append((day, part))
    return found


def _guide(value: object) -> dict[str, Any] | None:
    """What the guide kept, if it can be put into words; otherwise it is of no use to anybody."""
    if not isinstance(value, dict):
        return None
    try:
        kept.told(value, {}, {})
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return value


def _typed(column: Mapping[str, Any]) -> dict[str, Fields]:
    """What was typed and not taken. What waits for a former page stands among the answers of the page that asks it now."""
    found: dict[str, Fields] = {}
    for page, given in _named(column.get("typed"), _is_named).items():
        now = FORMER.get(page, page)
        found[now] = (
            (_as_typed(column) if page in FORMER else {}) | found.get(now, {}) | _named(given, _is_texts)
        )
    return found


def _as_typed(column: Mapping[str, Any]) -> Fields:
    """The answers as a browser would send them. A form reads only its own."""
    ticks = {name: ["on"] for name, value in column.items() if value is True}
    lines = {name: [value] for name, value in column.items() if _is_text(value)}
    return ticks | lines | {name: value for name, value in column.items() if _is_texts(value)}


def _named(value: object, is_right: Callable[[object], bool]) -> dict[str, Any]:
    """Those entries of a JSON object whose values are right."""
    return {name: one for name, one in value.items() if is_right(one)} if isinstance(value, dict) else {}


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_named(value: object) -> bool:
    return isinstance(value, dict)


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
