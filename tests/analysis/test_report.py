import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis import OpinionGroups, Votes, measure
from analysis.inputs import VoteFile, read_votes
from analysis.report import Analysis, report

VOTES = "participant,xid,7,10,9\n2,x,1,-1,0\n10,y,1,,1\n1,z,-1,-1,\n"


def grouped(labels: list[int], *, gain: float = 0.1234567) -> OpinionGroups:
    people = len(labels)
    return OpinionGroups(
        labels=np.array(labels),
        confidence=np.where(np.array(labels) < 0, 0, 0.9),
        positions=np.where(np.array(labels)[:, None] < 0, np.nan, np.full((people, 2), -1e-9)),
        count=max(labels) + 1,
        verdict="groups",
        gain=gain,
        gain_error=np.nan,
        axis_share=(0.14, 0.0600000001),
    )


@pytest.fixture
def file(tmp_path: Path) -> VoteFile:
    (tmp_path / "votes.csv").write_text(VOTES)
    return read_votes(tmp_path / "votes.csv")


def document(file: VoteFile, votes: Votes, groups: OpinionGroups) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report(Analysis(file, votes, groups, measure(votes, groups), 4)))
    return found


def test_a_report_says_what_was_read_and_found(file: VoteFile) -> None:
    found = document(file, file.votes.without([0]), grouped([0, 1, -1]))
    people, statements = found.pop("people"), found.pop("statements")
    assert found == {
        "format": "raati-analysis/1",
        "version": "0.1.0",
        "seed": 4,
        "verdict": "groups",
        "gain": 0.123457,
        "gain_error": None,
        "axis_share": [0.14, 0.06],
        "counts": {
            "people": 3,
            "active": 1,
            "statements": 2,
            "excluded": 1,
            "votes": 4,
            "revotes": 0,
            "groups": 2,
        },
        "input": {"kind": "matrix", "sign": "assumed", "time": None},
    }
    assert people == [
        {"id": "1", "group": "A", "confidence": 0.9, "x": 0.0, "y": 0.0},
        {"id": "2", "group": "B", "confidence": 0.9, "x": 0.0, "y": 0.0},
        {"id": "10", "group": None, "confidence": None, "x": None, "y": None},
    ]
    assert [statement["id"] for statement in statements] == ["9", "10"]


def test_a_statement_has_its_counts_shares_and_groups(file: VoteFile) -> None:
    found = document(file, file.votes, grouped([0, 1, 1]))["statements"][0]
    groups = found.pop("by_group")
    shares = {name for name in found if name.endswith(("share", "low", "high"))}
    assert shares == {f"{side}_{name}" for side in ("agree", "disagree") for name in ("share", "low", "high")}
    assert {name: value for name, value in found.items() if name not in shares} == {
        "id": "7",
        "n": 3,
        "agree": 2,
        "disagree": 1,
        "pass": 0,
        "common_ground": 0.48,
        "side": "agree",
        "consensus_agree": 0.5,
        "consensus_disagree": 0.408248,
        "dividing": 0.253333,
        "bridge": None,
        "claims": [],
    }
    assert found["agree_share"] == 0.666667
    assert {name: (row["agree"], row["disagree"], row["pass"]) for name, row in groups.items()} == {
        "A": (0, 1, 0),
        "B": (2, 0, 0),
    }
    assert set(groups["A"]) == shares | {"agree", "disagree", "pass"}


def test_a_bridge_is_named_by_its_id(tmp_path: Path) -> None:
    rows = [f"{number},{'1' if number < 25 else '-1'},-1" for number in range(50)]
    (tmp_path / "votes.csv").write_text("\n".join(["participant,5,x", *rows]))
    file = read_votes(tmp_path / "votes.csv")
    first, second = document(file, file.votes, grouped([0] * 50))["statements"]
    assert (first["bridge"], first["claims"]) == ("x", ["dividing"])
    assert (second["bridge"], second["claims"]) == (None, ["common_ground_disagree", "bridging"])


def test_a_report_is_sorted_by_name_and_ends_with_a_line_break(file: VoteFile) -> None:
    groups = grouped([0, 0, 0])
    text = report(Analysis(file, file.votes, groups, measure(file.votes, groups), 0))
    assert text.endswith("}\n")
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert "NaN" not in text
    assert "-0.0" not in text
