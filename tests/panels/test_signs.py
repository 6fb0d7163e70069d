import itertools

import pytest

from panels import signs

PRINTED = "7K4M-Q2XD-9TRA-9"


def test_the_check_sign_of_a_worked_example() -> None:
    assert signs.check_sign("7K4MQ2XD9TRA") == "9"
    assert signs.is_whole(signs.plain(PRINTED))


def test_the_check_sign_by_hand() -> None:
    # Z is 31: doubled 62 = 1·32 + 30, digit sum 31; 1 stays 1; 31 + 1 = 32, so the check sign adds nothing
    assert signs.check_sign("1Z") == "0"


@pytest.mark.parametrize(
    "typed",
    ["7k4mq2xd9tra9", " 7K4M Q2XD 9TRA 9 ", "7K4M–Q2XD–9TRA–9", "7K4M\u2011Q2XD\u20109TRA-9"],
)
def test_case_spaces_and_hyphens_do_not_matter(typed: str) -> None:
    assert signs.plain(typed) == "7K4MQ2XD9TRA9"


def test_o_is_read_as_zero_and_i_and_l_as_one() -> None:
    assert signs.plain("oOiIlL") == "001111"


@pytest.mark.parametrize("typed", ["", "7K4M", PRINTED + "7", "7U4M-Q2XD-9TRA-9", "7K4M-Q2XD-9TRÄ-9"])
def test_what_is_no_code_is_no_code(typed: str) -> None:
    assert not signs.is_whole(signs.plain(typed))


def test_every_single_mistyped_sign_is_noticed() -> None:
    code = signs.plain(PRINTED)
    for place, sign in itertools.product(range(13), signs.ALPHABET):
        changed = code[:place] + sign + code[place + 1 :]
        assert signs.is_whole(changed) == (changed == code)


def test_a_drawn_code_is_whole_and_printed_in_fours() -> None:
    drawn = {signs.draw() for _ in range(50)}
    assert len(drawn) == 50
    assert all(signs.is_whole(code) for code in drawn)
    assert signs.grouped(signs.plain(PRINTED)) == PRINTED


@pytest.mark.parametrize(("number", "written"), [(0, "00"), (31, "0Z"), (32, "10"), (1023, "ZZ")])
def test_a_number_is_spelled_in_a_fixed_length(number: int, written: str) -> None:
    assert signs.spelled(number, 2) == written
