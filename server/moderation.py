"""Pages under /{language}/panels/{panel}/moderation: one queue of everything that waits for a decision."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from panels import appeals, moderation, organisation, panels, personal, queue, similar
from panels.appeals import Appeal
from panels.digests import Item
from panels.errors import ConflictError, NotFoundError, RefusedError
from panels.moderation import UNDO, Kind, Moderated, Reason
from panels.panels import PhaseName
from panels.permissions import Permission
from panels.queue import Matter
from panels.statements import Choice, State, Statement
from server import forms
from server.forms import Fields
from server.gate import ITEM, Visit
from server.languages import ZONE, day, local
from server.pages import asked_page, go, page, part, wants_part
from server.sentences import N_, say

HOUR, DAY = 60 * 60, 24 * 60 * 60
READY: Mapping[str, str] = {
    Reason.DUPLICATE: N_("Thank you for the statement. The same idea is already among the statements."),
    Reason.TWO_IDEAS: N_("Thank you for the statement. It has two ideas. Send them separately."),
    Reason.QUESTION: N_(
        "Thank you for the statement. It is a question. Write it so that one can agree or disagree."
    ),
    Reason.PERSONAL: N_(
        "Thank you for the statement. It is about one person. Write about the matter, not the person."
    ),
    Reason.PRIVATE: N_(
        "Thank you for the statement. It has personal data. Leave them out and send it again."
    ),
    Reason.NOT_POSSIBLE: N_(
        "Thank you for the statement. The municipality cannot decide this. Write about what it can decide."
    ),
    Reason.OFF_TOPIC: N_(
        "Thank you for the statement. It is about something else than the panel's question."
    ),
    Reason.OFFENSIVE: N_("Thank you for the statement. Its language is offensive. Put it in other words."),
}
"""What the writer is told, unless the moderator writes it otherwise."""


READY_OTHERWISE = {
    Reason.PERSONAL: N_(
        "Thank you for the text. It is about one person. Write about the matter, not the person."
    ),
    Reason.PRIVATE: N_("Thank you for the text. It has personal data. Leave them out and send it again."),
    Reason.OFF_TOPIC: N_("Thank you for the text. It is about something else than what is asked here."),
    Reason.OFFENSIVE: N_("Thank you for the text. Its language is offensive. Put it in other words."),
}
"""The same for texts that are no statements."""


def index(visit: Visit) -> Response:
    """Show the queue with its oldest item open."""
    return whole(visit, shown(visit, None))


def show(visit: Visit) -> Response:
    """Show the queue with one item open, waiting or decided."""
    return whole(visit, shown(visit, asked(visit)))


def decide(visit: Visit) -> Response:
    """Publish the item or send it back, and open the next one."""
    item, fields = asked(visit), Fields(visit.form)
    if not isinstance(item, Moderated):
        raise NotFoundError(item.place)
    try:
        store(visit, item, fields, seen=forms.seen(visit.form))
    except RefusedError as error:
        fields.add(error)
    except ConflictError:
        return answer(visit, item, 409, conflict=True)
    if fields.problems:
        return answer(visit, item, 422, problems=fields.problems)
    return following(visit)


def store(visit: Visit, item: Moderated, fields: Fields, *, seen: int) -> None:
    """Store what the form says of the item; a message left empty becomes the ready sentence of its reason."""
    decision, reason = visit.form.get("decision"), visit.form.get("reason", "")
    if decision == "approve":
        moderation.approve(visit.db, visit.visitor, item, seen=seen)
    elif decision != "send_back":
        fields.refuse("decision", "no_decision")
    elif reason not in ready(item):
        fields.refuse("reason", "no_reason")
    else:
        message = visit.form.get("message", "").strip() or ready(item)[Reason(reason)]
        moderation.send_back(visit.db, visit.visitor, item, Reason(reason), message, seen=seen)


def together(visit: Visit) -> Response:
    """Decide the ticked items alike; those that somebody decided meanwhile stay as they are."""
    fields, panel, stored = Fields(visit.form), visit.visitor.panel, 0
    ticked = {name: seen for name, seen in visit.form.items() if re.fullmatch(ITEM, name)}
    items = [(queue.get(visit.db, panel, name), seen) for name, seen in ticked.items()]
    texts = [(item, seen) for item, seen in items if isinstance(item, Moderated)]
    fits = all(visit.form.get("reason", "") in ready(item) for item, _ in texts)
    if visit.form.get("decision") == "send_back" and not fits:
        fields.refuse("reason", "no_reason")
    for item, seen in texts:
        if fields.problems:  # the same of all: the first stores nothing
            break
        try:
            store(visit, item, fields, seen=forms.seen({"seen": seen}))
            stored += not fields.problems
        except ConflictError:
            continue
    if not ticked:
        fields.refuse("ticked", "none_ticked")
    if fields.problems:
        return answer(visit, None, 422, problems=fields.problems)
    return following(visit, done="" if stored == len(ticked) else "some")


def undo(visit: Visit) -> Response:
    """Undo what the moderator decided just now, of one item or of several together."""
    decisions = {int(name) for name in visit.form if name.isascii() and name.isdecimal() and len(name) < 10}
    undone = queue.undo(visit.db, visit.visitor, decisions)
    return following(visit, done="undone" if undone else "too_late")


def kinds(visit: Visit) -> tuple[Kind, ...]:
    """Return what the visitor may decide: an administrator the appeals alone."""
    return tuple(Kind) if visit.may(Permission.MODERATE) else (Kind.APPEAL,)


def asked(visit: Visit) -> Matter:
    """Return the item of the address. Raises NotFoundError, also for another panel's."""
    return queue.get(visit.db, visit.visitor.panel, visit.request.path_params["item"])


def ready(item: Moderated) -> dict[Reason, str]:
    """Return what the item's writer is told by reason, in their language."""
    sentences = READY if item.kind is Kind.STATEMENT else READY_OTHERWISE
    return {reason: say(item.language, sentences[reason]) for reason in item.refusals}


def place(visit: Visit, **more: str) -> str:
    """Return the end of the address that keeps which kind and page the moderator looks at."""
    kept = {name: visit.query(name) for name in ("kind", "page")} | more
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"?{query}" if query else ""


def following(visit: Visit, done: str = "") -> Response:
    """Answer with the next item; ``done`` says what was done if the decision does not."""
    if wants_part(visit):
        return whole(visit, shown(visit, None, done=done, moved=True))
    return go(visit.link("moderation.index") + place(visit, done=done))


def answer(visit: Visit, item: Matter | None, status: int, **values: Any) -> Response:
    """Answer with the same item again: as a part, or as the whole page."""
    return whole(visit, shown(visit, item, moved=True, **values), status)


def whole(visit: Visit, found: dict[str, Any], status: int = 200) -> Response:
    """Answer with the whole page, or with the part of it that htmx swaps."""
    if wants_part(visit):
        about = organisation.current(visit.db)
        return part(visit, "moderation/_queue.html", status=status, about=about, **found)
    return page(visit, "moderation/index.html", status=status, **found)


def shown(visit: Visit, item: Matter | None, **values: Any) -> dict[str, Any]:
    """Return what the page shows: the open item, those that wait, what was decided just now and today."""
    panel, now = panels.get(visit.db, visit.visitor.panel), visit.visitor.now
    only = Kind(visit.query("kind")) if visit.query("kind") in kinds(visit) else None
    waiting = queue.waiting(visit.db, panel.id, kinds(visit), only=only, page=asked_page(visit))
    midnight = datetime.combine(local(now).date(), time(), ZONE).timestamp()
    opened = item or next(iter(waiting.matters), None)
    latest = moderation.just_decided(visit.db, visit.visitor)
    return {
        "panel": panel,
        "item": opened,
        "waiting": waiting,
        "only": only,
        "place": place(visit),
        "oldest": age(waiting.oldest, now) if waiting.oldest is not None else None,
        "ages": {matter.place: age(matter.sent_at, now) for matter in waiting.matters},
        "today": moderation.decided_since(visit.db, panel.id, midnight),
        "latest": latest,
        "undo": UNDO,
        "typed": visit.form if values.get("problems") else {},  # the next item starts from an empty form
        "problems": [],
        "conflict": False,
        "refused": False,
        "done": visit.query("done"),
        "moved": bool(latest),  # then the next item has the focus, also on a page of its own
        **(beside(visit, opened) if opened else {}),
        **values,
    }


def beside(visit: Visit, item: Matter) -> dict[str, Any]:
    """Return what helps to decide on the open item."""
    if isinstance(item, Appeal):
        return {
            "may_decide": appeals.may_decide(visit.visitor, item),
            "goes_to": appeals.goes_to(visit.db, item.panel_id, item.first_by),
            "answered_by": appeals.answered_by(item.sent_at),
            "counts": visit.visitor.phase is PhaseName.VOTE,
        }
    words = item.texts[item.language]
    is_new = isinstance(item, Statement) and item.state is State.WAITING
    return {
        "ready": ready(item),
        "pieces": list(personal.pieces(words)),
        "similar": similar.like(visit.db, visit.visitor, words) if is_new else [],
        "choices": {choice.value: choice.name.lower() for choice in Choice},
    }


def told(language: str, item: Item) -> tuple[str, list[str], str]:
    """Tell a moderator how much waits in the queue, and since when."""
    count = {"count": item.matter.total}
    oldest = {"day": day(language, item.matter.oldest)}
    what = say(language, N_("this many texts wait for a decision: %(count)s"), count)
    return what, [say(language, N_("The oldest was sent on %(day)s."), oldest)], "/moderation"


def age(since: float, now: float) -> tuple[str, int]:
    """Return how long something has waited, as (unit, count): minutes, hours, or working days."""
    days = working_days(since, now)
    if now - since >= DAY and days:
        return "days", days
    return (
        ("hours", int((now - since) // HOUR))
        if now - since >= HOUR
        else ("minutes", int((now - since) // 60))
    )


def working_days(since: float, now: float) -> int:
    """Return how many days from Monday to Friday have begun since the moment."""
    first, last = local(since).date(), local(now).date()
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(one.weekday() < 5 for one in days)
