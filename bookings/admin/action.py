"""What a button of a request's page is made of. The buttons themselves are in actions.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict

from bookings import wording
from bookings.admin.choices import Choices
from bookings.admin.forms import VerbForm
from bookings.admin.slot_calls import Data
from bookings.models import ConsultationRequest
from bookings.states import DeclineReason
from bookings.workflow.core import Origin


@dataclass(frozen=True)
class Action:
    """One button. `{name}` in the words becomes the client's name, `{to}` whom it was given to. `mail` is the
    kind of message it owes, if any."""

    verb: str
    summary: str
    button: str
    call: Callable[[ConsultationRequest, Origin, Data], ConsultationRequest]
    form: type[VerbForm] = VerbForm
    hint: str = ""
    mail: str = ""
    done: str = ""  # shown once it is done, if not what the wording of its verb says
    done_as_spam: str = ""  # shown instead when the reason is spam
    stop: bool = False  # drawn as something that ends or removes
    code: str = ""  # of the button, where a verb has more than one
    right: str = ""  # a permission that it needs beside the one to answer requests
    only_in_doubt: bool = False  # offered while something stands against the visit
    only_if_proposed: bool = False  # offered while another time is proposed for the visit
    only_of_plan: bool = False  # offered for a session that came of a plan
    suggested: int = 1  # how many of the suggested times its preview starts from

    @property
    def name(self) -> str:
        return self.code or self.verb

    def made(self, data: QueryDict | None = None, *, choices: Choices) -> VerbForm:
        """Its form, empty or as it was sent."""
        return self.form(data, choices=choices, verb=self.name, mail=self.mail)

    def done_text(self, data: Data) -> str:
        """What the page shows once it is done, `{name}` and `{to}` still in it."""
        spam = data.get("reason") == DeclineReason.SPAM
        return self.done_as_spam if spam and self.done_as_spam else self.done or wording.of(self.verb).done

    def done_by_phone(self, data: Data) -> str:
        """The same where nothing is mailed: somebody has to ring them."""
        done = self.done_text(data)
        told = done.replace("{name} is told by e-mail", "{name} is not mailed")
        return done if done == self.done_as_spam else f"{told} It is a call to make."
