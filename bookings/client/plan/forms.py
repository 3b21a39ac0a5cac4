"""What a client can say to a plan, and when its visits would suit them. One form: what is ticked and typed in it stays,
whichever button is pressed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from bookings import limits
from bookings.client.plan.words import PlanShown
from bookings.client.times.windows import WindowsForm
from bookings.fields import area
from bookings.states import LineAnswer
from clinic.foundation.forms import CleanText, Several
from clinic.foundation.text import id_in

ACCEPT, THINK, NO, ASK, BACK, UNDO_NO = "yes", "think", "no", "question", "back", "no_back"
# A question about no treatment in particular.
WHOLE = "plan"


class PlanForm(WindowsForm):
    """Ticks of treatments, of days (`open_days`) and of parts of the day, and a box for a question under each treatment.
    `pressed` is the button, "question:12" for one.
    """

    about_times = CleanText(
        label="Anything about your times? (optional)",
        help_text="The front desk reads this, so nothing about your health, please.",
        limit=limits.texts.TIMES_WORDS_CHARACTERS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, shown: PlanShown, open_days: Collection[int], *args: Any, pressed: str = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("auto_id", "id_%s")
        super().__init__(*args, **kwargs)
        self.offer_days(open_days)
        self.say, _, about = pressed.partition(":")
        self.about = about
        boxes = [(str(line.key), line.name) for line in shown.open_lines]
        self.fields["line"] = Several(
            choices=boxes,
            required=self.say == ACCEPT,
            label="Treatments",
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": "Tick at least one treatment, or choose “I want time to think”",
                "invalid_choice": "Tick treatments of this plan",
            },
        )
        self.lines = {line.key: line for line in shown.lines}
        # The key of the treatment that was ticked without the one that it follows.
        self.alone = 0
        if boxes:
            self.places["line"] = f"id_line_{boxes[0][0]}"
        for key, name in [(str(line.key), line.name) for line in shown.lines] + [(WHOLE, "your plan")]:
            self.fields[f"question_{key}"] = area(
                f"Your question about {name}",
                limit=limits.texts.CLIENT_WORDS_CHARACTERS,
                rows=3,
                required=self.say == ASK and about == key,
                error_messages={"required": "Enter your question"},
            )

    def clean_line(self) -> list[str]:
        """What was ticked. Raises ValidationError beside a treatment that is not done without another."""
        ticked: list[str] = self.cleaned_data["line"]
        said = {id_in(key) for key in ticked} | {
            key for key, line in self.lines.items() if line.answer == LineAnswer.YES
        }
        for line in self.lines.values():
            if (
                self.say == ACCEPT
                and str(line.key) in ticked
                and line.after_key
                and line.after_key not in said
            ):
                self.alone = line.key
                self.places["line"] = f"id_line_{line.key}"
                raise forms.ValidationError(
                    f"{line.name} is only done after {line.after}. Tick both, or leave this one out."
                )
        return ticked

    @property
    def ticked(self) -> list[int]:
        """The keys of what is ticked."""
        return [id_in(key) for key in self.cleaned_data["line"]]

    @property
    def question(self) -> str:
        return str(self.cleaned_data.get(f"question_{self.about}", ""))

    @property
    def beside(self) -> list[tuple[int | None, str]]:
        """The questions that were typed under another button than the pressed one: they go along with it. Each with the key
        of its line, or None.
        """
        keys = [str(key) for key in self.lines] + [WHOLE]
        others = [key for key in keys if not (self.say == ASK and key == self.about)]
        typed = [(key, str(self.cleaned_data.get(f"question_{key}", ""))) for key in others]
        return [(None if key == WHOLE else id_in(key), text) for key, text in typed if text]

    @property
    def line(self) -> int | None:
        """The key of the line that the button is about; None if it is about the plan."""
        return None if self.about == WHOLE else id_in(self.about)

    @property
    def sent_lines(self) -> list[str]:
        """What was ticked, as it came: for the page that shows it again."""
        return self.data.getlist("line") if self.is_bound and hasattr(self.data, "getlist") else []

    def box(self, key: str) -> forms.BoundField | None:
        return self[f"question_{key}"] if f"question_{key}" in self.fields else None
