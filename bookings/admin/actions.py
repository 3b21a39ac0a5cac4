"""Everything that staff can do with a request, as it stands on its page: words, form, mail, call of the verb.

The state table says which of them are allowed now. To add a verb to the desk, add an Action here; those of the day
of a visit are in mark_actions.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from bookings.admin import call_forms, forms, propose_form, slot_calls, slot_forms
from bookings.admin.action import Action
from bookings.admin.mark_actions import MARKS
from bookings.admin.merge_form import MergeForm
from bookings.admin.question_form import QuestionForm
from bookings.admin.slot_calls import Data
from bookings.admin.support_form import SupportForm
from bookings.desk_site import READS_HEALTH
from bookings.models import ConsultationRequest
from bookings.states import CallOutcome
from bookings.workflow import (
    calls,
    contact,
    desk,
    duplicates,
    erasure,
    intake,
    proposal,
    reply,
    sessions,
    undo,
    visit,
    visit_questions,
)
from bookings.workflow.core import Origin

# --- the calls --------------------------------------------------------------------------------------------------------


def _confirm(consultation: ConsultationRequest, origin: Origin, data: Data) -> ConsultationRequest:
    slot, although = data["slots"][0], slot_calls.although(data)
    return reply.confirm(consultation, origin, slot=slot, note=data["note"], although=although)


def _correct_contact(consultation: ConsultationRequest, origin: Origin, data: Data) -> ConsultationRequest:
    return contact.correct_contact(
        consultation, origin, name=data["name"], email=data["email"], phone=data["phone"]
    )


def _called(outcome: CallOutcome, button: str, done: str) -> Action:
    """One press for what came of a call."""
    return Action(
        "call",
        button,
        button,
        lambda consultation, origin, data: calls.call(
            consultation, origin, outcome=outcome, topic=data["topic"]
        ),
        call_forms.CallForm,
        done=done,
        code=outcome.value,
    )


_ALL = (
    Action(
        "confirm",
        "Confirm the time they asked for",
        "Confirm {wish} and tell {name}",
        _confirm,
        slot_forms.WishForm,
        mail="confirmed",
        code="confirm_wish",
    ),
    Action(
        "offer",
        "Offer times",
        "Offer the ticked times and tell {name}",
        slot_calls.offer,
        slot_forms.SlotsForm,
        suggested=2,
        mail="offered",
    ),
    Action(
        "confirm",
        "Confirm the ticked time",
        "Confirm the one ticked time and tell {name}",
        _confirm,
        slot_forms.SlotForm,
        mail="confirmed",
    ),
    Action(
        "ask",
        "Ask a question",
        "Ask and tell {name}",
        lambda consultation, origin, data: reply.ask(
            consultation, origin, question=data["question"], about_health=not data["not_health"]
        ),
        forms.AskForm,
        hint="the promise pauses until they answer",
        mail="question",
    ),
    Action(
        "assess",
        "Say that a clinician is looking at it",
        "Tell {name} that we are looking at it",
        lambda consultation, origin, data: reply.assess(consultation, origin),
        hint="the promise goes on",
        mail="assessing",
    ),
    Action(
        "decline",
        "Advise that something else comes first",
        "Advise and tell {name}",
        lambda consultation, origin, data: reply.decline(
            consultation, origin, reason=data["reason"], note=data["note"]
        ),
        forms.AdviceForm,
        hint="closes the request",
        mail="declined",
        code="advise",
    ),
    Action(
        "decline",
        "Decline, with advice or a reason",
        "Decline and tell {name}",
        lambda consultation, origin, data: reply.decline(
            consultation, origin, reason=data["reason"], note=data["note"]
        ),
        forms.DeclineForm,
        hint="closes the request",
        mail="declined",
        done_as_spam="Declined as spam. Nobody is told.",
        stop=True,
    ),
    Action(
        "rescue",
        "A person after all",
        "Move to New and tell {name} that we have it",
        lambda consultation, origin, data: intake.rescue(consultation, origin),
        hint="the promise starts now",
        mail="received",
    ),
    Action(
        "discard",
        "A bot",
        "Close as spam, tell nobody",
        lambda consultation, origin, data: intake.discard(consultation, origin),
        hint="closes it as spam",
        stop=True,
    ),
    *MARKS,
    Action(
        "reschedule",
        "Move the visit",
        "Move the visit and tell {name}",
        lambda consultation, origin, data: visit.reschedule(
            consultation, origin, slot=data["slots"][0], note=data["note"], although=slot_calls.although(data)
        ),
        slot_forms.MoveForm,
        mail="changed",
    ),
    Action(
        "propose_move",
        "Ask whether another time suits",
        "Propose the time to {name}",
        propose_form.propose,
        propose_form.ProposeForm,
        hint="the visit stays theirs until they choose",
        mail="move_proposed",
    ),
    Action(
        "keep",
        "Withdraw the proposal",
        "Withdraw the proposal, tell nobody",
        lambda consultation, origin, data: proposal.keep(consultation, origin),
        hint="the visit stays where it is",
        only_if_proposed=True,
    ),
    Action(
        "let_stand",
        "Keep the visit as it is",
        "Keep the visit as it is",
        lambda consultation, origin, data: visit.let_stand(consultation, origin),
        only_in_doubt=True,
        hint="although it is in doubt; nobody is mailed",
    ),
    Action(
        "cancel",
        "Cancel the visit",
        "Cancel the visit and tell {name}",
        lambda consultation, origin, data: visit.cancel(
            consultation, origin, reason=data["reason"], text=data["text"]
        ),
        forms.CancelForm,
        hint="frees the time",
        mail="cancelled",
        stop=True,
    ),
    Action(
        "call_off",
        "Call this session off",
        "Call it off, tell nobody",
        lambda consultation, origin, data: sessions.call_off(consultation, origin),
        hint="it is not to be, and is not arranged",
        stop=True,
        only_of_plan=True,
    ),
    Action(
        "reopen",
        "Open it again",
        "Open it again",
        lambda consultation, origin, data: desk.reopen(consultation, origin),
        hint="nothing is held; a new promise starts",
    ),
    _called(CallOutcome.SPOKE, "Spoke", "The call is kept: you spoke with {name}."),
    _called(CallOutcome.NO_ANSWER, "No answer", "The call is kept: no answer."),
    _called(CallOutcome.LEFT_MESSAGE, "Left a message", "The call is kept: you left a message."),
    _called(CallOutcome.RANG_US, "They rang us", "The call is kept: {name} rang."),
    _called(CallOutcome.TEXTED, "Texted", "Kept: you texted {name}."),
    Action(
        "follow_up",
        "Come back to this",
        "Set the day",
        lambda consultation, origin, data: calls.follow_up(consultation, origin, on=data["on"]),
        call_forms.FollowUpForm,
    ),
    Action(
        "follow_up",
        "No day to come back",
        "Clear the day",
        lambda consultation, origin, data: calls.follow_up(consultation, origin, on=None),
        done="There is no day to come back any more.",
        code="no_follow_up",
    ),
    Action(
        "reach",
        "How to reach them",
        "Keep how to reach {name}",
        lambda consultation, origin, data: calls.reach(
            consultation,
            origin,
            contact_by=data["contact_by"],
            may_leave_message=data["may_leave_message"],
            phone_only=data["phone_only"],
        ),
        call_forms.ReachForm,
    ),
    Action(
        "assign",
        "Take it",
        "Take it",
        lambda consultation, origin, data: desk.assign(consultation, origin, user=data["user"]),
        call_forms.TakeForm,
        hint="assigns it to you",
        done="It is yours.",
        code="take",
    ),
    Action(
        "assign",
        "Assign",
        "Assign",
        lambda consultation, origin, data: desk.assign(consultation, origin, user=data["user"]),
        call_forms.AssignForm,
    ),
    Action(
        "assign",
        "Hand it to a clinician",
        "Hand it over, to be rung today",
        lambda consultation, origin, data: desk.assign(consultation, origin, user=data["user"]),
        call_forms.HandOverForm,
        done="Handed to {to}. It is on top of their list.",
        code="hand_over",
    ),
    Action(
        "tag",
        "Tags",
        "Keep tags",
        lambda consultation, origin, data: desk.tag(consultation, origin, tags=data["tags"]),
        forms.TagForm,
    ),
    Action(
        "note",
        "Internal note",
        "Keep note",
        lambda consultation, origin, data: desk.note(
            consultation, origin, text=data["text"], about_health=not data["not_health"]
        ),
        forms.NoteForm,
    ),
    Action(
        "add_information",
        "Add what they told you",
        "Keep it with the request",
        lambda consultation, origin, data: contact.add_information(
            consultation, origin, text=data["text"], about_health=not data["not_health"]
        ),
        forms.InformationForm,
    ),
    Action(
        "note_support",
        "Support for the visit",
        "Keep what {name} needs",
        lambda consultation, origin, data: contact.note_support(
            consultation, origin, needs=data["needs"], note=data["more"]
        ),
        SupportForm,
        hint="all of the desk reads it",
    ),
    Action(
        "correct_contact",
        "Correct the contact details",
        "Save the contact details",
        _correct_contact,
        forms.ContactForm,
        hint="a new address ends the old links and gets a mail of its own",
    ),
    Action(
        "answer_question",
        "Mark a question as answered",
        "Answered",
        lambda consultation, origin, data: visit_questions.answer_question(
            consultation, origin, question_id=data["question"]
        ),
        QuestionForm,
        right=READS_HEALTH,
    ),
    Action(
        "put_off_question",
        "Put a question off",
        "Put off",
        lambda consultation, origin, data: visit_questions.put_off_question(
            consultation, origin, question_id=data["question"]
        ),
        QuestionForm,
        right=READS_HEALTH,
    ),
    Action(
        "merge",
        "Merge another request of theirs into this one",
        "Merge it into this one",
        lambda consultation, origin, data: duplicates.merge(consultation, origin, other=data["other"]),
        MergeForm,
    ),
    Action(
        "undo", "Take it back", "Undo", lambda consultation, origin, data: undo.undo(consultation, origin)
    ),
    Action(
        "erase",
        "Erase everything personal",
        "Erase for good, tell nobody",
        lambda consultation, origin, data: erasure.erase(consultation, origin),
        forms.SureForm,
        hint="a booked visit is cancelled first; this cannot be undone",
        stop=True,
        right="bookings.erase_request",
    ),
)

ACTIONS: Mapping[str, Action] = {action.name: action for action in _ALL}

# Where each stands on the page. Whatever is left stands under "Or answer in another way".
IN_TIMES = ("confirm_wish", "offer", "confirm")
FIRST_IN_TIMES = "offer"  # whose form and mail are shown there until another button was pressed
IN_MOVE = ("reschedule", "propose_move", "keep")
IN_WHO = ("add_information", "correct_contact", "reach", "note_support")
IN_CALL = tuple(outcome.value for outcome in CallOutcome)
HAND_OVER = "hand_over"
IN_FOLLOW_UP = ("follow_up", "no_follow_up")
# Once a request is erased there is nobody left to do these to.
TO_SOMEBODY = (*IN_CALL, *IN_FOLLOW_UP, "reopen", "erase")
IN_HISTORY = ("note",)
IN_SAME_PERSON = ("merge",)
IN_QUESTIONS = ("answer_question", "put_off_question")
IN_BAR = ("undo",)  # on top of every page of the desk (templates/admin/bookings/undo_bar.html)
IN_KEEPING = ("take", "assign", "tag", "erase")

# What is done beside the answer: it leads nowhere else afterwards.
BESIDES = frozenset(
    {
        *IN_WHO,
        *IN_HISTORY,
        *IN_CALL,
        *IN_FOLLOW_UP,
        HAND_OVER,
        *IN_KEEPING,
        *IN_SAME_PERSON,
        *IN_QUESTIONS,
        *IN_BAR,
    }
)
