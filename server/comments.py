"""Pages under /{language}/panels/{panel}/proposals/{proposal}/comments."""

from starlette.responses import Response

from panels import comments, proposals
from panels.comments import TOP, CommentKind, Draft
from panels.errors import NotFoundError, RefusedError
from panels.permissions import Role
from server import forms
from server.forms import Fields, Problem
from server.gate import Visit
from server.pages import go, part, wants_part
from server.proposals import thread, whole

LONGEST = 2_000


def create(visit: Visit) -> Response:
    """Publish a comment on a proposal, or a reply to a comment."""
    fields, parent = Fields(visit.form), replied(visit)
    field = f"reply-{parent}" if parent else "text"
    text, key = fields.text(field, most=LONGEST), forms.key(visit.form)
    kind = fields.choice("kind", TOP) if parent is None else reply(visit)
    if not fields.problems:
        number = visit.number("proposal")
        draft = Draft(number, CommentKind(kind), {visit.language: text}, visit.language, parent)
        try:
            written = comments.add(visit.db, visit.visitor, draft, key=key)
            return done(visit, parent or written)
        except RefusedError as error:
            fields.refuse(field, error.code, **error.values)
    if wants_part(visit):
        proposal = proposals.get(visit.db, visit.visitor, visit.number("proposal"))
        values = thread(visit, proposal.id, fields.problems)
        return part(visit, "comments/_thread.html", status=422, proposal=proposal, **values)
    return whole(visit, fields.problems)


def undo(visit: Visit) -> Response:
    """Take back a comment that its writer has just sent."""
    proposal = proposals.get(visit.db, visit.visitor, visit.number("proposal"))
    problems: list[Problem] = []
    try:
        comments.take_back(visit.db, visit.visitor, proposal.id, visit.number("comment"))
    except RefusedError as error:
        problems.append(Problem(error.field, error.code, error.values))
    if wants_part(visit):
        values = thread(visit, proposal.id, problems, done="" if problems else "taken_back")
        status = 422 if problems else 200
        return part(visit, "comments/_thread.html", status=status, proposal=proposal, **values)
    if problems:
        return whole(visit, problems)
    return go(visit.link("proposals.show", proposal=proposal.number))


def replied(visit: Visit) -> int | None:
    """Return the comment that the form replies to, None for a comment on top."""
    typed = visit.form.get("parent", "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise NotFoundError(typed)
    return int(typed)


def reply(visit: Visit) -> CommentKind:
    """Return what the visitor's reply is: a facilitator answers."""
    return CommentKind.ANSWER if visit.visitor.staff is Role.FACILITATOR else CommentKind.REPLY


def done(visit: Visit, top: int) -> Response:
    """Answer with the page of comments that has the new one."""
    proposal = proposals.get(visit.db, visit.visitor, visit.number("proposal"))
    values = thread(visit, proposal.id, [], showing=top, done="published")
    if wants_part(visit):
        return part(visit, "comments/_thread.html", proposal=proposal, **values)
    address = visit.link("proposals.show", proposal=proposal.number)
    return go(f"{address}?page={values['thread'].page}#comment-{top}")
