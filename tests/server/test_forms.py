from datetime import date

import pytest
from starlette.exceptions import HTTPException

from panels.errors import RefusedError
from server import forms
from server.forms import Fields, clean


def codes(fields: Fields) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in fields.problems]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("plain", "plain"),
        ("a\u0308iti", "äiti"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("bell\x07 and tab\t", "bell and tab\t"),
        ("turned \u202eback\u2069", "turned back"),
        ("zero\u200bwidth", "zerowidth"),
        ("family 👨\u200d👩\u200d👧", "family 👨\u200d👩\u200d👧"),
        ("z" + "\u0301" * 20, "ź" + "\u0301" * 8),
    ],
)
def test_text_is_kept_in_one_spelling_without_signs_nobody_sees(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize("typed", ["a\0b", "ä\ud800"])
def test_text_that_no_database_takes_is_refused(typed: str) -> None:
    with pytest.raises(HTTPException) as refused:
        clean(typed)
    assert refused.value.status_code == 400


def test_a_text_field_tells_what_is_wrong_with_its_length() -> None:
    fields = Fields({"short": "ab", "long": "abcdef", "space": "   ", "good": " abc "})
    assert fields.text("good", least=3, most=5) == "abc"
    assert fields.text("optional", least=0, most=5) == ""
    assert not fields.problems
    for name in ("short", "long", "space", "absent"):
        fields.text(name, least=3, most=5)
    assert codes(fields) == [
        ("short", "too_short"),
        ("long", "too_long"),
        ("space", "missing"),
        ("absent", "missing"),
    ]
    assert fields.problems[1].values == {"most": 5, "over": 1}


def test_a_choice_is_one_of_its_options() -> None:
    fields = Fields({"kind": "concern", "colour": "red"})
    assert fields.choice("kind", ("support", "concern")) == "concern"
    fields.choice("colour", ("blue",))
    fields.choice("absent", ("blue",))
    assert codes(fields) == [("colour", "not_an_option"), ("absent", "missing")]


@pytest.mark.parametrize("typed", ["Aino@Example.FI ", "a.b+c@xn--80ak6aa92e.com", "matti@järvi.fi"])
def test_an_address_is_kept_in_small_letters(typed: str) -> None:
    fields = Fields({"email": typed})
    assert fields.email("email") == typed.strip().lower()
    assert not fields.problems


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "missing"),
        ("aino", "no_at_sign"),
        ("aino@", "not_an_address"),
        ("a b@example.fi", "not_an_address"),
        ("aino@example", "not_an_address"),
        ("a@b.fi\nBcc: x@y.fi", "not_an_address"),
        ("a" * 250 + "@example.fi", "not_an_address"),
    ],
)
def test_an_address_that_cannot_be_one_is_told(typed: str, code: str) -> None:
    fields = Fields({"email": typed})
    fields.email("email")
    assert codes(fields) == [("email", code)]


def test_a_date_is_written_year_first() -> None:
    fields = Fields({"day": "2027-03-08", "odd": "8.3.2027", "week": "2027-W10-1"})
    assert fields.day("day") == date(2027, 3, 8)
    assert fields.day("none", required=False) is None
    assert not fields.problems
    for name in ("odd", "week", "absent"):
        assert fields.day(name) is None
    assert codes(fields) == [("odd", "not_a_date"), ("week", "not_a_date"), ("absent", "missing")]


def test_a_whole_number_keeps_its_limits() -> None:
    fields = Fields({"k": "10", "low": "2", "arabic": "٣", "huge": "9" * 30})
    assert fields.whole("k", least=5, most=50) == 10
    assert not fields.problems
    for name in ("low", "arabic", "huge", "absent"):
        assert fields.whole(name, least=5, most=50) == 5
    assert [code for _, code in codes(fields)] == ["not_a_number"] * 3 + ["missing"]


def test_what_a_rule_refuses_joins_the_other_problems() -> None:
    fields = Fields({})
    fields.add(RefusedError("too_long", "title", most=120, over=3))
    assert codes(fields) == [("title", "too_long")]
    assert fields.problems[0].values == {"most": 120, "over": 3}


@pytest.mark.parametrize("typed", ["", "xyz", "A" * 32, "0" * 31, "0" * 33])
def test_a_key_that_no_form_of_ours_made_is_refused(typed: str) -> None:
    with pytest.raises(HTTPException):
        forms.key({"key": typed})
    assert forms.key({"key": "0a" * 16}) == "0a" * 16


@pytest.mark.parametrize("typed", ["", "-1", "1e3", "1" * 10, "٣"])
def test_a_version_that_no_form_of_ours_showed_is_refused(typed: str) -> None:
    with pytest.raises(HTTPException):
        forms.seen({"seen": typed})
    assert forms.seen({"seen": "12"}) == 12
