"""What the client's page says of a request that we declined, by the reason. Its mails: templates/emails/."""

from __future__ import annotations

from bookings.states import DeclineReason

# With {call}: the numbers that the clinic has set.
DECLINED: dict[str, tuple[str, str]] = {
    DeclineReason.ADVICE_FIRST: (
        "Something else first",
        "Thank you for telling us what you would like. Before an appointment with us, there is something that we suggest "
        "first. You are welcome to ask us again afterwards.",
    ),
    DeclineReason.REFER_GP: (
        "Somebody else can help you better",
        "We have read your request with care, and we think that somebody else can help you better than we can.",
    ),
    DeclineReason.URGENT_SIGNPOST: (
        "Please talk to somebody soon",
        "We think that you should talk to somebody soon, and not wait for an appointment with us. {call}",
    ),
    DeclineReason.NOT_OFFERED_HERE: (
        "We do not do this here",
        "Thank you for writing to us. What you asked about is not something that we do, so we cannot offer you an "
        "appointment for it.",
    ),
    DeclineReason.UNDER_18: (
        "We see people who are 18 or over",
        "This is a rule for everyone, and it is there to keep people safe. If we have your age wrong, please call us.",
    ),
    DeclineReason.UNREACHABLE: (
        "We could not reach you",
        "We tried to reach you about your request and could not, so we have closed it for now. You can ask again.",
    ),
    DeclineReason.DUPLICATE: (
        "We are answering your other request",
        "We have more than one request from you. We have closed this one and answer the other. You do not need to do "
        "anything.",
    ),
}
OTHERWISE = (
    "We cannot offer you an appointment",
    "Thank you for writing to us. We have read your request with care. If you would like to know more, please call us.",
)
