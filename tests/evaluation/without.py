"""Who decides in the check? Any part of it can be switched off from outside; what changes then is what it earns.

    cause:slip      one of CAUSES                      view:numbers    a way to compare with a known mistake
    edit:operation  the small edits of one kind        note:NameError  what is said to an error: its pattern
    sentence:right  a Sentence of a message            step:catch.say_unasked   one of STEPS, below

A part had a hand in a message if it said yes to something on the way. Only then can the message change without it, but
for the rounds that it would save; so only these answers are asked again.
"""

import contextlib
import functools
import importlib
import time
from concurrent.futures import ProcessPoolExecutor
from unittest.mock import patch

from answers import code_of, finding, function_of

from course.checker import causes, errors, judge
from course.checker.say import message
from course.checker.slips import rules, search
from course.checker.slips.place import WORDS

# What looks once more at what was found, or adds to it: the place, and what it returns when it is switched off.
STEPS = {
    "search.Search.is_proved": True,
    "search.Search.keeps_what_is_used": True,
    "catch.say_unasked": "",
    "catch._part_refused": ("", False),
    "mend.Repair._besides": ("", False),
    "mend.Repair._against_given": "",
    "errors.name_of_others": "",
    "errors._say_meant": "",
    "spelling._meant_of_own": [],
    "message.where_right": "",
    "message._say_right": "",
    "numbers._whole_pattern": "",
}
# Of a message: what it says without one needs no table.
_SENTENCES = "outside", "mixed up", "right", "raised", "line", "tried", "result", "cause", "where right", "difference"
_FOLDERS = {"search": "slips.", "message": "say.", "numbers": "say."}


def parts():
    """Return the names of all that can be switched off."""
    views = ("whole", "first pair", "part")
    kinds = dict.fromkeys(rule.kind for table in (rules.RULES, rules.MISSING) for rule in rules.rules_in(table))
    notes = [_key(note) for table in (errors._TELLING, errors._ERROR_NOTES) for note in errors._notes(table)]
    return [
        *(f"cause:{one.__name__}" for one in judge.CAUSES),
        *(f"view:{name}" for name in views),
        *(f"step:{place}" for place in STEPS if _owner(place)),
        *(f"edit:{kind}" for kind in dict.fromkeys([*kinds, *WORDS])),
        *(f"note:{key}" for key in notes),
        *(f"sentence:{name}" for name in (*_SENTENCES, "first difference")),
    ]


def _owner(place):
    """Return (the module or class, the name in it) of a step, or None if the checker has no such step."""
    module, *inside, name = place.split(".")
    owner = importlib.import_module(f"course.checker.{_FOLDERS.get(module, '')}{module}")
    for one in inside:
        owner = getattr(owner, one)
    return (owner, name) if hasattr(owner, name) else None


def _key(note):
    """Return the name of a note: its two patterns, as they stand in the table."""
    return " @@ ".join(filter(None, note[:2]))


def told(answer, off=()):
    """Return (the Finding of check on an Answer without some parts, the names of those that had a hand in it)."""
    traced, last = set(), []

    def is_on(name):
        return name not in off

    def step(place, original):
        def watched(*args, **options):
            found, nothing = original(*args, **options), STEPS[place]
            if found != nothing:
                traced.add(f"step:{place}")
            return found if is_on(f"step:{place}") else nothing

        return watched

    def fewer_views(exercise, pairs, views=causes.views):
        for view in views(exercise, pairs):
            if is_on(f"view:{view.name}"):
                last[:] = [f"view:{view.name}"]
                yield view

    def fewer_edits(variants, levels, original=search.Variants.edits):
        for level in original(variants, levels):
            yield [edit for edit in level if is_on(f"edit:{edit.kind}")]

    def noted_place(found, main, original=search.place_of):
        traced.update(f"edit:{edit.kind}" for edit in found)
        return original(found, main)

    def said_by(note, error, line, original=errors._said_by):
        says = original(note, error, line) if is_on(f"note:{_key(note)}") else ""
        if says:
            traced.add(f"note:{_key(note)}")
        return says

    def fewer_words(look, original=message._sentences):
        return [one for one in original(look) if is_on(f"sentence:{one[0]}")]

    with contextlib.ExitStack() as stack:
        changes = [
            (judge, "CAUSES", [one for one in judge.CAUSES if is_on(f"cause:{one.__name__}")]),
            (causes, "views", fewer_views),
            (search.Variants, "edits", fewer_edits),
            (search, "place_of", noted_place),
            (errors, "_said_by", said_by),
            (message, "_sentences", fewer_words),
        ]
        changes += [(*at, step(place, getattr(*at))) for place in STEPS if (at := _owner(place))]
        for change in changes:
            stack.enter_context(patch.object(*change))
        found = finding(answer, function_of(answer))
    if found.cause:
        traced.add(f"cause:{found.cause.by}")
        traced.update(last if found.cause.by == "known" else ())
    return found, traced


def changes(answer, off=()):
    """Return [(part, what check says with it, what it says without it)] of all parts without which that changes.

    off: parts that are switched off anyway
    """
    before, traced = told(answer, off)
    found = [(name, told(answer, {name, *off})[0]) for name in parts() if name in traced]
    return [(name, said(before), said(after)) for name, after in found if said(before) != said(after)]


def said(found):
    """Return the verdict and the message of a Finding, as a text."""
    return f"--- {found.verdict}\n{found.message}\n"


def changes_of_all(answers, off=()):
    """Return [(answer, its changes)], with as many processes as there are processors."""
    with ProcessPoolExecutor() as pool:
        return list(zip(answers, pool.map(functools.partial(changes, off=off), answers, chunksize=10)))


def table(banks):
    """Return the text of decides.txt. banks: {name: what changes_of_all returns}"""
    rows = {name: [0] * len(banks) for name in parts() if not name.startswith("sentence:")}
    for column, found in enumerate(banks.values()):
        for _, changed in found:
            for name, *_ in changed:
                rows[name][column] += 1
    heads = [f" {name}: {len(found)}" for name, found in banks.items()]
    lines = [f"{'messages that change without it, of answers':60}" + "".join(f"{head:>16}" for head in heads)]
    for name in sorted(rows, key=lambda name: (name.partition(":")[0], [-count for count in rows[name]])):
        lines.append(f"{name if len(name) < 60 else name[:56] + '...':60}" + "".join(f"{n:16}" for n in rows[name]))
    return "\n".join(lines) + "\n"


def compared(answers, off):
    """Return a text: which verdicts and messages change without some parts, and how long the processor works, with
    and without them in turn."""
    seconds, blocks, verdicts = [0.0, 0.0], [], 0
    for answer in answers:
        found = []
        for k, without in enumerate((set(), off)):
            began = time.process_time()
            found.append(told(answer, without)[0])
            seconds[k] += time.process_time() - began
        before, after = found
        verdicts += before.verdict != after.verdict
        if said(before) != said(after):
            blocks.append(f"{'=' * 100}\n{answer}\n{code_of(answer)}{said(before)}{said(after)}")
    blocks.append(f"Of {len(answers)} answers: {len(blocks)} messages change, {verdicts} verdicts.")
    return "".join(blocks) + f"\nProcessor: {seconds[0]:.1f} s with, {seconds[1]:.1f} s without.\n"
