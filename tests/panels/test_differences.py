import pytest
from hypothesis import given
from hypothesis import strategies as st

from panels.differences import Kind, Piece, differences

SAME, GONE, NEW = Kind.SAME, Kind.GONE, Kind.NEW
WORDS = st.lists(st.sampled_from(["auto", "bussi", "kello", "10.", "\n\n"]), max_size=12).map(" ".join)


def test_words_are_compared_and_not_letters() -> None:
    assert differences("Bussi kulkee tiistaisin.", "Bussi kulkee torstaisin.") == (
        Piece(SAME, "Bussi kulkee "),
        Piece(GONE, "tiistaisin. "),
        Piece(NEW, "torstaisin."),
    )


def test_words_may_be_added_or_taken_away_alone() -> None:
    assert differences("Lisää tuoleja", "Lisää uusia tuoleja") == (
        Piece(SAME, "Lisää "),
        Piece(NEW, "uusia "),
        Piece(SAME, "tuoleja"),
    )
    assert differences("Lisää uusia tuoleja", "Lisää tuoleja") == (
        Piece(SAME, "Lisää "),
        Piece(GONE, "uusia "),
        Piece(SAME, "tuoleja"),
    )


def test_a_word_at_the_end_stays_when_more_follows() -> None:
    assert differences("Lisää tuoleja", "Lisää tuoleja pian") == (
        Piece(SAME, "Lisää tuoleja "),
        Piece(NEW, "pian"),
    )


def test_a_new_paragraph_is_a_change() -> None:
    found = differences("Ensin. Sitten.", "Ensin.\n\nSitten.")
    assert Piece(NEW, "\n\n") in found
    assert [piece for piece in found if piece.kind is GONE] == []


@pytest.mark.parametrize("texts", [("", ""), ("", "Nyt"), ("Nyt", "")])
def test_empty_texts_have_no_pieces(texts: tuple[str, str]) -> None:
    assert all(piece.text for piece in differences(*texts))


def test_texts_that_repeat_a_word_very_often_are_not_compared() -> None:
    old, new = "a b " * 2_000, "a c " * 2_000
    assert differences(old, new) == (Piece(GONE, old), Piece(NEW, new))


@given(WORDS, WORDS)
def test_the_pieces_without_what_is_gone_are_the_new_text(old: str, new: str) -> None:
    found = differences(old, new)
    assert "".join(piece.text for piece in found if piece.kind is not GONE) == new
    words = [piece.text for piece in found if piece.kind is not NEW]
    assert "".join(words).split() == old.split()
