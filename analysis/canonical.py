"""Bring the votes of active people into an order made from their content alone."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.answers import Answers, counted
from analysis.votes import Votes

ENOUGH_VOTES = 7
MOST_IN_ORDER = 50_000
_ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Opinions:
    """Hold agree and disagree votes, one entry each, sorted by person, then statement.

    `agrees` is True for agree, False for disagree. People and statements count from 0 in canonical order.
    """

    person: NDArray[np.integer]
    statement: NDArray[np.integer]
    agrees: NDArray[np.bool_]
    people: int
    statements: int

    @cached_property
    def answers(self) -> Answers:
        """Return who gave which answer; made when first asked for."""
        columns = 2 * self.statement.astype(np.int32)
        columns += ~self.agrees
        return Answers(columns, self.starts, 2 * self.statements)

    @property
    def starts(self) -> NDArray[np.int64]:
        """Return where each person's entries start, and as the last where they end."""
        return np.searchsorted(self.person, np.arange(self.people + 1, dtype=self.person.dtype))

    def part(self, kept: NDArray[np.bool_]) -> "Opinions":
        """Return the entries where `kept` is True; all people and statements stay."""
        return Opinions(
            self.person[kept], self.statement[kept], self.agrees[kept], self.people, self.statements
        )

    def of_people(self, people: NDArray[np.int64]) -> "Opinions":
        """Return the votes of these people (sorted numbers), who are numbered anew; all statements stay."""
        wanted = np.zeros(self.people, dtype=bool)
        wanted[people] = True
        part = self.part(wanted[self.person])
        return replace(part, person=_places(people, self.people)[part.person], people=people.size)


@dataclass(frozen=True, eq=False)
class Crowd:
    """Hold the active people in canonical order: `person` are their numbers in the votes.

    People with the same `twin` number cast the same votes (their hashes are equal): no result may part them.
    """

    opinions: Opinions
    person: NDArray[np.int64]
    twin: NDArray[np.int64]


def active_people(votes: Votes) -> NDArray[np.bool_]:
    """Tell who voted on at least 7 statements, passes included, or on all if fewer have a vote."""
    voted_on = np.count_nonzero(counted(votes.statement, votes.statements))
    starts = np.searchsorted(votes.person, np.arange(votes.people + 1, dtype=np.int32))
    active: NDArray[np.bool_] = np.diff(starts) >= max(1, min(ENOUGH_VOTES, voted_on))
    return active


def gather(votes: Votes) -> Crowd:
    """Return the active people's votes; order of rows, columns and entries of the input leaves no trace.

    Statements without an agree or disagree of an active person are left out. Three rounds of 64-bit hashing
    give a person the sum over the own votes of mix(4·hash of the statement + vote + 2), a statement likewise
    from its voters; sums are modulo 2⁶⁴, so they know no order. More than 50,000 active people stay as given.
    """
    active = active_people(votes)
    of_active = active[votes.person]
    opinion = of_active & (votes.vote != 0)
    statement = votes.statement[opinion]
    opined = counted(statement, votes.statements) > 0
    people, columns = np.flatnonzero(active), np.flatnonzero(opined)
    if people.size > MOST_IN_ORDER:
        row = _places(people, votes.people)[votes.person[opinion]]
        column = _places(columns, votes.statements)[statement]
        opinions = Opinions(row, column, votes.vote[opinion] > 0, people.size, columns.size)
        return Crowd(opinions, people, np.arange(people.size))
    kept = of_active & opined[votes.statement]
    person, statement, vote = votes.person[kept], votes.statement[kept], votes.vote[kept]
    person_hash, statement_hash = _hashes(person, statement, vote, votes)
    people = people[np.argsort(person_hash[people], kind="stable")]
    columns = columns[np.argsort(statement_hash[columns], kind="stable")]
    row, column = _places(people, votes.people)[person], _places(columns, votes.statements)[statement]
    order = np.lexsort((column, row))
    order = order[vote[order] != 0]
    opinions = Opinions(row[order], column[order], vote[order] > 0, people.size, columns.size)
    return Crowd(opinions, people, np.unique(person_hash[people], return_inverse=True)[1])


def _hashes(
    person: NDArray[Any], statement: NDArray[Any], vote: NDArray[Any], votes: Votes
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    person_hash = np.zeros(votes.people, dtype=np.uint64)
    statement_hash = np.zeros(votes.statements, dtype=np.uint64)
    code = (vote.astype(np.int64) + 2).astype(np.uint64)
    for turn in range(_ROUNDS):
        person_hash = _mixed_sums(person, votes.people, statement_hash[statement], code=code, turn=turn)
        statement_hash = _mixed_sums(statement, votes.statements, person_hash[person], code=code, turn=turn)
    return person_hash, statement_hash


def _mixed_sums(
    index: NDArray[Any], size: int, hashes: NDArray[np.uint64], *, code: NDArray[np.uint64], turn: int
) -> NDArray[np.uint64]:
    sums = np.zeros(size, dtype=np.uint64)
    np.add.at(sums, index, _mix(np.uint64(4) * hashes + code))
    return _mix(sums + np.uint64(turn))


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the splitmix64 finaliser of the values (Steele, Lea, Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _places(order: NDArray[np.int64], size: int) -> NDArray[np.int32]:
    places = np.full(size, -1, dtype=np.int32)
    places[order] = np.arange(order.size, dtype=np.int32)
    return places
