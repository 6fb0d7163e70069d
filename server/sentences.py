"""What refusals say: one sentence a rule, in the reader's language."""

from collections.abc import Mapping

from server.languages import catalogue


def N_(message: str) -> str:  # noqa: N802  the name that message extraction looks for
    """Mark a sentence for translation; it is looked up when it is said."""
    return message


SENTENCES = {
    "missing": N_("Fill in this field."),
    "too_short": N_("Write at least %(least)s characters."),
    "too_long": N_("Shorten this by %(over)s characters. The limit is %(most)s."),
    "not_an_option": N_("Choose one of the options."),
    "no_at_sign": N_("The e-mail address has no @ sign."),
    "not_an_address": N_("Check the e-mail address. It should look like name@example.fi."),
    "not_a_date": N_("Write the date as day, month and year."),
    "wrong_code": N_("The code is not valid. Check it in the letter."),
    "wrong_code_call": N_("The code is not valid. Check it in the letter or call %(phone)s."),
    "code_used": N_("This code has been used. If you gave your e-mail address, log in with it."),
    "code_closed": N_("The panel of this code is not open now."),
    "wrong_mail_code": N_("The code is not the one in the mail. Check it."),
    "mail_code_ended": N_("The code was wrong five times, so it works no more. Ask for a new mail."),
    "not_a_number": N_("Write a whole number from %(least)s to %(most)s."),
    "no_answers": N_("Mark at least one answer."),
    "not_a_key": N_("Statement %(number)s: write 1, 2 or 3, or leave it empty."),
    "keyed_by_you": N_(
        "You entered this sheet the first time too. Let somebody else enter it, or tick that you are alone."
    ),
    "keyed_otherwise": N_("Statement %(number)s was entered otherwise the first time. Look at the sheet."),
    "day_otherwise": N_("The day was entered otherwise the first time. Look at the sheet."),
    "no_answers_then": N_("Nobody could answer on that day. Check the date on the sheet."),
    "other_code": N_("This is not a member's code of this panel."),
    "as_many_lines": N_("Write as many lines in each language. The first has %(count)s, this one %(found)s."),
    "too_long_line": N_("The line that starts “%(line)s” is too long. At most %(most)s characters."),
    "so_many_options": N_("Give %(least)s to %(most)s options, one a line."),
    "chosen_from": N_(
        "Members have chosen among these %(count)s options. You may reword or add, not remove."
    ),
    "not_agreed": N_("The member has not agreed to take part. Tick this if they have told it to you."),
    "entry_stays": N_("Answers can be undone for %(minutes)s minutes. These stay."),
    "no_consent": N_("Tick that you take part, or choose not to take part."),
    "no_guardian": N_("Somebody under 13 needs their guardian's consent."),
    "same_statement": N_("This says the same as statement %(number)s."),
    "sent_already": N_("You have sent this already. It is waiting to be checked."),
    "too_many_waiting": N_("%(most)s of your statements are waiting. Send more when they have been checked."),
    "too_many_statements": N_("You have sent %(most)s statements. That is the most in one panel."),
    "no_decision": N_("Choose whether to publish it or to send it back."),
    "none_ticked": N_("Tick the items that you decide together."),
    "no_reason": N_("Choose the reason why it is sent back."),
    "no_outcome": N_("Choose whether to publish the text or to uphold the decision."),
    "appealed_already": N_("You have asked for a review already. Each decision is reviewed once."),
    "appeal_ended": N_("A review can be asked for within %(days)s days of the decision. They have passed."),
    "no_pair": N_("Write the numbers of two statements that are open for answers."),
    "answered_already": N_("Somebody has answered the statement, so its wording stays."),
    "no_statements": N_("There are no statements to answer yet."),
    "none_published": N_("None of the statements has been published yet."),
    "not_a_slug": N_("Use 3 to 40 small letters a–z, digits and hyphens."),
    "slug_taken": N_("This address is taken. Choose another."),
    "slug_stays": N_("The panel is open, so its address stays: letters and links lead to it."),
    "too_small_a_group": N_("The smallest group here is %(least)s people. You may raise it, not lower it."),
    "ends_before_start": N_("The phase ends before it starts. Check the dates."),
    "no_other_date": N_("Give both the first and the last day of the phase, or neither."),
    "overlaps": N_("The phase starts before the previous one has ended. Check the dates."),
    "no_promise": N_("The promise is missing: who answers, what is promised and by when."),
    "not_translated": N_("A text of the panel is missing or outdated in a language that it must have."),
    "no_vote_phase": N_("The dates for giving a view on statements are missing."),
    "uneven": N_(
        "Both sides need equal room. Now %(pros)s words are for and %(cons)s against. The difference may be"
        " at most %(most)s per cent."
    ),
    "not_an_origin": N_("“%(typed)s” is not a site. Write only its start, such as https://www.example.fi."),
    "too_many_origins": N_("At most %(most)s sites may show the panel."),
    "not_a_web_address": N_("Write the whole address, starting with https://."),
    "proposals_a_day": N_("You may send %(most)s proposals a day. You can send this one tomorrow."),
    "too_many_drafts": N_("You have %(most)s drafts. Send or delete one first."),
    "undo_ended": N_("A comment can be taken back for %(seconds)s seconds. Yours stays."),
    "replied_already": N_("Somebody has replied to the comment already, so it stays."),
    "same_proposal": N_("This says the same as proposal %(number)s."),
    "not_answered": N_("Answer the statement first."),
    "reasons_a_day": N_("You may give %(most)s reasons a day. You can give this one tomorrow."),
    "amendment_waiting": N_(
        "Your earlier change is waiting for the author. Send this one after the decision."
    ),
    "text_changed": N_("The proposal has a new text. Compare yours with it, then send it again."),
    "nothing_changed": N_("This is what the proposal says already. Change something first."),
    "text_changed_since": N_(
        "The proposal has changed since, so this change fits no more. It can be rejected."
    ),
    "reminded_lately": N_("The last reminder went out less than 48 hours ago. Wait %(hours)s more hours."),
    "not_a_table": N_("We could not read the file. Save it as CSV or XLSX and try again."),
    "too_many_rows": N_("The file has over %(most)s rows. Divide it into several files."),
    "too_many_columns": N_("The file has over %(most)s columns. Keep only those that are needed."),
    "too_much_inside": N_(
        "The file is too large when it is opened. Save only the needed rows in a new file."
    ),
    "no_column": N_("The first row of the file has no column “%(column)s”."),
    "no_rows": N_("The file has no rows to import."),
    "same_row": N_("This stands in row %(row)s already."),
    "member_already": N_("The person is a member of the panel already."),
    "comments_a_day": N_("You may send %(most)s comments a day. You can send this one tomorrow."),
}
PAGES: Mapping[int, tuple[str, str]] = {
    400: (N_("We could not read what was sent"), N_("Nothing was saved. Go back and try again.")),
    401: (
        N_("Log in to continue"),
        N_("Your login has ended or you have not logged in. Nothing was saved."),
    ),
    403: (
        N_("This page is not open to you"),
        N_("If you think it should be, call the number at the bottom of the page."),
    ),
    404: (N_("There is no such page"), N_("The address may be mistyped, or the page has been removed.")),
    405: (N_("This cannot be done here"), N_("Nothing was saved. Go back and try again.")),
    409: (N_("This is not open now"), N_("Nothing was saved. The dates are on the panel's page.")),
    413: (N_("That is too much at once"), N_("Nothing was saved. Shorten the text and try again.")),
    415: (N_("We could not read what was sent"), N_("Nothing was saved. Go back and try again.")),
    422: (N_("Something in the form is missing or wrong"), N_("Nothing was saved. Go back and try again.")),
    429: (
        N_("Please wait a moment"),
        N_("Too many requests came from here in a short time. Try again in a few minutes or call us."),
    ),
    500: (N_("Something went wrong here"), N_("The fault is ours, not yours. Try again in a moment.")),
    503: (
        N_("We could not save just now"),
        N_("The service is busy. Nothing was saved. Try again in a moment."),
    ),
}
PREVIEW = (
    N_("This is a preview"),
    N_("Nothing that you press here is sent or stored. End the preview to work on the panel."),
)
CONFLICT = (
    N_("Somebody changed this before you"),
    N_("Nothing was saved. Open the page again to see the newest version."),
)


def say(language: str, message: str, values: Mapping[str, object] | None = None) -> str:
    """Return the message in the language."""
    found = catalogue(language).gettext(message)
    return found % values if values else found


def sentence(language: str, code: str, values: Mapping[str, object]) -> str:
    """Return the sentence of a rule that the input breaks."""
    return say(language, SENTENCES[code], values)
