"""Every page of the site, in one table: read it from top to bottom to know what there is."""

from panels.permissions import Permission as P  # noqa: N817  a table wants narrow columns
from server import (
    amendments,
    appeals,
    comments,
    corrections,
    desk,
    drafts,
    embeds,
    exports,
    home,
    imports,
    letters,
    log,
    login,
    materials,
    members,
    merges,
    messages,
    moderation,
    notices,
    panels,
    people,
    profiles,
    proposals,
    reasons,
    statements,
    summary,
    translations,
)
from server.gate import Page

LANGUAGE = "/{language:language}"
PANEL = LANGUAGE + "/panels/{panel:slug}"
STATEMENT = PANEL + "/statements/{statement:small}"
MATERIAL = PANEL + "/materials/{material:small}"
TRANSLATION = PANEL + "/translations/{text:place}"
PAIR = PANEL + "/moderation/merges/{statement:small}/{other:small}"
PROPOSAL = PANEL + "/proposals/{proposal:small}"

PAGES = [  # Starlette looks from the top, about 1 µs a row: what is asked most stands first
    Page("POST", STATEMENT + "/vote", statements.vote, P.VOTE),
    Page("GET", PANEL + "/statements", statements.index, P.READ),
    Page("GET", STATEMENT, statements.show, P.READ),
    Page("POST", STATEMENT + "/undo", statements.undo, P.VOTE),
    Page("GET", PANEL + "/statements/mine", statements.mine, P.VOTE),
    Page("GET", PANEL + "/statements/sheet", statements.sheet, P.READ),
    Page("GET", PANEL + "/statements/new", statements.new, P.READ),
    Page("POST", PANEL + "/statements", statements.create, P.WRITE_STATEMENT),
    Page("POST", PANEL + "/statements/add", statements.add, P.EDIT_PANEL),
    # corrections
    Page("GET", STATEMENT + "/corrections/new", corrections.new, P.MODERATE),
    Page("POST", STATEMENT + "/corrections", corrections.create, P.MODERATE),
    # moderation
    Page("GET", PANEL + "/moderation", moderation.index, P.DECIDE_APPEALS),
    Page("GET", PANEL + "/moderation/{item:item}", moderation.show, P.DECIDE_APPEALS),
    Page("POST", PANEL + "/moderation/{item:item}/decide", moderation.decide, P.MODERATE),
    Page("POST", PANEL + "/moderation/together", moderation.together, P.MODERATE),
    Page("POST", PANEL + "/moderation/undo", moderation.undo, P.MODERATE),
    # merges
    Page("GET", PANEL + "/moderation/merges", merges.index, P.MODERATE),
    Page("GET", PAIR + "/new", merges.new, P.MODERATE),
    Page("POST", PAIR, merges.create, P.MODERATE),
    Page("POST", PANEL + "/moderation/merges/{merge:small}/split", merges.split, P.MODERATE),
    # log
    Page("GET", PANEL + "/moderation/log", log.index, P.READ),
    # reasons
    Page("GET", STATEMENT + "/reasons/new", reasons.new, P.WRITE_STATEMENT),
    Page("POST", STATEMENT + "/reasons", reasons.create, P.WRITE_STATEMENT),
    # appeals
    Page("GET", STATEMENT + "/appeals/new", appeals.new, P.WRITE_STATEMENT),
    Page("POST", STATEMENT + "/appeals", appeals.create, P.WRITE_STATEMENT),
    Page("POST", PANEL + "/moderation/appeals/{appeal:small}/decide", appeals.decide, P.DECIDE_APPEALS),
    # home
    Page("GET", LANGUAGE, home.index, P.READ),
    Page("GET", LANGUAGE + "/demo", home.demo, P.READ),
    Page("GET", LANGUAGE + "/methodology", home.methodology, P.READ),
    Page("GET", LANGUAGE + "/privacy", home.privacy, P.READ),
    Page("GET", LANGUAGE + "/terms", home.terms, P.READ),
    Page("GET", LANGUAGE + "/accessibility", home.accessibility, P.READ),
    # login
    Page("GET", LANGUAGE + "/login", login.index, P.READ),
    Page("POST", LANGUAGE + "/login", login.create, P.READ),
    Page("GET", LANGUAGE + "/login/sent", login.sent, P.READ),
    Page("POST", LANGUAGE + "/login/code", login.code, P.READ),
    Page("POST", LANGUAGE + "/login/logout", login.logout, P.READ),
    Page("POST", LANGUAGE + "/login/become", login.become, P.READ),
    Page("GET", LANGUAGE + "/login/{link:link}", login.show, P.READ),
    Page("POST", LANGUAGE + "/login/{link:link}", login.update, P.READ),
    Page("POST", LANGUAGE + "/login/{link:link}/renew", login.renew, P.READ),
    # people
    Page("GET", LANGUAGE + "/me", people.index, P.SIGNED_IN),
    Page("POST", LANGUAGE + "/me", people.update, P.SIGNED_IN),
    Page("POST", LANGUAGE + "/me/email", people.email, P.SIGNED_IN),
    Page("POST", LANGUAGE + "/me/keys", people.keys, P.SIGNED_IN),
    Page("POST", LANGUAGE + "/me/end", people.end, P.SIGNED_IN),
    Page("GET", LANGUAGE + "/me/data", people.data, P.SIGNED_IN),
    Page("GET", LANGUAGE + "/me/leave/{panel:slug}", people.leave, P.SIGNED_IN),
    Page("POST", LANGUAGE + "/me/left/{panel:slug}", people.left, P.SIGNED_IN),
    Page("GET", LANGUAGE + "/me/erasure", people.erasure, P.SIGNED_IN),
    Page("POST", LANGUAGE + "/me/delete", people.delete, P.SIGNED_IN),
    Page("GET", LANGUAGE + "/me/deleted", people.deleted, P.READ),
    # notices
    Page("GET", LANGUAGE + "/notices", notices.index, P.SIGNED_IN),
    Page("POST", LANGUAGE + "/notices", notices.update, P.SIGNED_IN),
    Page("GET", LANGUAGE + "/notices/{link:link}", notices.show, P.READ),
    Page("POST", LANGUAGE + "/notices/{link:link}", notices.delete, P.READ, in_mail=True),
    Page("POST", LANGUAGE + "/notices/{link:link}/switch", notices.switch, P.READ),
    Page("POST", PANEL + "/notices/follow", notices.follow, P.SIGNED_IN),
    Page("GET", PANEL + "/notices/progress", notices.progress, P.EDIT_PANEL),
    Page("POST", PANEL + "/notices/remind", notices.remind, P.EDIT_PANEL),
    # messages
    Page("GET", PANEL + "/messages", messages.index, P.EDIT_PANEL),
    Page("GET", PANEL + "/messages/new", messages.new, P.EDIT_PANEL),
    Page("POST", PANEL + "/messages/preview", messages.preview, P.EDIT_PANEL),
    Page("POST", PANEL + "/messages", messages.create, P.EDIT_PANEL),
    Page("POST", PANEL + "/messages/{message:small}/add", messages.add, P.EDIT_PANEL),
    # imports: files of members and statements
    Page("GET", PANEL + "/imports/new", imports.new, P.EDIT_PANEL),
    Page(
        *("POST", PANEL + "/imports/check", imports.check, P.EDIT_PANEL),
        most=imports.MOST,
        file=True,
        prepare=imports.read,
    ),
    Page("POST", PANEL + "/imports", imports.create, P.EDIT_PANEL, most=imports.MOST, prepare=imports.read),
    # letters
    Page("GET", PANEL + "/letters", letters.index, P.EDIT_PANEL),
    Page("POST", PANEL + "/letters", letters.create, P.EDIT_PANEL),
    Page("GET", PANEL + "/letters/{list:small}", letters.show, P.EDIT_PANEL),
    # members
    Page("GET", LANGUAGE + "/join", members.new, P.READ),
    Page("POST", LANGUAGE + "/join", members.create, P.READ, prepare=members.prove),
    Page("GET", LANGUAGE + "/j/{code:code}", members.show, P.READ),
    Page("GET", PANEL + "/members/join", members.join, P.JOIN),
    Page("POST", PANEL + "/members/seat", members.seat, P.JOIN),
    Page("POST", PANEL + "/members/guest", members.guest, P.JOIN),
    Page("GET", PANEL + "/members/entries", members.entries, P.ENTER_ANSWERS),
    Page(
        "POST", PANEL + "/members/enter", members.enter, P.ENTER_ANSWERS, fields=1000, prepare=members.prove
    ),
    Page("POST", PANEL + "/members/undo", members.undo, P.ENTER_ANSWERS),
    Page("GET", PANEL + "/members/script", members.script, P.ENTER_ANSWERS),
    Page("GET", PANEL + "/members/agreement", members.agreement, P.READ),
    Page("GET", PANEL + "/members/consent", members.consent, P.SIGNED_IN),
    Page("POST", PANEL + "/members/agree", members.agree, P.SIGNED_IN),
    Page("POST", PANEL + "/members/update", members.update, P.SIGNED_IN),
    Page("GET", PANEL + "/members/profile", members.profile, P.SIGNED_IN),
    Page("POST", PANEL + "/members/tell", members.tell, P.SIGNED_IN),
    Page("GET", PANEL + "/members/channel", members.channel, P.SIGNED_IN),
    Page("POST", PANEL + "/members/reach", members.reach, P.SIGNED_IN),
    Page("GET", PANEL + "/members/welcome", members.welcome, P.SIGNED_IN),
    # profiles
    Page("GET", PANEL + "/profiles/edit", profiles.edit, P.EDIT_PANEL),
    Page("POST", PANEL + "/profiles/update", profiles.update, P.EDIT_PANEL),
    # panels
    Page("GET", LANGUAGE + "/panels/new", panels.new, P.CREATE_PANEL),
    Page("POST", LANGUAGE + "/panels", panels.create, P.CREATE_PANEL),
    Page("GET", PANEL, panels.show, P.READ),
    Page("GET", PANEL + "/calendar", panels.calendar, P.READ),
    # desk
    Page("GET", PANEL + "/desk", desk.show, P.WORK, as_oneself=True),
    Page("POST", PANEL + "/desk/preview", desk.preview, P.EDIT_PANEL, as_oneself=True),
    # summary
    Page("GET", PANEL + "/summary", summary.show, P.READ),
    Page("GET", PANEL + "/summary/draft", summary.draft, P.READ_DRAFT),
    Page("GET", PANEL + "/summary/mine", summary.mine, P.VOTE),
    Page("GET", PANEL + "/edit", panels.edit, P.EDIT_PANEL),
    Page("POST", PANEL + "/update", panels.update, P.EDIT_PANEL),
    Page("POST", PANEL + "/open", panels.open, P.EDIT_PANEL),
    # exports
    Page("GET", PANEL + "/exports/history", exports.history, P.READ),
    Page("GET", PANEL + "/exports/chain", exports.chain, P.READ),
    Page("GET", PANEL + "/exports/verifier", exports.verifier, P.READ),
    # embeds
    Page("GET", LANGUAGE + "/embed/{panel:slug}", embeds.show, P.READ, framed=True),
    Page("GET", LANGUAGE + "/embed", embeds.embed, P.READ, framed=True),
    Page("GET", LANGUAGE + "/embeds", embeds.index, P.CREATE_PANEL),
    Page("POST", LANGUAGE + "/embeds", embeds.create, P.CREATE_PANEL),
    Page("GET", PANEL + "/embeds/edit", embeds.edit, P.EDIT_PANEL),
    Page("POST", PANEL + "/embeds/update", embeds.update, P.EDIT_PANEL),
    # materials
    Page("GET", PANEL + "/materials", materials.index, P.READ),
    Page("GET", PANEL + "/materials/new", materials.new, P.EDIT_PANEL),
    Page("POST", PANEL + "/materials", materials.create, P.EDIT_PANEL, most=materials.MOST),
    Page("GET", PANEL + "/materials/quiz", materials.quiz, P.READ),
    Page("POST", PANEL + "/materials/check", materials.check, P.READ),
    Page("GET", PANEL + "/materials/questions", materials.questions, P.EDIT_PANEL),
    Page("POST", PANEL + "/materials/save-questions", materials.save_questions, P.EDIT_PANEL),
    Page("GET", MATERIAL, materials.show, P.READ),
    Page("POST", MATERIAL + "/read", materials.read, P.VOTE),
    Page("GET", MATERIAL + "/edit", materials.edit, P.EDIT_PANEL),
    Page("POST", MATERIAL + "/update", materials.update, P.EDIT_PANEL, most=materials.MOST),
    # translations
    Page("GET", PANEL + "/translations", translations.index, P.EDIT_PANEL),
    Page("GET", TRANSLATION + "/edit", translations.edit, P.EDIT_PANEL),
    Page("POST", TRANSLATION + "/update", translations.update, P.EDIT_PANEL, most=materials.MOST),
    # proposals
    Page("GET", PANEL + "/proposals", proposals.index, P.READ),
    Page("GET", PANEL + "/proposals/new", proposals.new, P.PROPOSE),
    Page("GET", PANEL + "/proposals/similar", proposals.similar, P.PROPOSE),
    Page("POST", PANEL + "/proposals", proposals.create, P.PROPOSE),
    Page("GET", PROPOSAL, proposals.show, P.READ),
    Page("POST", PROPOSAL + "/back", proposals.back, P.PROPOSE),
    Page("POST", PANEL + "/proposals/preview", proposals.preview, P.PROPOSE),
    # drafts
    Page("POST", PANEL + "/drafts", drafts.create, P.PROPOSE),
    Page("GET", PANEL + "/drafts/{draft:small}", drafts.edit, P.PROPOSE),
    Page("POST", PANEL + "/drafts/{draft:small}/delete", drafts.delete, P.PROPOSE),
    # amendments
    Page("GET", PROPOSAL + "/amendments/new", amendments.new, P.PROPOSE),
    Page("POST", PROPOSAL + "/amendments", amendments.create, P.PROPOSE),
    Page("GET", PROPOSAL + "/amendments/{amendment:small}", amendments.show, P.READ),
    Page("POST", PROPOSAL + "/amendments/{amendment:small}/decide", amendments.decide, P.PROPOSE),
    # comments
    Page("POST", PROPOSAL + "/comments", comments.create, P.COMMENT),
    Page("POST", PROPOSAL + "/comments/{comment:small}/undo", comments.undo, P.COMMENT),
]
