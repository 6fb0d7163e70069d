import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from panels import panels, people, quizzes, snapshots, statements, summary
from panels.database import Engine, set_clock, writing
from panels.members import Member
from panels.panels import Panel, Phase, PhaseName
from panels.snapshots import Outcome, Place, Snapshot
from panels.statements import State, Vote
from server import charts
from tests.conftest import DAY, NOON, Browser
from tests.planted import LARGER, RARE, answers, plant, vote

LIBRARY = "/fi/panels/library/summary"
AFTER = NOON + 10 * DAY  # voting has ended


OUTCOMES: list[Outcome] = []
"""The planted votes' outcome: they and their rows' ids are the same in every test, so it is computed once."""


@pytest.fixture
def panel(engine: Engine) -> int:
    """Plant votes and keep a snapshot of them."""
    with writing(engine) as db:
        planted = plant(db)
        if not OUTCOMES:
            OUTCOMES.append(summary.analyse(summary.gather(db, planted.id)))
        snapshots.store(db, planted.id, replace(OUTCOMES[0], state=snapshots.state(db, planted.id)))
        return planted.id


def refreshed(db: Session, panel: Panel) -> int:
    """Keep a new snapshot of the panel; return the panel's id."""
    snapshots.store(db, panel.id, summary.analyse(summary.gather(db, panel.id)))
    return panel.id


@pytest.fixture
def published(engine: Engine, panel: int) -> int:
    with writing(engine) as db:
        summary.publish(db, panel)
    return panel


def seat_of(db: Session, name: str) -> int:
    """Return the seat that the person has in the library's panel."""
    person = people.by_email(db, f"{name}@example.fi")
    assert person is not None
    found = db.scalar(select(Member.id).where(Member.person_id == person.id))
    assert found is not None
    return found


def counted(client: TestClient, address: str) -> tuple[str, int]:
    """Return the page and how many SQL statements it took."""
    said: list[Any] = []

    def note(*arguments: Any) -> None:
        if not arguments[2].startswith("begin"):
            said.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        answer = client.get(address)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert answer.status_code == 200, answer.text
    return answer.text, len(said)


def test_before_publishing_the_page_tells_the_day_and_no_figure(
    engine: Engine, browser: Browser, panel: int
) -> None:
    with writing(engine) as db:
        found = panels.get(db, panel)
        found.figures = {"invited": 2400, "volunteered": 0}
        found.owner, found.answers_by, found.record_number = {"fi": "Valtuusto"}, "2027-03-08", "KRN/1"
        found.phases.append(
            Phase(name=PhaseName.PUBLISH, title={"fi": "Tulokset"}, starts_at=AFTER, ends_at=AFTER + DAY)
        )
    page = browser("").get(LIBRARY).text
    for words in ("Yhteenveto julkaistaan 1.12.2026", "2\u00a0400", "Valtuusto", "8.3.2027", "KRN/1"):
        assert words in page
    assert "dot-plot" not in page
    assert "Ryhmä A" not in page


def test_a_panel_without_anything_says_so(browser: Browser) -> None:
    page = browser("").get("/fi/panels/harbour/summary").text
    assert "Yhteenveto ei ole vielä valmis" in page
    assert "Ketään ei ole vielä kutsuttu." in page


@pytest.mark.parametrize(
    ("with_them", "told"),
    [([1], "there because of them:"), ([], "are the same without them")],
)
def test_v42_the_summary_warns_of_answers_in_unison_and_staff_see_their_effect(
    engine: Engine, browser: Browser, published: int, *, with_them: list[int], told: str
) -> None:
    verdict(engine, published, unison={"size": 40, "with_them": with_them, "without_them": []})
    page = browser("").get("/en/panels/library/summary")
    assert "almost alike within two days" in page.text
    assert "40" not in page.text.partition("almost alike")[2].partition("</li>")[0]
    draft = browser("eero").get("/en/panels/library/summary/draft")
    assert "At least 40 people answered almost alike within two days" in draft.text
    assert told in draft.text


@pytest.mark.parametrize(
    ("language", "headline", "mind"),
    [
        ("fi", "Vastauksista erottui kaksi mielipideryhmää", "Tästä ollaan samaa mieltä"),
        ("sv", "Två åsiktsgrupper framträdde i svaren", "Här råder samförstånd"),
        ("en", "Two opinion groups emerged from the answers", "Here people are of one mind"),
    ],
)
def test_the_published_summary_reads_from_the_snapshot_alone_in_each_language(
    browser: Browser, published: int, *, language: str, headline: str, mind: str
) -> None:
    client = browser("")
    client.get(LIBRARY)
    page, said = counted(client, f"/{language}/panels/library/summary")
    assert said <= 7
    assert headline in page
    assert mind in page
    assert f">{RARE}<" in page  # the rare statement is named
    assert "style=" not in page
    assert published


def test_importance_has_a_column_once_enough_people_hold_a_statement_important_v46(
    engine: Engine, browser: Browser, published: int
) -> None:
    english = LIBRARY.replace("/fi/", "/en/")
    assert 'class="n">Important</th>' not in browser("").get(english).text
    with writing(engine) as db:
        found = db.get_one(Snapshot, summary.published(db, published).id)  # type: ignore[union-attr]
        entries = [
            {**entry, "important": 12 if entry["number"] == 1 else None}
            for entry in found.masked["statements"]
        ]
        found.masked = {**found.masked, "statements": entries}
    page = browser("").get(english).text.partition('class="n">Important</th>')[2]
    assert re.findall(r'<td class="n num">(12|fewer than 5)</td><td>', page)[:2] == ["12", "fewer than 5"]


def test_v13_v39_the_map_has_hexagons_and_no_person(browser: Browser, published: int) -> None:
    page = browser("").get(LIBRARY).text
    assert '<svg class="map"' in page
    assert "Ryhmä A: 36 henkeä. Ryhmä B: 24 henkeä." in page
    assert "own" not in page.partition('<svg class="map"')[2].partition("</svg>")[0]
    assert published


def test_c4_what_both_sides_of_a_division_accept_is_told_once(browser: Browser, published: int) -> None:
    page = browser("").get("/en/panels/library/summary").text
    assert (
        page.count("Both sides think alike about this:")
        == page.count("Both sides think alike about this: “")
        == 1
    )
    assert published


def test_c5_three_limits_and_no_margin_of_error(browser: Browser, published: int) -> None:
    page = browser("").get(LIBRARY).text
    assert page.partition("Lue luvut näin")[2].partition("</ul>")[0].count("<li>") == 3
    assert "virhemarginaali" not in page
    assert published


def test_a_panel_of_seats_alone_says_that_only_they_answered(
    engine: Engine, browser: Browser, published: int
) -> None:
    with writing(engine) as db:
        found = summary.published(db, published)
        assert found is not None
        assert found.groups["channels"] == [{"channels": ["web"], "people": 60}]
        told = [{"channels": ["web"], "people": 48}, {"channels": ["paper", "desk"], "people": 12}]
        found.groups = {**found.groups, "kinds": {"drawn": 60}, "channels": told, "regrouped_at": NOON - DAY}
    page = browser("").get(LIBRARY).text
    assert "vastauksen mukaan: 48 verkossa, 12 paperilla tai palvelupisteessä." in " ".join(page.split())
    assert "Vain raadin jäsenet saivat vastata." in page
    assert "60 arvottua" in page
    assert "Ryhmät muuttuivat 20.11. klo\u00a012" in page


def test_the_draft_is_rough_while_voting_goes_on_and_exact_afterwards(
    engine: Engine, browser: Browser, panel: int
) -> None:
    for name in ("eero", "outi"):
        assert "Luonnos, laskettu 21.11. klo" in browser(name).get(LIBRARY + "/draft").text
    rough, said = counted(browser("eero"), LIBRARY + "/draft")
    assert said <= 7
    assert "Vähintään 35 henkeä." in rough
    assert "60 henkilöä" in rough
    with writing(engine) as db:
        set_clock(db, AFTER)
        refreshed(db, panels.get(db, panel))
    assert "36 henkeä." in browser("eero").get(LIBRARY + "/draft").text


def test_the_draft_is_for_staff_of_the_panel(browser: Browser, panel: int) -> None:
    assert [browser(name).get(LIBRARY + "/draft").status_code for name in ("", "aino", "ville")] == [
        401,
        403,
        403,
    ]
    assert panel


def test_a_draft_before_the_first_answers_says_that_it_will_come(browser: Browser) -> None:
    assert "Se lasketaan pian" in browser("outi").get(LIBRARY + "/draft").text


def test_a_new_voter_and_a_new_statement_are_in_the_next_draft(
    engine: Engine, browser: Browser, panel: int
) -> None:
    with writing(engine) as db:
        library = panels.get(db, panel)
        vote(db, library, seat_of(db, "aino"), answers(1))
        rare = statements.get(db, panel, RARE)
        rare.texts = {"fi": "Aivan uusi väittämä"}
        set_clock(db, NOON + 3600)
        refreshed(db, library)
    page = browser("eero").get(LIBRARY + "/draft").text
    assert "61 henkilöä" in page
    assert "Aivan uusi väittämä" in page
    assert "Luonnos, laskettu 21.11. klo\u00a013" in page


def test_a_statement_hidden_after_publishing_is_gone_from_the_page(
    engine: Engine, browser: Browser, published: int
) -> None:
    assert "Väittämä 4" in browser("").get(LIBRARY).text
    with writing(engine) as db:
        statements.get(db, published, 4).state = State.HIDDEN
    page = browser("").get(LIBRARY).text
    assert "Väittämä 4<" not in page
    assert "Väittämä 5" in page


def test_c23_without_groups_the_headline_says_so_and_no_group_figure_is_shown(
    engine: Engine, browser: Browser
) -> None:
    with writing(engine) as db:
        panel = plant(db)
        db.execute(delete(Vote).where(Vote.member_id > 12))
        refreshed(db, panel)
        summary.publish(db, panel.id)
    page = browser("").get(LIBRARY).text
    assert "Vastauksia on vielä liian vähän mielipideryhmiin" in page
    assert "dot-plot" not in page
    assert "Ryhmä A" not in page


def verdict(engine: Engine, panel: int, **groups: Any) -> None:
    """Let the newest snapshot have another verdict."""
    with writing(engine) as db:
        found = summary.newest(db, panel)
        assert found is not None
        found.groups = {**found.groups, **groups}


@pytest.mark.parametrize(
    ("word", "headline", "sentence"),
    [
        ("spectrum", "Mielipiteet muodostavat liukuvan asteikon", "ryhmät vain tiivistävät sen"),
        ("none", "Vastauksista erottui kaksi", "Ryhmiä ei erottunut. Sekin on tulos."),
    ],
)
def test_the_verdict_is_said_in_words(
    engine: Engine, browser: Browser, published: int, *, word: str, headline: str, sentence: str
) -> None:
    verdict(engine, published, verdict=word)
    page = browser("").get(LIBRARY).text
    assert headline in page
    assert sentence in page


@pytest.fixture
def aino(engine: Engine, panel: int) -> int:
    """Let Aino answer as the larger group does, but two statements, and be in the snapshot."""
    with writing(engine) as db:
        seat, choices = seat_of(db, "aino"), answers(2)
        choices.pop(RARE, None)
        vote(db, panels.get(db, panel), seat, {**choices, 4: -1, 6: -1})
        refreshed(db, panels.get(db, panel))
    return seat


def test_a_member_sees_in_words_and_on_the_map_where_they_stand_r14(browser: Browser, aino: int) -> None:
    page, said = counted(browser("aino"), LIBRARY + "/mine")
    assert said <= 10
    assert "samoin kuin useimmat ryhmässä A" in page
    assert "Väittämä 4" in page.partition("toisin kuin useimmat ryhmässäsi")[2]
    assert "Sinä olet tässä ryhmässä." in page
    assert 'class="own"' in page
    assert browser("aino").get(LIBRARY + "/mine").headers["cache-control"] == "no-store"
    assert aino


def test_what_all_groups_agree_on_is_told_beside_ones_own_answer_r14(
    browser: Browser, engine: Engine, aino: int
) -> None:
    with writing(engine) as db:
        rejected = db.get_one(Vote, (aino, 3))
        rejected.choice = None
    page = browser("aino").get(LIBRARY + "/mine").text
    told = page.partition("Näistä kaikki ryhmät ovat yhtä mieltä")[2].partition("</section>")[0]
    assert re.findall(r"sentence (\d).*?<span>([SE].*?)</span> <span>Kaikki ryhmät: <b>(.*?)</b>", told) == [
        ("1", "Sinä: <b>Samaa mieltä</b>", "Samaa mieltä"),
        ("2", "Sinä: <b>Samaa mieltä</b>", "Samaa mieltä"),
        ("3", "Et ole vastannut tähän.", "Eri mieltä"),
    ]


def test_everything_on_the_map_is_also_a_list_r14(browser: Browser, engine: Engine, aino: int) -> None:
    page = browser("aino").get(LIBRARY + "/mine").text
    words = page.partition("Kartta sanoina")[2].partition("</details>")[0]
    told = re.findall(
        r"<li>Ryhmä (.): [a-zä ]+\. Kuusikulmioita: suuria (\d), keski\w+ (\d), pieniä (\d)", words
    )
    with writing(engine) as db:
        drawn = db.scalars(select(Snapshot.groups)).one()["map"]["hexagons"]
    for letter, *sizes in told:
        named = [hexagon["size_class"] for hexagon in drawn if hexagon["letter"] == letter]
        assert [str(named.count(size)) for size in ("many", "some", "few")] == sizes
    assert [letter for letter, *_ in told] == ["A", "B"]
    assert re.search(r"<b>Sinä</b>: [a-zä ]+\.", words)
    assert aino


@pytest.mark.parametrize(
    ("confidence", "words"), [(0.95, "selvästi"), (0.8, "melko varmasti"), (0.5, "rajalla")]
)
def test_how_surely_one_belongs_to_a_group_is_said_in_words(
    engine: Engine, browser: Browser, aino: int, *, confidence: float, words: str
) -> None:
    with writing(engine) as db:
        place = db.get_one(Place, aino)
        place.confidence = confidence
    page = browser("aino").get(LIBRARY + "/mine").text
    assert words in page
    assert str(confidence) not in page


def test_without_groups_one_is_compared_with_everybody(engine: Engine, browser: Browser, aino: int) -> None:
    with writing(engine) as db:
        db.get_one(Place, aino).letter = None
        panel = panels.by_slug(db, "library").id
        found = summary.newest(db, panel, rough=True)
        assert found is not None
        found.groups = {**found.groups, "letters": [], "verdict": "none"}
        entries = [{**entry, "groups": []} for entry in found.rough["statements"]]
        found.rough = {**found.rough, "statements": entries, "marks": []}
        found.groups = {**found.groups, "rough_sizes": []}
    page = browser("aino").get(LIBRARY + "/mine").text
    assert "samoin kuin useimmat muut" in page
    assert "Ryhmiä ei erottunut. Sekin on tulos." in page


def test_somebody_with_few_answers_is_told_how_many_are_missing(
    engine: Engine, browser: Browser, panel: int
) -> None:
    with writing(engine) as db:
        vote(db, panels.get(db, panel), seat_of(db, "aino"), {1: 1, 2: 1, 3: -1, 4: 0})
    assert "Vastaa vielä 3 väittämään" in browser("aino").get(LIBRARY + "/mine").text


def test_somebody_who_answered_just_now_is_told_to_come_back(
    engine: Engine, browser: Browser, panel: int
) -> None:
    with writing(engine) as db:
        vote(db, panels.get(db, panel), seat_of(db, "aino"), answers(1))
    assert "Paikkasi lasketaan minuutin kuluessa" in browser("aino").get(LIBRARY + "/mine").text


def test_before_the_first_snapshot_there_is_no_place_yet(browser: Browser) -> None:
    assert "Tuloksia ei vielä ole" in browser("aino").get(LIBRARY + "/mine").text


def test_the_own_place_needs_a_seat(browser: Browser) -> None:
    assert [browser(name).get(LIBRARY + "/mine").status_code for name in ("", "ville", "eero")] == [
        401,
        403,
        403,
    ]


def test_after_publishing_the_own_place_is_told_in_published_figures(
    browser: Browser, engine: Engine, aino: int
) -> None:
    with writing(engine) as db:
        summary.publish(db, panels.by_slug(db, "library").id)
    page = browser("aino").get(LIBRARY + "/mine").text
    assert f"{LARGER + 1} henkeä." in page
    assert "Lue yhteenveto" in page
    assert aino


def test_n6_what_reading_changed_is_told_with_its_people_when_the_summary_is(
    browser: Browser, engine: Engine, panel: int
) -> None:
    found = quizzes.Quiz(panel_id=panel, questions=[{}, {}], people_before=8, right_before=4)
    found.people_after, found.right_after = 5, 9
    with writing(engine) as db:
        db.add(found)
    assert "Mitä asiasta tiedettiin" not in browser("eero").get(LIBRARY + "/draft").text
    with writing(engine) as db:
        summary.publish(db, panel)
    page = " ".join(browser("").get(LIBRARY).text.replace("\u00a0", " ").split())
    assert 'ennen lukemista</dt><dd>25 % <span class="muted">n = 8</span>' in page
    assert 'lukemisen jälkeen</dt><dd>90 % <span class="muted">n = 5</span>' in page
    with writing(engine) as db:
        db.merge(quizzes.Quiz(panel_id=panel, people_after=4))
    assert "Mitä asiasta tiedettiin" not in browser("").get(LIBRARY).text


def row(agree: int | None, n: int, *, few: str = "", least: int = 0, most: int = 100) -> dict[str, Any]:
    """Return a printed row as far as charts read it."""
    return {
        "agree": agree,
        "disagree": None if agree is None else n - agree,
        "passes": 0,
        "n": n,
        "agree_is_few": few == "agree",
        "disagree_is_few": few == "disagree",
        "agree_least": least,
        "agree_most": most,
    }


def test_signs_that_stand_close_are_stacked_and_hidden_rows_have_none() -> None:
    rows = [row(50, 100, least=50), row(52, 100, least=52), None, row(90, 100, least=90)]
    found = charts.signs(["A", "B", "C", "D"], rows)
    assert [(sign.letter, sign.x, sign.y) for sign in found] == [
        ("A", 100.0, 9.6),
        ("B", 103.8, 20.4),
        ("D", 176.8, 15.0),
    ]


def test_five_stacked_signs_stay_inside_the_drawing() -> None:
    found = charts.signs(list("ABCDE"), [row(50, 100, least=50)] * 5)
    assert [sign.y for sign in found] == [5.0, 10.0, 15.0, 20.0, 25.0]


def test_a_side_under_k_is_drawn_as_an_outline_at_the_limit_that_the_figures_tell() -> None:
    (few,) = charts.signs(["A"], [row(None, 100, few="disagree", least=96)])
    assert (few.x, few.certain) == (round(4 + 192 * 0.96, 1), False)
    (other,) = charts.signs(["A"], [row(None, 100, few="agree", most=4)])
    assert other.x == round(4 + 192 * 0.04, 1)


def test_bars_need_all_three_counts() -> None:
    assert charts.shares(row(60, 100)) == [
        ("agree", 0.0, 60.0),
        ("disagree", 60.0, 40.0),
        ("pass", 100.0, 0.0),
    ]
    assert charts.shares(row(None, 100, few="agree")) == []


def test_the_map_in_words_lists_groups_first_and_where_they_lie_r14() -> None:
    hexagons = [
        ("", 50.0, 50.0, "few"),
        ("B", 0.0, 10.0, "many"),
        ("B", 100.0, 10.0, "few"),
        ("A", 99, 95, "some"),
    ]
    rows = [{"letter": letter, "x": x, "y": y, "size_class": size} for letter, x, y, size in hexagons]
    drawing = {"width": 100, "height": 100, "hexagons": rows}
    assert charts.areas(drawing) == [
        charts.Area("A", ("right", "bottom"), few=0, some=1, many=0),
        charts.Area("B", ("middle", "top"), few=1, some=0, many=1),
        charts.Area("", ("middle", "middle"), few=1, some=0, many=0),
    ]
    assert charts.place(drawing, -3, 120) == ("left", "bottom")
