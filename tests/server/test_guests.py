"""Guests: anybody answers at once where the panel allows it, and keeps the answers on becoming a member."""

import re

import pytest
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from panels import codes, panels, statements
from panels.codes import CodeKind
from panels.database import Engine, reading, set_clock, writing
from panels.login import LoginRequest
from panels.members import Member, MemberKind, arrive
from panels.panels import Panel
from panels.statements import Vote
from server.limits import GUESTS, Limits
from server.settings import Settings
from tests.conftest import DAY, NOON, Browser

PANEL = "/fi/panels/library"
GUEST, JOIN, SEAT = (f"{PANEL}/members/{word}" for word in ("guest", "join", "seat"))
STATEMENTS = f"{PANEL}/statements"
BUTTON = 'value="agree"'
POOL = {
    "slug": "pool",
    "kind": "residents_panel",
    "title-fi": "Uimahalli",
    "title-sv": "Simhallen",
    "question-fi": "Missä uimahallin pitäisi olla?",
    "question-sv": "Var borde simhallen finnas?",
    "smallest": "5",
}


@pytest.fixture
def allowed(engine: Engine) -> Engine:
    """Let guests into both panels."""
    with writing(engine) as db:
        db.execute(update(Panel).values(guests=True))
    return engine


@pytest.fixture
def guest(browser: Browser, allowed: Engine) -> TestClient:
    """Open the browser of somebody who has pressed "Answer as a guest"."""
    assert allowed
    client = browser("")
    assert client.post(GUEST).headers["location"] == STATEMENTS
    return client


def vote(client: TestClient, number: int, choice: str = "agree", seen: int = 0, slug: str = "library") -> int:
    form = {"choice": choice, "seen": str(seen), "key": f"{number:032x}"}
    return client.post(f"/fi/panels/{slug}/statements/{number}/vote", data=form).status_code


def choices(engine: Engine, client: TestClient, slug: str = "library") -> dict[int, int | None]:
    """Return what the browser's seat has answered."""
    with reading(engine) as db:
        visitor = arrive(db, slug, client.cookies["login"], hold=False)
        return {key: answer.choice for key, answer in statements.answers(db, visitor).items()}


def kinds(engine: Engine) -> list[MemberKind]:
    with reading(engine) as db:
        return list(db.scalars(select(Member.kind).where(Member.panel_id == 1).order_by(Member.id)))


def link(engine: Engine, settings: Settings) -> str:
    with reading(engine) as db:
        request = db.scalars(select(LoginRequest).order_by(-LoginRequest.id)).first()
        assert request is not None
        return request.link(settings.secret)


def test_102_somebody_without_an_account_answers_after_one_press(guest: TestClient, engine: Engine) -> None:
    page = guest.get(STATEMENTS).text
    assert BUTTON in page
    assert "Vastaat vieraana" in page
    assert vote(guest, 1) == 303
    assert choices(engine, guest) == {1: 1}
    assert guest.get(f"{STATEMENTS}/mine").status_code == 200


@pytest.mark.usefixtures("allowed")
def test_102_the_press_is_offered_on_the_panels_page_and_at_the_statement(browser: Browser) -> None:
    for address in (PANEL, STATEMENTS):
        assert f'action="{GUEST}"' in browser("").get(address).text


def test_102_the_cookie_holds_the_seat_until_the_panel_ends_however_idle(
    browser: Browser, allowed: Engine
) -> None:
    client = browser("")
    age = re.search(r"Max-Age=(\d+)", client.post(GUEST).headers["set-cookie"])
    assert age is not None
    assert abs(int(age[1]) - 9 * DAY) < 60
    with writing(allowed) as db:
        set_clock(db, NOON + 8 * DAY)
    assert vote(client, 1) == 303
    assert "Tämä selain" in client.get("/fi/me").text
    with writing(allowed) as db:
        set_clock(db, NOON + 9 * DAY)
    assert client.get("/fi/me").status_code == 401


def test_102_on_a_shared_computer_the_seat_is_left_when_nobody_acts(
    browser: Browser, allowed: Engine
) -> None:
    client = browser("")
    answer = client.post(GUEST, data={"shared": "yes"})
    assert "Max-Age" not in answer.headers["set-cookie"].replace("lang", "").split("login=")[1].split(",")[0]
    assert vote(client, 1) == 303
    with writing(allowed) as db:
        set_clock(db, NOON + 11 * 60)
    assert vote(client, 2) == 401


def test_102_pressing_again_keeps_the_seat_and_another_panel_gets_a_seat_of_its_own(
    guest: TestClient, engine: Engine
) -> None:
    vote(guest, 1)
    guest.post(GUEST)
    assert choices(engine, guest) == {1: 1}
    assert kinds(engine).count(MemberKind.GUEST) == 1
    assert guest.post("/fi/panels/harbour/members/guest").status_code == 303
    assert vote(guest, 2, slug="harbour") == 303
    assert choices(engine, guest) == {1: 1}


def test_102_from_one_address_only_so_many_guests_come_in_an_hour(
    guest: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(Limits, "hit", lambda _self, limit, *_whose: asked.append(limit))
    guest.cookies.clear()
    guest.post(GUEST)
    assert GUESTS in asked
    assert (GUESTS.amount, GUESTS.get_expiry()) == (100, 3600)


@pytest.mark.parametrize(
    ("guests", "who", "votes", "writes"),
    [
        (True, "guest", 303, 403),
        (True, "", 401, 401),
        (False, "", 401, 401),
        (False, "aino", 303, 303),
        (True, "aino", 303, 303),
    ],
)
def test_v18_a_login_is_needed_to_write_and_where_guests_may_not_come_to_vote(
    browser: Browser, engine: Engine, guests: bool, who: str, votes: int, writes: int
) -> None:
    """V18"""
    with writing(engine) as db:
        db.execute(update(Panel).values(guests=guests))
    client = browser("" if who == "guest" else who)
    if who == "guest":
        client.post(GUEST)
    assert vote(client, 1) == votes
    text = {"text": "Kirjasto tarvitsee tuoleja.", "key": "f" * 32}
    assert client.post(STATEMENTS, data=text).status_code == writes
    if who == "guest":
        page = client.get(f"{STATEMENTS}/new").text
        assert "Kun liityt raatiin, voit myös kirjoittaa niitä." in page
        assert GUEST not in page


def test_v18_a_panel_without_guests_offers_and_gives_no_guests_seat(browser: Browser, engine: Engine) -> None:
    """V18"""
    client, before = browser(""), kinds(engine)
    assert GUEST not in client.get(PANEL).text + client.get(STATEMENTS).text
    assert client.post(GUEST).status_code == 409
    assert kinds(engine) == before


def test_r20_a_guest_who_joins_by_mail_keeps_the_answers(
    guest: TestClient, engine: Engine, settings: Settings
) -> None:
    """R20"""
    for number in (1, 2, 3):
        vote(guest, number)
    assert 'name="email"' in guest.get(JOIN).text
    assert guest.post(SEAT, data={"email": "new@example.fi"}).headers["location"] == "/fi/login/sent"
    answer = guest.post(link(engine, settings))
    assert answer.headers["location"] == f"{PANEL}/members/consent?kept=3&clashes=0"
    page = guest.get(answer.headers["location"]).text
    assert "Vieraana antamasi 3 vastausta on tallessa." in page
    assert "olit vastannut" not in page
    guest.post(f"{PANEL}/members/agree", data={"answer": "yes", "taking_part": "yes"})
    assert choices(engine, guest) == {1: 1, 2: 1, 3: 1}
    assert kinds(engine)[2:] == [MemberKind.OPEN]
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(Vote)) == 3


def test_r20_a_guest_who_logs_in_hears_which_answers_they_had_given_before(
    browser: Browser, guest: TestClient, engine: Engine, settings: Settings
) -> None:
    """R20"""
    vote(browser("aino"), 1, "disagree")
    vote(guest, 1)
    vote(guest, 2)
    guest.post("/fi/login", data={"email": "aino@example.fi"})
    answer = guest.post(link(engine, settings))
    assert answer.headers["location"] == f"{PANEL}?kept=2&clashes=1"
    page = guest.get(answer.headers["location"]).text
    assert "Vieraana antamasi 2 vastausta on tallessa." in page
    assert "Yhteen väittämään olit vastannut jo aiemmin: uudempi vastaus on voimassa." in page
    assert choices(engine, guest) == {1: 1, 2: 1}
    assert kinds(engine) == [MemberKind.DRAWN, MemberKind.DRAWN]


def test_r20_a_guest_with_the_letters_code_keeps_the_answers(guest: TestClient, engine: Engine) -> None:
    """R20"""
    vote(guest, 1)
    with writing(engine) as db:
        (code,) = codes.add(db, "library", codes.draw(1), CodeKind.MEMBER)
    answer = guest.post("/fi/join", data={"code": code})
    assert answer.headers["location"] == f"{PANEL}/members/consent?kept=1&clashes=0"
    guest.post(f"{PANEL}/members/agree", data={"answer": "yes", "taking_part": "yes"})
    assert choices(engine, guest) == {1: 1}
    assert kinds(engine)[2:] == [MemberKind.DRAWN]


def test_r20_whoever_opens_the_link_elsewhere_takes_no_answers_of_the_asking_browser(
    browser: Browser, guest: TestClient, engine: Engine, settings: Settings
) -> None:
    """R20: somebody could otherwise put answers into another's seat by asking for a mail to them."""
    vote(guest, 1)
    guest.post(SEAT, data={"email": "aino@example.fi"})
    with reading(engine) as db:
        request = db.scalars(select(LoginRequest).order_by(-LoginRequest.id)).first()
        assert request is not None
        code = request.code(settings.secret)
    other = browser("")
    assert other.post(link(engine, settings), data={"code": code}).status_code == 303
    assert choices(engine, other) == {}
    assert choices(engine, guest) == {1: 1}


def test_r20_somebody_signed_in_answers_as_a_guest_and_joins_with_one_press(
    browser: Browser, allowed: Engine
) -> None:
    """R20"""
    ville = browser("ville")
    ville.post(GUEST)
    vote(ville, 1)
    page = ville.get(JOIN).text
    assert 'name="email"' not in page
    assert SEAT in page
    ville.post(SEAT)
    ville.post(f"{PANEL}/members/agree", data={"answer": "yes", "taking_part": "yes"})
    assert choices(allowed, ville) == {1: 1}
    assert kinds(allowed)[2:] == [MemberKind.OPEN]


def test_v19_the_same_members_code_opens_the_same_seat_in_an_empty_browser(
    browser: Browser, engine: Engine
) -> None:
    """V19"""
    with writing(engine) as db:
        (code,) = codes.add(db, "library", codes.draw(1), CodeKind.MEMBER)
    first = browser("")
    first.post("/fi/join", data={"code": code})
    first.post(f"{PANEL}/members/agree", data={"answer": "yes", "taking_part": "yes"})
    vote(first, 1)
    first.cookies.clear()
    answer = first.post("/fi/join", data={"code": code.lower().replace("-", " ")})
    assert answer.headers["location"] == f"{PANEL}/members/welcome"
    assert choices(engine, first) == {1: 1}
    assert len(kinds(engine)) == 3


@pytest.mark.parametrize("typed", ["7K4M-Q2XD-9TRA-9", "7K4M"])
def test_v19_a_code_that_is_on_no_list_is_refused_in_words(
    browser: Browser, engine: Engine, typed: str
) -> None:
    """V19"""
    answer = browser("").post("/fi/join", data={"code": typed})
    assert answer.status_code == 422
    assert "Koodi ei kelpaa. Tarkista se kirjeestä." in answer.text
    assert kinds(engine) == [MemberKind.DRAWN, MemberKind.DRAWN]


def test_v20_where_a_code_is_needed_there_is_its_field_and_neither_card_nor_form(browser: Browser) -> None:
    """V20"""
    for address in ("/fi/panels/harbour/statements", "/fi/panels/harbour/statements/1"):
        for name in ("", "ville"):
            page = browser(name).get(address).text
            assert 'name="code"' in page
            assert "harbour sentence" not in page
            assert "card statement" not in page
            assert BUTTON not in page
    empty = browser("").post("/fi/join", data={"code": ""})
    assert empty.status_code == 422
    assert re.search(
        r'class="errors" role="alert" tabindex="-1" autofocus>.*Täytä tämä kohta', empty.text, re.S
    )


def test_v20_the_gate_is_for_strangers_while_answering_is_open(browser: Browser, allowed: Engine) -> None:
    """V20"""
    page = browser("").get("/fi/panels/harbour/statements").text
    assert 'name="code"' not in page
    assert "harbour sentence" in page
    with writing(allowed) as db:
        db.execute(update(Panel).values(guests=False, open_to_all=False))
    for name in ("aino", "eero"):
        assert "library sentence" in browser(name).get(STATEMENTS).text
    with writing(allowed) as db:
        set_clock(db, NOON + 9 * DAY)
    assert "harbour sentence" in browser("").get("/fi/panels/harbour/statements/1").text


def test_whether_guests_may_come_is_set_on_the_panels_form_and_off_at_first(
    browser: Browser, engine: Engine
) -> None:
    admin = browser("admin")
    for box in ({}, {"guests": "yes"}):
        with writing(engine) as db:
            db.execute(update(Panel).where(Panel.slug == "pool").values(slug="older"))
        assert admin.post("/fi/panels", data=POOL | box).headers["location"] == "/fi/panels/pool/desk"
        with reading(engine) as db:
            assert panels.by_slug(db, "pool").guests == bool(box)
        checked = 'name="guests" value="yes" checked' in admin.get("/fi/panels/pool/edit").text
        assert checked == bool(box)
