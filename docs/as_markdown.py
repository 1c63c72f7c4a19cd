"""Turn a page into Markdown for pandoc: a list of parts, from which the book and the slides are made.

Nothing is run: the outputs are the stored ones. What only a screen or a running notebook can do is left out: the setup
cell, what `check` says of an exercise that is not begun, the call of `check` itself, and the lines on `hint`.
"""

import base64
import itertools
import json
import re
from dataclasses import dataclass

from course.base.place import NOTEBOOKS

# How pandoc must read what this module writes: as Jupyter reads a page, with formulas, tables, boxes and places.
FORMAT = "commonmark+smart+tex_math_dollars+pipe_tables+attributes+bracketed_spans+fenced_divs+gfm_auto_identifiers"
# What check says of an exercise that is not begun.
NOT_STARTED = re.compile(r"\w+: not started\n")
SETUP = "# @title "
DETAILS = re.compile(r"<details><summary>(.*?)</summary>\s*(.*?)\s*</details>", re.DOTALL)
RUBRICS = re.compile(r"^\*\*(Predict\.|Your turn|Catch it\.)", re.MULTILINE)
STUCK = re.compile(r"^Stuck\? .*\n?", re.MULTILINE)
# What shows a finished function, and what it shows.
FINISHED = re.compile(r'^finished\("\w+"\)$', re.MULTILINE)
FUNCTION = re.compile(r"(\w+), (as it is in [^\n]*|as you would write it on this page)\n\n(.*)", re.DOTALL)


@dataclass(frozen=True)
class Part:
    """A part of a page.

    kind     what it is:
             "words"     text between all else
             "predict"   the question of a Predict
             "code"      a cell
             "output"    one of its outputs: a text, or a picture with its words
             "answer"    to a Predict
             "task"      the words of an exercise
             "start"     the code with which an exercise begins, and how long it takes
             "finished"  the finished function of an exercise
    text     in pandoc's Markdown
    heading  of its section, as on the page; "" before the first
    number   from a Predict to its answer, the number of this Predict on the page, from 1; else 0
    closed   True for what a page folds, because one should guess or write first: outputs, answers, finished functions
    name     of the exercise, for "start" and "finished", and for a "task" that says "Write `name`"
    """

    kind: str
    text: str
    heading: str
    number: int = 0
    closed: bool = False
    name: str = ""


def read_page(path):
    """Return a page as a dict with each text in one piece, since JupyterLite would show a list of lines with commas."""
    page = json.loads(path.read_text(encoding="utf-8"))
    for cell in page["cells"]:
        cell["source"] = "".join(cell["source"])
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = "".join(output["text"])
            if "data" in output:
                output["data"] = {
                    kind: "".join(data) if isinstance(data, list) else data for kind, data in output["data"].items()
                }
    return page


def heard(text, most=250):
    """Return the text of a picture for those who listen: what it shows, and as many whole lines as fit."""
    lines = text.removeprefix("Picture: ").split("\n")
    kept = [line for k, line in enumerate(lines) if k == 0 or len(" ".join(lines[: k + 1])) <= most]
    left_out = len(lines) - len(kept)
    return "\n".join(kept + [f"({left_out} more lines of numbers)"] * bool(left_out))


def escaped(text):
    """Return plain text as Markdown that shows it as it is."""
    return re.sub(r"([!-/:-@[-`{-~])", r"\\\1", text)


def fenced(text, language):
    """Return a text as a block of code. language: "python", or "output"."""
    text = text.strip("\n")
    return f"`````{{.{language}}}\n{text}\n`````"


def shown_as(output, picture):
    """Return an output as Markdown. picture: where to write it, if it is one (a Path)."""
    told = output.get("data", {})
    plain = told.get("text/plain", output.get("text", ""))
    if "image/png" in told:
        picture.write_bytes(base64.b64decode(told["image/png"]))
        words = escaped(". ".join(heard(output["metadata"]["image/png"]["alt"]).split("\n")))
        return f"![{words}]({picture.name})"
    return plain.strip() and fenced(plain, "output")  # the words of pictures that only JupyterLab needs are empty


def start_of(cell):
    """Return the code of an exercise without the call of check, and how long the exercise takes."""
    (told,) = (output["data"]["text/plain"] for output in cell["outputs"])
    code = fenced(re.sub(r"\s*^check\(.*", "", cell["source"], flags=re.MULTILINE), "python")
    return f"{code}\n\n{re.search(r'About [0-9]+ minutes, [a-z]+[.]', told)[0]}"


def with_one_digit(text):
    """Return Markdown whose formulas pandoc reads as TeX does: of log_235, one digit is the index, not all three."""
    return re.sub(r"\$[^$]+\$", lambda formula: re.sub(r"([_^])(\d)(?=\d)", r"\1{\2}", formula[0]), text)


def pieces(source):
    """Yield pairs (kind, Markdown) from a cell of words: its rubrics and folded answers apart from the rest."""
    source = re.sub(r"^\[!\[Open in Colab\].*\n?", "", source, flags=re.MULTILINE)
    source = re.sub(r"<small>(.*?)</small>", r"[\1]{.small}", source, flags=re.DOTALL)
    source = with_one_digit(source)
    split = DETAILS.split(STUCK.sub("", source))
    for words, summary, answer in zip(split[::3], [*split[1::3], ""], [*split[2::3], ""]):
        place = RUBRICS.search(words)
        before, after = (words[: place.start()], words[place.start() :]) if place else (words, "")
        if before.strip():
            yield "words", before.strip()
        if after:
            yield "predict" if place[1] == "Predict." else "task", after.strip()
        if summary == "Answer":
            yield "answer", answer
        elif summary:  # the question of an aside, which stays where it is
            yield "words", f"**{re.sub('</?em>', '*', summary)}** {answer}"


def parts(page, pictures):
    """Yield the parts of a page, in order.

    page: a Page of course.lessons.contents; pictures: a folder (a Path) that gets its pictures, as STEM-NUMBER.png
    """
    files = (pictures / f"{page.stem}-{number}.png" for number in itertools.count(1))
    heading, number, asked, task = "", 0, False, ""
    for cell in read_page(NOTEBOOKS / f"{page.stem}.ipynb")["cells"]:
        source = cell["source"]
        now = number if asked else 0
        if cell["cell_type"] == "markdown":
            if found := re.findall(r"^## (.*)", source, re.MULTILINE):
                heading = found[-1]
            for kind, text in pieces(source):
                if kind == "predict":
                    number, asked = number + 1, True
                elif kind == "task":
                    task = (re.findall(r"Write `(\w+)", text) or [""])[0]
                now = number if asked else 0
                if kind == "answer" and not asked:  # to an exercise that `check` does not know
                    yield Part("finished", text, heading, closed=True, name=task)
                    continue
                # The line on the runs of a picture stays with it: between a question and its answer, folded.
                small = kind == "words" and asked and re.fullmatch(r"\[[^]]*\]\{\.small\}", text)
                closed, name = bool(small) or kind == "answer", task if kind == "task" else ""
                yield Part("output" if small else kind, text, heading, now, closed, name)
                asked = asked and kind != "answer"
        elif source.startswith(SETUP):
            continue
        elif any(NOT_STARTED.match(output.get("data", {}).get("text/plain", "")) for output in cell["outputs"]):
            name = re.search(r'^check\("(\w+)"', source, re.MULTILINE)[1]
            yield Part("start", start_of(cell), heading, now, name=name)
        else:
            code = FINISHED.sub("", source).strip("\n")
            remark = " ".join(re.findall(r"# (.*)", code)) if re.fullmatch(r"(#.*\n?)*", code) else ""
            if code and not remark:
                yield Part("code", fenced(code, "python"), heading, now)
            folded = bool(cell["metadata"].get("jupyter", {}).get("outputs_hidden"))
            for output in cell["outputs"]:
                told = output.get("data", {})
                if shown := FUNCTION.match(told.get("text/plain", "")):
                    text = f"`{shown[1]}`, {shown[2]}{'. ' if remark else ':'}{remark}\n\n{fenced(shown[3], 'python')}"
                    yield Part("finished", text, heading, now, "<details open>" not in told["text/html"], shown[1])
                elif text := shown_as(output, next(files) if "image/png" in told else None):
                    yield Part("output", text, heading, now, folded)
