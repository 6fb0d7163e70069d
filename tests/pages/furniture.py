"""What the tests' panels need so that every page has something to show."""

import random

from sqlalchemy import select

from panels import (
    amendments,
    appeals,
    comments,
    drafts,
    materials,
    moderation,
    proposals,
    quizzes,
    reasons,
    statements,
    summary,
)
from panels.comments import CommentKind
from panels.database import Engine, Session, next_number, set_clock, writing
from panels.materials import MaterialKind
from panels.members import Member, MemberKind, Visitor, arrive_as, take_seat
from panels.panels import Panel, PanelKind, Phase, PhaseName
from panels.people import Person
from panels.quizzes import Question
from panels.statements import Choice, Origin, State, Statement, Vote
from tests.conftest import DAY, NOON, texts

VOTERS, STATEMENTS = 40, 15
WAITING = 16
"""The number of the library's statement that waits for a moderator: it comes after the others."""
SENT_BACK = 17
"""The number of Aino's statement there that was sent back."""


def complete(engine: Engine) -> None:
    """Give both panels texts and votes; compute the library's summary, and publish the harbour's."""
    with writing(engine) as db:
        plant_garden(db)
        library = db.get_one(Panel, 1)
        library.question = library.question | {"fi-easy": "Kirjasto on vanha.\nMitä pitää tehdä?"}
        for panel in (1, 2):
            for number in range(1, 4):
                body = texts(f"The price of **part {number}**.\n\n- Books\n- Chairs")
                materials.add(db, panel, materials.Draft(title=texts(f"Costs {number}"), body=body))
            materials.add(db, panel, arguments())
            why = [texts("The council"), texts("The panel")]
            quizzes.save(db, panel, [Question(texts("Who decides?"), why, 0, texts("By law."))], seen=0)
            divide(db, panel)
        discuss(db)
        nils = arrive_as(db, "library", person(db, "nils"))
        give_reason(db, nils)
        statements.send(db, nils, {"sv": "Biblioteket ska ha fler stolar."}, "sv", key="d" * 32)
        send_back(db)
    for panel in (1, 2):
        summary.refresh(engine, panel)
    with writing(engine) as db:
        summary.publish(db, 2)


def arguments() -> materials.Draft:
    """Return arguments for and against the same thing."""
    sides = {side: {"text": texts(f"- Words {side}"), "source": texts("Report")} for side in materials.SIDES}
    return materials.Draft(texts("A bus"), kind=MaterialKind.ARGUMENTS, data=sides)


def plant_garden(db: Session) -> None:
    """Store a panel in which proposals are open: Nils has proposed, Aino writes on a draft."""
    garden = Panel(slug="garden", kind=PanelKind.RESIDENTS_PANEL, title=texts("Garden"), open_to_all=True)
    garden.question, garden.created_at, garden.opened_at = texts("What grows?"), NOON, NOON - DAY
    phase = Phase(name=PhaseName.PROPOSE, title=texts("Propose"), starts_at=NOON - DAY, ends_at=NOON + DAY)
    garden.phases = [phase]
    garden.owner, garden.answers_by = texts("The council of the town"), "2027-03-08"
    garden.effort = texts("Answering the statements takes about ten minutes")
    garden.fee = texts("Drawn members get 150 euros, of which tax is paid. Travel is refunded")
    db.add(garden)
    db.flush()
    for name in ("aino", "nils"):
        take_seat(db, garden.id, person(db, name), MemberKind.DRAWN)
    aino, nils = (arrive_as(db, "garden", person(db, name)) for name in ("aino", "nils"))
    potatoes = proposals.Draft({"sv": "Potatis på ängen"}, {"sv": "Alla får **skörda**."}, "sv")
    proposals.propose(db, nils, potatoes, key="f" * 32)
    drafts.save(db, aino, drafts.Draft("Marjapensaita", "Kaikille poimittavaksi", "fi"), key="b" * 32)


def person(db: Session, name: str) -> int:
    """Return the person's id."""
    return db.scalars(select(Person.id).where(Person.email == f"{name}@example.fi")).one()


def divide(db: Session, panel: int) -> None:
    """Let two camps vote on statements that half of them agree on."""
    chance = random.Random(panel)
    for _ in range(STATEMENTS - 3):
        number = next_number(db, panel, "statements")
        statement = Statement(panel_id=panel, number=number, texts=texts(f"A longer sentence {number}"))
        statement.language, statement.origin, statement.state = "fi", Origin.SEED, State.PUBLISHED
        statement.sent_at = NOON - 9 * DAY
        db.add(statement)
    db.flush()
    known = db.scalars(select(Statement.id).where(Statement.panel_id == panel)).all()
    for voter in range(VOTERS):
        member = Member(panel_id=panel, kind=MemberKind.DRAWN, created_at=NOON)
        db.add(member)
        db.flush()
        for place, statement_id in enumerate(known):
            agrees = (place % 2 == 0 or voter % 2 == 0) == (chance.random() < 0.9)
            vote = Vote(member_id=member.id, statement_id=statement_id, choice=1 if agrees else -1, version=1)
            vote.key, vote.at = f"{chance.getrandbits(128):032x}", NOON - DAY
            db.add(vote)


def give_reason(db: Session, visitor: Visitor) -> None:
    """Let the visitor agree with the first statement and tell why, which waits for a moderator."""
    card = statements.deck(db, visitor).card(1)
    statements.cast_vote(db, visitor, card.id, Choice.AGREE, key="e" * 32, seen=0)
    reasons.add(db, visitor, card, reasons.Draft(True, "Jag har ingen bil.", "sv"))


def send_back(db: Session) -> None:
    """Let Minna send back a statement of Aino's, and one of Nils's against which he appeals."""
    aino, nils, minna = (arrive_as(db, "library", person(db, name)) for name in ("aino", "nils", "minna"))
    for visitor, words in ((aino, "Mitä kirjasto maksaa?"), (nils, "Vad kostar biblioteket?")):
        language = "fi" if visitor is aino else "sv"
        sent = statements.send(db, visitor, {language: words}, language, key=f"{sum(map(ord, words)):032x}")
        moderation.send_back(db, minna, sent, moderation.Reason.QUESTION, words, seen=1)
    appeals.send(db, nils, sent, "Man kan hålla med om det.")


def discuss(db: Session) -> None:
    """Let Aino propose and Nils comment while proposals were open."""
    set_clock(db, NOON - 10 * DAY)
    aino, nils = (arrive_as(db, "library", person(db, name)) for name in ("aino", "nils"))
    draft = proposals.Draft({"fi": "Lisää tuoleja"}, {"fi": "Kirjastoon tarvitaan **tuoleja**."}, "fi")
    number = proposals.propose(db, aino, draft, key="a" * 32)
    for kind in (CommentKind.SUPPORT, CommentKind.CONCERN, CommentKind.QUESTION):
        words = {"sv": f"Vad kostar det? ({kind})"}
        first = comments.add(db, nils, comments.Draft(number, kind, words, "sv"), key=f"{kind:b<32}"[:32])
    reply = comments.Draft(number, CommentKind.REPLY, {"fi": "Noin sata euroa."}, "fi", parent=first)
    comments.add(db, aino, reply, key="c" * 32)
    change = amendments.Draft("Lisää tuoleja", "Kirjastoon tarvitaan **pehmeitä** tuoleja.", "Selkä", seen=1)
    amendments.send(db, nils, number, change, key="e" * 32)
    set_clock(db, NOON)
