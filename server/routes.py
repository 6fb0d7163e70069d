"""Every page of the site, in one table: read it from top to bottom to know what there is."""

from panels.permissions import Permission as P
from server import home, login, panels, people, statements
from server.gate import Page

LANGUAGE = "/{language:language}"
PANEL = LANGUAGE + "/panels/{panel:slug}"
STATEMENT = PANEL + "/statements/{statement:small}"

PAGES = [  # Starlette looks from the top, about 1 µs a row: what is asked most stands first
    Page("POST", STATEMENT + "/vote", statements.vote, P.VOTE),
    Page("GET", PANEL + "/statements", statements.index, P.READ),
    Page("GET", STATEMENT, statements.show, P.READ),
    Page("POST", STATEMENT + "/undo", statements.undo, P.VOTE),
    # home
    Page("GET", LANGUAGE, home.index, P.READ),
    Page("GET", LANGUAGE + "/demo", home.demo, P.READ),
    Page("GET", LANGUAGE + "/methodology", home.methodology, P.READ),
    Page("GET", LANGUAGE + "/privacy", home.privacy, P.READ),
    Page("GET", LANGUAGE + "/terms", home.terms, P.READ),
    Page("GET", LANGUAGE + "/accessibility", home.accessibility, P.READ),
    # login, people
    Page("GET", LANGUAGE + "/login", login.index, P.READ),
    Page("GET", LANGUAGE + "/me", people.index, P.SIGNED_IN),
    # panels
    Page("GET", PANEL, panels.show, P.READ),
]
