"""Try the general claims of the pages on two texts, and what their words mention in passing; store what comes out.

    python -m experiments.claims             all pages that have a file page_NN.py beside this one
    python -m experiments.claims 08 12       these
    python -m experiments.claims --check     try all again, and compare with what is stored

A file page_NN.py has CLAIMS, dict: a claim -> function(text, seed) that returns (value, standard error). The text is a
Corpus: the Sonnets, or as many characters of the speeches. The value says by how much the claim holds, below 0 that it
does not. And it may have ASIDES, dict: name -> function() that returns dict: label -> number.
The claims go into data/two_texts.csv, which two_texts() draws on the pages; the asides into asides.csv beside this.
"""

import argparse
import csv
import functools
import importlib
import itertools
import sys
from pathlib import Path

from course.base.place import ROOT
from rnn_helpers import Corpus, load_corpus

STARTS = (0, 1, 2)
FILES = {
    "CLAIMS": (ROOT / "data/two_texts.csv", ["page", "claim", "text", "start", "value", "error"]),
    "ASIDES": (ROOT / "experiments/claims/asides.csv", ["page", "aside", "label", "value"]),
}


@functools.cache
def texts():
    """Return dict: name -> Corpus. Both are as long as the Sonnets."""
    sonnets = load_corpus("sonnets")
    speeches = load_corpus("speeches").text[: len(sonnets.text)]
    return {"Sonnets": sonnets, "speeches": Corpus("speeches", speeches)}


def pages():
    """Return the numbers of the pages that have claims."""
    return sorted(path.stem.removeprefix("page_") for path in Path(__file__).parent.glob("page_*.py"))


def tried(page):
    """Try all of a page. Return dict: "CLAIMS" or "ASIDES" -> list of rows."""
    module = importlib.import_module(f"experiments.claims.page_{page}")
    claims = [
        [page, claim, name, str(start), *(f"{number:.5g}" for number in function(text, start))]
        for claim, function in getattr(module, "CLAIMS", {}).items()
        for name, text in texts().items()
        for start in STARTS
    ]
    asides = [
        [page, aside, str(label), f"{value:.5g}"]
        for aside, function in getattr(module, "ASIDES", {}).items()
        for label, value in function().items()
    ]
    return {"CLAIMS": claims, "ASIDES": asides}


def stored(kind):
    """Return the rows of a file."""
    path, _ = FILES[kind]
    if not path.exists():
        return []
    with open(path, encoding="utf-8") as file:
        return list(csv.reader(file))[1:]


def store(page):
    """Try all of a page, and put it in the place of what is stored of it."""
    for kind, rows in tried(page).items():
        path, heads = FILES[kind]
        rows = sorted([row for row in stored(kind) if row[0] != page] + rows, key=lambda row: row[0])
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([heads, *rows])


def is_near(row, before):
    """Does a row come out as it is stored? Another computer may train a slightly different network.

    A claim may be two standard errors away. An aside has none, and may be two percent away.
    """
    names = 4 if len(row) == len(FILES["CLAIMS"][1]) else 3
    if row[:names] != before[:names]:
        return False
    (value, *error), (old, *old_error) = [[float(number) for number in one[names:]] for one in (row, before)]
    if error:
        return abs(value - old) <= 2 * max(error + old_error) + 1e-3 * abs(old)
    return abs(value - old) <= 0.02 * abs(old) + 5e-4


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"of {', '.join(pages())}; none: all of them")
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    choice = parser.parse_args()
    others = 0
    for page in choice.pages or pages():
        if not choice.check:
            store(page)
            continue
        for kind, rows in tried(page).items():
            before = [row for row in stored(kind) if row[0] == page]
            for row, old in itertools.zip_longest(rows, before, fillvalue=[]):
                near = is_near(row, old)
                print(*row[:4], "as stored" if near else f"ANOTHER RESULT: {row}, not {old}", flush=True)
                others += not near
    return 1 if others else 0


if __name__ == "__main__":
    sys.exit(main())
