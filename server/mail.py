"""Making one mail and sending it: by SMTP, or into a folder where the demo and tests read it."""

import asyncio
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from panels import digests, login, notices, organisation, panels
from panels.database import Engine, Session, now, reading
from panels.login import LoginRequest
from panels.organisation import About
from panels.people import Person
from panels.signs import grouped
from server.notices import in_words
from server.pages import TEMPLATES
from server.settings import Settings, is_loopback

PATIENCE = 30  # seconds for the mail server
SHOWN = 30  # mails on the demo's page
LINK = re.compile(r"(https?://\S+)")


@dataclass(frozen=True)
class Letter:
    """A mail in the folder, as the demo's page shows it; ``pieces`` are (text, path if a link of ours)."""

    subject: str
    recipient: str
    pieces: list[tuple[str, str]]


def send(settings: Settings, engine: Engine, *, template: str, **values: Any) -> None:
    """Make the mail of the template (``login``, ``digest``) from the rows that the values name, and send it.

    A link that nobody may have is not mailed. Raises OSError or SMTPException; then it may be sent again.
    """
    with reading(engine) as db:
        make = login_mail if template == "login" else digest_mail
        message = make(settings, db, **values)
    if message is None:
        return
    if urlsplit(settings.mail).scheme:
        asyncio.run(post(settings.mail, message))
    else:
        keep(Path(settings.mail), message)


def login_mail(settings: Settings, db: Session, *, request: int) -> EmailMessage | None:
    """Return the mail with a login link and its code; None where no person or panel is behind the request."""
    found = db.get(LoginRequest, request)
    if found is None or (found.person_id is None and found.panel_id is None):
        return None
    panel = None if found.panel_id is None else panels.get(db, found.panel_id)
    return written(
        settings,
        db,
        to=(found.email, found.language),
        template="mail/login.txt",
        panel=panel,
        link=settings.base_url + found.link(settings.secret),
        code=grouped(found.code(settings.secret)),
        minutes=login.LINK_LASTS // login.MINUTE,
    )


def digest_mail(settings: Settings, db: Session, *, person: int, day: str) -> EmailMessage | None:
    """Return the mail of what somebody is told that day; None if there is nothing to tell any more."""
    reader = db.get(Person, person)
    if reader is None or reader.email is None:
        return None
    news = [in_words(reader.language, item) for item in digests.items_of_mail(db, person, day)]
    if not news:
        return None
    notices_page = f"{settings.base_url}/{reader.language}/notices"
    stop = f"{notices_page}/{notices.link(reader, settings.secret)}"
    message = written(
        settings,
        db,
        to=(reader.email, reader.language),
        template="mail/digest.txt",
        news=news,
        link=settings.base_url + news[0].path if len(news) == 1 else notices_page,
        stop=stop,
    )
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def written(
    settings: Settings, db: Session, *, to: tuple[str, str], template: str, **values: object
) -> EmailMessage:
    """Return the mail in the reader's language; the template's first line is the subject."""
    (recipient, language), about = to, organisation.current(db)
    text = TEMPLATES[language].get_template(template).render(about=about, **values)
    subject, _, body = text.strip().partition("\n")
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = " ".join(subject.split())
    message["From"] = sender(settings, about, language)
    message["To"] = recipient
    message["Date"] = datetime.fromtimestamp(now(db), UTC)
    message["Message-ID"] = f"<{secrets.token_hex(16)}@{domain(settings)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n")
    return message


def sender(settings: Settings, about: About, language: str) -> Address:
    """Return who mails: the address in ``?from=`` of the mail setting, else raati at our own host."""
    address = parse_qs(urlsplit(settings.mail).query).get("from", [f"raati@{domain(settings)}"])[0]
    name = about.name.get(language) or about.name[about.language]
    return Address(name, addr_spec=address)


def domain(settings: Settings) -> str:
    """Return the service's host as mail writes it."""
    host = urlsplit(settings.base_url).hostname or ""
    return "localhost" if is_loopback(host) else host


async def post(target: str, message: EmailMessage) -> None:
    """Hand the mail to the server of an smtp:// or smtps:// address; a password never travels in clear."""
    server = urlsplit(target)
    await aiosmtplib.send(
        message,
        hostname=server.hostname,
        port=server.port,
        username=unquote(server.username) if server.username else None,
        password=unquote(server.password) if server.password else None,
        use_tls=server.scheme == "smtps",
        start_tls=True if server.username and server.scheme == "smtp" else None,
        timeout=PATIENCE,
    )


def keep(folder: Path, message: EmailMessage) -> None:
    """Put the mail into the folder, whole or not at all, under a name that sorts by time."""
    folder.mkdir(parents=True, exist_ok=True)
    moment = message["Date"].datetime.strftime("%Y%m%dT%H%M%S")
    path = folder / f"{moment}-{datetime.now(UTC).timestamp():.6f}-{secrets.token_hex(4)}.eml"
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(message.as_bytes())
    unfinished.replace(path)


def kept(settings: Settings) -> list[Letter]:
    """Return the newest mails in the folder, newest first; none where mail goes by SMTP."""
    if urlsplit(settings.mail).scheme:
        return []
    paths = sorted(Path(settings.mail).glob("*.eml"), reverse=True)[:SHOWN]
    return [opened(path.read_bytes(), settings.base_url) for path in paths]


def opened(content: bytes, base_url: str) -> Letter:
    """Return what the mail says."""
    message = message_from_bytes(content, policy=policy.default)
    return Letter(message["Subject"], message["To"], list(pieces(message.get_content(), base_url)))


def pieces(text: str, base_url: str) -> Iterator[tuple[str, str]]:
    """Yield the text in pieces, each with the path it leads to; only our own addresses lead anywhere."""
    for piece in LINK.split(text):
        ours = piece.startswith(f"{base_url}/")
        yield piece, piece.removeprefix(base_url) if ours else ""
