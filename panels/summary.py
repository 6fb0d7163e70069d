"""The summary: votes in, one snapshot out, computed in a process of its own: voting never waits for it."""

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from panels import apart, channels, drawing, findings, reasons, snapshots
from panels.apart import LostError
from panels.database import Engine, Session, connect, now, reading, writing
from panels.findings import leaning
from panels.members import Member
from panels.panels import Panel
from panels.snapshots import (
    VISIBLE,
    Outcome,
    Place,
    Printed,
    Rough,
    Snapshot,
    State,
    Wording,
    newest,
    place,
    publish,
    published,
    rough,
    stale,
    wordings,
)
from panels.statements import Statement, Vote

if TYPE_CHECKING:  # analysis takes a second and 90 MB to load: only the child process needs it
    from analysis import GroupCounts, OpinionGroups, StatementMeasure

__all__ = [
    "LostError",
    "Place",
    "Rough",
    "Snapshot",
    "Wording",
    "leaning",
    "newest",
    "place",
    "publish",
    "published",
    "refresh",
    "rough",
    "stale",
    "wordings",
]

FIRST = 5  # statements of common ground that are compared with and without those who answered in unison
MANY_MOVED = 0.1  # share of people in another group than before that is worth telling


class Answer(NamedTuple):
    """A vote that counts: who, on what, which choice, when."""

    member: int
    statement: int
    choice: int
    at: float


@dataclass(frozen=True)
class Material:
    """What a summary is computed from."""

    state: State
    now: float
    k: int
    statements: list[tuple[int, int]]
    """(id, number) of each visible statement, by number."""
    answers: list[Answer]
    important: dict[int, int]
    """How many of those who answered hold each statement important."""
    kinds: dict[int, str]
    """How each voter's seat came to be."""
    channels: dict[int, str]
    """By which channel each voter's newest answer came."""
    letters: dict[int, str]
    """Each voter's group in the snapshot before."""
    frozen: dict[str, Any]
    """The rough counts before."""
    regrouped_at: float | None


def refresh(engine: Engine, panel: int) -> None:
    """Keep the panel's summary as a new snapshot, unless the newest still fits. Raises LostError."""
    with reading(engine) as db:
        found, state = newest(db, panel), snapshots.state(db, panel)
    if found is not None and State(found.votes, found.versions, found.edition) == state:
        return
    outcome = apart.run(compute, engine.url.render_as_string(hide_password=False), panel)
    check(outcome)
    with writing(engine) as db:
        snapshots.store(db, panel, outcome)


def compute(url: str, panel: int) -> Outcome:
    """Read the panel's votes and analyse them; done in a process that is there for nothing else."""
    engine = connect(url, weak=True)  # it only reads
    with reading(engine) as db:
        material = gather(db, panel)
    engine.dispose()
    return analyse(material)


def check(outcome: Outcome) -> None:
    """Raise LostError unless the outcome is whole."""
    reports = (outcome.masked, outcome.rough)
    numbers = [[entry["number"] for entry in report["statements"]] for report in reports]
    sound = numbers[0] == numbers[1] and len(outcome.places) <= outcome.voters <= outcome.state.votes
    if not sound or any(not math.isfinite(row["x"] + row["y"]) for row in outcome.places):
        raise LostError("the result contradicts itself")


def gather(db: Session, panel: int) -> Material:
    """Read what the panel's summary is computed from; hidden statements are absent as whole columns."""
    here = {"panel": panel}
    before = newest(db, panel)
    answers = db.execute(
        select(Vote.member_id, Vote.statement_id, Vote.choice, Vote.at)
        .join(Statement)
        .where(VISIBLE, Vote.choice.is_not(None))
        .order_by(Vote.member_id, Vote.statement_id),
        here,
    )
    statements = db.execute(
        select(Statement.id, Statement.number).where(VISIBLE).order_by(Statement.number), here
    )
    kinds = db.execute(select(Member.id, Member.kind).where(Member.panel_id == panel))
    letters = select(Place.member_id, Place.letter).where(Place.snapshot_id == (before.id if before else 0))
    found = db.get_one(Panel, panel)
    return Material(
        state=snapshots.state(db, panel),
        now=now(db),
        k=found.smallest,
        statements=[(row[0], row[1]) for row in statements],
        answers=[Answer._make(row) for row in answers],
        important=reasons.count_important(db, panel),
        kinds={row[0]: row[1].value for row in kinds},
        channels=channels.newest(db, panel),
        letters={member: letter for member, letter in db.execute(letters) if letter},
        frozen=before.frozen if before else {},
        regrouped_at=before.groups["regrouped_at"] if before else None,
    )


def analyse(material: Material) -> Outcome:
    """Find groups, measure statements, and return what of it may be printed."""
    from analysis import Votes, find_groups, keep_letters, measure
    from analysis.blocs import find_blocs
    from analysis.opinion_map import draw

    members = sorted({vote.member for vote in material.answers})
    row = {member: place for place, member in enumerate(members)}
    column = {statement: place for place, (statement, _) in enumerate(material.statements)}
    answers = sorted(material.answers, key=lambda vote: (vote.member, column[vote.statement]))
    votes = Votes.from_arrays(
        [row[vote.member] for vote in answers],
        [column[vote.statement] for vote in answers],
        [vote.choice for vote in answers],
        people=len(members),
        statements=len(column),
    )
    found = find_groups(votes, smallest=material.k)
    before = [material.letters.get(member) for member in members]
    letters = keep_letters(before, found.labels, found.count) if found.count > 1 else ()
    measures = measure(votes, found, smallest=material.k, letters=letters or None)
    plan = draw(found.positions, found.labels if letters else found.labels * 0 - 1, k=material.k)
    own = [letters[label] if letters and label >= 0 else None for label in found.labels]
    frozen = freeze(material, measures, letters)
    masked = masked_report(material, measures, letters)
    blocs = find_blocs(votes, [vote.at for vote in answers], smallest=material.k)
    together = {members[place] for bloc in blocs for place in bloc.tolist()}
    return Outcome(
        state=material.state,
        at=material.now,
        voters=len(members),
        groups=printed_groups(material, members, found, own, letters)
        | {"map": drawing.printed_map(plan, letters), "unison": unison(material, together, masked)},
        masked=masked,
        rough=rough_report(material, measures, letters, frozen),
        frozen=frozen,
        places=drawing.places(members, found, own, plan),
    )


def printed_groups(
    material: Material,
    members: list[int],
    found: "OpinionGroups",
    own: list[str | None],
    letters: tuple[str, ...],
) -> Printed:
    """Return the verdict, the groups and who voted, as they may be told."""
    active = int((found.labels >= 0).sum())
    sizes = [own.count(letter) for letter in letters]
    share = sum(found.axis_share)
    before = material.letters
    moved = [
        before[member] != letter for member, letter in zip(members, own, strict=True) if member in before
    ]
    regrouped = moved and (set(letters) != set(before.values()) or sum(moved) > MANY_MOVED * len(moved))
    return {
        "verdict": found.verdict,
        "letters": list(letters),
        "sizes": sizes,
        "rough_sizes": [size - size % material.k for size in sizes],
        "active": active,
        "kinds": dict(Counter(material.kinds[member] for member in members)),
        "channels": channels.printed(material.channels.values(), material.k),
        "axis_percent": round(100 * share) if math.isfinite(share) else None,
        "regrouped_at": material.now if regrouped else material.regrouped_at,
    }


def unison(material: Material, together: set[int], masked: Printed) -> Printed | None:
    """Return how many answered in unison, and what of common ground is there or missing because of them."""
    if not together:
        return None
    rest = replace(material, answers=[vote for vote in material.answers if vote.member not in together])
    having, lacking = (report["common"][:FIRST] for report in (masked, analyse(rest).masked))
    return {
        "size": len(together) - len(together) % material.k,
        "with_them": [number for number in having if number not in lacking],
        "without_them": [number for number in lacking if number not in having],
    }


def freeze(material: Material, measures: "tuple[StatementMeasure, ...]", letters: tuple[str, ...]) -> Printed:
    """Return each statement's rough counts: new ones once k people have voted on it, else those before."""
    from analysis.small_cells import printable_count

    times: dict[int, list[float]] = {statement: [] for statement, _ in material.statements}
    for vote in material.answers:
        times[vote.statement].append(vote.at)
    frozen = {}
    for (statement, _), measure in zip(material.statements, measures, strict=True):
        before = material.frozen.get(str(statement), {"at": -math.inf, "letters": None})
        if sum(at > before["at"] for at in times[statement]) >= material.k:
            before = {"at": material.now, "letters": None, "all": rounded(measure, material.k)}
            important = material.important.get(statement, 0)
            before["important"] = printable_count(important - important % material.k, k=material.k)
        if "all" in before and before["letters"] != list(letters):
            before = {**before, "letters": list(letters)}
            before["groups"] = [rounded(group, material.k) for group in measure.by_group[: len(letters)]]
        if "all" in before:
            frozen[str(statement)] = before
    return frozen


def rounded(counts: "StatementMeasure | GroupCounts", k: int) -> dict[str, int]:
    """Return the counts as they are told while voting goes on."""
    from analysis.small_cells import while_voting

    told = while_voting(counts.agree, counts.disagree, counts.passes, k=k)
    return {"n": told.n, "agree": told.agree, "disagree": told.disagree, "passes": told.passes}


def rough_report(
    material: Material, measures: "tuple[StatementMeasure, ...]", letters: tuple[str, ...], frozen: Printed
) -> Printed:
    """Return the report in rough figures."""
    entries = []
    for (statement, number), measure in zip(material.statements, measures, strict=True):
        kept = frozen.get(str(statement))
        row = findings.rough_row(material.k, **kept["all"]) if kept else None
        entries.append(
            {
                "number": number,
                "all": row,
                "groups": [findings.rough_row(material.k, **group) for group in kept["groups"]]
                if kept
                else [],
                "important": kept.get("important") if kept and row else None,
                "words": "",
                "claims": measure.claims,
                "bridge": bridge(material, measure),
            }
        )
    return findings.report(entries, letters)


def masked_report(
    material: Material, measures: "tuple[StatementMeasure, ...]", letters: tuple[str, ...]
) -> Printed:
    """Return the report in the figures that may be published: each row by its own size."""
    from analysis.small_cells import printable, printable_count
    from analysis.word_ladder import in_words

    entries = []
    for (statement, number), measure in zip(material.statements, measures, strict=True):
        counts: list[StatementMeasure | GroupCounts] = [measure, *measure.by_group[: len(letters)]]
        whole, *groups = (printable(c.agree, c.disagree, c.passes, k=material.k) for c in counts)
        entries.append(
            {
                "number": number,
                "all": findings.printed_row(whole),
                "groups": [findings.printed_row(cell) for cell in groups],
                "important": None
                if whole.hidden
                else printable_count(material.important.get(statement, 0), k=material.k),
                "words": in_words(whole, groups),
                "claims": measure.claims,
                "bridge": bridge(material, measure),
            }
        )
    return findings.report(entries, letters)


def bridge(material: Material, measure: "StatementMeasure") -> int | None:
    """Return the number of the statement that both sides of this one accept, or None."""
    return None if measure.bridge is None else material.statements[measure.bridge][1]
