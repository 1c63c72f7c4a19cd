"""Write the parts of a new exercise into all files that need one. The tests then ask for what is still missing.

    python -m course.tools.new_exercise perplexity "probs, targets" --page 01_softmax --after cross_entropy

The exercise is a function to write, with the same name and these arguments. It comes after another exercise of the
page, or after the last one. Each part has the word TODO where yours belongs:

    notebooks/PAGE.ipynb          the task, and the cell in which a learner writes
    course/lessons/contents.py    its name in the list of the page
    course/lessons/TOPIC.py       its right answer, the cases to try, hints and words
    course/lessons/TOPIC.mistakes its known mistakes
    tests/answers/TOPIC.txt       two right answers, and three wrong ones that must get a helpful message

Nothing is written if anything is wrong.
"""

import argparse
import ast
import keyword
import re
import sys
import textwrap

import nbformat

from course.base.place import NOTEBOOKS, ROOT
from course.lessons.contents import PAGES

LESSONS = ROOT / "course" / "lessons"
ANSWERS = ROOT / "tests" / "answers"
LINE = 120  # the longest line, as in pyproject.toml

LESSON = '''

def {name}({arguments}):
    """Return TODO: what, in which shape and unit, from what."""
    raise NotImplementedError("TODO: write the right answer to {name}.")


def {name}_cases():
    return [
        Case("TODO: what is special about this case", (), {{}}),  # label, arguments, sizes such as {{"T": 3, "V": 4}}
    ]


{constant} = Exercise(
    {name},
    {name}_cases,
    minutes=10,
    difficulty=2,
    mistakes=known("{name}", {name}),
    hints=[
        "TODO: a nudge.",
        "TODO: the code in words.",
    ],
    why="TODO: shown under the solution.",
    notice="TODO: shown after a right answer.",
)
'''
MISTAKES = """
== {name}
# TODO: known mistakes, as the other sections have them. The head of course/checker/mistakes.py says how.
"""
ANSWER = """
=== {name} | {kind}
def {name}({arguments}):
    TODO
"""
WORDS = "**Your turn.** TODO: `{name}({arguments})` takes ... and returns ..."
STUB = """def {name}({arguments}):
    ...  # your code


check("{name}", {name})"""


def listed(text, page, after, name):
    """Return the text of contents.py with a name added to the list of a page, and the topic that it belongs to.

    after  the exercise before it, or "" for the last one of the page
    """
    call = next(node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and _first(node) == page)
    lines = call.args[2].elts if len(call.args) > 2 else []
    lines = [line for line in lines if not after or after in line.value.split()]
    if not lines:
        there = f"no exercise {after!r}" if after else "no topic"
        raise ValueError(f"{page} has {there} in course/lessons/contents.py: choose another, or write its first line.")
    topic, *names = lines[-1].value.split()
    names.insert(names.index(after) + 1 if after else len(names), name)
    rows, margin = text.splitlines(keepends=True), " " * lines[-1].col_offset
    parts = textwrap.wrap(" ".join(names), LINE - len(f'{margin}"{topic} ",'))
    rows[lines[-1].lineno - 1 : lines[-1].end_lineno] = [f'{margin}"{topic} {part}",\n' for part in parts]
    return "".join(rows), topic.removesuffix(":")


def _first(call):
    return call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None


def in_lesson(text, after, name, arguments):
    """Return the text of a lesson with a new exercise after another one, or at the end."""
    part = LESSON.format(name=name, arguments=arguments, constant=name.upper())
    lines, number = text.splitlines(keepends=True), None
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.value.args:
            first = node.value.args[0]
            if isinstance(first, ast.Name) and first.id == after and ast.unparse(node.value.func) == "Exercise":
                number = node.end_lineno
    return "".join(lines[:number]) + part + "".join(lines[number:] if number else [])


def on_page(notebook, after, name, arguments):
    """Put the task and the learner's cell into a notebook, after another exercise or the last one."""
    sources = [cell.source if cell.cell_type == "code" else "" for cell in notebook.cells]
    checks = [k for k, source in enumerate(sources) if re.search(rf'^check\("{after or "[a-z_]+"}", ', source, re.M)]
    if not checks:
        raise ValueError(f"No cell of the page checks {after or 'any exercise'}: write the first one by hand.")
    place = checks[-1] + 1
    while place < len(sources) and sources[place] and "finished(" in sources[place]:
        place += 1
    new = [nbformat.v4.new_markdown_cell(WORDS.format(name=name, arguments=arguments))]
    new.append(nbformat.v4.new_code_cell(STUB.format(name=name, arguments=arguments)))
    notebook.cells[place:place] = new


def parts(name, arguments, page, after):
    """Return dict: path -> its new text, for all files of a new exercise. ValueError if it cannot be added."""
    if not name.isidentifier() or keyword.iskeyword(name) or name != name.lower():
        raise ValueError(f"The name is {name!r}: it must be that of a function, such as cross_entropy.")
    try:
        ast.parse(f"def {name}({arguments}): ...")
    except SyntaxError:
        raise ValueError(f"The arguments are {arguments!r}: write them as in a def, 'probs, targets'.") from None
    if page not in [one.stem for one in PAGES]:
        raise ValueError(f"There is no page {page!r}: the pages are {', '.join(one.stem for one in PAGES)}.")
    if name in [other for one in PAGES for other in one.exercises]:
        raise ValueError(f"There is an exercise {name!r} already: choose another name.")
    contents = LESSONS / "contents.py"
    text, topic = listed(contents.read_text(encoding="utf-8"), page, after, name)
    found = {contents: text}
    lesson, mistakes, answers = LESSONS / f"{topic}.py", LESSONS / f"{topic}.mistakes", ANSWERS / f"{topic}.txt"
    if not lesson.exists():
        raise ValueError(f"There is no course/lessons/{topic}.py: write it, with the head of another topic.")
    found[lesson] = in_lesson(lesson.read_text(encoding="utf-8"), after, name, arguments)
    kinds = ["right"] * 2 + ["wrong | must say: TODO"] * 3
    for path, more in (
        (mistakes, MISTAKES.format(name=name)),
        (answers, "".join(ANSWER.format(name=name, arguments=arguments, kind=kind) for kind in kinds)),
    ):
        before = path.read_text(encoding="utf-8").rstrip("\n") + "\n" if path.exists() else ""
        found[path] = before + (more if before else more.lstrip("\n"))
    path = NOTEBOOKS / f"{page}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    on_page(notebook, after, name, arguments)
    found[path] = nbformat.writes(notebook).rstrip("\n") + "\n"
    return found


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="of the exercise and of its function")
    parser.add_argument("arguments", help='of the function, as in a def: "probs, targets"')
    parser.add_argument("--page", required=True, help="the name of the page, such as 01_softmax")
    parser.add_argument("--after", default="", help="the exercise before it (the last one of the page)")
    options = parser.parse_args(arguments)
    try:
        found = parts(options.name, options.arguments, options.page, options.after)
    except ValueError as error:
        parser.error(str(error))
    for path, text in found.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    print("Each of these files has a part of it, with TODO where yours is to come:")
    for path, text in found.items():
        number = next((n for n, line in enumerate(text.splitlines(), 1) if "TODO" in line), None)
        print(f"  {path.relative_to(ROOT).as_posix()}" + (f", from line {number}" if number else ""))
    print("When they are gone, put the code in shape, run the page, and run what tests the exercise:")
    print("  ruff format")
    print(f"  python -m course.tools.run_page {options.page}")
    print(f'  python -m pytest -q -k "{options.name} or each or every" tests/checker tests/pages')
    print("Add its minutes to those of the page, in README.md and in contents.py, and its name to docs/teaching.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
