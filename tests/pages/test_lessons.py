"""What makes a page a lesson: questions that the page does not answer at once, and exercises near the idea."""

import re

import pytest
from notebook_pages import PAGES, page_named, texts

import rnn_helpers
from course.calls import check
from course.checker.exercise import WRITE
from course.lessons import EXERCISES, NETWORK, SHOWN, contents, is_practice

CORE = [page.stem for page in contents.PAGES if not page.package]  # pages that need a package are optional
LESSONS = [page.stem for page in contents.PAGES if not all(map(is_practice, page.exercises))]
CHECKED = re.compile(r'^check\("(\w+)", (\w+)\)$', re.MULTILINE)
FINISHED = re.compile(r'^finished\("(\w+)"\)$', re.MULTILINE)


@pytest.fixture(params=PAGES)
def page(request):
    return page_named(request.param)


@pytest.fixture(params=LESSONS)
def lesson(request):
    return page_named(request.param)


@pytest.fixture(params=CORE)
def core(request):
    return page_named(request.param)


def is_folded(cell):
    return bool(cell.metadata.get("jupyter", {}).get("outputs_hidden")) and bool(cell.metadata.get("collapsed"))


def test_setup_cell_is_folded_and_its_first_line_says_what_it_is(page):
    setup = page.code_cells[0]
    assert setup.source.startswith("# @title Setup")  # Colab shows this line instead of the code
    assert setup.metadata.get("cellView") == "form"
    assert setup.metadata.get("jupyter", {}).get("source_hidden") is True
    assert setup.outputs == [], "nobody is told that a computer is ready before it was looked at"
    others = [cell for cell in page.code_cells[1:] if cell.metadata.get("jupyter", {}).get("source_hidden")]
    assert all(cell.source.startswith("# ") for cell in others), "the first line of what is hidden says what it is"


def answering_cells(page):
    """Yield the code cells with an output between a question and its answer."""
    asked = False
    for cell in page.notebook.cells:
        if cell.cell_type == "markdown":
            if "**Predict" in cell.source:
                asked = cell.source.rfind("**Predict") > cell.source.rfind("<summary>")
            elif "<summary>" in cell.source:
                asked = False
        elif asked and cell.outputs:
            yield cell


def test_no_question_is_answered_in_view(page):
    in_view = [cell.source.splitlines()[0] for cell in answering_cells(page) if not is_folded(cell)]
    assert in_view == []


def seen_when_folded(cell):
    """Return what JupyterLab shows of a cell's folded outputs: the first line of the first one, with HTML as it is."""
    if not cell.outputs:
        return ""
    output = cell.outputs[0]
    data = {"text": output.text} if "text" in output else output.get("data", {})
    shown = next(
        (data[kind] for kind in ("text/html", "image/svg+xml", "text/markdown", "text/plain", "text") if kind in data),
        "",
    )
    return next((line for line in shown.split("\n") if line), "")


def test_what_is_seen_of_a_folded_output_does_not_tell(core):
    lines = [seen_when_folded(cell) for cell in core.code_cells if is_folded(cell)]
    assert [line for line in lines if re.search(r"\d|True|False|inf|nan", line)] == []


def test_what_is_seen_of_a_folded_output_is_words(page):
    """This tests stored outputs, because a page that nobody has run yet shows them."""
    lines = [seen_when_folded(cell) for cell in page.code_cells if is_folded(cell)]
    assert [line for line in lines if re.search(r"</?\w+[ >]|&\w+;", line) or not line.strip()] == []


def test_nothing_is_folded_without_a_reason(page):
    reasons = list(answering_cells(page))
    spare = [
        cell.source.splitlines()[0]
        for cell in page.code_cells
        if is_folded(cell) and not any(cell is one for one in reasons)
    ]
    assert spare == []


def test_no_term_is_defined_inside_an_answer(page):
    answers = re.findall(r"<details>.*?</details>", page.prose, re.DOTALL)
    assert [answer for answer in answers if re.search(r"\*\*[^*]+\*\*", answer)] == []


def test_the_finished_function_comes_after_the_exercise_and_is_closed(lesson):
    written, shown = [], []
    earlier = [name for page in PAGES[: PAGES.index(lesson.name)] for name, _ in page_named(page).exercises]
    for cell in lesson.code_cells:
        written += [name for name, _ in CHECKED.findall(cell.source) if EXERCISES[name].kind == WRITE]
        for name in FINISHED.findall(cell.source):
            if name in SHOWN:  # it is not asked for, so it may be seen
                continue
            assert name in [*earlier, *written], f"finished({name!r}) comes before the exercise"
            stored = [output.data.get("text/html", "") for output in cell.outputs if "data" in output]
            assert any(page.startswith(f"<details><summary>{name}, as ") for page in stored)
            shown.append(name)
    assert [name for name in written if hasattr(rnn_helpers, name) and name not in shown] == []


FIRST_PAGES = [page.stem for page in contents.PAGES if {*page.exercises} & {*NETWORK}]


@pytest.mark.parametrize("name", FIRST_PAGES)
def test_a_page_of_the_first_round_ends_with_what_the_network_can_do_now(name):
    """Its last cells run the learner's functions. Where a training or a pass is told, they count the calls."""
    headings = re.findall(r"^## (.+)$", page_named(name).prose, re.MULTILINE)
    ends = headings.index("When it goes wrong")
    assert re.fullmatch(r"(\d+\. )?What your network can do now", headings[ends - 1]), headings
    cells = [cell for cell in page_named(name).code_cells if contents.EXTRA_TAG not in cell.metadata.get("tags", [])]
    last, source = cells[-1], "".join(cell.source for cell in cells)
    assert "own_functions()" in source
    if name[:2] in ("03", "04", "06"):
        assert "counting(" in last.source and "calls" in "".join(texts(last)), "it prints the counts"


# The standard terms of the field, so that learners can look them up elsewhere, and the page that introduces each.
TERMS = {
    "01": "one-hot, likelihood, surprisal, cross-entropy, gradient",
    "02": "hidden state, saturated",
    "04": "stochastic, moving average, hyperparameter",
    "05": "running sum, greedy decoding, autoregressive",
    "08": "unigram, held-out, standard error",
    "09": "truncated, singular value, spectral radius",
    "10": "curvature, overfitting, early stopping, regularization",
    "11": "ablation, fan-in, momentum",
    "12": "sigmoid, gated recurrent unit, update gate, reset gate, lstm, forget gate",
    "13": "linear probe",
    "14": "calibrated",
    "16": "kv cache",
    "18": "top-k, top-p, nucleus, teacher forcing, exposure bias",
}


def test_the_standard_terms_are_named_where_the_thing_first_appears():
    said = {page[:2]: " ".join(page_named(page).prose.lower().split()) for page in CORE}
    brought = {term: page for page, terms in TERMS.items() for term in terms.split(", ")}
    assert {term: next((page for page in said if term in said[page]), "") for term in brought} == brought


def test_what_check_is_quoted_with_on_the_first_page_is_what_it_says():
    prose = page_named("00_meet_the_network").prose
    tried, quoted = re.search(r"Suppose you try `return (.*?)`. Then `check` says:\n\n((?:>.*\n)+)", prose).groups()
    result = check("what_comes_next", lambda text: eval(tried, {"text": text}))
    says = [line for line in repr(result).split("\n") if "Stuck?" not in line]
    assert quoted.replace(">", " ").split() == " ".join(says).split()
