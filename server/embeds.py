"""Pages of embeds: a panel within another site's page, and its staff's choices of what it shows there."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from panels import embeds, guests, members, organisation, panels, summary
from panels.embeds import Embed, Part
from panels.errors import RefusedError
from panels.panels import Panel
from server import forms
from server.forms import Fields, Form, Problem
from server.gate import Visit
from server.pages import go, page, part, wants_part
from server.summary import frame, report_of

FIRST = 1  # findings that stand open; the rest is folded


def show(visit: Visit) -> Response:
    """Show the panel to the sites that may frame it; ``hide`` in the address switches parts off, never on."""
    panel = panels.get(visit.db, visit.visitor.panel)
    embed = embeds.of(visit.db, panel.id)
    if embed.origins:
        visit.request.state.framed_by = embed.origins
    hidden = visit.query("hide").split(",")
    return page(visit, "embeds/show.html", **shown(visit, panel, [p for p in embed.parts if p not in hidden]))


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
