"""What the button says that merges another request into this one."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from bookings.admin.forms import VerbForm
from bookings.models import ConsultationRequest
from clinic.foundation.text import id_in


class MergeForm(VerbForm):
    """Another request, whose button was pressed: there is one for each on the page."""

    row = "other"
    other = forms.CharField(widget=forms.HiddenInput)

    def clean_other(self) -> ConsultationRequest:
        """Raises ValidationError for a request that there is not. Whether the two may be one is the verb's question."""
        found = ConsultationRequest.objects.filter(pk=id_in(self.cleaned_data["other"])).first()
        if found is None:
            raise ValidationError("Choose one of the requests shown.", code="not_a_request")
        return found
