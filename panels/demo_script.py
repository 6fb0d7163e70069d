"""What the demo's files say, as the staff would write it into forms."""

import csv
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from panels.materials import SIDES, MaterialKind
from panels.materials import Draft as Material
from panels.panels import Draft as Panel
from panels.panels import PanelKind, PhaseName, Stretch, Texts
from panels.quizzes import Question

FOLDER = Path(__file__).parent / "demo_data"
PHONE = "040 000 0000"
HOURS = {"fi": "arkisin klo 9–15", "sv": "vardagar kl. 9–15", "en": "on weekdays 9–15"}
STEPS = {
    "invited": PhaseName.RECRUIT,
    "volunteered": PhaseName.RECRUIT,
    "selected": PhaseName.RECRUIT,
    "attended_all_meetings": PhaseName.MEETINGS,
}
"""The phase after which each figure of the recruitment is known."""
COUNCIL = {"fi": "Kuuraniemen valtuusto", "sv": "Rimnäs fullmäktige", "en": "The council of Kuuraniemi"}
EFFORT = {
    "fi": "Väittämiin vastaaminen kestää noin 10 minuuttia",
    "sv": "Det tar ungefär 10 minuter att svara på påståendena",
    "en": "Answering the statements takes about 10 minutes",
}
FEE = {
    "fi": "Arvotut jäsenet saavat 150 euroa, josta maksetaan vero. Matkat korvataan.",
    "sv": "De lottade medlemmarna får 150 euro, som är skattepliktigt. Resor ersätts.",
    "en": "Drawn members get 150 euros, of which tax is paid. Travel is refunded.",
}
LIBRARY = {"fi": "Kirjasto", "sv": "Bibliotek", "en": "Library"}
FIGURES: Mapping[str, Texts] = {
    "cost_eur": {"fi": "Kustannukset, €", "sv": "Kostnader, €", "en": "Cost, €"},
    "loans": {"fi": "Lainat", "sv": "Lån", "en": "Loans"},
    "visits": {"fi": "Käynnit", "sv": "Besök", "en": "Visits"},
    "open_hours_week": {
        "fi": "Auki tuntia viikossa",
        "sv": "Öppet timmar i veckan",
        "en": "Hours open a week",
    },
}

SLIPS: Mapping[int, Texts] = {34: {"fi": "Kirjastoauton aikatalun pitää sopia yhteen koulukyytien kanssa."}}
"""What a resident wrote at first, by the number of the statement; staff correct it before anybody answers."""

Script = dict[str, Any]


def read() -> Script:
    """Return all texts of the demo; what they are stands in the folder's README.md."""
    script: Script = json.loads((FOLDER / "demo.json").read_text(encoding="utf-8"))
    return script


def read_votes() -> dict[int, dict[int, int]]:
    """Return each open participant's votes by the number of the statement."""
    votes: dict[int, dict[int, int]] = {}
    with (FOLDER / "demo_votes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            votes.setdefault(int(row["participant"]), {})[int(row["statement"])] = int(row["vote"])
    return votes


def phases(script: Script) -> list[Stretch]:
    """Return the panel's phases."""
    return [
        Stretch(
            name=PhaseName(phase["id"]),
            title=phase["title"],
            first=date.fromisoformat(phase["starts"]),
            last=date.fromisoformat(phase["ends"]),
        )
        for phase in script["phases"]
    ]


def panel(script: Script, day: date) -> Panel:
    """Return the panel as it is known on the day."""
    told, response = script["panel"], phases(script)[-1]
    ended = {phase.name: phase.last for phase in phases(script)}
    return Panel(
        slug=told["slug"],
        kind=PanelKind(told["kind"]),
        title=told["title"],
        question=told["question"],
        promise=told["promise"],
        not_decided=told["not_decided_here"],
        owner=COUNCIL,
        organiser=told["owner"],
        considered_on=response.first,
        answers_by=response.last,
        record_number=told["record_no"],
        contact=f"Eero, {PHONE}",
        effort=EFFORT,
        fee=FEE,
        figures={step: script["recruitment"][step] for step, name in STEPS.items() if ended[name] < day},
        open_to_all=True,
        guests=True,
        phases=phases(script),
    )


def materials(script: Script) -> list[Material]:
    """Return what the panel reads; the quiz is for afterwards."""
    return [material(script, told) for told in script["materials"] if told["kind"] != "quiz"]


def questions(script: Script) -> list[Question]:
    """Return the two questions that the panel asks: the others of the quiz are to choose from."""
    told = next(material for material in script["materials"] if material["kind"] == "quiz")["questions"]
    return [Question(one["q"], one["a"], one["correct"], one["why"]) for one in told[:2]]


def material(script: Script, told: dict[str, Any]) -> Material:
    """Return one material, laid out by what it contains."""
    kind, data = MaterialKind.TEXT, {}
    if "table" in told:
        kind, data = MaterialKind.FACTS, table(script, told["table"])
    elif "options" in told:
        kind, data = MaterialKind.OPTIONS, {"options": [option(one) for one in told["options"]]}
    elif "views" in told:
        kind, data = MaterialKind.VIEWS, {"views": told["views"]}
    elif "against" in told:
        kind, data = MaterialKind.ARGUMENTS, {side: told[side] for side in SIDES}
    body, source = told.get("body", {}), told.get("source", {})
    return Material(told["title"], body, source, minutes=told["minutes"], kind=kind, data=data)


def table(script: Script, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the libraries' figures with a title for each column and a name for each row."""
    areas = {area["id"]: area["name"] for area in script["municipality"]["areas"]}
    named = [[areas[row["branch"]], *(row[name] for name in FIGURES)] for row in rows]
    return {"columns": [LIBRARY, *FIGURES.values()], "rows": named}


def option(told: dict[str, Any]) -> dict[str, Any]:
    """Return the option with its letter, by which other texts call it."""
    title = {language: f"{told['id']}. {words}" for language, words in told["title"].items()}
    return {"title": title, "saving": told["saving_eur"], "pros": told["pros"], "cons": told["cons"]}


def writers(script: Script) -> list[str]:
    """Return the names of the members, those who propose and comment among them; some gave none."""
    names = ["Aino", "Nils"]
    for proposal in script["proposals"]:
        names += [proposal["author_alias"], *(comment["author_alias"] for comment in proposal["comments"])]
    known = [name for name in dict.fromkeys(names) if name]
    return known + [""] * (script["recruitment"]["selected"] - len(known))


def authors(script: Script, votes: Mapping[int, Mapping[int, int]]) -> dict[int, int]:
    """Return which open participant sent each of the residents' statements: each one that they agree with."""
    found: dict[int, int] = {}
    for told in script["statements"]:
        if told["origin"] != "seed":
            number = told["id"]
            agreeing = (one for one, given in votes.items() if given.get(number) == 1)
            found[number] = next(one for one in agreeing if one not in found.values())
    return found
