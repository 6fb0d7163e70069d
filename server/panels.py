"""Pages under /{language}/panels: a panel's home, and the staff's forms for the panel itself."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from starlette.responses import Response

from panels import (
    blueprints,
    history,
    materials,
    members,
    notices,
    organisation,
    panels,
    proposals,
    statements,
    variants,
)
from panels.errors import RefusedError
from panels.panels import Draft, Panel, PanelKind, PhaseName, Stretch, Texts
from panels.variants import VariantState
from server import calendar as calendars
from server import desk, forms
from server.forms import Fields, Form, Problem
from server.gate import Visit
from server.languages import LANGUAGES, local
from server.pages import file, go, page
from server.sentences import N_, say

PHASES = {
    PhaseName.RECRUIT: N_("Invitations and lottery"),
    PhaseName.LEARN: N_("Learn"),
    PhaseName.PROPOSE: N_("Propose and discuss"),
    PhaseName.VOTE: N_("Give your view on statements"),
    PhaseName.MEETINGS: N_("Panel meetings"),
    PhaseName.PUBLISH: N_("Results and recommendations"),
    PhaseName.RESPONSE: N_("Response"),
}
LIMITS = {"title": 120, "question": 300, "promise": 1000, "not_decided": 1000, "owner": 120, "organiser": 120}
LIMITS |= {"effort": 120, "fee": 200}
FIGURES = ("invited", "volunteered", "selected", "attended_all_meetings")
YEARS = range(2000, 2100)
SHOWN = 3  # proposals on the panel's home
PACE = 4  # statements that people answer in a minute


def show(visit: Visit) -> Response:
    """Show the panel's home: its question, the one thing to do now, and who answers for it."""
    db, visitor = visit.db, visit.visitor
    panel = panels.get(db, visitor.panel)
    deck = statements.deck(db, visitor)
    answered = len(statements.answers(db, visitor).given & deck.cards.keys())
    found = proposals.listed(db, visitor)
    return page(
        visit,
        "panels/show.html",
        panel=panel,
        stage=visitor.phase or stage(panel, visitor.now),
        coming=panels.coming(panel, visitor.now),
        answered=answered,
        total=len(deck.cards),
        minutes=-(-(len(deck.cards) - answered) // PACE),
        materials=materials.listed(db, panel.id, visitor.member),
        proposals=found[:SHOWN],
        proposals_total=len(found),
        voters=members.voters(db, panel.id),
        head=history.last(db, panel.id),
        follows=visitor.person is not None and notices.follows(db, visitor),
    )


def calendar(visit: Visit) -> Response:
    """Answer with the panel's phases as a file for calendars."""
    panel, base = panels.get(visit.db, visit.visitor.panel), visit.site.settings.base_url
    content = calendars.calendar(
        panel,
        language=visit.language,
        at=visit.visitor.now,
        link=base + visit.link("panels.show"),
        host=urlsplit(base).hostname or "",
    )
    return file(content, "text/calendar", f"{panel.slug}.ics")


def stage(panel: Panel, now: float) -> str:
    """Return where a panel stands that is in no phase: before, between or after all of them."""
    ahead = [phase.starts_at > now for phase in panel.phases]
    return "before" if all(ahead) else "between" if any(ahead) else "after"


def new(visit: Visit) -> Response:
    """Show the form of a new panel, filled in from a blueprint if one is chosen."""
    asked = {"blueprint": visit.query("blueprint"), "first": visit.query("first")}
    asked["smallest"] = str(panels.SMALLEST)
    if not asked["blueprint"]:
        asked["first"] = blueprints.usual_start(local(visit.visitor.now).date()).isoformat()
        return ask(visit, None, asked, [])
    fields = Fields(asked)
    chosen, first = fields.choice("blueprint", blueprints.BLUEPRINTS), read_day(fields, "first")
    if first is None and not fields.problems:
        fields.refuse("first", "missing")
    if first is None or fields.problems:
        return ask(visit, None, asked, fields.problems)
    return ask(visit, None, asked | filled(blueprints.draft(blueprints.BLUEPRINTS[chosen], first)), [])


def create(visit: Visit) -> Response:
    """Store a new panel, to be opened when it is ready."""
    fields = Fields(visit.form)
    draft = read(visit, fields, None)
    if not fields.problems:
        try:
            panel = panels.create(visit.db, draft, creator=visit.person)
            return go(visit.link("desk.show", panel=panel.slug))
        except RefusedError as error:
            fields.add(error)
    return ask(visit, None, visit.form, fields.problems)


def edit(visit: Visit) -> Response:
    """Show the form of a panel."""
    panel = panels.get(visit.db, visit.visitor.panel)
    return ask(visit, panel, filled(panel), [])


def update(visit: Visit) -> Response:
    """Store what the staff changed in a panel."""
    fields, panel = Fields(visit.form), panels.get(visit.db, visit.visitor.panel)
    draft, seen = read(visit, fields, panel), forms.seen(visit.form)
    if not fields.problems:
        try:
            panels.edit(visit.db, panel.id, draft, seen=seen)
            return go(visit.link("panels.show", panel=draft.slug))
        except RefusedError as error:
            fields.add(error)
    return ask(visit, panel, visit.form, fields.problems)


def open(visit: Visit) -> Response:  # noqa: A001  the last word of the address names the handler
    """Open the panel, or say what it lacks."""
    fields = Fields(visit.form)
    try:
        panels.open_panel(visit.db, visit.visitor.panel)
    except RefusedError as error:
        fields.refuse("setup", error.code)
        return desk.answer(visit, fields.problems)
    return go(visit.link("desk.show"))


def ask(visit: Visit, panel: Panel | None, form: Form, problems: list[Problem]) -> Response:
    """Answer with the form of a panel, new if ``panel`` is None."""
    return page(
        visit,
        "panels/edit.html",
        status=422 if problems else 200,
        panel=panel,
        form=form,
        problems=problems,
        needed=organisation.needed(visit.db),
        kinds=[kind.value for kind in PanelKind],
        blueprints=blueprints.BLUEPRINTS,
        phases={name.value: say(visit.language, words) for name, words in PHASES.items()},
        limits=LIMITS,
        states={name: states(visit, getattr(panel, name)) for name in panels.TEXTS} if panel else {},
    )


def read(visit: Visit, fields: Fields, panel: Panel | None) -> Draft:
    """Return what the form says; only whole if ``fields`` has found no problem."""
    needed = organisation.needed(visit.db)
    texts = {
        name: read_texts(fields, name, most, needed if name in ("title", "question") else ())
        for name, most in LIMITS.items()
    }
    kind = fields.choice("kind", list(PanelKind))
    return Draft(
        slug=fields.text("slug", most=40),
        kind=PanelKind(kind) if kind in list(PanelKind) else PanelKind.RESIDENTS_PANEL,
        title=texts["title"],
        question=texts["question"],
        promise=texts["promise"],
        not_decided=texts["not_decided"],
        owner=texts["owner"],
        organiser=texts["organiser"],
        considered_on=read_day(fields, "considered_on"),
        answers_by=read_day(fields, "answers_by"),
        record_number=fields.text("record_number", least=0, most=60),
        contact=fields.text("contact", least=0, most=200),
        effort=texts["effort"],
        fee=texts["fee"],
        figures=read_figures(fields),
        open_to_all=fields.form.get("open_to_all") == "yes",
        guests=fields.form.get("guests") == "yes",
        admits_minors=fields.form.get("admits_minors") == "yes",
        smallest=fields.whole("smallest", least=1, most=1000),
        compared=fields.form.get("compared") == "yes",
        phases=read_phases(fields, {phase.name: phase.title for phase in panel.phases} if panel else {}),
    )


def read_texts(fields: Fields, name: str, most: int, needed: Sequence[str]) -> Texts:
    """Return the text in the languages in which it was written."""
    texts = {
        language: fields.text(f"{name}-{language}", least=int(language in needed), most=most)
        for language in LANGUAGES
    }
    return {language: text for language, text in texts.items() if text}


def states(visit: Visit, texts: Texts) -> dict[str, VariantState]:
    """Return how each language of the text, and its easy variant, stands to it, by its key: sv, fi-easy."""
    return variants.states(texts, LANGUAGES, organisation.current(visit.db).language)


def read_day(fields: Fields, name: str) -> date | None:
    """Return the date, None if there is none; one of another century is a slip of the finger."""
    day = fields.day(name, required=False)
    if day and day.year not in YEARS:
        fields.refuse(name, "not_a_date")
        return None
    return day


def read_figures(fields: Fields) -> dict[str, int]:
    """Return the people by step of the recruitment, of the steps that were filled in."""
    given = [name for name in FIGURES if fields.form.get(name, "").strip()]
    return {name: fields.whole(name, least=0, most=10_000_000) for name in given}


def read_phases(fields: Fields, titles: dict[PhaseName, Texts]) -> list[Stretch]:
    """Return the phases that have dates, under their own titles or the usual ones."""
    phases = []
    for name, words in PHASES.items():
        first, last = (read_day(fields, f"{name}-{end}") for end in ("first", "last"))
        if first and last:
            usual = {language: say(language, words) for language in LANGUAGES}
            phases.append(Stretch(name, titles.get(name, usual), first, last))
        elif first or last:
            fields.refuse(f"{name}-{'last' if first else 'first'}", "no_other_date")
    return phases


def filled(panel: Panel | Draft) -> dict[str, str]:
    """Return the form as it is filled with what is stored, or with what a blueprint begins with."""
    form = {"seen": str(panel.version)} if isinstance(panel, Panel) else {}
    doors = ("open_to_all", "guests", "admits_minors")
    form |= {name: "yes" if getattr(panel, name) else "" for name in doors}
    for name in LIMITS:
        form |= {f"{name}-{language}": text for language, text in getattr(panel, name).items()}
    for name in ("slug", "kind", "considered_on", "answers_by", "record_number", "contact", "smallest"):
        form[name] = str(getattr(panel, name) or "")
    form |= {name: str(count) for name, count in panel.figures.items()}
    for phase in panel.phases:
        form[f"{phase.name}-first"] = local(phase.starts_at).date().isoformat()
        form[f"{phase.name}-last"] = local(phase.ends_at - 1).date().isoformat()
    return form
