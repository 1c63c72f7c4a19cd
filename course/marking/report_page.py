"""The report on a class as one HTML page. It needs no network, can be printed, and has a light and a dark style."""

import html
import re

from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES, page_of
from course.marking.summary import IN_A_ROW, teachers_words

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --line: #ccc; --right: #b7e0c0; --part: #ffe08a;
  --none: #f1b3a8; --code: #f3f3f3 }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #161616; --line: #444; --right: #1f5c33;
  --part: #6b5200; --none: #7a2a1d; --code: #262626 } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 1.5em auto;
  max-width: 75em; padding: 0 1em }
table { border-collapse: collapse } th, td { border: 1px solid var(--line); padding: 0.15em 0.5em; text-align: left;
  vertical-align: top } code, pre { background: var(--code); padding: 0 0.2em; white-space: pre-wrap;
  overflow-wrap: anywhere } .wide { overflow-x: auto } .map { margin-bottom: 1.5em }
.map td { text-align: center; min-width: 1.4em }
.map th.name { writing-mode: vertical-rl; font-weight: normal; font-size: 0.85em; white-space: nowrap }
.map tbody th { white-space: nowrap; position: sticky; left: 0; background: var(--paper) }
.right { background: var(--right) } .part { background: var(--part) } .no { background: var(--none) }
td.number { text-align: right }
@media (max-width: 40em) { .map tbody th { white-space: normal; overflow-wrap: anywhere; max-width: 5em } }
@media print { body { max-width: none; font-size: 9pt; margin: 0 } .map td, .map th { padding: 0 0.15em }
  h2 { break-after: avoid } tr { break-inside: avoid }
  .right, .part, .no { -webkit-print-color-adjust: exact; print-color-adjust: exact } }
"""
COLUMNS_OF_A_SHEET = 26
WIDE = '<div class="wide" tabindex="0" role="region" aria-label="A table, which may be wider than the page">'


def as_page(summary):
    """Return the report as the text of an HTML file."""
    parts = ["<h1>What the class knows</h1>", _opening(summary), _mistakes(summary), _others(summary), _stuck(summary)]
    parts += [_heat_map(summary), _following(summary), _exercises(summary), _alike(summary), _problems(summary)]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>What the class knows</title><style>{STYLE}</style></head>\n<body>\n"
    ) + "\n".join([*parts, "</body></html>\n"])


def _text(value):
    return html.escape(str(value))


def _words(text):
    """Escape a message, and set what is between backticks as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", _text(text)).replace("\n", "<br>")


def _table(head, rows):
    head = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in head)
    body = "".join("<tr>" + "".join(row) + "</tr>\n" for row in rows)
    return f"{WIDE}<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>"


def _opening(summary):
    says = summary.what_it_covers()
    if summary.missing:
        says += f" Not limited on this system: {', '.join(summary.missing)}."
    return "".join(f"<p>{_text(one)}</p>" for one in (*summary.at_a_glance(), says))


def _heat_map(summary):
    parts = [
        "<h2>Who has what</h2><p>✓ right, (✓) right with the course's function in place of one of their own, a number: "
        "percent of the cases passed, ✗ not yet, empty: not started. "
        "Points, of all exercises: 1 for each that is right, else the share of cases passed.</p>"
    ]
    for pages in _side_by_side(summary.pages()):
        exercises = [name for _, names in pages for name in names]
        numbers = "".join(
            f'<th scope="colgroup" colspan="{len(names)}">{_text(_short(page))}</th>' for page, names in pages
        )
        heads = "".join(f'<th scope="col" class="name">{_text(name)}</th>' for name in exercises)
        rows = []
        for learner in summary.learners:
            cells = "".join(_cell(summary.marks[learner, name]) for name in exercises)
            points = f'<td class="number">{summary.points(learner):.2f}</td>'
            rows.append(f'<tr><th scope="row">{_text(learner)}</th>{points}{cells}</tr>')
        parts.append(
            f'{WIDE}<table class="map"><thead><tr><th rowspan="2" scope="col">learner</th>'
            f'<th rowspan="2" scope="col">points</th>{numbers}</tr><tr>{heads}</tr></thead><tbody>\n'
            + "\n".join(rows)
            + "</tbody></table></div>"
        )
    return "".join(parts)


def _short(page):
    """Return the number of a page for the head of a column, or its name if it has none."""
    return page.number or page.stem


def _side_by_side(pages):
    """Return groups of pages with as many exercises as fit side by side on a sheet of paper."""
    groups = []
    for page, names in pages:
        if not groups or sum(len(one) for _, one in groups[-1]) + len(names) > COLUMNS_OF_A_SHEET:
            groups.append([])
        groups[-1].append((page, names))
    return groups


def _cell(mark):
    if mark.verdict == NOT_STARTED:
        return f'<td title="{_text(mark.exercise)}: not started"></td>'
    kind, sign = ("right", "(✓)" if mark.follows else "✓") if mark.verdict == CORRECT else ("no", "✗")
    if mark.verdict == NOT_YET and mark.points > 0:
        kind, sign = "part", f"{100 * mark.points:.0f}"
    about = f"{mark.learner}, {mark.exercise}: {mark.verdict}. {teachers_words(mark)[:300]}"
    return f'<td class="{kind}" title="{_text(about)}">{sign}</td>'


def _mistakes(summary):
    rows = [
        [
            f'<td class="number">{len(known.learners)}</td>',
            f"<td><code>{_text(known.id)}</code><br>{_words(known.message)}</td>",
            f"<td>{f'<code>{_text(known.line)}</code><br>{_text(known.by)}' if known.line else ''}</td>",
            f"<td>{_text(', '.join(known.learners))}</td>",
        ]
        for known in summary.mistakes()
    ]
    head = ("learners", "mistake, and what a teacher would say", "one learner's line", "who")
    return "<h2>The mistakes of the class</h2>" + (_table(head, rows) if rows else "<p>No known mistake.</p>")


def _others(summary):
    rows = [
        [
            f'<td class="number">{len(marks)}</td><td><code>{_text(name)}</code></td><td>',
            "<br>".join(f"<b>{_text(mark.learner)}</b>: {_words(teachers_words(mark)[:300])}" for mark in marks[:5]),
            f"<br>and {len(marks) - 5} more" if len(marks) > 5 else "",
            "</td>",
        ]
        for name, marks in summary.others()
    ]
    head = ("learners", "exercise", "what is wrong")
    return "<h2>Not yet right for another reason</h2>" + (_table(head, rows) if rows else "<p>None.</p>")


def _following(summary):
    rows = [
        [f"<td>{_text(mark.learner)}</td><td><code>{_text(mark.exercise)}</code></td><td>{_text(mark.follows)}</td>"]
        for mark in summary.following()
    ]
    says = "<h2>Right, with the course's functions in place of their own</h2>"
    return says + _table(("learner", "exercise", "with the course's"), rows) if rows else ""


def _exercises(summary):
    total, rows = len(summary.learners), []
    for name in (name for _, names in summary.pages() for name in names):
        exercise, shares = EXERCISES[name], [f"{count} ({count / total:.0%})" for count in summary.counts(name)]
        about = (_short(page_of(name)), name, exercise.kind, f"{exercise.minutes} min", *shares)
        rows.append([f"<td>{_text(cell)}</td>" for cell in about])
    head = ("page", "exercise", "kind", "effort", "right", "not yet", "not started")
    return "<h2>Each exercise</h2>" + _table(head, rows)


def _stuck(summary):
    rows = [[f"<td>{_text(who)}</td><td>{_text(', '.join(names))}</td>"] for who, names in summary.stuck()]
    says = f"<h2>Who is stuck</h2><p>{IN_A_ROW} or more exercises in a row are not yet right.</p>"
    return says + (_table(("learner", "exercises"), rows) if rows else "<p>Nobody.</p>")


def _alike(summary):
    rows = [[f"<td>{_text(', '.join(who))}</td><td>{_text(', '.join(names))}</td>"] for who, names in summary.alike()]
    says = "<h2>Identical answers</h2><p>Comments aside, these answers are the same. Those of fewer than 5 lines "
    says += "count only where 3 of them are. A hint, not a verdict.</p>"
    return says + (_table(("learners", "exercises"), rows) if rows else "<p>None.</p>")


def _problems(summary):
    rows = [[f"<td>{_text(who)}</td><td>{_text(problem)}</td>"] for who, problem in summary.problems]
    return "<h2>What could not be used</h2>" + (_table(("learner", "why"), rows) if rows else "<p>Nothing.</p>")
