"""Pages under /{language}/panels/{panel}/imports: members and statements of a file, after a dry run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from panels import organisation, panels, submissions, tables, uploads
from panels.errors import RefusedError
from panels.panels import Texts
from panels.statements import LONGEST, SHORTEST
from panels.uploads import Newcomer
from server import forms
from server.forms import Fields, Form, Problem
from server.gate import Site, Visit
from server.languages import LANGUAGES
from server.pages import go, page

MOST = 9_990_000  # bytes of a form with its file: one of 10 MB is too much
LONGEST_NAME = 80
COLUMNS = {
    "fi": ("fi", "suomi", "suomeksi", "finska", "finnish"),
    "sv": ("sv", "ruotsi", "ruotsiksi", "svenska", "swedish"),
    "en": ("en", "englanti", "englanniksi", "engelska", "english"),
    "email": ("email", "e-mail", "sähköposti", "sähköpostiosoite", "e-post", "e-postadress"),
    "name": ("name", "nimi", "namn"),
    "language": ("language", "kieli", "språk"),
}
"""The columns that we read, and what people call them."""
KNOWN = {word: name for name, words in COLUMNS.items() for word in words}


class Kind(StrEnum):
    """What the rows of a file are."""

    MEMBERS = "members"
    STATEMENTS = "statements"


@dataclass(frozen=True)
class Table:
    """The columns of a file that we know, and its rows by number, without the header and empty ones."""

    columns: set[str]
    rows: Mapping[int, Form]


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row, counted as the spreadsheet counts it."""

    row: int
    problem: Problem


@dataclass(frozen=True)
class Examined:
    """The rows of a file that can be stored, by number, and what is wrong with the others."""

    kind: Kind
    sound: Mapping[int, Any]
    faults: list[Fault]

    @property
    def faulty(self) -> int:
        """How many rows have a fault."""
        return len({fault.row for fault in self.faults})


def new(visit: Visit) -> Response:
    """Show which file may be sent, and what the last one brought."""
    return ask(visit, Fields({}))


def check(visit: Visit) -> Response:
    """Look a file through and tell what is wrong with which row; nothing is stored."""
    fields = Fields(visit.form)
    found = examine(visit, fields)
    return ask(visit, fields) if found is None else show(visit, found)


def create(visit: Visit) -> Response:
    """Store the rows that were looked through, all of them together; the same form again stores nothing."""
    fields, key = Fields(visit.form), forms.key(visit.form)
    if not submissions.is_known(visit.db, key):
        found = examine(visit, fields)
        if found is None:
            return ask(visit, fields)
        if found.kind is Kind.MEMBERS:
            uploads.add_members(visit.db, visit.visitor, found.sound.values(), key=key)
        else:
            language = organisation.current(visit.db).language
            uploads.add_statements(visit.db, visit.visitor, found.sound.values(), language, key=key)
    return go(visit.link("imports.new") + "?saved=1")


def read(_site: Site, _request: Request, form: Form) -> Table | RefusedError:
    """Return the file's table, or why it cannot be read."""
    try:
        header, *rows = tables.read(forms.unpack(form.get("file") or forms.pack(b""), MOST)) or [[]]
    except RefusedError as error:
        return error
    names = [KNOWN.get(forms.clean(cell).strip().casefold(), "") for cell in header]
    cells = {
        number: {name: forms.clean(cell) for name, cell in zip(names, row, strict=False) if name}
        for number, row in enumerate(rows, start=2)
    }
    return Table(
        set(names), {number: row for number, row in cells.items() if any(map(str.strip, row.values()))}
    )


def examine(visit: Visit, fields: Fields) -> Examined | None:
    """Return which rows can be stored and what is wrong with the others; None if the file is of no use."""
    kind, needed = fields.choice("kind", list(Kind)), organisation.needed(visit.db)
    check_table(visit.prepared, fields, ("email",) if kind == Kind.MEMBERS else needed)
    if fields.problems:
        return None
    sound: dict[int, Any] = {}
    faults = []
    for number, row in visit.prepared.rows.items():
        cells = Fields(row)
        told = newcomer(visit, cells) if kind == Kind.MEMBERS else statement(cells, needed)
        faults += [Fault(number, problem) for problem in cells.problems]
        if not cells.problems:
            sound[number] = told
    refuse = uploads.refuse_members if kind == Kind.MEMBERS else uploads.refuse_twins
    for number, error in refuse(visit.db, visit.visitor, sound).items():
        faults.append(Fault(number, Problem(error.field, error.code, error.values)))
        del sound[number]
    return Examined(Kind(kind), sound, sorted(faults, key=lambda fault: fault.row))


def check_table(table: Table | RefusedError, fields: Fields, needed: Sequence[str]) -> None:
    """Keep why the file cannot be used, if so."""
    if isinstance(table, RefusedError):
        fields.add(table)
        return
    for name in needed:
        if name not in table.columns:
            fields.refuse("file", "no_column", column=name)
    if not table.rows:
        fields.refuse("file", "no_rows")


def statement(cells: Fields, needed: Sequence[str]) -> Texts:
    """Return a row's statement, in the languages in which it is written."""
    return {
        language: cells.text(language, least=SHORTEST, most=LONGEST)
        for language in LANGUAGES
        if language in needed or cells.form.get(language, "").strip()
    }


def newcomer(visit: Visit, cells: Fields) -> Newcomer:
    """Return a row's person; who has no language of their own gets the organisation's."""
    typed = cells.form.get("language", "").strip().casefold()
    language = KNOWN.get(typed, typed) or organisation.current(visit.db).language
    if language not in LANGUAGES:
        cells.refuse("language", "not_an_option")
    return Newcomer(cells.email("email"), cells.text("name", least=0, most=LONGEST_NAME), language)


def ask(visit: Visit, fields: Fields) -> Response:
    """Answer with the form that takes a file."""
    return page(
        visit,
        "imports/new.html",
        status=422 if fields.problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        form=visit.form,
        problems=fields.problems,
        needed=organisation.needed(visit.db),
        most=tables.MOST_ROWS,
        saved=visit.query("saved"),
    )


def show(visit: Visit, found: Examined) -> Response:
    """Answer with what was found in a file, which the form for storing it carries on."""
    panel = panels.get(visit.db, visit.visitor.panel)
    return page(visit, "imports/check.html", panel=panel, form=visit.form, found=found)
