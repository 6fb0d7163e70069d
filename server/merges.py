"""Pages under /{language}/panels/{panel}/moderation/merges: two statements that say the same become one."""

from starlette.responses import Response

from panels import merges, organisation, panels, similar
from panels.digests import Item
from panels.errors import NotFoundError, RefusedError
from panels.merges import Merge, Pair, Wording
from panels.statements import LONGEST, SHORTEST, State, Statement
from server.forms import Fields
from server.gate import Visit
from server.languages import LANGUAGES, quoted, said
from server.pages import go, page
from server.sentences import N_, say

KEPT = ("first", "second")
NEW = "new"


def index(visit: Visit) -> Response:
    """Show likely pairs, a form for another pair, and what was merged; go on to a pair that was chosen."""
    fields = Fields({name: visit.query(name) for name in KEPT})
    if not visit.query("second"):
        return overview(visit, fields)
    first, second = (fields.whole(name, least=1, most=999_999_999) for name in KEPT)
    if not fields.problems:
        try:
            chosen = merges.pair(visit.db, visit.visitor.panel, first, second)
            if all(statement.state is State.PUBLISHED for statement in chosen):
                return go(visit.link("merges.new", statement=first, other=second))
        except NotFoundError:
            pass
        fields.refuse("first", "no_pair")
    return overview(visit, fields)


def overview(visit: Visit, fields: Fields) -> Response:
    """Answer with what can be merged and what was."""
    return page(
        visit,
        "merges/index.html",
        status=422 if fields.problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        pairs=similar.likely_pairs(visit.db, visit.visitor),
        merges=merges.of_panel(visit.db, visit.visitor.panel)[: merges.SHOWN],
        form=fields.form,
        problems=fields.problems,
        done=next((word for word in ("merged", "split") if visit.query(word)), ""),
    )


def new(visit: Visit) -> Response:
    """Show both texts, what merging them does, and the choice of the wording."""
    both = asked(visit)
    if any(statement.state is not State.PUBLISHED for statement in both):
        raise NotFoundError("a pair to merge")
    return ask(visit, both, Fields({"seen": merges.mark(both)}))


def create(visit: Visit) -> Response:
    """Merge the two statements."""
    both, fields = asked(visit), Fields(visit.form)
    words = chosen(visit, both, fields)
    if words and not fields.problems:
        seen = visit.form.get("seen", "")
        try:
            merged = merges.merge(visit.db, visit.visitor, both, words, seen=seen)
            return go(visit.link("merges.index") + f"?merged={merged.statement.number}")
        except RefusedError as error:  # what says the same as another statement has no field of its own
            fields.refuse("fi" if error.field == "text" else error.field, error.code, **error.values)
    return ask(visit, both, fields)


def chosen(visit: Visit, both: Pair, fields: Fields) -> Statement | Wording | None:
    """Return the wording that the form chooses; None if it chooses none."""
    kept = fields.choice("wording", [*KEPT, NEW])
    if kept in KEPT:
        return both[KEPT.index(kept)]
    if kept != NEW:
        return None
    needed = organisation.needed(visit.db)
    texts = {
        language: fields.text(language, least=SHORTEST, most=LONGEST)
        for language in LANGUAGES
        if language in needed or visit.form.get(language, "").strip()
    }
    return Wording(texts, organisation.current(visit.db).language)


def split(visit: Visit) -> Response:
    """Let the origins of a merged statement stand for themselves again."""
    merge = merges.get(visit.db, visit.visitor.panel, visit.number("merge"))
    merges.split(visit.db, visit.visitor, merge)
    return go(visit.link("merges.index") + "?split=1")


def asked(visit: Visit) -> Pair:
    """Return the two statements that the address names. Raises NotFoundError, also for another panel's."""
    return merges.pair(visit.db, visit.visitor.panel, visit.number("statement"), visit.number("other"))


def ask(visit: Visit, both: Pair, fields: Fields) -> Response:
    """Answer with the form of one pair."""
    return page(
        visit,
        "merges/new.html",
        status=422 if fields.problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        both=both,
        counted=merges.count(visit.db, both),
        needed=organisation.needed(visit.db),
        form=fields.form,
        most=LONGEST,
        problems=fields.problems,
    )


def apart(visit: Visit, number: int) -> Response:
    """Show a statement that is not asked about any more: it was merged into another, or split again.

    Raises NotFoundError for any other.
    """
    merge = merges.about(visit.db, visit.visitor.panel, number)
    ways = merges.paths(visit.db, visit.visitor.panel)
    return page(
        visit,
        "merges/show.html",
        panel=panels.get(visit.db, visit.visitor.panel),
        merge=merge,
        statement=next(one for one in (merge.statement, merge.first, merge.second) if one.number == number),
        leads_to=ways[number][-1] if number in ways else None,
    )


def told(language: str, item: Item) -> tuple[str, list[str], str]:
    """Tell a writer that their statement was merged with another."""
    merge: Merge = item.matter
    values = {name: words(language, getattr(merge, name)) for name in ("first", "second")}
    more = [
        say(language, N_("These say the same: %(first)s and %(second)s"), values),
        say(language, N_("Together they are now: %(words)s"), {"words": words(language, merge.statement)}),
        say(language, N_("Everybody's answers to both count. Nothing was deleted.")),
    ]
    page = f"/statements/{merge.statement.number}"
    return say(language, N_("your statement was merged with another")), more, page


def told_apart(language: str, item: Item) -> tuple[str, list[str], str]:
    """Tell a writer that their statement stands for itself again."""
    merge: Merge = item.matter
    values = {name: words(language, getattr(merge, name)) for name in ("first", "second")}
    more = [
        say(language, N_("These are asked each for itself again: %(first)s and %(second)s"), values),
        say(language, N_("Their texts and answers are as they were before they were merged.")),
    ]
    return say(language, N_("your statement stands for itself again")), more, "/statements/mine"


def words(language: str, statement: Statement) -> str:
    """Return the statement in quotation marks, with its number."""
    spoken = said(language, statement.texts, statement.language)[0]
    return f"{statement.number}. {quoted(language, spoken)}"
