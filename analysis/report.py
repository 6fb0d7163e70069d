"""Put an analysis into one JSON document that is the same bytes for the same votes."""

import json
from dataclasses import dataclass
from math import isnan
from typing import Any

from analysis import VERSION
from analysis.canonical import active_people
from analysis.groups import OpinionGroups
from analysis.inputs import VoteFile
from analysis.statements import GroupCounts, StatementMeasure
from analysis.votes import Votes

FORMAT = "raati-analysis/1"
_DECIMALS = 6
_FIRST_LETTER = ord("A")
_SHARES = ("agree_share", "agree_low", "agree_high", "disagree_share", "disagree_low", "disagree_high")
_SCORES = ("common_ground", "consensus_agree", "consensus_disagree", "dividing")


@dataclass(frozen=True)
class Analysis:
    """Hold what a report tells: the file, the votes that were not left out, and what was found in them."""

    file: VoteFile
    votes: Votes
    groups: OpinionGroups
    measures: tuple[StatementMeasure, ...]
    seed: int


def report(analysis: Analysis) -> str:
    """Return the report as JSON with sorted keys, numbers of 6 decimals, null for nan, and a line break.

    `people` has a row per person, for the controller of the data alone: it must not be published.
    """
    groups = analysis.groups
    document = {
        "format": FORMAT,
        "version": VERSION,
        "seed": analysis.seed,
        "verdict": groups.verdict,
        "gain": _number(groups.gain),
        "gain_error": _number(groups.gain_error),
        "axis_share": [_number(share) for share in groups.axis_share],
        "counts": _counts(analysis),
        "input": {
            "kind": analysis.file.kind,
            "sign": analysis.file.sign,
            "time": analysis.file.time_unit,
        },
        "people": _people(analysis),
        "statements": _statements(analysis),
    }
    return json.dumps(document, allow_nan=False, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _number(value: float) -> float | None:
    # Adding 0 turns a rounded −0.0 into 0.0.
    return None if isnan(value) else round(value, _DECIMALS) + 0.0


def _counts(analysis: Analysis) -> dict[str, int]:
    votes = analysis.votes
    return {
        "people": votes.people,
        "active": int(active_people(votes).sum()),
        "statements": votes.statements,
        "excluded": analysis.file.votes.statements - votes.statements,
        "votes": int(votes.vote.size),
        "revotes": analysis.file.revotes,
        "groups": analysis.groups.count,
    }


def _people(analysis: Analysis) -> list[dict[str, Any]]:
    groups = analysis.groups
    rows = zip(
        analysis.votes.person_ids or (),
        groups.labels.tolist(),
        groups.confidence.tolist(),
        groups.positions.tolist(),
        strict=True,
    )
    return [
        {
            "id": name,
            "group": None if label < 0 else _letter(label),
            "confidence": None if label < 0 else _number(confidence),
            "x": _number(x),
            "y": _number(y),
        }
        for name, label, confidence, (x, y) in rows
    ]


def _statements(analysis: Analysis) -> list[dict[str, Any]]:
    names = analysis.votes.statement_ids or ()
    return [
        {
            "id": names[found.statement],
            "n": found.n,
            **_row(found),
            "by_group": {_letter(label): _row(row) for label, row in enumerate(found.by_group)},
            **{name: _number(getattr(found, name)) for name in _SCORES},
            "side": found.side,
            "bridge": None if found.bridge is None else names[found.bridge],
            "claims": list(found.claims),
        }
        for found in analysis.measures
    ]


def _row(counts: GroupCounts | StatementMeasure) -> dict[str, int | float | None]:
    shares = {name: _number(getattr(counts, name)) for name in _SHARES}
    return {"agree": counts.agree, "disagree": counts.disagree, "pass": counts.passes, **shares}


def _letter(label: int) -> str:
    return chr(_FIRST_LETTER + label)
