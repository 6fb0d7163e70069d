import pickle
import re
import socket
import ssl
import traceback
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from panels import login, notices, organisation, panels, people
from panels.database import Engine, Session, set_clock, writing
from panels.login import Wish
from panels.notices import Event, Notice
from panels.organisation import About
from panels.signs import grouped
from panels.statements import State, Statement
from server import mail, worker
from server.settings import Settings
from tests.conftest import BASE, NOON, texts

TODAY = "2026-11-21"


class Post:
    """Keeps the mails that a mail server was given."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.refuses = False

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: object, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if self.refuses:
            return f"550 {address} is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Any) -> str:  # noqa: N802
        self.letters.append(envelope)
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Post, int]]:
    """Run a mail server on this machine; return what it keeps and its port."""
    kept = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, port
    controller.stop()


@pytest.fixture(autouse=True)
def town(engine: Engine) -> None:
    with writing(engine) as db:
        organisation.save(db, About(name=texts("Town"), phone="040 000 0000", hours=texts("weekdays")))


def ask(engine: Engine, email: str, *, language: str = "fi", panel: int | None = None) -> int:
    wish = Wish(email=email, language=language, login=None, address_key="here", panel=panel)
    with writing(engine) as db:
        return login.ask(db, NOON, wish).id


def decided(engine: Engine, state: State, **values: str) -> dict[str, Any]:
    """Store a statement of Nils that was decided, and return what names its mail."""
    with writing(engine) as db:
        nils = people.by_email(db, "nils@example.fi")
        assert nils is not None
        sentence = db.get_one(Statement, 1)
        sentence.texts, sentence.language, sentence.state = {"sv": "Böcker & kaffe < bullar."}, "sv", state
        for name, value in values.items():
            setattr(sentence, name, value)
        tell(db, nils.id, Event.DECIDED, 1)
        return {"person": nils.id, "day": TODAY}


def tell(db: Session, person: int, event: Event, about: int) -> None:
    """Store a notice that is in today's mail."""
    db.add(Notice(person_id=person, panel_id=1, event=event, about=about, at=NOON, told_on=TODAY))
    db.flush()


def text_of(letter: EmailMessage) -> str:
    return str(letter.get_content()).replace("\r\n", "\n")


def letters(settings: Settings) -> list[EmailMessage]:
    paths = sorted(Path(settings.mail).iterdir())
    assert all(path.suffix == ".eml" for path in paths)
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


@pytest.mark.parametrize(
    ("language", "subject", "ending"),
    [
        ("fi", "Town (fi): linkki kirjautumiseen", "Apua: 040 000 0000, weekdays (fi)"),
        ("sv", "Town (sv): din inloggningslänk", "Hjälp: 040 000 0000, weekdays (sv)"),
        ("en", "Town (en): your login link", "Help: 040 000 0000, weekdays (en)"),
    ],
)
def test_the_login_mail_has_one_link_its_code_and_a_name_and_number_at_the_end(
    settings: Settings, engine: Engine, language: str, subject: str, ending: str
) -> None:
    request = ask(engine, "aino@example.fi", language=language)
    mail.send(settings, engine, template="login", request=request)
    (letter,) = letters(settings)
    with writing(engine) as db:
        row = db.get_one(login.LoginRequest, request)
        link, code = row.link(settings.secret), grouped(row.code(settings.secret))
    body = text_of(letter)
    assert (letter["Subject"], letter["To"]) == (subject, "aino@example.fi")
    assert letter["From"].addresses[0].display_name == f"Town ({language})"
    assert body.count("http") == 1
    assert f"\n\n{BASE}{link}\n\n" in body
    assert code in body
    assert body.strip().splitlines()[-2:] == [f"Town ({language})", ending]
    assert "\n\n\n" not in body
    assert letter.get_content_type() == "text/plain"


def test_the_mail_to_join_names_the_panel(settings: Settings, engine: Engine) -> None:
    mail.send(settings, engine, template="login", request=ask(engine, "new@example.fi", panel=1))
    (letter,) = letters(settings)
    assert letter["Subject"] == "Library (fi): linkki, jolla liityt"
    assert "Liity raatiin" in text_of(letter)


def test_nobody_is_mailed_at_an_unknown_address(settings: Settings, engine: Engine) -> None:
    mail.send(settings, engine, template="login", request=ask(engine, "stranger@example.fi"))
    mail.send(settings, engine, template="login", request=999)
    assert not Path(settings.mail).exists()


def test_a_published_statement_is_told_in_its_writers_language(settings: Settings, engine: Engine) -> None:
    mail.send(settings, engine, template="digest", **decided(engine, State.PUBLISHED))
    (letter,) = letters(settings)
    assert letter["Subject"] == "Library (sv): ditt påstående har publicerats"
    assert "Böcker & kaffe < bullar." in text_of(letter)
    assert f"{BASE}/sv/panels/library/statements/mine" in text_of(letter)


def test_a_statement_sent_back_comes_with_reason_and_message(settings: Settings, engine: Engine) -> None:
    rows = decided(engine, State.SENT_BACK, reason="two_ideas", message="Skicka dem var för sig.")
    mail.send(settings, engine, template="decided", **rows)
    (letter,) = letters(settings)
    body = text_of(letter)
    assert letter["Subject"] == "Library (sv): ditt påstående har skickats tillbaka"
    assert "av den här orsaken: Det" in body
    assert "Skicka dem var för sig." in body
    assert "Böcker & kaffe < bullar." in body
    assert "&#" not in body
    assert "{" not in body


def test_several_things_are_one_mail_with_one_link(settings: Settings, engine: Engine) -> None:
    named = decided(engine, State.PUBLISHED)
    with writing(engine) as db:
        tell(db, named["person"], Event.PHASE, 2)
        tell(db, named["person"], Event.CLOSING, 2)
    mail.send(settings, engine, template="digest", **named)
    (letter,) = letters(settings)
    body = text_of(letter)
    assert letter["Subject"] == "Library (sv): ditt påstående har publicerats och 2 saker till"
    for words in (
        "Library (sv): en ny fas har börjat\nVote (sv) till och med 30.11.2026.\n",
        "till och med 30",
    ):
        assert words in body
    assert re.findall(r"http\S+", body)[0] == f"{BASE}/sv/notices"
    assert body.count("http") == 2  # the other one stops the mails
    assert "\n\n\n" not in body


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_mail_can_be_stopped_from_the_mail_program(
    settings: Settings, engine: Engine, language: str
) -> None:
    named = decided(engine, State.PUBLISHED)
    with writing(engine) as db:
        nils = people.get(db, named["person"])
        nils.language = language
        address = f"{BASE}/{language}/notices/{notices.link(nils, settings.secret)}"
    mail.send(settings, engine, template="digest", **named)
    (letter,) = letters(settings)
    assert letter["List-Unsubscribe"] == f"<{address}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert text_of(letter).count(address) == 1


def test_r16_nothing_is_mailed_once_there_is_nothing_to_tell_or_nobody_to_tell_it(
    settings: Settings, engine: Engine
) -> None:
    named = decided(engine, State.PUBLISHED)
    mail.send(settings, engine, template="digest", **{**named, "day": "2026-11-20"})
    mail.send(settings, engine, template="digest", **{**named, "person": 999})
    with writing(engine) as db:
        people.get(db, named["person"]).email = None
    mail.send(settings, engine, template="digest", **named)
    assert not Path(settings.mail).exists()


def test_a_panels_name_cannot_add_lines_to_the_head(settings: Settings, engine: Engine) -> None:
    with writing(engine) as db:
        panels.by_slug(db, "library").title = {"fi": "Library\r\nBcc: x@example.fi"}
    mail.send(settings, engine, template="login", request=ask(engine, "new@example.fi", panel=1))
    (letter,) = letters(settings)
    assert letter["Bcc"] is None


def test_files_in_the_folder_sort_by_time(settings: Settings, engine: Engine) -> None:
    for minute in (1, 3, 2):
        with writing(engine) as db:
            set_clock(db, NOON + 60 * minute)
        mail.send(settings, engine, template="login", request=ask(engine, f"r{minute}@example.fi", panel=1))
    assert [letter["To"] for letter in letters(settings)] == [f"r{n}@example.fi" for n in (1, 2, 3)]
    assert [letter.recipient for letter in mail.kept(settings)] == [f"r{n}@example.fi" for n in (3, 2, 1)]


def test_mail_goes_by_smtp(settings: Settings, engine: Engine, post: tuple[Post, int]) -> None:
    kept, port = post
    target = replace(settings, mail=f"smtp://127.0.0.1:{port}?from=raati@town.example")
    mail.send(target, engine, template="login", request=ask(engine, "aino@example.fi"))
    (envelope,) = kept.letters
    assert (envelope.mail_from, envelope.rcpt_tos) == ("raati@town.example", ["aino@example.fi"])
    assert b"login/" in envelope.content
    assert mail.kept(target) == []


def test_a_password_is_not_sent_to_a_server_without_encryption(
    settings: Settings, engine: Engine, post: tuple[Post, int]
) -> None:
    kept, port = post
    target = replace(settings, mail=f"smtp://raati:p%40ss@127.0.0.1:{port}")
    with pytest.raises(aiosmtplib.SMTPException):
        mail.send(target, engine, template="login", request=ask(engine, "aino@example.fi"))
    assert kept.letters == []


def test_a_mail_server_that_is_away_is_an_error_that_may_be_tried_again(
    settings: Settings, engine: Engine, post: tuple[Post, int]
) -> None:
    _, port = post
    target = replace(settings, mail=f"smtps://127.0.0.1:{port}")
    with pytest.raises((aiosmtplib.SMTPException, OSError, ssl.SSLError)):
        mail.send(target, engine, template="login", request=ask(engine, "aino@example.fi"))


def test_r16_what_a_mail_server_says_of_a_reader_is_kept_nowhere(
    settings: Settings, engine: Engine, post: tuple[Post, int]
) -> None:
    """R16: the job runner stores why a mail failed, and logs it."""
    kept, port = post
    kept.refuses = True
    target = replace(settings, mail=f"smtp://127.0.0.1:{port}")
    request = ask(engine, "aino@example.fi")
    with pytest.raises(OSError, match="SMTPRecipientsRefused") as error:
        worker.send_mail(target, engine, {"template": "login", "request": request})
    assert "aino" not in "".join(traceback.format_exception(error.value))
    assert b"aino" not in pickle.dumps(error.value)


def test_the_sender_is_at_the_services_own_host(settings: Settings, engine: Engine) -> None:
    site = replace(settings, base_url="https://raati.town.example")
    mail.send(site, engine, template="login", request=ask(engine, "aino@example.fi"))
    (letter,) = letters(settings)
    assert letter["From"].addresses[0].addr_spec == "raati@raati.town.example"
