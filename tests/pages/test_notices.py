"""What one is told, and stopping the mails by the link in one of them, as a person does it."""

import pytest

from panels import notices, people
from panels.database import writing
from panels.notices import Event, Topic
from tests.conftest import NOON
from tests.pages.conftest import Site, Window
from tests.pages.looks import english_left, look, watch
from tests.serve import SECRET


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_mails_stop_with_one_press_without_a_login(site: Site, window: Window, language: str) -> None:
    with writing(site.engine) as db:
        person = people.ensure(db, f"reader-{language}@example.fi")
        link = notices.link(person, SECRET)
    page = window(script=True)
    complaints = watch(page)
    page.goto(f"/{language}/notices/{link}")
    assert look(page, language=language) + english_left(page, language) == []
    page.locator("main .btn.primary").click()
    page.get_by_role("status").wait_for()
    assert look(page, language=language) + english_left(page, language) + complaints == []
    with writing(site.engine) as db:
        assert notices.muted(db, person.id) == set(Topic)


def test_a_page_full_of_notices_is_accessible_and_a_kind_is_stopped_without_script(
    site: Site, window: Window
) -> None:
    token = site.newcomer("well-told")
    with writing(site.engine) as db:
        person = people.ensure(db, "well-told@example.fi").id
        for event in (Event.PHASE, Event.CLOSING):
            notices.tell_followers(db, event, 2, panel=1, at=NOON)
    page = window(token)
    page.goto("/fi/notices")
    assert page.locator("ol.list li").count() == 2
    assert look(page) == []
    plain = window(token, script=False)
    plain.goto("/fi/notices")
    plain.locator("button[value=reminders]").click()
    plain.locator("button[name=start][value=reminders]").wait_for()
    with writing(site.engine) as db:
        assert notices.muted(db, person) == {Topic.REMINDERS}
