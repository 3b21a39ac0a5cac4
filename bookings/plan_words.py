"""How the verbs of a plan, its sessions and the questions for a visit read: fields of `Wording`. Pure data."""

from __future__ import annotations

from collections.abc import Mapping

OF_VERBS: Mapping[str, Mapping[str, str]] = {
    "plan_session": {
        "past": "planned this session",
        "history": "A session of an accepted plan",
        "client": "You said yes to this visit.",
        "client_by_staff": "{who} noted that you said yes to this visit.",
    },
    "write_plan": {
        "past": "wrote a draft of the plan",
        "history": "Draft of the plan",
        "done": "Kept as a draft. {name} is not told.",
    },
    "send_plan": {
        "past": "sent the plan",
        "history": "Sent the plan",
        "done": "The plan is sent, and {name} is told that it is there.",
        "client": "{who} sent you your plan.",
        "client_meanwhile": "sent you your plan",
    },
    "accept_plan": {
        "past": "said yes to the plan",
        "history": "Said yes to the plan",
        "news": "Said yes to the plan",
        "client": "You said yes to your plan.",
        "client_by_staff": "{who} noted that you said yes to your plan.",
        "client_meanwhile": "said yes to the plan",
        "client_done": "Thank you. We have your answer.",
    },
    "decline_plan": {
        "past": "said no to the plan",
        "history": "Said no to the plan",
        "news": "Said no to the plan",
        "client": "You said no to your plan.",
        "client_by_staff": "{who} noted that you said no to your plan.",
        "client_meanwhile": "said no to the plan",
        "client_done": "Thank you. We have your answer.",
    },
    "take_back_plan": {
        "past": "took back an answer to the plan",
        "history": "Took back an answer to the plan",
        "news": "Took back an answer",
        "client": "You took back your answer.",
        "client_by_staff": "{who} noted that you took back your answer.",
        "client_meanwhile": "took back an answer to the plan",
        "client_done": "You have taken back your yes. Any visit that came of it is called off.",
    },
    "consider_plan": {
        "past": "wants time to think about the plan",
        "history": "Wants time to think about the plan",
        "client": "You wanted time to think.",
        "client_done": "Take your time. Nobody will chase you.",
    },
    "ask_about_plan": {
        "past": "asked about the plan",
        "history": "Asked about the plan",
        "news": "Asked about the plan",
        "client": "You asked about your plan.",
        "client_done": "Thank you. We have your question.",
    },
    "answer_about_plan": {
        "past": "answered a question about the plan",
        "history": "Answered a question about the plan",
        "done": "Answered. {name} is told that there is an answer.",
        "client": "{who} answered your question about your plan.",
        "client_meanwhile": "answered your question about your plan",
    },
    "expire_plan": {
        "past": "ended the plan",
        "history": "The plan ran out",
        "by_itself": "by itself, after its last day",
        "client": "The last day of your plan is over. You can still read it.",
    },
    "add_session": {
        "past": "planned one more session",
        "history": "One more session of the plan",
        "done": "One more visit is to be arranged. {name} is not mailed.",
        "client": "One more visit of your plan is to be arranged.",
        "client_meanwhile": "planned one more visit",
    },
    "remove_questions": {
        "past": "removed the questions for the visit",
        "history": "Removed the questions for the visit",
        "client": "You took your questions for the consultation away.",
        "client_meanwhile": "took the questions for the consultation away",
        "client_done": "Your questions are gone.",
    },
    "wake": {
        "past": "let the promise begin",
        "history": "The day of the session has come near: the promise begins",
        "by_itself": "by itself",
        "client": "The day of this visit has come near.",
    },
    "call_off": {
        "past": "called this session off",
        "history": "The session is not to be",
        "done": "Called off. Nobody is mailed.",
        "client": "This visit was called off.",
        "client_meanwhile": "called this visit off",
    },
}
