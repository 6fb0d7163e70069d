"""Choose the words for a statement's result from the figures that are printed, never from hidden ones."""

from collections.abc import Sequence

from analysis.small_cells import ENOUGH_FOR_PERCENT, Cell

_ALMOST_ALL = 90
_CLEAR_MAJORITY = 75
_MAJORITY = 60
_SPLIT = 40
_HALF = 50
_SPREAD = 40
_NOT_SURE = 30


def in_words(whole: Cell, groups: Sequence[Cell] = ()) -> str:
    """Return the first rung that the printed figures allow, in whole per cent of n.

    too_few: under 20 voters or hidden. disagree_groups: groups surely on both sides of 50 %, 40 points apart.
    almost_all: at least 90 % in the lowest group. clear_majority: 75 % in every group. not_sure: 30 % passed.
    most: 60 % of all; split: 40–59 %. most_disagree: 60 % disagree. fewer_than_half: surely under half.
    Without groups the whole stands for the lowest one, and clear_majority, which names groups, is no rung.
    """
    if whole.n is None or whole.n < ENOUGH_FOR_PERCENT:
        return "too_few"
    if _groups_disagree(groups):
        return "disagree_groups"
    lowest = min((cell.agree_least for cell in groups), default=whole.agree_least)
    if lowest >= _ALMOST_ALL:
        return "almost_all"
    if groups and lowest >= _CLEAR_MAJORITY:
        return "clear_majority"
    return _of_all(whole)


def _groups_disagree(groups: Sequence[Cell]) -> bool:
    if not groups:
        return False
    high = max(cell.agree_least for cell in groups)
    low = min(cell.agree_most for cell in groups)
    return high > _HALF > low and high - low >= _SPREAD


def _of_all(whole: Cell) -> str:
    if (whole.passes_percent or 0) >= _NOT_SURE:
        return "not_sure"
    if whole.agree_least >= _MAJORITY:
        return "most"
    if whole.agree_least >= _SPLIT:
        return "split"
    if whole.disagree_least >= _MAJORITY:
        return "most_disagree"
    # A wide range may reach over the half: then the printed figures bear no word.
    return "fewer_than_half" if whole.agree_most < _HALF else "too_few"
