"""How each verb reads, to the desk and to the client: one row per verb. Pure data, next to bookings/states.py.

What happened, in words. What a button says before it is pressed is in bookings/admin/actions.py and
bookings/client/own/actions.py. A test compares the rows with the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bookings import plan_words


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one verb.

    `past` tells staff who was first: "Dee {past} 2 minutes ago". `history` is its line on the desk, followed by "by Dee", or
    by `by_itself` where the clock did it. `done` is what the desk shows to whoever has just pressed the button; {name} in it
    becomes the client's name.

    `news` is a mark on the worklist while nothing has been done since.

    `client` is its line on the client's page; empty: staff keep it among themselves. {who} becomes "You", "The clinic"
    or "We", {start} and {to} the moment of the visit, {times} how many were offered, {missed} what was not done in time.
    `client_by_staff` is that line where staff did it, if it reads otherwise. `client_meanwhile` tells the client who was
    first: "The clinic {client_meanwhile} 2 minutes ago"; `client_done` is shown to a client who has just done it.
    """

    past: str
    history: str
    by_itself: str = "by itself"
    done: str = "Done."
    news: str = ""
    client: str = ""
    client_by_staff: str = ""
    client_meanwhile: str = ""
    client_done: str = ""


WORDING: Mapping[str, Wording] = {
    "submit": Wording(past="sent this", history="Request arrived", client="{who} sent your request."),
    "book": Wording(
        past="booked this",
        history="Booked by phone",
        client="{who} booked a time for you{start}.",
    ),
    "rescue": Wording(
        past="rescued this",
        history="Rescued from suspected spam",
        done="Moved to New. {name} is told that we have the request.",
    ),
    "discard": Wording(past="discarded this", history="Discarded as spam", done="Closed as spam."),
    "prove": Wording(
        past="opened the link",
        history="Opened the link: the address is proved",
        client="You opened the link in our email.",
        client_meanwhile="opened the link in our email",
    ),
    "release_time": Wording(
        past="released the held time",
        history="The held time was released",
        by_itself="by itself, because the hold ran out",
        done="The time is free again. What {name} wished for stays.",
        client="We stopped holding the time that you chose. We still know that you would like it.",
        client_meanwhile="stopped holding the time that you chose",
    ),
    "choose_time": Wording(
        past="wished for another time",
        history="Wished for another time",
        news="Wants another time",
        client="You chose another time{start}.",
        client_meanwhile="chose another time",
        client_done="Thank you. We have your new time.",
    ),
    "assess": Wording(
        past="said that it is being assessed",
        history="A clinician is looking at it",
        done="{name} is told that we are looking at it.",
        client="A clinician began to look at your request.",
        client_meanwhile="has begun to look at your request",
    ),
    "ask": Wording(
        past="asked a question",
        history="Asked the client a question",
        done="Asked. The promise pauses until {name} answers.",
        client="{who} asked you a question.",
        client_meanwhile="asked you a question",
    ),
    "answer": Wording(
        past="answered",
        history="The client answered",
        news="They answered",
        client="You answered.",
        client_meanwhile="answered the question",
        client_done="Thank you. We have your answer.",
    ),
    "offer": Wording(
        past="offered times",
        history="Offered times",
        done="The times are held, and {name} is told by e-mail.",
        client="{who} offered you {times}.",
        client_meanwhile="offered you other times",
    ),
    "ask_other_times": Wording(
        past="asked for other times",
        history="Asked for other times",
        news="Wants other times",
        client="You asked for other times.",
        client_meanwhile="asked for other times",
        client_done="Thank you. We look for other times for you.",
    ),
    "accept": Wording(
        past="accepted a time",
        history="Accepted an offered time",
        client="You accepted a time{start}.",
        client_meanwhile="accepted a time",
        client_done="Thank you. The time is yours, and an email with the details is on its way.",
    ),
    "confirm": Wording(
        past="confirmed this",
        history="Confirmed",
        done="Confirmed. {name} is told by e-mail.",
        client="{who} confirmed your consultation{start}.",
        client_meanwhile="confirmed your consultation",
    ),
    "decline": Wording(
        past="declined this",
        history="Declined",
        done="Declined. {name} is told by e-mail.",
        client="{who} answered your request.",
        client_meanwhile="answered your request",
    ),
    "withdraw": Wording(
        past="withdrew this",
        history="Withdrawn",
        client="{who} withdrew your request.",
        client_meanwhile="withdrew the request",
        client_done="You have withdrawn your request.",
    ),
    "lapse": Wording(
        past="closed this because the time ran out",
        history="Closed: the time ran out",
        by_itself="by itself, because nobody answered in time",
        client="The time to {missed} ran out, so the request was closed.",
        client_meanwhile="closed the request because the time ran out",
    ),
    "reschedule": Wording(
        past="moved the appointment",
        history="The visit was moved",
        done="Moved. {name} is told by e-mail.",
        client="{who} moved your consultation{to}.",
        client_meanwhile="moved the consultation",
        client_done="Your consultation has moved. An email with the details is on its way.",
    ),
    "propose_move": Wording(
        past="proposed another time",
        history="Another time was proposed",
        done="Proposed. The visit stays as it is until {name} chooses.",
        client="{who} asked whether another time would suit you{start}.",
        client_meanwhile="asked whether another time would suit you",
    ),
    "accept_move": Wording(
        past="took the proposed time",
        history="Took the proposed time",
        client="You took the new time{start}.",
        client_meanwhile="took the new time",
        client_done="Thank you. Your consultation has moved. An email with the details is on its way.",
    ),
    "keep": Wording(
        past="left the visit where it is",
        history="The visit stays where it is",
        by_itself="by itself, because nobody answered the proposal in time",
        done="The visit stays as it is. The proposed time is free again.",
        client="Your consultation stays as it was{start}.",
        client_meanwhile="left the consultation as it was",
        client_done="Thank you. Your consultation stays as it is.",
    ),
    "let_stand": Wording(
        past="let the visit stand",
        history="The visit was kept as it is",
        done="The visit stays as it is.",
    ),
    "keep_time": Wording(
        past="kept the agreed time under the zone's new rules",
        history="The zone’s rules have changed: the visit stays at the agreed time",
    ),
    "cancel": Wording(
        past="cancelled this",
        history="The visit was cancelled",
        done="Cancelled. {name} is told by e-mail.",
        client="{who} cancelled your consultation.",
        client_meanwhile="cancelled the consultation",
        client_done="You have cancelled your consultation.",
    ),
    "displace": Wording(
        past="took the visit from the client, who was offered other times",
        history="The visit cannot be kept",
        done="The visit is freed. {name} is told by e-mail.",
        client="{who} could not keep your consultation{start}.",
        client_meanwhile="could not keep your consultation, and looks for another time with you",
    ),
    "take_up": Wording(
        past="took it up again because no time was chosen",
        history="No time was chosen: it is for us to come back to them",
        by_itself="by itself, because their visit was ours to move",
        client="The time to {missed} ran out. We come back to you: it was we who had to move your consultation.",
        client_meanwhile="has come back to your request",
    ),
    "arrive": Wording(past="marked them as here", history="Arrived", done="{name} is here."),
    "late": Wording(
        past="marked them as running late",
        history="Running late",
        done="{name} is running late.",
    ),
    "expect": Wording(
        past="took back that they were here, or late",
        history="Expected again",
        done="{name} is expected again.",
    ),
    "attend": Wording(
        past="marked this as attended",
        history="Attended",
        done="Marked as attended.",
        client="You came to your consultation.",
        client_meanwhile="noted that you came",
    ),
    "miss": Wording(
        past="marked this as not attended",
        history="Did not attend",
        done="Marked as did not attend.",
        client="We did not see you at your consultation.",
        client_meanwhile="noted that you were not there",
    ),
    "correct": Wording(past="corrected the attendance", history="Attendance corrected", done="Corrected."),
    "unmark": Wording(
        past="took back how the visit was marked",
        history="Marked by mistake, taken back",
        done="The visit of {name} is as it was before somebody marked it.",
        client="We took back what we had noted about your consultation.",
        client_meanwhile="took back what was noted about your consultation",
    ),
    **{verb: Wording(**words) for verb, words in plan_words.OF_VERBS.items()},
    "choose_questions": Wording(
        past="sent questions for the visit",
        history="Questions for the visit",
        news="Sent questions",
        client="You sent us your questions for the consultation.",
        client_meanwhile="sent questions for the consultation",
        client_done="Thank you. We have your questions, and answer them when we see you.",
    ),
    "answer_question": Wording(
        past="marked a question as answered",
        history="A question of theirs was answered",
        done="Marked as answered.",
    ),
    "put_off_question": Wording(
        past="put a question off",
        history="A question of theirs was put off",
        done="Put off.",
    ),
    "add_information": Wording(
        past="added information",
        history="Information added",
        news="More information",
        done="Kept with the request.",
        client="You told us more.",
        client_by_staff="{who} noted what you told us.",
        client_meanwhile="added information",
        client_done="Thank you. We have what you told us.",
    ),
    "correct_contact": Wording(
        past="changed the contact details",
        history="Contact details corrected",
        done="Contact details saved.",
        client="{who} corrected your contact details.",
        client_meanwhile="corrected your contact details",
    ),
    "note_support": Wording(
        past="changed what support the client needs",
        history="Support for the visit",
        done="Kept. All of the desk reads what {name} needs.",
        client="{who} noted what you need for your visit.",
        client_meanwhile="noted what you need for your visit",
    ),
    "reach": Wording(
        past="changed how the client is reached",
        history="How to reach them",
        done="Kept. From now on {name} is reached this way.",
        client="{who} noted how to reach you.",
        client_meanwhile="noted how to reach you",
    ),
    "call": Wording(past="kept a phone call", history="Phone call", done="The call is kept."),
    "follow_up": Wording(
        past="changed the day to come back to this",
        history="Come back to this",
        done="The day is kept.",
    ),
    "assign": Wording(past="changed who it is assigned to", history="Assigned", done="Assigned to {to}."),
    "note": Wording(past="added a note", history="Internal note", done="Note kept."),
    "tag": Wording(past="changed the tags", history="Tags changed", done="Tags kept."),
    "merge": Wording(
        past="merged another request into this",
        history="Merged with another request of theirs",
        done="Merged. Its links, mails, notes and held time are here now.",
        client="We put two of your requests together.",
        client_meanwhile="put two of your requests together",
    ),
    "reopen": Wording(
        past="reopened this",
        history="Opened again",
        done="Open again, with a new promise.",
        client="{who} opened your request again.",
        client_done="Thank you. We look for another time for you, and write to you.",
        client_meanwhile="opened the request again",
    ),
    # Whoever it was kept from is not told of it either: no line for the client.
    "undo": Wording(
        past="took back what was done last",
        history="Taken back",
        done="Taken back. Nobody was told.",
    ),
    "erase": Wording(past="erased this", history="Erased", done="Erased.", client="We deleted your details."),
}

# What came of a phone call, as its line on the desk says it, and what the call was about.
CALLS: Mapping[str, str] = {
    "spoke": "Spoke on the phone",
    "no_answer": "Rang, no answer",
    "left_message": "Rang, left a message",
    "rang_us": "They rang us",
    "texted": "Sent a text",
}
TOPICS: Mapping[str, str] = {
    "laser": "laser",
    "needling": "needling",
    "peels": "peels",
    "injections": "injections and fillers",
    "surgery": "surgery",
    "price": "the price",
    "times": "times",
    "visit": "their visit",
    "other": "something else",
}


def of(verb: str) -> Wording:
    """The words of the verb with this name; the name itself for one that no longer exists."""
    return WORDING.get(verb) or Wording(past=verb, history=verb)


# Why a request or a visit ended, by its code, in words for staff.
REASONS = {
    "advice_first": "advice first",
    "refer_gp": "better seen by a GP or dermatologist",
    "urgent_signpost": "urgent help first",
    "not_offered_here": "not offered here",
    "under_18": "under 18",
    "unreachable": "could not be reached",
    "duplicate": "a duplicate",
    "spam": "spam",
    "other": "another reason",
    "client_request": "the client asked",
    "practitioner_away": "the practitioner is away",
    "clinic_closed": "the clinic is closed",
    "clinical": "a clinical reason",
    "offer_ended": "the offer ended",
    "no_answer": "no answer came",
}
