"""The raati command: serve, work, migrate, and what an administrator does from a terminal."""

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from panels import (
    codes,
    demo,
    history,
    imports,
    login,
    members,
    migrations,
    organisation,
    panels,
    people,
    signs,
    statements,
)
from panels.apart import LostError
from panels.codes import CodeKind
from panels.database import Engine, WeakDatabaseError, connect, reading, serving_alone, writing
from panels.errors import BusyError, NotFoundError, PanelError, RefusedError
from panels.imports import FileError
from panels.migrations import BrokenMigrationError
from panels.permissions import STAFF, Role
from server import doctor, paper, settings
from server.forms import Fields
from server.paper import Reading
from server.pdf import pdf
from server.sentences import SENTENCES, sentence
from server.settings import Settings, SettingsError

AT_ONCE = 20  # codes that are stored together: about a second of work
REFUSALS = {
    "other_panels": "There are other panels in this database. Make the demo in one of its own.",
    "first_day": "The demo's panel begins on {first}. Choose that day or a later one.",
    "only_postgresql": "raati work is for PostgreSQL. On SQLite raati serve does the work itself.",
}
KNOWN = (
    SettingsError,
    PanelError,
    WeakDatabaseError,
    FileError,
    LostError,
    BrokenMigrationError,
    OSError,
)
command = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
terminal = Console(stderr=True)


def main() -> None:
    """Run the command; what can go wrong is told in one line."""
    os.umask(0o077)  # databases, mails and secrets are their owner's alone
    try:
        command()
    except KNOWN as error:
        typer.echo(f"raati: {in_words(error)}", err=True)
        sys.exit(1)


def in_words(error: Exception) -> str:
    """Return what went wrong, in one line."""
    if isinstance(error, RefusedError):
        if error.code in SENTENCES:
            return sentence("en", error.code, error.values)
        return REFUSALS[error.code].format_map(error.values)
    if isinstance(error, BusyError):
        told = f"The database cannot be had: {error}"
    elif isinstance(error, NotFoundError):
        told = f"There is no {error}."
    else:
        told = str(error) or type(error).__name__
    return " ".join(told.split())


@contextmanager
def opened(found: Settings) -> Iterator[Engine]:
    """Open the database with its tables as this release has them."""
    engine = connect(found.database, weak=found.weak_durability)
    if engine.url.database and engine.dialect.name == "sqlite":
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    try:
        migrations.upgrade(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def progress() -> Iterator[Progress]:
    """Show on the terminal how far long work has come."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=terminal, disable=not terminal.is_terminal) as shown:
        yield shown


@command.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(help="The port to listen on, 8000 or that of RAATI_BASE_URL.")
    ] = None,
) -> None:
    """Serve the pages; on SQLite also do the work that waits."""
    from server.serving import serve as serve_pages  # a second of imports that other commands do without

    found = settings.read()
    own = None if found.secure else urlsplit(found.base_url).port
    listening = socket.create_server((host, port or own or 8000))
    with listening, opened(found) as engine, serving_alone(engine):
        if not serve_pages(found, listening):
            raise typer.Exit(1)


@command.command()
def work() -> None:
    """Do the work that waits in the database: mails, summaries (PostgreSQL)."""
    from server import worker  # a second of imports that other commands do without

    found = settings.read()
    if found.database.startswith("sqlite"):
        raise RefusedError("only_postgresql")
    with opened(found):
        worker.run_forever(found)


@command.command()
def migrate() -> None:
    """Bring the tables up to this release."""
    found = settings.read()
    with opened(found):
        typer.echo("The tables are those of this release.")


@command.command(name="demo")
def make_demo(
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day of the demo's calendar.")
    ] = None,
) -> None:
    """Make the demo panel of Kuuraniemi; one that is there is left as it is."""
    with opened(settings.read()) as engine, progress() as shown:
        tasks = {}

        def say(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what, total=of)
            shown.update(tasks[what], completed=done)

        made = demo.build(engine, day.date() if day else demo.DAY, say)
    typer.echo("The demo is ready." if made else "The demo is there already. It was left as it is.")


@command.command()
def import_polis(
    folder: Annotated[Path, typer.Argument(help="The folder of a Polis export.")],
    slug: Annotated[str, typer.Option(help="The new panel's address.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one line of JSON.")] = False,
) -> None:
    """Make a closed panel with a published summary of votes that were given in Polis."""
    with opened(settings.read()) as engine, terminal.status("Reading, storing and computing"):
        report = asdict(imports.import_polis(engine, folder, slug))
    if as_json:
        typer.echo(json.dumps(report))
    else:
        for name, value in report.items():
            typer.echo(f"{name.replace('_', ' ')}: {value}")


@command.command(name="codes")
def new_codes(
    panel: Annotated[str, typer.Argument(help="The panel's address.")],
    number: Annotated[int, typer.Argument(min=1, max=100_000, help="How many.")],
    kind: Annotated[CodeKind, typer.Option(help="What a code opens.")] = CodeKind.REGISTRATION,
) -> None:
    """Print new codes for letters, one a line; a member's code comes with a seat."""
    with opened(settings.read()) as engine, progress() as shown:
        with reading(engine) as db:
            panels.by_slug(db, panel)
        task, left = shown.add_task("Codes", total=number), number
        while left:
            drawn = codes.draw(min(left, AT_ONCE))
            with writing(engine) as db:
                stored = codes.add(db, panel, drawn, kind)
            left -= len(stored)
            shown.update(task, completed=number - left)
            typer.echo("\n".join(stored))


@command.command(name="sheets")
def new_sheets(
    panel: Annotated[str, typer.Argument(help="The panel's address.")],
    into: Annotated[Path, typer.Argument(help="The PDF to write.")],
    listed: Annotated[typer.FileText, typer.Option("--codes", help="Members' codes, one a line.")],
    language: Annotated[Literal["fi", "sv", "en"], typer.Option(help="Of the sheets.")] = "fi",
    eyes: Annotated[Reading, typer.Option("--reading", help="For which eyes.")] = Reading.PLAIN,
) -> None:
    """Print the statements on paper, a sheet for each code, which stands on it with its picture."""
    typed = [signs.plain(line) for line in listed if line.strip()]
    if not typed or not all(map(signs.is_whole, typed)):
        raise typer.BadParameter("give whole codes, one a line.", param_hint="--codes")
    found = settings.read()
    link = f"{found.base_url}/{language}/j/"
    copies = [paper.Copy(link + code, code) for code in map(signs.grouped, typed)]
    with opened(found) as engine, reading(engine) as db, terminal.status("Printing"):
        visitor = members.arrive(db, panel, "", hold=False)
        told, about = panels.get(db, visitor.panel), organisation.current(db)
        cards = statements.deck(db, visitor).cards.values()
        printing = paper.Printing(told, about, cards, visitor.now, copies)
        into.write_bytes(pdf("statements/sheet.typ", paper.sheets(language, eyes, printing)))


def checked_address(value: str) -> str:
    """Return the e-mail address in small letters, or tell what is wrong with it."""
    fields = Fields({"email": value})
    address = fields.email("email")
    for problem in fields.problems:
        raise typer.BadParameter(sentence("en", problem.code, problem.values))
    return address


def checked_role(value: Role) -> Role:
    """Return the role, unless it comes with a seat."""
    if value not in STAFF:
        raise typer.BadParameter(f"{value} comes with a seat. Choose one of {', '.join(STAFF)}.")
    return value


@command.command()
def staff(
    email: Annotated[str, typer.Argument(help="Whose e-mail address.", callback=checked_address)],
    role: Annotated[Role, typer.Option(help="What they are.", callback=checked_role)],
    panel: Annotated[str | None, typer.Option(help="In which panel; in all of them if left out.")] = None,
) -> None:
    """Give somebody a role of staff, the first administrator too."""
    with opened(settings.read()) as engine, writing(engine) as db:
        where = panels.by_slug(db, panel).id if panel else None
        people.give_role(db, people.ensure(db, email), role, panel=where)
    typer.echo(f"{email} is {role.replace('_', ' ')} in {panel or 'all panels'}.")


@command.command()
def login_link(email: Annotated[str, typer.Argument(help="Whose e-mail address.")]) -> None:
    """Print a link that logs somebody in, and its code."""
    found = settings.read()
    with opened(found) as engine, writing(engine) as db:
        path, code = login.link_for(db, email, key=found.secret)
    typer.echo(f"{found.base_url}{path}\n{code}")


@command.command()
def verify() -> None:
    """Check the history of every panel; exits with 1 and the first bad line if one was changed."""
    bad = False
    with opened(settings.read()) as engine, reading(engine) as db:
        for panel in history.panels(db):
            fault, head = history.first_fault(db, panel), history.last(db, panel)
            bad = bad or fault != ""
            good = f"good, head {head.number} {head.hash}" if head else "no lines yet"
            typer.echo(f"{panels.get(db, panel).slug}: {fault or good}")
    if bad:
        raise typer.Exit(1)


@command.command(name="doctor")
def examine() -> None:
    """Check that everything is as it should be; exits with 1 if something fails."""
    colours = {"ok": typer.colors.GREEN, "warn": typer.colors.YELLOW, "fail": typer.colors.RED}
    failed = False
    for check in doctor.examine(os.environ):
        failed = failed or check.state == "fail"
        typer.echo(
            f"{typer.style(f'{check.state:4}', colours[check.state])} {check.name:10} {check.sentence}"
        )
    if failed:
        raise typer.Exit(1)


if __name__ == "__main__":
    main()
