"""A request for a consultation over HTTP: its pages, and sending it."""

from __future__ import annotations

from benchmarks import drafts, insert, large_clinic
from benchmarks.load import NotMeasured, Target, get
from benchmarks.place import Place
from benchmarks.rows import Goal, Row, ratio, row
from bookings.models import ConsultationRequest
from tests import world

CLIENTS, SENT_A_ROUND, WARMING = 8, 24, 16


def measure(place: Place) -> list[Row]:
    """Pages against `page`; sending against `page` and against `insert`. Each is sent for a time of its own."""
    database = place.copy("many")
    with world.connected_to(database):
        large_clinic.arrange()
        made = drafts.made(WARMING + SENT_A_ROUND * place.rounds + 1)
    insert.prepare(database)
    site = place.serve(database)
    kept = made.pop()
    found = place.measure(
        place.floor("page"),
        Target("first page", site, [get("/consultations/request/")]),
        Target("step", site, [kept.page("you")]),
        Target("page of times", site, [kept.page("times")]),
    )
    page = found["page"]
    rows = []
    for name, goal in (
        ("first page", Goal(at_least=0.8, aim=1)),
        ("step", Goal(at_least=0.8, aim=1)),
        ("page of times", Goal()),
    ):
        rows += [
            ratio(f"{name} of a request: answers a second against page", found[name].rates, page.rates, goal),
            ratio(f"{name} of a request: CPU against page", found[name].processor, page.processor),
        ]
    return [*rows, *_sending(place, Target("sending", site, [one.sending() for one in made], status=303))]


def _sending(place: Place, sending: Target) -> list[Row]:
    """In turns with `page` and `insert`. Every POST must have become a request."""
    page, client = place.floor("page"), place.client
    client.send(sending._replace(requests=sending.requests[:WARMING]), connections=CLIENTS, seconds=0)
    rates, inserts, plain, processor, floor = [], [], [], [], []
    with world.connected_to(sending.site.database):
        before = ConsultationRequest.objects.count()
    for number in range(place.rounds):
        begin = WARMING + number * SENT_A_ROUND
        batch = sending._replace(requests=sending.requests[begin : begin + SENT_A_ROUND])
        result, busy = client.send(batch, connections=CLIENTS, seconds=0)
        rates.append(SENT_A_ROUND / result["seconds"])
        processor.append(busy / SENT_A_ROUND)
        result, busy = client.send(page, connections=4, seconds=0.4)
        floor.append(busy / len(result["milliseconds"]))
        inserts.append(insert.rate(sending.site.database, apart=True))
        plain.append(insert.rate(sending.site.database, apart=False))
    with world.connected_to(sending.site.database):
        made = ConsultationRequest.objects.count() - before
    if made != SENT_A_ROUND * place.rounds:
        raise NotMeasured(f"{SENT_A_ROUND * place.rounds} requests were sent, and {made} came")
    return [
        row("floor insert, with the constraint: transactions a second", inserts, "/s"),
        row("floor insert, without the constraint: transactions a second", plain, "/s"),
        ratio("sending a request: CPU against page", processor, floor, Goal(at_most=6, aim=3.5)),
        row("sending a request: CPU", [1000 * one for one in processor], "ms"),
        ratio(
            "requests accepted a second, 8 clients: against insert",
            rates,
            inserts,
            Goal(at_least=0.02, aim=0.05),
        ),
        row("requests accepted a second, 8 clients", rates, "/s"),
    ]
