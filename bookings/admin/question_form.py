"""What the buttons say beside a question that a client wants to ask at the visit."""

from __future__ import annotations

from django import forms

from bookings.admin.forms import VerbForm
from clinic.foundation.text import id_in


class QuestionForm(VerbForm):
    """One question, whose button was pressed: there are two for each on the page."""

    row = "question"
    question = forms.CharField(widget=forms.HiddenInput)

    def clean_question(self) -> int:
        """Whether it is theirs, and is there, is the verb's question."""
        return id_in(self.cleaned_data["question"])
