"""Pages of embeds: a panel within another site's page, and what staff choose of it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from starlette.background import BackgroundTask
from starlette.responses import Response

from panels import embeds, guests, members, organisation, panels, summary
from panels.embeds import Embed, Part
from panels.errors import NotFoundError, RefusedError
from panels.panels import Draft, Panel, PanelKind
from server import forms
from server.forms import Fields, Form, Problem
from server.gate import Visit
from server.languages import LANGUAGES
from server.limits import EMBEDS
from server.pages import go, page, part, wants_part
from server.sentences import N_, say
from server.summary import frame, report_of

FIRST = 1  # findings that stand open; the rest is folded


def show(visit: Visit) -> Response:
    """Show the panel to the sites that may frame it; ``hide`` in the address switches parts off, never on."""
    return framed(visit, panels.get(visit.db, visit.visitor.panel))


def embed(visit: Visit) -> Response:
    """Show the panel of a page of the organisation's site; the first time a draft of it is made."""
    given, asked = embeds.key(visit.db), visit.query("page")
    if given is None or visit.query("organisation") != given.key or not embeds.PAGE.fullmatch(asked):
        raise NotFoundError("embed")
    panel = embeds.of_page(visit.db, asked)
    if panel is not None and panel.opened_at is not None:
        return framed(visit, panel)
    task = None
    if panel is None:
        if asking_site(visit) not in given.origins or embeds.count_drafts(visit.db) >= embeds.MOST_DRAFTS:
            raise NotFoundError(asked)
        visit.site.limits.hit(EMBEDS, visit.site.limits.address(visit.request))
        task = BackgroundTask(visit.site.writer.run, partial(embeds.prepare, page=asked, draft=usual(asked)))
    allow(visit, given.origins)
    response = page(visit, "embeds/coming.html")
    response.background = task
    return response


def framed(visit: Visit, panel: Panel) -> Response:
    """Answer with the panel for the sites that may frame it."""
    embed = embeds.of(visit.db, panel.id)
    allow(visit, embed.origins)
    hidden = visit.query("hide").split(",")
    return page(visit, "embeds/show.html", **shown(visit, panel, [p for p in embed.parts if p not in hidden]))


def allow(visit: Visit, origins: Sequence[str]) -> None:
    """Let the sites frame the answer; nobody, if there is none."""
    if origins:
        visit.request.state.framed_by = origins


def asking_site(visit: Visit) -> str:
    """Return the site on whose page the frame stands, as the browser tells it."""
    asked = urlsplit(visit.request.headers.get("referer", ""))
    return f"{asked.scheme}://{asked.netloc}".lower()


def usual(asked: str) -> Draft:
    """Return the draft of a page's panel: anybody may take part, and staff write the rest before it opens."""
    return Draft(
        slug=embeds.slug(asked),
        kind=PanelKind.STATEMENT_ROUND,
        title={code: say(code, N_("Panel of the page %(page)s"), {"page": asked}) for code in LANGUAGES},
        question={code: say(code, N_("What do you think?")) for code in LANGUAGES},
        open_to_all=True,
        guests=True,
    )


def shown(visit: Visit, panel: Panel, parts: Sequence[str]) -> dict[str, Any]:
    """Return what the panel's part on another site needs: its texts and the published summary."""
    now = visit.visitor.now
    found = summary.published(visit.db, panel.id)
    return {
        **frame(panel),
        "first": FIRST,
        "parts": parts,
        "phase": next((phase for phase in panel.phases if phase.starts_at <= now < phase.ends_at), None),
        "may_join": members.may_join(panel, now) or guests.may_come(panel, now),
        "report": report_of(visit, panel, found, rough=False),
    }


def edit(visit: Visit) -> Response:
    """Show the form of the embed, with what it looks like; to htmx that alone, with the parts chosen now."""
    panel = panels.get(visit.db, visit.visitor.panel)
    if wants_part(visit):
        about, parts = organisation.current(visit.db), chosen(visit.request.query_params)
        return part(visit, "embeds/_preview.html", about=about, **shown(visit, panel, parts))
    return ask(visit, filled(embeds.of(visit.db, panel.id)), [])


def update(visit: Visit) -> Response:
    """Store what the embed shows, and to which sites."""
    fields, seen = Fields(visit.form), forms.seen(visit.form)
    typed, parts = visit.form.get("origins", "").splitlines(), chosen(visit.form)
    try:
        embeds.save(visit.db, visit.visitor.panel, parts, typed, seen=seen)
        return go(visit.link("embeds.edit") + "?saved=1")
    except RefusedError as error:
        fields.add(error)
    return ask(visit, visit.form, fields.problems)


def index(visit: Visit) -> Response:
    """Show an administrator the form of the sites whose pages may ask for panels, and the code to paste."""
    given = embeds.key(visit.db)
    form = {"seen": str(given.version), "origins": "\n".join(given.origins)} if given else {"seen": "0"}
    return ask_sites(visit, form, [])


def create(visit: Visit) -> Response:
    """Let pages of the sites ask for panels."""
    fields, seen = Fields(visit.form), forms.seen(visit.form)
    try:
        embeds.give_key(visit.db, visit.person, visit.form.get("origins", "").splitlines(), seen=seen)
        return go(visit.link("embeds.index") + "?saved=1")
    except RefusedError as error:
        fields.add(error)
    return ask_sites(visit, visit.form, fields.problems)


def ask_sites(visit: Visit, form: Form, problems: list[Problem]) -> Response:
    """Answer with the form of the sites."""
    return page(
        visit,
        "embeds/index.html",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        base=visit.site.settings.base_url,
        given=embeds.key(visit.db),
        waiting=embeds.count_drafts(visit.db),
        most=embeds.MOST_DRAFTS,
    )


def ask(visit: Visit, form: Form, problems: list[Problem]) -> Response:
    """Answer with the form of the embed."""
    panel = panels.get(visit.db, visit.visitor.panel)
    return page(
        visit,
        "embeds/edit.html",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        base=visit.site.settings.base_url,
        framed=bool(embeds.of(visit.db, panel.id).origins),
        **shown(visit, panel, chosen(form)),
    )


def chosen(form: Mapping[str, str]) -> list[Part]:
    """Return the parts that are ticked."""
    return [one for one in Part if form.get(one) == "yes"]


def filled(embed: Embed) -> dict[str, str]:
    """Return the form as it is filled with what is stored."""
    ticked = dict.fromkeys(embed.parts, "yes")
    return {"seen": str(embed.version), "origins": "\n".join(embed.origins), **ticked}
