"""The log of moderation: how many texts came, what was decided by which rule, and what was asked again.

Texts and acts of staff are counted exactly, also where there are few: they show what staff did and tell
nothing of how anybody answered. No text, no person and no single decision stands in it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from panels import appeals
from panels.appeals import Appeal, Outcome
from panels.database import Session
from panels.history import Act, HistoryLine
from panels.merges import Merge
from panels.moderation import Reason
from panels.panels import ZONE
from panels.reasons import VoteReason
from panels.statements import Origin, State, Statement

ACTS = (
    Act.STATEMENT_EDITED,
    Act.STATEMENT_MERGED,
    Act.STATEMENT_SPLIT,
    Act.STATEMENT_HIDDEN,
    Act.STATEMENT_RESTORED,
)
"""What staff do to statements that were published; each is a line of the panel's history."""


@dataclass(frozen=True)
class Tally:
    """What became of texts of one kind; those ``overturned`` were ``sent_back`` and published after all."""

    waiting: int
    published: int
    sent_back: Mapping[str, int]
    overturned: Mapping[str, int]

    @property
    def sent(self) -> int:
        """How many were sent: each was published, waits, or was sent back and still is."""
        still_back = sum(self.sent_back.values()) - sum(self.overturned.values())
        return self.waiting + self.published + still_back


@dataclass(frozen=True)
class Reviews:
    """What has become of the requests for review; those that wait are late after the day of the answer."""

    waiting: int
    upheld: int
    overturned: int
    in_time: int
    late: int

    @property
    def asked(self) -> int:
        """How many were made."""
        return self.waiting + self.upheld + self.overturned


@dataclass(frozen=True)
class Log:
    """The whole log of a panel."""

    statements: Tally
    reasons: Tally
    acts: Mapping[Act, int]
    reviews: Reviews


def of_panel(db: Session, panel: int, at: float) -> Log:
    """Return the panel's log as it is at the moment."""
    made = list(db.scalars(select(Appeal).where(Appeal.panel_id == panel)))
    about_reasons = [appeal for appeal in made if appeal.vote_reason_id is not None]
    about_statements = [appeal for appeal in made if appeal.vote_reason_id is None]
    return Log(
        statements=tally(states_of_statements(db, panel), about_statements),
        reasons=tally(states_of_reasons(db, panel), about_reasons),
        acts=acts(db, panel),
        reviews=reviews(made, at),
    )


States = Mapping[tuple[State, str], int]
"""How many texts are in a state, by the rule for which they were sent back."""


def states_of_statements(db: Session, panel: int) -> States:
    """Return where the residents' statements stand; what staff merged of others was not sent by anybody."""
    merged = exists().where(Merge.statement_id == Statement.id)
    sent = Statement.panel_id == panel, Statement.origin == Origin.RESIDENT, ~merged
    asked = select(Statement.state, Statement.reason, func.count()).where(*sent)
    rows = db.execute(asked.group_by(Statement.state, Statement.reason))
    return {(row[0], row[1]): row[2] for row in rows}


def states_of_reasons(db: Session, panel: int) -> States:
    """Return where the reasons of answers stand, without copies that came along with merged statements."""
    origin = aliased(VoteReason)
    came_along = (
        exists()
        .where(Merge.statement_id == VoteReason.statement_id, origin.member_id == VoteReason.member_id)
        .where(or_(origin.statement_id == Merge.first_id, origin.statement_id == Merge.second_id))
    )
    asked = select(VoteReason.state, VoteReason.reason, func.count()).join(VoteReason.statement)
    sent = asked.where(Statement.panel_id == panel, ~came_along)
    return {
        (row[0], row[1]): row[2] for row in db.execute(sent.group_by(VoteReason.state, VoteReason.reason))
    }


def tally(states: States, made: list[Appeal]) -> Tally:
    """Return what has become of the texts, with those that were sent back and published after a review."""
    overturned = Counter(appeal.rule.value for appeal in made if appeal.outcome is Outcome.PUBLISHED)
    back = Counter({rule: count for (state, rule), count in states.items() if state is State.SENT_BACK})
    there = Counter[State]()
    for (state, _), count in states.items():
        there[state] += count
    in_order = {rule.value: (back + overturned)[rule.value] for rule in Reason}
    return Tally(
        waiting=there[State.WAITING],
        published=there.total() - there[State.WAITING] - there[State.SENT_BACK],
        sent_back={rule: count for rule, count in in_order.items() if count},
        overturned=overturned,
    )


def acts(db: Session, panel: int) -> dict[Act, int]:
    """Return how often staff did what to published statements, of what they did at all."""
    lines = HistoryLine.panel_id == panel, HistoryLine.act.in_(ACTS)
    rows = db.execute(select(HistoryLine.act, func.count()).where(*lines).group_by(HistoryLine.act))
    found = {row[0]: row[1] for row in rows}
    return {act: found[act] for act in ACTS if act in found}


def reviews(made: list[Appeal], at: float) -> Reviews:
    """Return what has become of the requests for review by the moment."""
    outcomes = Counter(appeal.outcome for appeal in made)
    late = sum(is_late(appeal, at) for appeal in made)
    answered = len(made) - outcomes[Outcome.WAITING]
    late_answers = sum(is_late(appeal, at) for appeal in made if appeal.outcome is not Outcome.WAITING)
    return Reviews(
        waiting=outcomes[Outcome.WAITING],
        upheld=outcomes[Outcome.UPHELD],
        overturned=outcomes[Outcome.PUBLISHED],
        in_time=answered - late_answers,
        late=late,
    )


def is_late(appeal: Appeal, at: float) -> bool:
    """Return whether the answer came, or is still missing, after the day by which it was promised."""
    answered = datetime.fromtimestamp(at if appeal.decided_at is None else appeal.decided_at, ZONE)
    return answered.date() > appeals.answered_by(appeal.sent_at)
