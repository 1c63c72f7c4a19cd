"""The report on a class, and the page for each learner, as HTML: without network, printable, light and dark."""

import html
import re

from course.checker.words import CORRECT, NOT_STARTED, NOT_YET, listed
from course.lessons import EXERCISES, is_extra, place_of
from course.marking.marks import ABSENT
from course.marking.summary import LINES

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --line: #ccc; --right: #b7e0c0; --no: #f1b3a8;
  --code: #f3f3f3 }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #161616; --line: #444; --right: #1f5c33;
  --no: #7a2a1d; --code: #262626 } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 1.5em auto;
  max-width: 50em; padding: 0 1em } .first { font-size: 1.15em } h3 { margin: 0 } p { margin: 0.4em 0 }
article { border-left: 4px solid var(--line); padding: 0 0.8em; margin: 1em 0 } summary { cursor: pointer }
code, pre { background: var(--code); padding: 0 0.2em; white-space: pre-wrap; overflow-wrap: anywhere }
table { border-collapse: collapse; margin: 0 2em 1em 0; display: inline-table; vertical-align: top }
th, td { border: 1px solid var(--line); padding: 0.15em 0.5em } td { text-align: center; min-width: 1.4em }
th.name { writing-mode: vertical-rl; font-weight: normal; font-size: 0.85em; white-space: nowrap }
tbody th { text-align: left; max-width: 9em; overflow-wrap: anywhere }
.right { background: var(--right) } .no { background: var(--no) }
@media print { body { max-width: none; font-size: 10pt; margin: 0 } td, th { padding: 0 0.15em }
  h2 { break-after: avoid } article, tr { break-inside: avoid }
  .right, .no { -webkit-print-color-adjust: exact; print-color-adjust: exact } }
"""
EXAMPLES = 3  # of learners whose own line is shown


def class_page(summary):
    """Return the report as the text of an HTML file."""
    says, where, talk = map(_words, summary.first_glance())
    if whom := [f"<li><b>{_text(who)}</b>: {_text(why)}</li>" for who, why in summary.whom()]:
        talk = f"Talk to</p><ul>{''.join(whom)}</ul><p>"
    parts = [f'<div class="first"><p>{says}</p><p>{where}</p><p>{talk}</p></div>', _mistakes(summary)]
    parts += [_who_has_what(summary), _repairs(summary), _the_rest(summary)]
    return _document("What the class knows", parts)


def learners_page(summary, one):
    """Return what one learner gets back, as the text of an HTML file: what is right, what not yet, what comes next."""
    parts = []
    for head, verdict in (("Right", CORRECT), ("Not begun", NOT_STARTED), ("Not handed in, or not readable", ABSENT)):
        marks = summary.of(one.learner, verdict)
        rows = [_title(mark.exercise) + f": {_words(mark.message)}" * bool(mark.follows or mark.seed) for mark in marks]
        parts.append(_section(head, "<br>".join(rows)))
    wrong = [_article(_title(mark.exercise), _message(mark)) for mark in summary.of(one.learner, NOT_YET)]
    parts.insert(1, _section("Not yet", "".join(wrong)))
    parts.append(_section("What could not be used: hand it in again", _words("\n".join(one.problems))))
    return _document(one.learner, [*parts, _section("Next", _words(_next(summary, one.learner)))])


def _message(mark):
    """Return what check says of an answer, and the learner's line, if it is not in the message."""
    line = f"<br><code>{_text(mark.line)}</code>" if mark.line not in mark.message else ""
    return f"{_words(mark.message)}{line}"


def _next(summary, learner):
    left = summary.of(learner, NOT_YET, NOT_STARTED)
    left = [mark for mark in left if mark.verdict == NOT_YET or not is_extra(mark.exercise)]
    if not left:
        lost = "Nothing could be used. Open each notebook, save it, and hand it in again."
        return "All that you handed in is right." if summary.of(learner) else lost
    name, exercise = left[0].exercise, EXERCISES[left[0].exercise]
    says = f"`{name}`, {place_of(name)}: about {exercise.minutes} minutes, {exercise.how_hard}."
    return f'{says} If you are stuck, run `hint("{name}")` there. `progress()` shows what else is open.'


def _document(title, parts):
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(title)}</title><style>{STYLE}</style></head>\n<body>\n<h1>{_text(title)}</h1>\n"
    ) + "\n".join([*filter(None, parts), "</body></html>\n"])


def _text(value):
    return html.escape(str(value))


def _words(text):
    """Escape a message, and set what is between backticks as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", _text(text)).replace("\n", "<br>")


def _title(name):
    return f"<code>{name}</code>, {place_of(name)}"


def _section(head, inside):
    return f"<h2>{head}</h2>\n<div>{inside}</div>\n" if inside else ""


def _article(head, inside):
    return f"<article><h3>{head}</h3><p>{inside}</p></article>\n"


def _mistakes(summary):
    """Return what several learners have wrong for one reason, and then, by exercise, what one has wrong alone."""
    shared, alone = [], {}
    for one in summary.mistakes():
        if len(one.learners) > 1:
            lines = [f"{_text(mark.learner)}: <code>{_text(mark.line)}</code>" for mark in one.marks if mark.line]
            head = f"{_title(one.exercise)}: {len(one.learners)} learners, {_text(listed(one.learners))}"
            shared.append(_article(head, "<br>".join([_words(one.message), *lines[:EXAMPLES]])))
        else:
            alone.setdefault(one.exercise, []).append(f"<b>{_text(one.learners[0])}</b>: {_message(one.marks[0])}")
    shared += [_article(_title(name), "</p><p>".join(alone[name])) for name in summary.exercises if name in alone]
    return _section("What is not yet right, in the words that the learners read", "".join(shared))


def _who_has_what(summary):
    tables = ["<p>✓ right, (✓) right by itself, but a function of theirs that it calls is not, ✗ not yet, empty: not "]
    tables[0] += "begun, –: not handed in, or not readable.</p>"
    for names in [group for page in summary.pages for group in _with_extra_apart(summary.on(page))]:
        heads = "".join(f'<th scope="col" class="name">{name}</th>' for name in names)
        rows = []
        for learner in summary.learners:
            cells = "".join(_cell(summary.marks[learner, name]) for name in names)
            rows.append(f'<tr><th scope="row">{_text(learner)}</th>{cells}</tr>')
        right = "".join(f"<td>{summary.count(name, CORRECT)}</td>" for name in names)
        rows.append(f'<tr><th scope="row">right, of {len(summary.learners)}</th>{right}</tr>')
        head = f'<table><thead><tr><th scope="col">{place_of(names[0])}</th>{heads}</tr></thead><tbody>\n'
        tables.append(head + "\n".join(rows) + "</tbody></table>\n")
    return _section("Who has what", "".join(tables) * (len(tables) > 1))


def _with_extra_apart(names):
    """Return the exercises of a page as one list or two: those of its extra have a table of their own."""
    return [group for group in ([n for n in names if not is_extra(n)], [n for n in names if is_extra(n)]) if group]


def _cell(mark):
    if mark.verdict == CORRECT:
        return f'<td class="right">{"(✓)" if mark.follows else "✓"}</td>'
    return {NOT_YET: '<td class="no">✗</td>', ABSENT: "<td>–</td>"}.get(mark.verdict, "<td></td>")


def _repairs(summary):
    """Return the repairs that were chosen by a number: what was wrong there, and what the learner says of it."""
    parts, numbered = [], {mark.exercise for mark in summary.marks.values() if mark.seed}
    for mark in summary.marks.values():
        if mark.exercise in numbered & {*summary.exercises} and (mark.seed or mark.verdict in (CORRECT, NOT_YET)):
            head = f"{_text(mark.learner)}: {_title(mark.exercise)}, number {mark.seed or 'missing'}, {mark.verdict}"
            exercise = EXERCISES[mark.exercise]
            fault = exercise.with_seed(int(mark.seed)).broken.message if mark.seed else "not known without the number."
            words = mark.words[:1000] or "nothing yet."
            parts.append(_article(head, f"What was wrong: {_words(fault)}</p><p>In their words: {_words(words)}"))
    return _section("Repairs by number", "".join(parts))


def _the_rest(summary):
    """Return what a teacher seldom asks, in one folded line."""
    says = "Answers are compared as they are, without comments; of a repair, the words are. Those of fewer than "
    says += f"{LINES} lines may be identical by chance, so they count only where the same learners share two wrong "
    says += f"ones. The number of groups that are left out by this rule: {summary.alike()[1]}."
    return f"<details><summary>Which answers count as identical</summary><p>{says}</p></details>"
