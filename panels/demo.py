"""The demo: the library panel of Kuuraniemi, lived through by the rules up to a day of its calendar."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from panels import (
    comments,
    consents,
    corrections,
    demo_script,
    materials,
    members,
    merges,
    moderation,
    notices,
    organisation,
    panels,
    people,
    proposals,
    quizzes,
    reasons,
    snapshots,
    statements,
    summary,
)
from panels.comments import CommentKind
from panels.consents import ConsentKind
from panels.database import Engine, Session, set_clock, writing
from panels.demo_script import HOURS, PHONE, Script
from panels.errors import RefusedError
from panels.home import demo_address
from panels.members import MemberKind, Visitor
from panels.moderation import Reason
from panels.organisation import About
from panels.panels import Panel, PhaseName
from panels.permissions import Role
from panels.sheets import Channel
from panels.statements import Choice, Vote

DAY = date(2026, 11, 21)
"""Where the demo stands if nobody says otherwise: the statements are open for eight more days."""
MINUTE, HOUR = 60, 60 * 60
MEETING_PLACE = 8
"""The number of the statement that says of the library what the two that are merged say."""
EARLY = 300  # open participants who have joined when proposals are open, and back them
Say = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and of how much."""


@dataclass(frozen=True)
class Play:
    """What all scenes share: session, script, the day at whose noon the demo stands, and who hears of it."""

    db: Session
    script: Script
    day: date
    say: Say

    @property
    def until(self) -> float:
        """The moment at which the demo stands."""
        return panels.midnight(self.day) + 12 * HOUR

    def window(self, name: PhaseName) -> tuple[float, float] | None:
        """Return from when to when the phase has been, as the demo stands; None if it has not begun."""
        phase = next(phase for phase in demo_script.phases(self.script) if phase.name is name)
        if phase.starts_at >= self.until:
            return None
        return phase.starts_at, min(phase.ends_at - 1, self.until)

    def visitor(self, person: int) -> Visitor:
        """Return the person as somebody who comes to the panel now."""
        return members.arrive_as(self.db, self.script["panel"]["slug"], person)

    def staff(self, name: str) -> Visitor:
        """Return somebody who works on the panel, as they come to it now."""
        return self.visitor(people.ensure(self.db, demo_address(name)).id)

    def seat(self, person: int, kind: MemberKind) -> Visitor:
        """Return the person as a visitor with a seat; who has none takes it now and agrees to all."""
        panel = panels.by_slug(self.db, self.script["panel"]["slug"]).id
        seat = members.take_seat(self.db, panel, person, kind)
        if not consents.standing(self.db, seat):
            consents.agree(self.db, seat, tuple(ConsentKind))
        return self.visitor(person)

    def members(self) -> dict[str, Visitor]:
        """Return the drawn members by name, those without a name by number."""
        found = {}
        for number, name in enumerate(demo_script.writers(self.script), start=1):
            address = demo_address(name.lower() if number <= 2 else f"member-{number}")
            person = people.ensure(self.db, address, name=name)
            found[name or str(number)] = self.seat(person.id, MemberKind.DRAWN)
        return found

    def participants(self, most: int) -> dict[int, Visitor]:
        """Return the open participants by number, the first ``most`` of them."""
        addresses = {number: demo_address(f"participant-{number}") for number in range(1, most + 1)}
        return {
            number: self.seat(people.ensure(self.db, address).id, MemberKind.OPEN)
            for number, address in addresses.items()
        }


def build(engine: Engine, day: date, say: Say) -> bool:
    """Make the demo as it stands at noon of the day, all of it or nothing; False if it is there already.

    Raises RefusedError: ``other_panels`` are in the database, or the day is before the panel's ``first_day``.
    """
    script = demo_script.read()
    with writing(engine) as db:
        slugs = set(db.scalars(select(Panel.slug)))
        if script["panel"]["slug"] in slugs and people.by_email(db, demo_address("eero")):
            return False
        if slugs:
            raise RefusedError("other_panels")
        first = demo_script.phases(script)[0].first
        if day < first:
            raise RefusedError("first_day", first=first)
        play = Play(db, script, day, say)
        for scene in (begin, draw, propose, vote, conclude):
            scene(play)
        set_clock(db, play.until)
        db.execute(update(notices.Notice).values(told_on=""))  # nobody waits for mails of a past
    return True


def begin(play: Play) -> None:
    """Set up the municipality, its people and the panel, and open it."""
    db, script = play.db, play.script
    set_clock(db, demo_script.phases(script)[0].starts_at + 9 * HOUR)
    organisation.save(db, About(script["municipality"]["name"], PHONE, HOURS, notice=script["about"]))
    known = {}
    for told in script["people"]:
        address, language = demo_address(told["id"]), told.get("language", "fi")
        known[told["id"]] = people.ensure(db, address, name=told["name"], language=language)
    panel = panels.create(db, demo_script.panel(script, play.day), creator=known["eero"].id)
    people.give_role(db, known["outi"], Role.COUNCIL_SECRETARY, panel=panel.id)
    areas = [area["name"] for area in script["municipality"]["areas"]]
    panel.background = [*panel.background, {"code": "area", "options": areas}]
    for material in demo_script.materials(script):
        materials.add(db, panel.id, material)
    quizzes.save(db, panel.id, demo_script.questions(script), seen=0)
    panels.open_panel(db, panel.id)


def draw(play: Play) -> None:
    """Give the drawn members their seats on the last day of recruiting."""
    drawn_at = panels.midnight(demo_script.phases(play.script)[0].last) + 9 * HOUR
    if drawn_at < play.until:
        set_clock(play.db, drawn_at)
        play.members()


def propose(play: Play) -> None:
    """Let members propose and comment, the facilitator answer, and early participants back."""
    window = play.window(PhaseName.PROPOSE)
    if window is None:
        return
    begins, ends = window
    set_clock(play.db, begins)
    writers = play.members() | {"": play.staff("eero")}
    backers = list(play.participants(EARLY).values())
    chance = random.Random(1)  # noqa: S311  who backs what in a demo is no secret
    told = play.script["proposals"]
    for place, proposal in enumerate(told, start=1):
        at = begins + (ends - begins) * place / (2 * len(told))
        draft = proposals.Draft(proposal["title"], proposal["body"], "fi")
        author = writers[proposal["author_alias"]]._replace(now=at)
        number = proposals.propose(play.db, author, draft, key=secrets.token_hex(16))
        discuss(play, number, proposal["comments"], (at, ends), writers)
        for backer in chance.sample(backers, proposal["supports"]):
            proposals.back(play.db, backer._replace(now=chance.uniform(at, ends)), number)
        play.say("Proposals", place, len(told))


def discuss(
    play: Play,
    proposal: int,
    told: list[dict[str, Any]],
    window: tuple[float, float],
    writers: dict[str, Visitor],
) -> None:
    """Add the comments on a proposal; an answer replies to the comment before it."""
    begins, ends = window
    before = 0
    for place, comment in enumerate(told, start=1):
        kind, name = CommentKind(comment["kind"]), comment["author_alias"] or ""
        author = writers[name]._replace(now=begins + (ends - begins) * place / (len(told) + 1))
        parent = before if kind is CommentKind.ANSWER else None
        language = "sv" if name == "Nils" else "fi"
        draft = comments.Draft(proposal, kind, comment["text"], language, parent)
        before = comments.add(play.db, author, draft, key=secrets.token_hex(16))


def vote(play: Play) -> None:
    """Let the organiser and residents bring their statements, and the open participants answer them."""
    window = play.window(PhaseName.VOTE)
    if window is None:
        return
    begins, ends = window
    set_clock(play.db, begins)
    votes = demo_script.read_votes()
    voters = play.participants(len(votes))
    first_votes = begins + (ends - begins) / 10
    rows = bring_statements(play, voters, (begins, first_votes), votes)
    send_examples_back(play, [voters[number] for number in sorted(voters)[-4:]], first_votes)
    merged = merge_twins(play, [voters[number] for number in sorted(voters)[-6:-4]], first_votes)
    authors = demo_script.authors(play.script, votes)
    for number, given in votes.items():
        voter = voters[number]._replace(now=first_votes + (ends - first_votes) * number / (len(votes) + 1))
        for statement, choice in given.items():
            if authors.get(statement) != number:  # who sends a statement agrees with it by that
                key = secrets.token_hex(16)
                statements.cast_vote(play.db, voter, rows[statement], Choice(choice), key=key, seen=0)
        if number % 3 == 2 and MEETING_PLACE in given:  # some answer what was merged as what is near to it
            key, choice = secrets.token_hex(16), Choice(given[MEETING_PLACE])
            statements.cast_vote(play.db, voter, merged, choice, key=key, seen=0)
        play.say("Voters", number, len(votes))
    for channel, every in ((Channel.PAPER, 20), (Channel.PHONE, 35)):
        seats = [voters[number].seat for number in votes if number % every == 0]
        play.db.execute(update(Vote).where(Vote.member_id.in_(seats)).values(channel=channel))
    late = {number: voter._replace(now=ends - HOUR) for number, voter in voters.items()}
    tell_why(play, late, votes, rows)


def tell_why(
    play: Play, voters: dict[int, Visitor], votes: dict[int, dict[int, int]], rows: dict[int, int]
) -> None:
    """Let every other participant hold one answer important, and six tell why; the last of these waits."""
    cards = statements.deck(play.db, play.staff("eero")).cards
    chance = random.Random(1)  # noqa: S311  what matters to whom in a demo is no secret
    for number in sorted(votes)[::2]:
        card = cards[rows[min(chance.sample(list(votes[number]), 3))]]  # everybody has answered three
        reasons.add(play.db, voters[number], card, reasons.Draft(important=True, text="", language="fi"))
    *published, _waiting = told = play.script["vote_reasons"]
    for one in told:
        statement, choice, texts = one["statement"], one["vote"], one["text"]
        voter = next(voters[number] for number in votes if votes[number].get(statement) == choice)
        draft = reasons.Draft(important=True, text=texts["fi"], language="fi")
        reasons.add(play.db, voter, cards[rows[statement]], draft)
        row = reasons.added(play.db, voter.seat).reasons[rows[statement]]
        row.texts = texts
        if one in published:
            moderation.approve(play.db, play.staff("eero"), row, seen=row.version)


def bring_statements(
    play: Play,
    voters: dict[int, Visitor],
    window: tuple[float, float],
    votes: dict[int, dict[int, int]],
) -> dict[int, int]:
    """Add the organiser's statements, send and publish the residents'; return their row ids by number."""
    (begins, ends), eero = window, play.staff("eero")
    themes = {theme["id"]: theme["name"] for theme in play.script["themes"]}
    authors = demo_script.authors(play.script, votes)
    rows = {}
    for told in play.script["statements"]:
        number, texts, language = told["id"], told["text"], told["original_language"]
        at = begins + (ends - begins) * number / (len(play.script["statements"]) + 1)
        theme, moderator = themes[told["theme"]], eero._replace(now=at)
        if number in authors:
            author = voters[authors[number]]._replace(now=at)
            sent = texts | demo_script.SLIPS.get(number, {})
            row = statements.send(play.db, author, sent, language, key=secrets.token_hex(16))
            row.theme = theme
            moderation.approve(play.db, moderator, row, seen=row.version)
            corrections.correct(play.db, moderator, row, texts, seen=row.version, compared=True)
        else:
            row = statements.add(play.db, moderator, texts, language, theme=theme)
        rows[number] = row.id
    return rows


def merge_twins(play: Play, authors: list[Visitor], at: float) -> int:
    """Let two sentences arrive that say the same, and merge them; return the id of what they became."""
    moderator, rows = play.staff("eero")._replace(now=at), []
    for author, texts in zip(authors, play.script["moderation"]["twins"], strict=True):
        row = statements.send(play.db, author._replace(now=at), texts, "fi", key=secrets.token_hex(16))
        moderation.approve(play.db, moderator, row, seen=row.version)
        rows.append(row)
    both = rows[0], rows[1]
    return merges.merge(play.db, moderator, both, both[0], seen=merges.mark(both)).statement_id


def send_examples_back(play: Play, authors: list[Visitor], at: float) -> None:
    """Let four sentences arrive that break the rules of statements, and send them back with why."""
    moderator = play.staff("eero")._replace(now=at)
    for author, told in zip(authors, play.script["moderation"]["examples"], strict=True):
        key, texts = secrets.token_hex(16), {"fi": told["text"]["fi"]}
        row = statements.send(play.db, author._replace(now=at), texts, "fi", key=key)
        reason, message = Reason(told["decision"]), told["reason_to_author"]["fi"]
        moderation.send_back(play.db, moderator, row, reason, message, seen=row.version)


def conclude(play: Play) -> None:
    """Compute the summary once there are votes, and publish it on its day."""
    if play.window(PhaseName.VOTE) is None:
        return
    publishing = play.window(PhaseName.PUBLISH)
    set_clock(play.db, publishing[0] + 9 * HOUR if publishing else play.until - MINUTE)
    panel = panels.by_slug(play.db, play.script["panel"]["slug"]).id
    play.say("Summary", 0, 1)
    outcome = summary.analyse(summary.gather(play.db, panel))
    summary.check(outcome)
    snapshots.store(play.db, panel, outcome)
    if publishing:
        snapshots.publish(play.db, panel)
    play.say("Summary", 1, 1)
