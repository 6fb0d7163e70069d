import pytest
from hypothesis import given
from hypothesis import strategies as st

from panels.personal import Datum, find, pieces


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tunnus on 131052-308T.", {"131052-308T": Datum.IDENTITY_CODE}),  # the example of the authority
        ("tunnus 131052-308t", {"131052-308t": Datum.IDENTITY_CODE}),
        ("Koodi 131052-308U on väärin.", {}),
        ("Kirjoita aino.aalto@example.fi tai soita.", {"aino.aalto@example.fi": Datum.EMAIL}),
        (
            "Soita 040 123 4567, +358 (0)9 310 1691.",
            {"040 123 4567": Datum.PHONE, "+358 (0)9 310 1691": Datum.PHONE},
        ),
        ("Ring 09-3101691 i dag", {"09-3101691": Datum.PHONE}),
        ("0401234567@example.fi vastaa", {"0401234567@example.fi": Datum.EMAIL}),
        ("Hän asuu Koivukatu 5 B 12:ssa.", {"Koivukatu 5 B 12": Datum.ADDRESS}),
        ("Melua Koivukadulla 5 illalla", {"Koivukadulla 5": Datum.ADDRESS}),
        ("Hon bor på Strandvägen 14.", {"Strandvägen 14": Datum.ADDRESS}),
        ("Kirjasto maksaa 2027 noin 1 200 000 euroa, 15 % enemmän.", {}),
        ("Tie 4 on tukossa ja bussi 550 myöhässä 21.11.2026.", {}),
        ("", {}),
    ],
)
def test_personal_data_are_found_by_rules_and_nothing_else_is(text: str, found: dict[str, Datum]) -> None:
    assert {text[span.start : span.end]: span.datum for span in find(text)} == found


def test_the_pieces_are_the_whole_text_in_its_order() -> None:
    text = "Soita 040 123 4567 tai a@example.fi"
    assert list(pieces(text)) == [
        ("Soita ", None),
        ("040 123 4567", Datum.PHONE),
        (" tai ", None),
        ("a@example.fi", Datum.EMAIL),
    ]
    assert list(pieces("a@example.fi")) == [("a@example.fi", Datum.EMAIL)]


@given(st.text(alphabet="0123456789-+ aA@.kKtuie", max_size=60))
def test_no_sign_is_lost_whatever_the_text(text: str) -> None:
    assert "".join(piece for piece, _ in pieces(text)) == text
