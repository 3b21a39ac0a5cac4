"""Where a subject measures: sites and databases, made when the first asks for them and shared by all of a run."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property

from benchmarks import load, server, site
from benchmarks.load import Client, Rounds, Target
from benchmarks.site import Site
from tests import world


class Place:
    """`rounds`: how often everything is measured. `full`: also what takes an hour."""

    def __init__(self, postgresql: str, stack: ExitStack, *, rounds: int, full: bool) -> None:
        self.postgresql, self.rounds, self.full = postgresql, rounds, full
        self._stack = stack
        self._sites: dict[str, Site] = {}

    @cached_property
    def client(self) -> Client:
        """The process that sends."""
        return self._stack.enter_context(load.client())

    def copy(self, kind: str) -> str:
        """The URL of a new database with "few" or "many" requests, which goes at the end of the run."""
        kept = server.kept(self.postgresql, kind)
        return self._stack.enter_context(world.fresh(self.postgresql, server.FOLDER, "run", kept))

    def site(self, kind: str = "many") -> Site:
        """The site on a copy with "few" or "many" requests: one for all subjects, which leave it as it is."""
        if kind not in self._sites:
            self._sites[kind] = self.serve(self.copy(kind))
        return self._sites[kind]

    def serve(self, database: str) -> Site:
        """A site of one's own on this database."""
        return self._stack.enter_context(site.serving(database))

    def floor(self, name: str) -> Target:
        """`const`, `page` or `row`: see benchmarks/floors.py."""
        return Target(name, self.site(), [load.get(f"/floor/{name}/")])

    def measure(self, *targets: Target, connections: int = 4) -> dict[str, Rounds]:
        """Every target in turn, `rounds` times."""
        return self.client.rounds(targets, rounds=self.rounds, connections=connections)
