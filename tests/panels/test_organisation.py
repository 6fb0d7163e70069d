from panels import organisation
from panels.database import Engine, writing
from panels.organisation import UNNAMED, About
from tests.conftest import texts


def test_an_installation_has_a_plain_name_until_it_is_set_up(engine: Engine) -> None:
    with writing(engine) as db:
        assert organisation.current(db) == UNNAMED
        assert organisation.needed(db) == ("fi", "sv")


def test_what_is_known_of_the_organisation_is_kept_and_changed(engine: Engine) -> None:
    about = About(
        name=texts("Kuuraniemi"), phone="040 000 0000", hours=texts("weekdays"), notice=texts("Demo")
    )
    with writing(engine) as db:
        organisation.save(db, about)
    with writing(engine) as db:
        assert organisation.current(db) == about
        organisation.save(db, About(name=texts("Rimnäs"), language="sv", bilingual=False))
    with writing(engine) as db:
        changed = organisation.current(db)
        assert (changed.name, changed.phone, changed.notice) == (texts("Rimnäs"), "", {})
        assert organisation.needed(db) == ("sv",)
