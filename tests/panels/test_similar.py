import pytest

from panels.similar import MOST, most_similar, pieces

TEXTS = {
    1: ["Nuorilla pitää olla kirjastossa oma tila.", "Unga ska ha ett eget utrymme på biblioteket."],
    2: ["Kirjastossa pitää olla hiljainen tila.", "På biblioteket ska det finnas ett tyst utrymme."],
    3: ["Bussin pitää kulkea iltaisin.", "Bussen ska gå på kvällarna."],
    4: [],
}


def test_the_most_alike_comes_first_in_any_language_r11() -> None:
    assert most_similar("Nuorille oma tila kirjastoon", TEXTS)[0] == 1
    assert most_similar("Bussen går inte på kvällarna", TEXTS)[0] == 3


@pytest.mark.parametrize("words", ["Lisää jäätelöä kaikille", "?!", ""])
def test_what_has_nothing_in_common_resembles_nothing(words: str) -> None:
    assert most_similar(words, TEXTS) == []


def test_words_that_every_text_has_weigh_little() -> None:
    things = ("työkaluja", "konsertteja", "mikroskooppi", "äänikirjoja", "lautapelejä", "kuvataidetta")
    texts = {number: [f"Kirjastossa pitää olla {thing}"] for number, thing in enumerate(things)}
    assert most_similar("Kirjastossa pitää olla puutarha", texts) == []
    assert most_similar("Meille mikroskooppeja", texts) == [2]


def test_no_more_are_shown_than_a_reader_compares() -> None:
    same = {id_: ["Kirjasto auki sunnuntaisin"] for id_ in range(9)}
    assert most_similar("Kirjasto auki sunnuntaisin", same) == list(range(MOST))


def test_endings_and_capitals_keep_most_pieces_of_a_word() -> None:
    assert pieces("Kirjasto") & pieces("KIRJASTOSSA") == {" kir", "kirj", "irja", "rjas", "jast", "asto"}
    assert pieces("on, ja") == {" on ", " ja "}
