"""The state table: which verb may change which request, into what, and who may call it. Pure data.

docs/states.md shows the same table in words; a test compares the two and tries every state with every verb.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The state a request is in."""

    NEW = "new"
    WAITING = "waiting"  # for the client's answer
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    SUSPECTED = "suspected"  # caught by a bot guard

    @property
    def words(self) -> str:
        """The word that staff see."""
        return _WORDS[self]


_WORDS = {
    Status.NEW: "New",
    Status.WAITING: "Waiting for client",
    Status.OFFERED: "Offered",
    Status.CONFIRMED: "Confirmed",
    Status.ATTENDED: "Attended",
    Status.NO_SHOW: "Did not attend",
    Status.DECLINED: "Declined",
    Status.WITHDRAWN: "Withdrawn",
    Status.LAPSED: "Lapsed",
    Status.CANCELLED: "Cancelled",
    Status.SUSPECTED: "Suspected spam",
}

OPEN = (Status.NEW, Status.WAITING, Status.OFFERED)
CLOSED = (Status.DECLINED, Status.WITHDRAWN, Status.LAPSED, Status.CANCELLED)
LIVE = (*OPEN, Status.CONFIRMED)
# A session of a plan that ended like this is to be arranged again, for as long as the yes that it came of stands.
AGAIN_FROM = (Status.LAPSED, Status.CANCELLED)
# Whom the desk may ring and come back to: everybody but a bot. A closed request too: its answer may be owed by phone.
CALLABLE = tuple(status for status in Status if status != Status.SUSPECTED)


class Who(StrEnum):
    """Who acts."""

    CLIENT = "client"
    STAFF = "staff"
    CLOCK = "clock"


class DeclineReason(StrEnum):
    """Why staff decline; each is an outcome of triage (docs/states.md) and sends a mail (decline_mails.py)."""

    ADVICE_FIRST = "advice_first"
    REFER_GP = "refer_gp"
    URGENT_SIGNPOST = "urgent_signpost"
    NOT_OFFERED_HERE = "not_offered_here"
    UNDER_18 = "under_18"
    UNREACHABLE = "unreachable"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    OTHER = "other"


class CancelReason(StrEnum):
    """Why a confirmed visit is cancelled."""

    CLIENT_REQUEST = "client_request"
    PRACTITIONER_AWAY = "practitioner_away"
    CLINIC_CLOSED = "clinic_closed"
    CLINICAL = "clinical"
    OTHER = "other"


class CallOutcome(StrEnum):
    """What came of one phone call, or of a text to somebody who asked for texts."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    LEFT_MESSAGE = "left_message"
    RANG_US = "rang_us"
    TEXTED = "texted"

    @property
    def reached(self) -> bool:
        """Somebody spoke with the client."""
        return self in (CallOutcome.SPOKE, CallOutcome.RANG_US)

    @property
    def tells(self) -> bool:
        """What we owed them by phone or text is said."""
        return self.reached or self is CallOutcome.TEXTED


class CallTopic(StrEnum):
    """What a call was about: how "the woman who rang about laser" is found. A code, never anybody's words."""

    LASER = "laser"
    NEEDLING = "needling"
    PEELS = "peels"
    INJECTIONS = "injections"
    SURGERY = "surgery"
    PRICE = "price"
    TIMES = "times"
    VISIT = "visit"
    OTHER = "other"


class PlanStatus(StrEnum):
    """The state a plan is in, one version of it."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"  # all of it
    PART = "part"  # some of its treatments
    DECLINED = "declined"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"  # a later one was sent

    @property
    def words(self) -> str:
        """The words that staff see."""
        return _PLAN_WORDS[self]


_PLAN_WORDS = {
    PlanStatus.DRAFT: "Draft",
    PlanStatus.SENT: "Sent",
    PlanStatus.ACCEPTED: "Accepted",
    PlanStatus.PART: "Accepted in part",
    PlanStatus.DECLINED: "Declined",
    PlanStatus.EXPIRED: "Expired",
    PlanStatus.SUPERSEDED: "Replaced by a later one",
}


class PlanOutcome(StrEnum):
    """What a visit decided."""

    SUITS = "suits"
    NOT_SUITABLE = "not_suitable"
    NOT_NOW = "not_now"

    @property
    def words(self) -> str:
        """The words that staff see."""
        return _OUTCOME_WORDS[self]


_OUTCOME_WORDS = {
    PlanOutcome.SUITS: "Treatments to choose from",
    PlanOutcome.NOT_SUITABLE: "Not suitable, because",
    PlanOutcome.NOT_NOW: "Not now: come back when",
}


class LineAnswer(StrEnum):
    """What the client said about one treatment of a plan."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Verb:
    """One way to change a request. `moves` maps each state in which it is allowed to the states it may end in."""

    name: str
    moves: Mapping[Status, tuple[Status, ...]]
    by: tuple[Who, ...]

    def allowed(self, status: Status | str) -> bool:
        return Status(status) in self.moves


def _verb(name: str, sources: tuple[Status, ...], target: Status | None, *by: Who) -> Verb:
    """A verb that leads from each source to one target (None: the state stays)."""
    return Verb(name, {source: (target or source,) for source in sources}, by)


_C, _S, _K = Who.CLIENT, Who.STAFF, Who.CLOCK
_NEW, _WAITING, _OFFERED, _CONFIRMED = Status.NEW, Status.WAITING, Status.OFFERED, Status.CONFIRMED

# Verbs that make a request rather than changing one.
MAKING = ("submit", "book", "ask_again", "plan_session")

# Verbs of staff that they can take back while the mail waits (docs/states.md, "Taking something back").
UNDOABLE = (
    "rescue",
    "assess",
    "ask",
    "offer",
    "confirm",
    "decline",
    "reschedule",
    "propose_move",
    "cancel",
    "displace",
    "book",
    "send_plan",
    "answer_about_plan",
    # Nobody is mailed of these two. They are here because one press frees many times (bookings/workflow/together.py).
    "release_time",
    "keep",
)
TELL_NOBODY = ("release_time", "keep")
# Nothing was there before `book`: taken back, the visit is called off.
BEFORE_BOOK = Status.CANCELLED

_FORWARD: Mapping[str, Verb] = {
    verb.name: verb
    for verb in (
        _verb("rescue", (Status.SUSPECTED,), _NEW, _S),
        _verb("discard", (Status.SUSPECTED,), Status.DECLINED, _S),
        _verb("prove", (_NEW,), None, _C),
        _verb("release_time", (_NEW,), None, _S, _K),
        _verb("choose_time", (_NEW, _WAITING), None, _C),
        _verb("assess", OPEN, None, _S),
        _verb("ask", (_NEW, _OFFERED), _WAITING, _S),
        _verb("answer", (_WAITING,), _NEW, _C),
        _verb("offer", OPEN, _OFFERED, _S),
        _verb("ask_other_times", (_OFFERED,), _NEW, _C),
        _verb("accept", (_OFFERED,), _CONFIRMED, _C),
        _verb("confirm", OPEN, _CONFIRMED, _S),
        _verb("decline", OPEN, Status.DECLINED, _S),
        _verb("withdraw", OPEN, Status.WITHDRAWN, _C),
        _verb("lapse", (_OFFERED, _WAITING), Status.LAPSED, _K),
        _verb("take_up", (_OFFERED, _WAITING), _NEW, _K),
        _verb("reschedule", (_CONFIRMED,), None, _C, _S),
        _verb("propose_move", (_CONFIRMED,), None, _S),
        _verb("accept_move", (_CONFIRMED,), None, _C),
        _verb("keep", (_CONFIRMED,), None, _C, _S, _K),
        _verb("let_stand", (_CONFIRMED,), None, _S),
        _verb("keep_time", (_CONFIRMED,), None, _K),
        _verb("cancel", (_CONFIRMED,), Status.CANCELLED, _C, _S),
        Verb("displace", {_CONFIRMED: (_OFFERED, _NEW)}, (_S,)),
        _verb("arrive", (_CONFIRMED,), None, _S),
        _verb("late", (_CONFIRMED,), None, _S),
        _verb("expect", (_CONFIRMED,), None, _S),
        _verb("attend", (_CONFIRMED,), Status.ATTENDED, _S),
        _verb("miss", (_CONFIRMED,), Status.NO_SHOW, _S),
        Verb(
            "correct",
            {Status.ATTENDED: (Status.NO_SHOW,), Status.NO_SHOW: (Status.ATTENDED,)},
            (_S,),
        ),
        _verb("choose_questions", (_CONFIRMED,), None, _C),
        _verb("remove_questions", (_CONFIRMED,), None, _C),
        _verb("answer_question", (Status.ATTENDED,), None, _S),
        _verb("put_off_question", (Status.ATTENDED,), None, _S),
        _verb("unmark", (Status.ATTENDED, Status.NO_SHOW), _CONFIRMED, _S),
        _verb("write_plan", (Status.ATTENDED,), None, _S),
        _verb("send_plan", (Status.ATTENDED,), None, _S),
        _verb("accept_plan", (Status.ATTENDED,), None, _C, _S),
        _verb("decline_plan", (Status.ATTENDED,), None, _C, _S),
        _verb("take_back_plan", (Status.ATTENDED,), None, _C, _S),
        _verb("consider_plan", (Status.ATTENDED,), None, _C),
        _verb("ask_about_plan", (Status.ATTENDED,), None, _C),
        _verb("answer_about_plan", (Status.ATTENDED,), None, _S),
        _verb("expire_plan", (Status.ATTENDED,), None, _K),
        _verb("add_session", (Status.ATTENDED,), None, _S),
        _verb("wake", (_NEW,), None, _K),
        _verb("call_off", (*OPEN, *AGAIN_FROM), Status.WITHDRAWN, _C, _S),
        _verb("add_information", LIVE, None, _C, _S),
        _verb("correct_contact", (*LIVE, Status.SUSPECTED), None, _C, _S),
        _verb("reach", LIVE, None, _S),
        _verb("note_support", LIVE, None, _S),
        _verb("call", CALLABLE, None, _S),
        _verb("follow_up", CALLABLE, None, _S),
        _verb("assign", LIVE, None, _S),
        _verb("note", LIVE, None, _S),
        _verb("tag", LIVE, None, _S),
        _verb("merge", LIVE, None, _S),
        _verb("reopen", (*CLOSED, Status.NO_SHOW), _NEW, _S, _C),
        # A live request is ended first; after that the state stays what it was.
        Verb(
            "erase",
            {
                s: (Status.CANCELLED if s == _CONFIRMED else Status.WITHDRAWN if s in OPEN else s,)
                for s in Status
            },
            (_C, _S, _K),
        ),
    )
}


def _undo() -> Verb:
    """The way back: from wherever an undoable verb leads to where it was called."""
    back: dict[Status, list[Status]] = {Status.CONFIRMED: [BEFORE_BOOK]}
    for name, verb in _FORWARD.items():
        for source, targets in verb.moves.items() if name in UNDOABLE else ():
            for target in targets:
                back.setdefault(target, []).append(source)
    return Verb("undo", {now: tuple(dict.fromkeys(before)) for now, before in back.items()}, (_S,))


TABLE: Mapping[str, Verb] = {**_FORWARD, "undo": _undo()}

# Each verb about a plan: from which states of it, to which. The request that it belongs to stays attended.
_DRAFT, _SENT, _PART, _ACCEPTED = PlanStatus.DRAFT, PlanStatus.SENT, PlanStatus.PART, PlanStatus.ACCEPTED
PLAN_TABLE: Mapping[str, Mapping[PlanStatus, tuple[PlanStatus, ...]]] = {
    "write_plan": {_DRAFT: (_DRAFT,)},
    "send_plan": {_DRAFT: (_SENT,)},
    "accept_plan": {_SENT: (_ACCEPTED, _PART), _PART: (_ACCEPTED, _PART)},
    "decline_plan": {_SENT: (PlanStatus.DECLINED,), _PART: (_PART,)},
    "take_back_plan": {_ACCEPTED: (_SENT, _PART), _PART: (_SENT, _PART), PlanStatus.DECLINED: (_SENT,)},
    "consider_plan": {_SENT: (_SENT,), _PART: (_PART,)},
    "ask_about_plan": {one: (one,) for one in (_SENT, _PART, _ACCEPTED, PlanStatus.DECLINED)},
    "answer_about_plan": {one: (one,) for one in PlanStatus if one != _DRAFT},
    "expire_plan": {_SENT: (PlanStatus.EXPIRED,)},
}
# After these a line has no answer, although the client said something: an answer is taken back, or they think about it.
UNANSWERS = ("take_back_plan", "consider_plan")
# Sending a plan replaces the one before it, whatever the client has said to that.
SUPERSEDES = (_SENT, _PART, _ACCEPTED)

# An answer, the clinic's or the client's, puts away an earlier personal note. Some verbs bring their own note; a move that
# brings none leaves what was written about the visit.
WITH_A_NOTE = ("offer", "confirm", "decline", "reschedule", "propose_move", "cancel", "displace")
# What was written with a proposal is about the proposal: it goes once that is answered.
ENDS_PROPOSAL = ("accept_move", "keep", "reschedule")
# After these the visit has the time that the event names.
GIVES_A_TIME = ("accept", "confirm", "book", "reschedule", "accept_move")
ANSWERS = (
    "offer",
    "confirm",
    "decline",
    "cancel",
    "book",
    "ask",
    "accept",
    "ask_other_times",
    "withdraw",
    "lapse",
    "displace",
    "take_up",
    "reopen",
)

# A client may call these before opening any mail. A client who calls any other has opened one: their address is proved.
WITHOUT_PROOF = ("correct_contact", "erase")

# What was merged into another request answers nothing but these.
AFTER_A_MERGE = ("erase",)

# From these a client may ask again: a new request that follows the old one.
ASK_AGAIN_FROM = (Status.LAPSED, Status.WITHDRAWN, Status.CANCELLED, Status.NO_SHOW, Status.DECLINED)


def allowed_verbs(status: Status | str, who: Who) -> tuple[str, ...]:
    """The names of the verbs that `who` may call on a request in this state, in the table's order."""
    return tuple(name for name, verb in TABLE.items() if verb.allowed(status) and who in verb.by)
