"""The look finds what it is there to find."""

import pytest

from tests.pages.conftest import Window
from tests.pages.looks import english_left, look, watch

PAGE = "<!doctype html><html lang=fi><title>Sivu</title><main><h1>Otsikko</h1>{}</main></html>"


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ('<img src="data:,">', "image-alt"),
        ('<p style="color:#999;background:#fff">Teksti</p>', "color-contrast"),
        ('<input name="a">', "label"),
        (
            '<a href="/a" style="font-size:9px">1</a><br><a href="/b" style="font-size:9px">2</a>',
            "target-size",
        ),
        ('<div style="width:2000px">Leveä</div>', "wider than the window"),
        ('<p lang="xx-not">Ord</p>', "valid-lang"),
    ],
)
def test_a_fault_is_found(fault: str, found: str, window: Window) -> None:
    page = window()
    page.set_content(PAGE.format(fault))
    assert any(found in words for words in look(page))


def test_a_sound_page_is_left_alone(window: Window) -> None:
    page = window()
    page.set_content(PAGE.format("<p>Teksti</p>"))
    assert look(page) == []


def test_a_word_that_nobody_translated_is_found(window: Window) -> None:
    page = window()
    page.set_content(PAGE.format('<p>Log in to continue</p><button aria-label="Your answer">x</button>'))
    assert len(english_left(page, "fi")) == 2
    assert english_left(page, "en") == []


def test_another_host_and_a_broken_policy_are_noticed(window: Window) -> None:
    page = window()
    complaints = watch(page)
    page.goto("/fi")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("new Image().src = 'http://127.0.0.1:9/a.png'")
    page.wait_for_timeout(300)
    assert any("Content Security Policy" in words for words in complaints), complaints
