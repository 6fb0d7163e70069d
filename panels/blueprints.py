"""Blueprints: what a new panel of each usual sort begins with; nothing is stored before its form is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from panels.database import Texts
from panels.panels import SMALLEST, SMALLEST_OF_KIND, Draft, PanelKind, PhaseName, Stretch


def said(fi: str, sv: str, en: str) -> Texts:
    """Return one text in the three languages."""
    return {"fi": fi, "sv": sv, "en": en}


MATTER = said("Mistä on kyse", "Vad det gäller", "What it is about")
MONEY = said("Luvut ja kustannukset", "Siffror och kostnader", "Figures and costs")
LAW = said("Mitä laki sanoo", "Vad lagen säger", "What the law says")
OPTIONS = said(
    "Vaihtoehdot, hyödyt ja haitat", "Alternativ, fördelar och nackdelar", "Options with their pros and cons"
)
EXPERIENCES = said("Käyttäjien kokemuksia", "Erfarenheter av tjänsten", "Experiences of the service")
RECOMMENDATIONS_ANSWERED = said(
    "Käsittelemme raadin suositukset ja vastaamme jokaiseen kirjallisesti perustellen.",
    "Vi behandlar rådets rekommendationer och svarar på var och en skriftligt med motivering.",
    "We consider the panel's recommendations and answer each in writing with reasons.",
)
RESULT_ANSWERED = said(
    "Käsittelemme tulokset ja kerromme kirjallisesti, mitä niistä seuraa.",
    "Vi behandlar resultaten och berättar skriftligt vad de leder till.",
    "We consider the results and tell in writing what follows from them.",
)


@dataclass(frozen=True)
class Blueprint:
    """A usual sort of panel: its phases one after another in days, and what is usually said of it."""

    name: Texts
    kind: PanelKind
    days: Mapping[PhaseName, int]
    effort: Texts
    promise: Texts
    example: Texts
    """A question as such panels ask it."""
    materials: Sequence[Texts]
    """The headings of what members usually read."""
    open_to_all: bool = False
    admits_minors: bool = False


P = PhaseName
BLUEPRINTS = {
    "three-evenings": Blueprint(
        said("Asukasraati, 3 iltaa", "Invånarråd, 3 kvällar", "Residents' panel, 3 evenings"),
        PanelKind.RESIDENTS_PANEL,
        {P.RECRUIT: 28, P.LEARN: 14, P.PROPOSE: 14, P.VOTE: 21, P.MEETINGS: 21, P.PUBLISH: 7, P.RESPONSE: 60},
        said(
            "Kolme iltaa ja noin tunti kotona",
            "Tre kvällar och ungefär en timme hemma",
            "Three evenings and about an hour at home",
        ),
        RECOMMENDATIONS_ANSWERED,
        said(
            "Miten palvelut järjestetään, kun rahaa on vähemmän?",
            "Hur ska tjänsterna ordnas när det finns mindre pengar?",
            "How should services be arranged with less money?",
        ),
        (MATTER, MONEY, LAW, OPTIONS),
    ),
    "service-users": Blueprint(
        said("Asiakasraati", "Kundråd", "Service users' panel"),
        PanelKind.SERVICE_USERS_PANEL,
        {P.RECRUIT: 21, P.LEARN: 7, P.PROPOSE: 14, P.VOTE: 14, P.MEETINGS: 7, P.PUBLISH: 7, P.RESPONSE: 45},
        said(
            "Yksi kokoontuminen ja noin puoli tuntia kotona",
            "Ett möte och ungefär en halvtimme hemma",
            "One meeting and about half an hour at home",
        ),
        RECOMMENDATIONS_ANSWERED,
        said(
            "Mikä palvelussa toimii, ja mitä pitää muuttaa?",
            "Vad fungerar i tjänsten, och vad behöver ändras?",
            "What works in the service, and what should change?",
        ),
        (MATTER, EXPERIENCES, OPTIONS),
    ),
    "youth-council": Blueprint(
        said("Nuorisovaltuusto", "Ungdomsfullmäktige", "Youth council"),
        PanelKind.YOUTH_COUNCIL,
        {P.LEARN: 7, P.PROPOSE: 14, P.VOTE: 14, P.MEETINGS: 7, P.PUBLISH: 3, P.RESPONSE: 30},
        said(
            "Noin puoli tuntia ja yksi kokoontuminen",
            "Ungefär en halvtimme och ett möte",
            "About half an hour and one meeting",
        ),
        RECOMMENDATIONS_ANSWERED,
        said(
            "Mitä nuoret tarvitsevat, jotta he viihtyvät täällä?",
            "Vad behöver unga för att trivas här?",
            "What do young people need to feel at home here?",
        ),
        (MATTER, OPTIONS),
        admits_minors=True,
    ),
    "statement-round": Blueprint(
        said("Väittämäkierros", "Påståenderunda", "Statement round"),
        PanelKind.STATEMENT_ROUND,
        {P.VOTE: 21, P.PUBLISH: 7, P.RESPONSE: 30},
        said("Noin 10 minuuttia", "Ungefär 10 minuter", "About 10 minutes"),
        RESULT_ANSWERED,
        said(
            "Mitä mieltä olet asuinalueesi palveluista?",
            "Vad tycker du om tjänsterna där du bor?",
            "What do you think of the services where you live?",
        ),
        (MATTER,),
        open_to_all=True,
    ),
    "citizens-jury": Blueprint(
        said("Kansalaisraati", "Medborgarråd", "Citizens' jury"),
        PanelKind.CITIZENS_JURY,
        {P.RECRUIT: 42, P.LEARN: 14, P.VOTE: 14, P.MEETINGS: 10, P.PUBLISH: 7, P.RESPONSE: 60},
        said(
            "Neljä päivää ja noin kaksi tuntia kotona",
            "Fyra dagar och ungefär två timmar hemma",
            "Four days and about two hours at home",
        ),
        RECOMMENDATIONS_ANSWERED,
        said(
            "Millä keinoin kunta vähentää päästöjä niin, että se on kaikille reilua?",
            "Hur ska kommunen minska utsläppen så att det är rättvist för alla?",
            "How should the municipality cut emissions so that it is fair to all?",
        ),
        (MATTER, MONEY, LAW, OPTIONS),
    ),
}


def draft(blueprint: Blueprint, first: date) -> Draft:
    """Return a panel as the blueprint begins it on the first day; it has no name, question or owner yet."""
    phases, day = [], first
    for name, days in blueprint.days.items():
        last = day + timedelta(days=days - 1)
        phases.append(Stretch(name, {}, day, last))
        day = last + timedelta(days=1)
    return Draft(
        slug="",
        kind=blueprint.kind,
        title={},
        question={},
        promise=blueprint.promise,
        effort=blueprint.effort,
        answers_by=last,
        open_to_all=blueprint.open_to_all,
        guests=blueprint.open_to_all,
        admits_minors=blueprint.admits_minors,
        smallest=SMALLEST_OF_KIND.get(blueprint.kind, SMALLEST),
        phases=phases,
    )


def usual_start(today: date) -> date:
    """Return a Monday that leaves a week or two to prepare."""
    return today + timedelta(days=14 - today.weekday())
