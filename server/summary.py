"""Pages under /{language}/panels/{panel}/summary."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from starlette.responses import Response

from panels import panels, quizzes, statements, summary
from panels.panels import Panel, PhaseName
from panels.summary import Place, Snapshot, Wording
from server import charts
from server.gate import Visit
from server.pages import page

FEW = 100  # panels up to this many voters are told in people, not in per cent
FIRST = 3  # findings that stand open; the rest is folded
ENOUGH = 7  # votes that a place on the map needs
FIGURES = ("invited", "volunteered", "selected", "attended_all_meetings")
CHOICES: dict[int | None, str] = {1: "agree", -1: "disagree", 0: "pass"}
SURE, FAIRLY_SURE = 0.9, 0.7


@dataclass(frozen=True)
class Finding:
    """A statement with its figures as the page shows them."""

    number: int
    wording: Wording
    entry: dict[str, Any]
    signs: list[charts.Sign]
    shares: list[tuple[str, float, float]]


@dataclass(frozen=True)
class Report:
    """A snapshot as a page reads it: published figures, or rough ones while voting goes on."""

    snapshot: Snapshot
    rough: bool
    smallest: int
    wordings: dict[int, Wording]

    @cached_property
    def figures(self) -> dict[str, Any]:
        """The printed figures."""
        return self.snapshot.rough if self.rough else self.snapshot.masked

    @property
    def verdict(self) -> str:
        """The word for what came out: groups, spectrum, none or too_few."""
        return str(self.snapshot.groups["verdict"])

    @property
    def letters(self) -> list[str]:
        """The groups' letters; none without groups."""
        return list(self.snapshot.groups["letters"])

    @property
    def counted(self) -> bool:
        """Whether figures are told in people."""
        return self.rough or self.snapshot.voters <= FEW

    @cached_property
    def findings(self) -> dict[int, Finding]:
        """Every statement that is still to be seen, by number."""
        return {
            entry["number"]: Finding(
                number=entry["number"],
                wording=self.wordings[entry["number"]],
                entry=entry,
                signs=charts.signs(self.letters, entry["groups"]) if entry["groups"] else [],
                shares=charts.shares(entry["all"]) if entry["all"] else [],
            )
            for entry in self.figures["statements"]
            if entry["number"] in self.wordings
        }

    def those(self, numbers: Sequence[int]) -> list[Finding]:
        """Return the findings of these statements."""
        return [self.findings[number] for number in numbers if number in self.findings]

    @cached_property
    def common(self) -> list[Finding]:
        """Where all agree, or all disagree, most clearly first."""
        return self.those(self.figures["common"])

    @cached_property
    def dividing(self) -> list[Finding]:
        """Where opinions go apart, furthest first."""
        return self.those(self.figures["dividing"])

    @cached_property
    def bridges(self) -> dict[int, Finding]:
        """By the number of a dividing statement what both its sides accept, each told once."""
        last_first = reversed(self.dividing)
        first_of = {found.entry["bridge"]: found.number for found in last_first}
        return {
            number: self.findings[bridge] for bridge, number in first_of.items() if bridge in self.findings
        }

    @cached_property
    def unsure(self) -> list[Finding]:
        """What many could not take a stand on."""
        return self.those(self.figures["unsure"])

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """Each group: letter, size, and the statements that set it apart."""
        sizes = self.snapshot.groups["rough_sizes" if self.rough else "sizes"]
        return [
            {
                "letter": letter,
                "size": size,
                "marks": [
                    {"finding": self.findings[mark["number"]], "side": mark["side"]}
                    for mark in marks
                    if mark["number"] in self.findings
                ],
            }
            for letter, size, marks in zip(self.letters, sizes, self.figures["marks"], strict=True)
        ]

    @property
    def weighed(self) -> bool:
        """Whether enough people held any statement important."""
        return any(found.entry.get("important") for found in self.findings.values())

    @property
    def areas(self) -> list[charts.Area]:
        """What the map shows, in words."""
        return charts.areas(self.snapshot.groups["map"])

    @property
    def size_classes(self) -> tuple[str, str, str]:
        """How many people a small, a middle-sized and a large hexagon hold, the last from how many on."""
        k = self.smallest
        return f"{k}–{2 * k - 1}", f"{2 * k}–{4 * k - 1}", f"{4 * k}"


@dataclass(frozen=True)
class Standing:
    """How a member's own answers lie to the others'."""

    place: Place | None
    spot: tuple[str, str] | None
    """Where on the map the place is, in words."""
    missing: int
    alike: int
    different: list[tuple[Finding, str, str]]
    """Where others of the group think otherwise: (finding, own side, others' side)."""
    common: list[tuple[Finding, str, str]]
    """Where all groups think alike: (finding, own answer or nothing, others' side)."""

    @property
    def compared(self) -> bool:
        """Whether any own answer could be compared."""
        return bool(self.alike or self.different)

    @property
    def sureness(self) -> str:
        """The word for how surely the member belongs to the group."""
        confidence = self.place.confidence if self.place else 0.0
        return "clearly" if confidence >= SURE else "fairly" if confidence >= FAIRLY_SURE else "border"


def show(visit: Visit) -> Response:
    """Show the published summary; before that who took part, and the day it will come."""
    panel = panels.get(visit.db, visit.visitor.panel)
    found = summary.published(visit.db, panel.id)
    report = report_of(visit, panel, found, rough=False)
    learnt = quizzes.change(visit.db, panel) if report else None
    return page(visit, "summary/show.html", report=report, **frame(panel) | {"learnt": learnt})


def draft(visit: Visit) -> Response:
    """Show staff the newest summary as a draft, in rough figures until voting has ended."""
    panel = panels.get(visit.db, visit.visitor.panel)
    rough = is_voting(visit, panel)
    found = summary.newest(visit.db, panel.id, rough=rough)
    return page(
        visit, "summary/draft.html", report=report_of(visit, panel, found, rough=rough), **frame(panel)
    )


def mine(visit: Visit) -> Response:
    """Show a member their own place among the others; nobody else gets to see it."""
    panel = panels.get(visit.db, visit.visitor.panel)
    found = summary.published(visit.db, panel.id)
    rough = found is None
    report = report_of(visit, panel, found or summary.newest(visit.db, panel.id, rough=True), rough=rough)
    standing = standing_of(visit, report) if report else None
    return page(visit, "summary/mine.html", report=report, standing=standing, **frame(panel))


def frame(panel: Panel) -> dict[str, Any]:
    """Return what every page of the summary needs besides its report."""
    publishing = [phase.starts_at for phase in panel.phases if phase.name is PhaseName.PUBLISH]
    return {
        "panel": panel,
        "funnel": [(name, panel.figures[name]) for name in FIGURES if panel.figures.get(name)],
        "comes_on": publishing[0] if publishing else None,
        "first": FIRST,
        "learnt": None,
    }


def is_voting(visit: Visit, panel: Panel) -> bool:
    """Return whether the panel's voting has not ended yet."""
    ends = [phase.ends_at for phase in panel.phases if phase.name is PhaseName.VOTE]
    return any(visit.visitor.now < end for end in ends)


def report_of(visit: Visit, panel: Panel, found: Snapshot | None, *, rough: bool) -> Report | None:
    """Return the report of the snapshot, None without one."""
    if found is None:
        return None
    return Report(found, rough, panel.smallest, summary.wordings(visit.db, panel.id))


def standing_of(visit: Visit, report: Report) -> Standing:
    """Compare the member's answers with those of most in the own group; without groups, of most."""
    place, given = summary.place(visit.db, visit.visitor), statements.answers(visit.db, visit.visitor)
    group = report.letters.index(place.letter) if place and place.letter in report.letters else None
    alike, different = 0, []
    for finding in report.findings.values():
        choice = given.choice(finding.wording.id)
        own = CHOICES[choice] if choice else ""  # a pass is on no side
        groups = finding.entry["groups"]
        row = groups[group] if groups and group is not None else finding.entry["all"]
        others = summary.leaning(row) if row else 0
        if own and others:
            most = "agree" if others > 0 else "disagree"
            alike += own == most
            if own != most:
                different.append((finding, own, most))
    answered = sum(given.choice(finding.wording.id) is not None for finding in report.findings.values())
    drawing = report.snapshot.groups["map"]
    return Standing(
        place=place,
        spot=charts.place(drawing, place.x, place.y) if place else None,
        missing=max(0, min(ENOUGH, len(report.findings)) - answered),
        alike=alike,
        different=different,
        common=[
            (found, CHOICES.get(given.choice(found.wording.id), ""), found.entry["side"])
            for found in report.common
        ],
    )
