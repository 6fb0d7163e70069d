"""Vote files of other programs become a panel that is closed and published."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import category, name

from sqlalchemy import insert

from analysis.polis import PolisExport, PolisStatement, read_polis
from analysis.votes import VotesError
from panels import history, summary
from panels.database import Engine, Number, Session, now, writing
from panels.history import Act, Details
from panels.members import Member, MemberKind
from panels.panels import ZONE, Panel, PanelKind, Phase, PhaseName, Texts, check_slug, midnight
from panels.phases import plan
from panels.statements import Origin, State, Statement, Vote

LONGEST = 1_000  # characters of an imported statement
LONGEST_TITLE = 120
DAY = 24 * 60 * 60.0
VOTE_TITLE = {
    "fi": "Ota kantaa väittämiin",
    "sv": "Ta ställning till påståendena",
    "en": "Give your view on statements",
}


class FileError(Exception):
    """A file cannot be imported; the message names the file and the line. Nothing is stored."""


@dataclass(frozen=True)
class Report:
    """What an import found: statements and votes before rejected statements are dropped.

    ``statements`` are those that have votes, ``moderated_out`` those of them that were rejected; ``sign`` is
    checked, turned or assumed; ``time_unit`` is ms, s or None without times.
    """

    participants: int
    statements: int
    votes: int
    moderated_out: int
    revotes: int
    sign: str
    time_unit: str | None


def import_polis(engine: Engine, folder: Path, slug: str, *, language: str = "en") -> Report:
    """Make a panel of a Polis export, closed and with its summary published.

    Texts count as written in ``language``, those in Chinese signs as Chinese. Raises FileError; RefusedError
    for an address that is taken or no address; LostError if the summary could not be computed.
    """
    export = read(folder)
    with writing(engine) as db:
        check_slug(db, slug, None)
        panel = store(db, export, slug, title_of(folder, language) or {language: slug}, language=language)
    summary.refresh(engine, panel)
    with writing(engine) as db:
        summary.publish(db, panel)
    return Report(
        participants=export.votes.people,
        statements=export.votes.statements,
        votes=int(export.votes.vote.size),
        moderated_out=len(export.rejected_columns),
        revotes=export.revotes,
        sign=export.sign,
        time_unit=export.time_unit,
    )


def read(folder: Path) -> PolisExport:
    """Read and check the folder's files. Raises FileError."""
    try:
        export = read_polis(folder)
    except VotesError as error:
        raise FileError(str(error)) from error
    if export.problems:
        more = len(export.problems) - 1
        raise FileError(f"{export.problems[0]}" + (f" (and {more} more)" if more else ""))
    if not export.votes.vote.size:
        raise FileError(f"{folder.name}: there are no votes")
    for statement in kept(export):
        if not 0 < len(statement.body.strip()) <= LONGEST:
            raise FileError(f"comments.csv: statement {statement.id} needs 1 to {LONGEST} characters")
        if not statement.id.isdecimal() or len(statement.id) > 9:
            raise FileError(f"comments.csv: '{statement.id}' is no statement number")
    return export


def kept(export: PolisExport) -> list[PolisStatement]:
    """Return the statements that were not rejected."""
    return [statement for statement in export.statements if not statement.rejected]


def title_of(folder: Path, language: str) -> Texts:
    """Return the conversation's topic from summary.csv, nothing without one."""
    try:
        text = (folder / "summary.csv").read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}
    topics = [row[1].strip() for row in csv.reader(text.splitlines()) if len(row) > 1 and row[0] == "topic"]
    return in_language(topics[0][:LONGEST_TITLE], language) if topics and topics[0] else {}


def in_language(text: str, language: str) -> Texts:
    """Return the text under its language: Chinese by its signs, else the one given."""
    letters = [sign for sign in text if category(sign).startswith("L")]
    chinese = sum(name(sign, "").startswith("CJK") for sign in letters)
    return {"zh" if 2 * chinese > len(letters) else language: text}


def store(db: Session, export: PolisExport, slug: str, title: Texts, *, language: str) -> int:
    """Store the panel with its members, statements and votes; return its id."""
    times = [now(db) - DAY] if export.times is None else [time / 1000 for time in export.times.tolist()]
    first, last = min(times), max(times)
    panel = Panel(slug=slug, kind=PanelKind.STATEMENT_ROUND, title=title, question=title)
    panel.opened_at, panel.created_at, panel.open_to_all = begin_of(first), now(db), False
    voting = Phase(name=PhaseName.VOTE, title=VOTE_TITLE)
    voting.starts_at, voting.ends_at = begin_of(first), begin_of(last + DAY)
    panel.phases = [voting]
    db.add(panel)
    db.flush()
    members = [
        Member(panel_id=panel.id, kind=MemberKind.OPEN, created_at=first)
        for _ in export.votes.person_ids or ()
    ]
    db.add_all(members)
    db.flush()
    made: Details = {"kind": MemberKind.OPEN.value, "seats": len(members)}
    at = panel.created_at
    history.append(db, panel.id, Act.PLAN_SET, plan(panel.phases), at=at)
    history.append(db, panel.id, Act.PANEL_OPENED, at=at)
    history.append(db, panel.id, Act.SEAT_MADE, made, at=at)
    seats = dict(zip(export.votes.person_ids or (), (member.id for member in members), strict=True))
    columns = store_statements(db, panel.id, export, seats, language=language, at=first)
    store_votes(db, export, list(seats.values()), columns, times)
    return panel.id


def store_statements(
    db: Session, panel: int, export: PolisExport, seats: dict[str, int], *, language: str, at: float
) -> dict[int, int]:
    """Store the statements under their numbers in the export; return the row id of each column."""
    rows = {}
    for told in kept(export):
        texts = in_language(told.body.strip(), language)
        row = Statement(panel_id=panel, number=int(told.id), texts=texts, language=next(iter(texts)))
        row.origin, row.author_id = Origin.RESIDENT, seats.get(told.author)
        row.state, row.sent_at, row.decided_at = State.PUBLISHED, at, at
        rows[told] = row
    db.add_all(rows.values())
    db.add(
        Number(panel_id=panel, noun="statements", last=max((row.number for row in rows.values()), default=0))
    )
    db.flush()
    return {told.column: row.id for told, row in rows.items() if told.column is not None}


def store_votes(
    db: Session, export: PolisExport, seats: list[int], columns: dict[int, int], times: list[float]
) -> None:
    """Store the votes on the statements that were kept, each with its time."""
    votes = export.votes
    at = times if len(times) == votes.vote.size else times * votes.vote.size
    entries = zip(votes.person.tolist(), votes.statement.tolist(), votes.vote.tolist(), at, strict=True)
    rows = [
        {
            "member_id": seats[person],
            "statement_id": columns[column],
            "choice": choice,
            "version": 1,
            "key": "import",
            "channel": "import",
            "at": time,
        }
        for person, column, choice, time in entries
        if column in columns
    ]
    if rows:
        db.execute(insert(Vote), rows)


def begin_of(time: float) -> float:
    """Return when the day of the time begins in Finland."""
    return midnight(datetime.fromtimestamp(time, UTC).astimezone(ZONE).date())
