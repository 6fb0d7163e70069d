"""The history in words and as a file, and the program that checks it (§9, T29)."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete

from panels import history, own_data, people
from panels.database import Engine, writing
from panels.history import Act, HistoryLine, HistoryOpening
from panels.members import MemberKind, take_seat
from server.pages import TEMPLATES
from server.panels import PHASES
from tests.conftest import NOON, Browser
from tests.panels.conftest import visitor

PAGE = "/fi/panels/library/exports"
DETAILS: dict[Act, history.Details] = {
    Act.PLAN_SET: {"vote": "2027-03-08/2027-03-21"},
    Act.PANEL_OPENED: {},
    Act.TEXT_CHANGED: {"text": "panel.promise"},
    Act.ROLE_GIVEN: {"role": "moderator"},
    Act.ROLE_TAKEN: {"role": "moderator"},
    Act.SEAT_MADE: {"kind": "drawn", "seats": 20},
    Act.SEAT_CHANGED: {"kind": "open", "seats": 1},
    Act.SEAT_JOINED: {"kind": "guest", "seats": 1},
    Act.SEAT_LEFT: {"kind": "open", "seats": 1},
    Act.SEAT_ERASED: {"kind": "open", "seats": 1},
    Act.STATEMENT_PUBLISHED: {"statement": 12},
    Act.STATEMENT_SENT_BACK: {"statement": 12, "rule": "question"},
    Act.STATEMENT_EDITED: {"statement": 12},
    Act.STATEMENT_HIDDEN: {"statement": 12, "rule": "offensive"},
    Act.STATEMENT_RESTORED: {"statement": 12},
    Act.STATEMENT_MERGED: {"statement": 12, "first": 3, "second": 4},
    Act.STATEMENT_SPLIT: {"statement": 12, "first": 3, "second": 4},
    Act.REASON_PUBLISHED: {"statement": 12},
    Act.REASON_SENT_BACK: {"statement": 12, "rule": "personal"},
    Act.APPEAL_DECIDED: {"statement": 12, "outcome": "upheld"},
    Act.DECISION_UNDONE: {"statement": 12},
    Act.SUMMARY_PUBLISHED: {"figures": "0" * 64},
}


def test_the_history_is_told_newest_first_a_page_at_a_time(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        for number in range(1, 61):
            history.append(db, 1, Act.STATEMENT_EDITED, {"statement": number}, at=NOON)
        told = {"vote": "2027-03-08/2027-03-21"}
        history.append(db, 1, Act.PLAN_SET, told, at=NOON + 60)
        last = history.last(db, 1)
        for table in (HistoryOpening, HistoryLine):
            db.execute(delete(table).where(table.panel_id == 2))
    assert last is not None
    assert "Nothing has been done yet." in browser("").get("/en/panels/harbour/exports/history").text
    page = browser("").get(f"{PAGE}/history").text
    assert page.index("8.3.2027–21.3.2027") < page.index("Väittämän 60 sanamuotoa korjattiin.")
    assert (last.hash in page, "Väittämän 1 sanamuotoa" in page) == (True, False)
    assert "21.11.2026 klo\xa012.01" in page
    older = page.partition("?before=")[2].partition('"')[0]
    page = browser("").get(f"{PAGE}/history?before={older}").text
    assert "Väittämän 1 sanamuotoa" in page
    assert ("Vanhemmat rivit</a>" in page, "Uusimmat rivit</a>" in page) == (False, True)
    assert browser("").get(f"{PAGE}/history?before=x").status_code == 200
    assert f"tiiviste {last.hash[:12]}" in browser("").get("/fi/panels/library").text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_act_has_words(language: str) -> None:
    words = TEMPLATES[language].get_template("exports/words.html").module
    assert set(DETAILS) == set(Act), "an act without words"
    said = [words.told(act.value, details, PHASES).strip() for act, details in DETAILS.items()]  # type: ignore[attr-defined]
    others = [
        (Act.STATEMENT_PUBLISHED, {"statement": 12, "origin": "seed"}),
        (Act.APPEAL_DECIDED, {"statement": 12, "outcome": "published"}),
        (Act.SEAT_MADE, {"kind": "open", "seats": 1}),
        (Act.SEAT_MADE, {"kind": "guest", "seats": 1}),
        (Act.SEAT_MADE, None),
        (Act.TEXT_CHANGED, {"text": "statement-12.texts"}),
        (Act.TEXT_CHANGED, {"text": "material-3.body"}),
        (Act.TEXT_CHANGED, {"text": "phase-vote.title"}),
        (Act.TEXT_CHANGED, {"text": "quiz.questions"}),
    ]
    said += [words.told(act.value, details, PHASES).strip() for act, details in others]  # type: ignore[attr-defined]
    assert len(set(said)) == len(DETAILS) + len(others)
    assert all("%" not in words and "{" not in words for words in said)


def test_what_is_handed_out_is_checked_by_the_program_handed_out_t29(
    browser: Browser, engine: Engine, tmp_path: Path
) -> None:
    with writing(engine) as db:
        for name in ("ville", "minna"):
            take_seat(db, 1, people.ensure(db, f"{name}@example.fi").id, MemberKind.OPEN)
        head = history.last(db, 1)
        for name in ("aino", "nils", "ville", "minna"):
            person = visitor(db, name).person
            assert person is not None
            own_data.erase(db, person, remove=True)
        last = history.last(db, 1)
    assert head is not None
    assert last is not None
    client = browser("")
    answer = client.get(f"{PAGE}/chain")
    assert answer.headers["content-disposition"] == 'attachment; filename="history-library.jsonl"'
    for name in ("ville", "minna", "Ville", "Minna", "example.fi"):
        assert name not in answer.text
    (tmp_path / "history.jsonl").write_bytes(answer.content)
    (tmp_path / "verify_history.py").write_bytes(client.get(f"{PAGE}/verifier").content)
    (tmp_path / "heads.txt").write_text(f"\n{head.number} {head.hash[:12]}\n")
    command = [sys.executable, "-I", "verify_history.py", "history.jsonl", "heads.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    good = f"good: {last.number} lines, hashes kept from before: 1, head {last.number} {last.hash}\n"
    assert (done.returncode, done.stdout) == (0, good)
    (tmp_path / "heads.txt").write_text(f"{head.number} {'0' * 64}\n")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    told = f"bad: line {head.number} is not the one whose hash was known before\n"
    assert (done.returncode, done.stderr) == (1, told)
