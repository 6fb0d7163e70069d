"""Pages under /{language}/panels/{panel}/moderation: the queue of what residents wrote."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from starlette.responses import Response

from panels import appeals, moderation, panels, reasons
from panels.errors import ConflictError, RefusedError
from panels.moderation import Reason
from panels.statements import Statement
from server import forms
from server.forms import Fields
from server.gate import Visit
from server.languages import ZONE, local
from server.pages import go, page, part, wants_part
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


def index(visit: Visit) -> Response:
    """Show the queue with its oldest item open."""
    return whole(visit, None)


def show(visit: Visit) -> Response:
    """Show the queue with one item open, waiting or decided."""
    return whole(visit, asked(visit))


def decide(visit: Visit) -> Response:
    """Publish the item or send it back, and open the next one."""
    item, fields = asked(visit), Fields(visit.form)
    try:
        store(visit, item, fields)
    except RefusedError as error:
        fields.add(error)
    except ConflictError:
        return answer(visit, 409, item, conflict=True)
    if fields.problems:
        return answer(visit, 422, item, problems=fields.problems)
    if wants_part(visit):
        return part(visit, "moderation/_queue.html", **queue(visit, None, done=item))
    return go(visit.link("moderation.index") + f"?done={item.number}")


def store(visit: Visit, item: Statement, fields: Fields) -> None:
    """Store what the form says of the item; a message left empty becomes the ready sentence of its reason."""
    form, seen = visit.form, forms.seen(visit.form)
    decision, reason = form.get("decision"), form.get("reason", "")
    if decision == "approve":
        moderation.approve(visit.db, visit.visitor, item, seen=seen)
    elif decision != "send_back":
        fields.refuse("decision", "no_decision")
    elif reason not in READY:
        fields.refuse("reason", "no_reason")
    else:
        message = form.get("message", "").strip() or say(item.language, READY[reason])
        moderation.send_back(visit.db, visit.visitor, item, Reason(reason), message, seen=seen)


def asked(visit: Visit) -> Statement:
    """Return the resident's statement of the address. Raises NotFoundError, also for another panel's."""
    return moderation.get(visit.db, visit.visitor.panel, visit.number("statement"))


def whole(visit: Visit, item: Statement | None) -> Response:
    """Answer with the queue, and with what was just decided if the address names it."""
    done, number = None, visit.query("done")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        done = moderation.get(visit.db, visit.visitor.panel, int(number))
    return page(visit, "moderation/index.html", **queue(visit, item, done=done))


def answer(visit: Visit, status: int, item: Statement, **values: Any) -> Response:
    """Answer with the same item again: as a part, or as the whole page."""
    shown = queue(visit, item, **values)
    if wants_part(visit):
        return part(visit, "moderation/_queue.html", status=status, **shown)
    return page(visit, "moderation/index.html", status=status, **shown)


def queue(visit: Visit, item: Statement | None, **values: Any) -> dict[str, Any]:
    """Return what the page shows: the open item, those that wait after it, what was decided today."""
    panel, now = panels.get(visit.db, visit.visitor.panel), visit.visitor.now
    waiting = moderation.waiting(visit.db, panel.id)
    midnight = datetime.combine(local(now).date(), time(), ZONE).timestamp()
    shown = item or (waiting[0] if waiting else None)
    return {
        "panel": panel,
        "item": shown,
        "rest": [statement for statement in waiting if statement is not shown],
        "count": moderation.count_waiting(visit.db, panel.id),
        "reasons": reasons.count_waiting(visit.db, panel.id),
        "appeals": appeals.count_waiting(visit.db, panel.id),
        "oldest": age(waiting[0].sent_at, now) if waiting else None,
        "ages": {statement.id: age(statement.sent_at, now) for statement in waiting},
        "today": moderation.decided_since(visit.db, panel.id, midnight),
        "ready": {code: say(shown.language, READY[code]) for code in Reason} if shown else {},
        "typed": visit.form if values.get("problems") else {},  # the next item starts from an empty form
        "problems": [],
        "conflict": False,
        "done": None,
        **values,
    }


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
    return sum(day.weekday() < 5 for day in days)
