"""Pages under /{language}/notices: what one is told, and what one wants mail of, also without a login."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from panels import digests, notices, panels, people, reminders
from panels.digests import Item
from panels.errors import NotFoundError, RefusedError
from panels.notices import Event, Topic
from panels.people import Person
from panels.statements import State
from server import amendments, appeals, corrections, merges, messages, moderation
from server.forms import Fields
from server.gate import Visit
from server.languages import clock_time, day, local, quoted, said
from server.pages import TEMPLATES, go, page
from server.sentences import N_, say

SHOWN = 50  # notices on one's page


@dataclass(frozen=True)
class News:
    """A notice in words: whose panel, what happened, more about it, and the path where one sees it."""

    panel: str
    what: str
    more: list[str]
    path: str
    at: float


def in_words(language: str, item: Item) -> News:
    """Return the notice as its reader is told it."""
    what, more, page = TOLD[item.event](language, item)
    path = f"/{language}/panels/{item.panel.slug}{page}"
    return News(said(language, item.panel.title)[0], what, [line for line in more if line], path, item.at)


Words = tuple[str, list[str], str]
"""What happened, more about it, and the end of the path."""


def decided(language: str, item: Item) -> Words:
    """Tell what became of a statement."""
    statement = item.matter
    words, page = said(language, statement.texts, statement.language)[0], "/statements/mine"
    if statement.state is not State.SENT_BACK:  # what was published may have been merged since
        more = say(language, N_("It is now among the statements, and the members answer it."))
        return say(language, N_("your statement is published")), [quoted(language, words), more], page
    why = say(
        language,
        N_("The facilitator sent it back for this reason: %(reason)s."),
        {"reason": refusal(language, statement.reason)},
    )
    ways = N_(
        "You can mend it and send it again."
        " If you think the decision is wrong, ask for a review on the same page: somebody else decides."
    )
    return (
        say(language, N_("your statement is sent back")),
        [quoted(language, words), statement.message, why, say(language, ways)],
        page,
    )


def reason_decided(language: str, item: Item) -> Words:
    """Tell what became of why somebody answered as they did."""
    told, statement, page = item.matter, item.matter.statement, "/statements/mine"
    words = said(language, statement.texts, statement.language)[0]
    about = say(
        language, N_("You told why you answered as you did to the statement “%(words)s”."), {"words": words}
    )
    if told.state is State.PUBLISHED:
        more = say(language, N_("Those who have answered the statement see your reason, without your name."))
        return say(language, N_("your reason is published")), [about, more], page
    cause = {"reason": refusal(language, told.reason)}
    why = say(language, N_("The facilitator sent your reason back because of this: %(reason)s."), cause)
    ways = N_(
        "You can write your reason anew and send it again."
        " If you think the decision is wrong, ask for a review on the same page: somebody else decides."
    )
    return (
        say(language, N_("your reason is sent back")),
        [about, told.message, why, say(language, ways)],
        page,
    )


def refusal(language: str, code: str) -> str:
    """Return in words why a text was sent back."""
    macro: Any = TEMPLATES[language].get_template("statements/words.html").module
    return str(macro.reason(code).unescape())


def answered(language: str, item: Item) -> Words:
    """Tell that a facilitator answered a comment."""
    title = said(language, item.matter.title, item.matter.language)[0]
    more = say(language, N_("You commented on the proposal “%(title)s”."), {"title": title})
    return say(language, N_("the facilitator answered you")), [more], f"/proposals/{item.matter.number}"


def phase(language: str, item: Item) -> Words:
    """Tell that a phase has begun."""
    title, ends = said(language, item.matter.title)[0], day(language, item.matter.ends_at - 1)
    more = say(language, N_("%(phase)s, until %(day)s."), {"phase": title, "day": ends})
    return say(language, N_("a new phase has begun")), [more], ""


def summary(language: str, _item: Item) -> Words:
    """Tell that the summary is published."""
    more = say(language, N_("See what people agree on and where opinions differ."))
    return say(language, N_("the summary is ready")), [more], "/summary"


def closing(language: str, item: Item) -> Words:
    """Remind of statements that one has not answered, and until when one may."""
    ends = {"day": day(language, item.matter.ends_at - 1)}
    more = N_(
        "You have not answered the statements yet."
        " It takes a few minutes, and you may stop after any of them."
    )
    return (
        say(language, N_("you can give your view until %(day)s"), ends),
        [say(language, more)],
        "/statements",
    )


TOLD = {
    Event.DECIDED: decided,
    Event.APPEAL_DECIDED: appeals.decided,
    Event.MERGED: merges.told,
    Event.SPLIT: merges.told_apart,
    Event.CORRECTED: corrections.made,
    Event.REASON_DECIDED: reason_decided,
    Event.ANSWERED: answered,
    Event.AMENDMENT: amendments.proposed,
    Event.AMENDMENT_DECIDED: amendments.decided,
    Event.AMENDED: amendments.amended,
    Event.PHASE: phase,
    Event.SUMMARY: summary,
    Event.WAITING: moderation.told,
    Event.MESSAGE: messages.told,
    Event.CLOSING: closing,
    Event.REMINDED: closing,
}


def index(visit: Visit) -> Response:
    """Show what one was told, and let one choose what comes by mail."""
    found = digests.items_of_person(visit.db, visit.person, SHOWN)
    person = people.get(visit.db, visit.person)
    return page(
        visit,
        "notices/index.html",
        news=[in_words(visit.language, item) for item in found],
        address=visit.link("notices.update"),
        **choice(visit, person),
    )


def update(visit: Visit) -> Response:
    """Switch the mails about a topic on or off."""
    store(visit, visit.person)
    return go(visit.link("notices.index") + "#mails")


def show(visit: Visit) -> Response:
    """Show whoever has the link from a mail what they may stop."""
    return by_link(visit, owner(visit))


def switch(visit: Visit) -> Response:
    """Switch the mails about a topic on or off for the owner of the link."""
    store(visit, owner(visit).id)
    return go(visit.link("notices.show", link=visit.request.path_params["link"]))


def delete(visit: Visit) -> Response:
    """Stop all mails of the link's owner; pressed on the page, or in a mail program, which sends no more."""
    person = owner(visit)
    for topic in Topic:
        notices.switch(visit.db, person.id, topic, on=False)
    return by_link(visit, person)


def follow(visit: Visit) -> Response:
    """Follow the panel, or no longer."""
    notices.follow(visit.db, visit.visitor, on=visit.form.get("follow") == "yes")
    return go(visit.link("panels.show") + "#follow")


def progress(visit: Visit) -> Response:
    """Show how many members have acted, and whom a reminder would reach."""
    return ask(visit, Fields({}))


def remind(visit: Visit) -> Response:
    """Remind those who have not answered."""
    fields = Fields({})
    try:
        told = reminders.remind(visit.db, visit.visitor)
        return go(visit.link("notices.progress") + f"?reminded={told}")
    except RefusedError as error:
        fields.add(error)
    return ask(visit, fields)


def ask(visit: Visit, fields: Fields) -> Response:
    """Answer with the page of progress."""
    reminded, today = visit.query("reminded"), local(visit.visitor.now)
    return page(
        visit,
        "notices/progress.html",
        status=422 if fields.problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        progress=reminders.count(visit.db, visit.visitor.panel),
        silent=reminders.silent(visit.db, visit.visitor),
        again=reminders.pause_ends(visit.db, visit.visitor),
        hour=clock_time(visit.language, today.replace(hour=digests.HOUR, minute=0).timestamp()),
        reminded=int(reminded) if reminded.isascii() and reminded.isdecimal() else None,
        problems=fields.problems,
    )


def by_link(visit: Visit, person: Person) -> Response:
    """Answer with the choice of mails for whom a link belongs to; it tells nothing else of them."""
    found = visit.request.path_params["link"]
    stop, switch = visit.link("notices.delete", link=found), visit.link("notices.switch", link=found)
    return page(visit, "notices/show.html", stop=stop, address=switch, **choice(visit, person))


def owner(visit: Visit) -> Person:
    """Return whose link it is. Raises NotFoundError."""
    found = visit.request.path_params["link"]
    person = notices.by_link(visit.db, found, visit.site.settings.secret)
    if person is None:
        raise NotFoundError("notices")
    return person


def choice(visit: Visit, person: Person) -> dict[str, Any]:
    """Return which topics there are, and of which the person wants no mail."""
    return {"topics": list(Topic), "muted": notices.muted(visit.db, person.id)}


def store(visit: Visit, person: int) -> None:
    """Store what the button says, such as ``stop=own``; a word that is none of ours changes nothing."""
    for word, on in (("stop", False), ("start", True)):
        if (topic := visit.form.get(word)) in list(Topic):
            notices.switch(visit.db, person, Topic(topic), on=on)
