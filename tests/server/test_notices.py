import re

import pytest
from sqlalchemy import delete
from starlette.testclient import TestClient

from panels import moderation, notices, people, statements
from panels.comments import Comment, CommentKind
from panels.database import Engine, reading, writing
from panels.members import Reach, arrive_as, choose_channel
from panels.moderation import Reason
from panels.notices import Event, Topic
from panels.proposals import Proposal
from panels.snapshots import Snapshot
from panels.statements import Vote
from server.settings import Settings
from tests.conftest import BASE, NOON, Browser, texts

STOP = {"List-Unsubscribe": "One-Click"}


def person(engine: Engine, name: str) -> int:
    with reading(engine) as db:
        found = people.by_email(db, f"{name}@example.fi")
        assert found is not None
        return found.id


def muted(engine: Engine, name: str = "aino") -> set[Topic]:
    with reading(engine) as db:
        return notices.muted(db, person(engine, name))


@pytest.fixture
def link(engine: Engine, settings: Settings) -> str:
    """Return the address in Aino's mails."""
    with reading(engine) as db:
        return "/fi/notices/" + notices.link(people.get(db, person(engine, "aino")), settings.secret)


def happen(engine: Engine) -> None:
    """Let everything happen of which Aino is told."""
    with writing(engine) as db:
        aino = arrive_as(db, "library", person(engine, "aino"))
        minna = arrive_as(db, "library", person(engine, "minna"))._replace(now=NOON - 60)
        for number, words in enumerate(("Lisää <kirjoja> & kahvia.", "Mitä maksaa?")):
            sent = statements.send(db, aino, {"fi": words + " Kyllä."}, "fi", key=f"{number:032x}")
            if number:
                moderation.send_back(db, minna, sent, Reason.QUESTION, "Kirjoita väittämä.", seen=1)
            else:
                moderation.approve(db, minna, sent, seen=1)
        proposal = Proposal(panel_id=1, number=7, title=texts("Chairs"), body=texts("More."), language="fi")
        proposal.author_id, proposal.sent_at = aino.seat, NOON
        snapshot = Snapshot(panel_id=1, made_at=NOON, votes=0, versions=0, edition=0, voters=0, groups={})
        snapshot.masked, snapshot.rough, snapshot.frozen = {}, {}, {}
        db.add_all((proposal, snapshot))
        db.flush()
        answer = Comment(proposal_id=proposal.id, kind=CommentKind.ANSWER, texts=texts("Ten."), language="fi")
        answer.sent_at = NOON
        db.add(answer)
        db.flush()
        about = {Event.ANSWERED: answer.id, Event.PHASE: 2, Event.CLOSING: 2, Event.SUMMARY: snapshot.id}
        for event, number in about.items():
            notices.tell(db, event, number, seat=aino.seat, at=NOON)
        db.execute(delete(Vote))  # whoever has answered is reminded no more


def test_a_moderators_page_tells_what_waits_f6(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        aino = arrive_as(db, "library", person(engine, "aino"))
        statements.send(db, aino, {"fi": "Kirjasto auki aina."}, "fi", key="f" * 32)
        notices.tell_moderators(db, 1, at=NOON)
    page = browser("minna").get("/fi/notices").text
    assert (
        '<a href="/fi/panels/library/moderation">Library (fi): päätöstä odottavia tekstejä on 1</a>' in page
    )
    assert "Vanhin lähetettiin 21.11.2026." in page


def test_ones_page_tells_everything_newest_first_with_where_to_see_it(
    browser: Browser, engine: Engine
) -> None:
    happen(engine)
    page = browser("aino").get("/fi/notices").text
    for path, words in (
        ("/statements/mine", "väittämäsi on julkaistu"),
        ("/statements/mine", "väittämäsi on palautettu"),
        ("/proposals/7", "ohjaaja vastasi sinulle"),
        ("", "uusi vaihe on alkanut"),
        ("/statements", "voit ottaa kantaa 30.11.2026 asti"),
        ("/summary", "yhteenveto on valmis"),
    ):
        assert f'<a href="/fi/panels/library{path}">Library (fi): {words}</a>' in page
    assert "Lisää &lt;kirjoja&gt; &amp; kahvia." in page
    assert "Kirjoita väittämä." in page
    assert "Vote (fi) 30.11.2026 asti." in page
    assert "Kommentoit ehdotusta ”Chairs (fi)”." in page


def test_nobody_sees_what_another_person_is_told(browser: Browser, engine: Engine) -> None:
    happen(engine)
    page = browser("nils").get("/sv/notices").text
    assert "kirjoja" not in page
    assert "Det finns inget att berätta ännu." in page


def test_a_topic_is_switched_with_one_press(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    for word, wanted in (("stop", {Topic.REMINDERS}), ("start", set())):
        assert f'name="{word}" value="reminders"' in client.get("/fi/notices").text
        answer = client.post("/fi/notices", data={word: "reminders"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/fi/notices#mails")
        assert muted(engine) == wanted
    for nonsense in ({"stop": "xyz"}, {"start": ""}, {}):
        assert client.post("/fi/notices", data=nonsense).status_code == 303
    assert muted(engine) == set()


def test_the_link_in_a_mail_opens_the_choice_without_a_login_and_changes_nothing(
    browser: Browser, engine: Engine, link: str
) -> None:
    scanner = browser("")
    for _ in range(3):
        page = scanner.get(link)
        assert scanner.head(link).status_code in (200, 405)
    assert (page.status_code, muted(engine)) == (200, set())
    assert "Lopeta kaikki nämä viestit" in page.text
    assert "aino" not in page.text.lower().replace(link, "")


def test_one_press_on_the_page_stops_all_mails_or_one_kind(
    browser: Browser, engine: Engine, link: str
) -> None:
    client = browser("")
    answer = client.post(f"{link}/switch", data={"stop": "panels"})
    assert (answer.status_code, answer.headers["location"]) == (303, link)
    assert muted(engine) == {Topic.PANELS}
    assert "Postit on lopetettu." in client.post(link).text
    assert muted(engine) == set(Topic)
    assert muted(engine, "nils") == set()
    client.post(f"{link}/switch", data={"start": "own"})
    assert muted(engine) == {Topic.PANELS, Topic.REMINDERS}


@pytest.mark.parametrize("encoding", ["data", "files"])
def test_a_mail_program_stops_all_mails_without_a_browser(
    browser: Browser, engine: Engine, link: str, encoding: str
) -> None:
    """RFC 8058: one POST with no cookie, no origin, either kind of form, and no redirect in answer."""
    app = browser("").app
    bare = TestClient(app, base_url=BASE, follow_redirects=False)
    sent = STOP if encoding == "data" else {name: (None, value) for name, value in STOP.items()}
    answer = bare.post(link, **{encoding: sent})  # type: ignore[arg-type]
    assert (answer.status_code, muted(engine)) == (200, set(Topic))


def test_another_site_cannot_press_for_the_reader(browser: Browser, engine: Engine, link: str) -> None:
    client = browser("")
    assert client.post(link, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert muted(engine) == set()


def test_a_link_that_is_not_ours_is_not_there(browser: Browser, link: str) -> None:
    client = browser("aino")
    wrong = link[:-2] + "xx"
    assert client.get(wrong).status_code == 404
    for path in (wrong, f"{wrong}/switch"):
        assert client.post(path, data={"stop": "own"}).status_code == 404


def test_a_panel_is_followed_with_one_press_and_left_with_one(browser: Browser) -> None:
    ville, home = browser("ville"), "/fi/panels/library"
    assert "Seuraa raatia" not in browser("").get(home).text
    for value, other in (("yes", "no"), ("no", "yes")):
        assert re.search(rf'name="follow" value="{value}"', ville.get(home).text)
        answer = ville.post(f"{home}/notices/follow", data={"follow": value})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{home}#follow")
        assert re.search(rf'name="follow" value="{other}"', ville.get(home).text)
    assert 'name="follow" value="no"' in browser("aino").get(home).text


def test_a_facilitator_sees_who_has_not_acted_in_numbers_and_reminds_them_f9(
    browser: Browser, engine: Engine
) -> None:
    eero, where = browser("eero"), "/fi/panels/library/notices"
    with writing(engine) as db:
        choose_channel(db, arrive_as(db, "library", person(engine, "nils")).seat, Reach.LETTER, "")
    page = eero.get(f"{where}/progress").text
    assert "1 viesti lähtee päivän sähköpostissa klo\u00a017 alkaen." in page
    assert "1 kirje tulee kirjelistalle." in page
    assert "Nils" not in page
    answer = eero.post(f"{where}/remind")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{where}/progress?reminded=2")
    page = eero.get(answer.headers["location"]).text
    assert "2 jäsentä saa muistutuksen." in page
    assert "Seuraavan voi lähettää 23.11. klo\u00a012 alkaen." in page
    again = eero.post(f"{where}/remind")
    assert again.status_code == 422
    assert "Odota vielä 48 tuntia." in again.text
    assert "voit ottaa kantaa 30.11.2026 asti" in browser("nils").get("/fi/notices").text
    assert "Kukaan ei tarvinnut muistutusta." in eero.get(f"{where}/progress?reminded=0").text
    assert browser("minna").get(f"{where}/progress").status_code == 403
