"""Pages under /{language}/panels/{panel}/materials."""

import re
from typing import Any

from starlette.responses import Response

from panels import materials, organisation, panels, quizzes, submissions
from panels.errors import RefusedError
from panels.materials import SIDES, Draft, Material, MaterialKind
from panels.quizzes import Question, Quiz
from server import forms
from server.forms import Fields, Form, Problem
from server.gate import YEAR, Visit
from server.pages import changed, go, page, part, wants_part
from server.panels import read_texts, states

LIMITS = {"title": 120, "body": 50_000, "source": 200, "argument": 5_000, "recording": 500}
QUIZ_LIMITS = {"question": 300, "option": 120, "why": 500}
MOST = 512_000  # bytes of a form: a long text in three languages
WRITTEN = (MaterialKind.TEXT, MaterialKind.ARGUMENTS)
"""Kinds that staff write on the page; the others come from files."""
MOMENTS = ("before", "after")
"""When a member checks what they know, as seen from reading."""
ADDRESS = re.compile(r"https://[^\s/]+\.[^\s/]+\S*")


def index(visit: Visit) -> Response:
    """List what there is to read."""
    return page(
        visit,
        "materials/index.html",
        panel=panels.get(visit.db, visit.visitor.panel),
        materials=materials.listed(visit.db, visit.visitor.panel, visit.visitor.member),
        quiz=quizzes.of(visit.db, visit.visitor.panel),
    )


def show(visit: Visit) -> Response:
    """Show one material."""
    material = materials.get(visit.db, visit.visitor.panel, visit.number("material"))
    return page(
        visit,
        "materials/show.html",
        panel=panels.get(visit.db, visit.visitor.panel),
        views=materials.views(material, visit.visitor),
        sides=materials.sides(material, visit.visitor),
        **mark(visit, material),
    )


def read(visit: Visit) -> Response:
    """Keep that the member has read the material."""
    number = visit.number("material")
    materials.mark_read(visit.db, visit.visitor, number)
    material = materials.get(visit.db, visit.visitor.panel, number)
    place = visit.link("materials.show", material=number)
    return changed(visit, "materials/_mark.html", place, **mark(visit, material))


def mark(visit: Visit, material: Material) -> dict[str, Any]:
    """Return what the mark under a material needs: what it is, whether it is read, and what is not yet."""
    listed = materials.listed(visit.db, visit.visitor.panel, visit.visitor.member)
    return {
        "material": material,
        "is_read": materials.has_read(visit.db, visit.visitor, material),
        "quiz": quizzes.of(visit.db, visit.visitor.panel),
        "left": [one for one in listed if not one.read and one.number != material.number],
    }


def new(visit: Visit) -> Response:
    """Show the form of a new text, or of new arguments for and against."""
    return ask(visit, None, {"kind": visit.query("kind")}, [])


def create(visit: Visit) -> Response:
    """Add a text, or arguments, to the panel's materials."""
    fields = Fields(visit.form)
    draft = read_draft(visit, fields, kind_of(visit.form), {})
    key, now = forms.key(visit.form), visit.visitor.now
    if not fields.problems:
        try:
            with submissions.once(
                visit.db, key=key, person=visit.person, body=repr(draft), at=now
            ) as is_first:
                if is_first:
                    materials.add(visit.db, visit.visitor.panel, draft)
            return go(visit.link("materials.index"))
        except RefusedError as error:
            fields.add(error)
    return ask(visit, None, visit.form, fields.problems)


def edit(visit: Visit) -> Response:
    """Show the form of a material."""
    material = materials.get(visit.db, visit.visitor.panel, visit.number("material"))
    return ask(visit, material, filled(material), [])


def update(visit: Visit) -> Response:
    """Store what the staff changed in a material."""
    fields = Fields(visit.form)
    material = materials.get(visit.db, visit.visitor.panel, visit.number("material"))
    draft, seen = read_draft(visit, fields, material.kind, material.data), forms.seen(visit.form)
    if not fields.problems:
        try:
            materials.edit(visit.db, visit.visitor.panel, material.number, draft, seen=seen)
            return go(visit.link("materials.show", material=material.number))
        except RefusedError as error:
            fields.add(error)
    return ask(visit, material, visit.form, fields.problems)


def ask(visit: Visit, material: Material | None, form: Form, problems: list[Problem]) -> Response:
    """Answer with the form of a material, new if ``material`` is None."""
    return page(
        visit,
        "materials/edit.html",
        status=422 if problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        material=material,
        kind=material.kind if material else kind_of(form),
        form=form,
        problems=problems,
        needed=organisation.needed(visit.db),
        limits=LIMITS,
        states={name: states(visit, getattr(material, name)) for name in ("title", "body")}
        if material
        else {},
    )


def kind_of(form: Form) -> MaterialKind:
    """Return the kind that a new material's form says, a text if it says none."""
    return next((kind for kind in WRITTEN if kind == form.get("kind")), MaterialKind.TEXT)


def read_draft(visit: Visit, fields: Fields, kind: MaterialKind, data: dict[str, Any]) -> Draft:
    """Return what the form says; only whole if ``fields`` has found no problem. Tables and lists stay."""
    needed = organisation.needed(visit.db)
    if kind is MaterialKind.ARGUMENTS:
        data = {side: read_side(fields, side, needed) for side in SIDES}
    elif kind is MaterialKind.TEXT:
        recording = fields.text("recording", least=0, most=LIMITS["recording"])
        if recording and not ADDRESS.fullmatch(recording):
            fields.refuse("recording", "not_a_web_address")
        data = {"recording": recording}
    return Draft(
        title=read_texts(fields, "title", LIMITS["title"], needed),
        body=read_texts(fields, "body", LIMITS["body"], needed if kind is MaterialKind.TEXT else ()),
        source=read_texts(fields, "source", LIMITS["source"], ()),
        minutes=fields.whole("minutes", least=1, most=120),
        kind=kind,
        data=data,
        compared=fields.form.get("compared") == "yes",
    )


def read_side(fields: Fields, side: str, needed: tuple[str, ...]) -> dict[str, Any]:
    """Return the arguments of one side with their source."""
    return {
        "text": read_texts(fields, side, LIMITS["argument"], needed),
        "source": read_texts(fields, f"{side}-source", LIMITS["source"], needed),
    }


def filled(material: Material) -> dict[str, str]:
    """Return the form as it is filled with what is stored."""
    form = {"seen": str(material.version), "minutes": str(material.minutes)}
    form["recording"] = material.data.get("recording", "")
    texts = {"title": material.title, "body": material.body, "source": material.source}
    for side in SIDES:
        if side in material.data:
            texts |= {side: material.data[side]["text"], f"{side}-source": material.data[side]["source"]}
    for name, text in texts.items():
        form |= {f"{name}-{language}": words for language, words in text.items()}
    return form


def quiz(visit: Visit) -> Response:
    """Show the check of understanding."""
    return explain(visit, {})


def check(visit: Visit) -> Response:
    """Explain the answers, right or wrong; a member's are counted before and after reading, never kept."""
    found = quizzes.of(visit.db, visit.visitor.panel)
    chosen = picks(visit.form, found)
    counted = [moment for moment in MOMENTS if cookie(visit, moment) in visit.request.cookies]
    moment = quizzes.answer(visit.db, visit.visitor, list(chosen.values()), counted=counted)
    response = explain(visit, chosen)
    if moment:  # the browser remembers that it was counted, so that we need not
        secure = visit.site.settings.secure
        response.set_cookie(
            cookie(visit, moment), "1", max_age=YEAR, secure=secure, httponly=True, samesite="lax"
        )
    return response


def explain(visit: Visit, chosen: dict[int, int | None]) -> Response:
    """Answer with the questions, and below them what is right of those that were answered."""
    values: dict[str, Any] = {"quiz": quizzes.of(visit.db, visit.visitor.panel), "chosen": chosen}
    if wants_part(visit):
        return part(visit, "materials/_explained.html", **values)
    return page(visit, "materials/quiz.html", panel=panels.get(visit.db, visit.visitor.panel), **values)


def picks(form: Form, found: Quiz | None) -> dict[int, int | None]:
    """Return by question, from 0, which of its options was chosen, None where none was."""
    chosen = {}
    for number, question in enumerate(found.questions if found else []):
        options = {str(place): place for place in range(len(question["options"]))}
        chosen[number] = options.get(form.get(f"q{number + 1}", ""))
    return chosen


def cookie(visit: Visit, moment: str) -> str:
    """Return the name of the cookie that says that this browser's answers were counted."""
    return visit.site.settings.cookie(f"checked-{moment}-{visit.visitor.panel}")


def questions(visit: Visit) -> Response:
    """Show the form of the questions."""
    found = quizzes.of(visit.db, visit.visitor.panel)
    form = {"seen": str(found.version if found else 0)}
    for number, one in enumerate(found.questions if found else [], start=1):
        texts = {"question": one["question"], "why": one["why"]}
        texts |= {f"option{place}": option for place, option in enumerate(one["options"], start=1)}
        for name, text in texts.items():
            form |= {f"q{number}-{name}-{language}": words for language, words in text.items()}
        form[f"q{number}-correct"] = str(one["correct"] + 1)
    return ask_questions(visit, form, [])


def save_questions(visit: Visit) -> Response:
    """Store the questions; one that is left empty is none."""
    fields, seen = Fields(visit.form), forms.seen(visit.form)
    needed = organisation.needed(visit.db)
    numbers = range(1, quizzes.MOST + 1)
    draft = [read_question(fields, f"q{n}", needed) for n in numbers if is_begun(visit.form, f"q{n}-")]
    if not fields.problems:
        quizzes.save(visit.db, visit.visitor.panel, draft, seen=seen)
        return go(visit.link("materials.quiz"))
    return ask_questions(visit, visit.form, fields.problems)


def is_begun(form: Form, start: str) -> bool:
    """Return whether anything was written into the fields whose names start so."""
    return any(words.strip() for name, words in form.items() if name.startswith(start))


def read_question(fields: Fields, name: str, needed: tuple[str, ...]) -> Question:
    """Return one question; an option that is left empty is none, but for the fewest that there must be."""
    least, most = quizzes.OPTIONS
    options = [
        read_texts(fields, f"{name}-option{place}", QUIZ_LIMITS["option"], needed)
        for place in range(1, most + 1)
        if place <= least or is_begun(fields.form, f"{name}-option{place}-")
    ]
    correct = fields.choice(f"{name}-correct", [str(place) for place in range(1, len(options) + 1)])
    return Question(
        question=read_texts(fields, f"{name}-question", QUIZ_LIMITS["question"], needed),
        options=options,
        correct=int(correct) - 1 if correct.isdecimal() else 0,
        why=read_texts(fields, f"{name}-why", QUIZ_LIMITS["why"], needed),
    )


def ask_questions(visit: Visit, form: Form, problems: list[Problem]) -> Response:
    """Answer with the form of the questions."""
    return page(
        visit,
        "materials/questions.html",
        status=422 if problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        form=form,
        problems=problems,
        needed=organisation.needed(visit.db),
        limits=QUIZ_LIMITS,
        most=quizzes.MOST,
        options=quizzes.OPTIONS[1],
    )
