"""The pages that run in the browser, in Chromium: they give the same outputs, check exercises, and keep the work."""

import hashlib
import json
import re

import pytest
from in_chromium import PAGES, SENT, SITE, address, browser, needs_browser_version, stored, tab  # noqa: F401

pytestmark = [needs_browser_version, pytest.mark.slow]

START = """async () => {
    const app = window.jupyterapp;
    await app.started;
    const page = [...app.shell.widgets('main')].find(widget => widget.context && widget.content.widgets);
    await page.context.ready;
    await page.sessionContext.ready;
    window.page = page;
    return page.content.widgets.map(cell => [cell.model.type, cell.model.sharedModel.getSource()]);
}"""
RUN = """async ([number, source]) => {
    const cell = page.content.widgets[number];
    if (source !== null) cell.model.sharedModel.setSource(source);
    page.content.activeCellIndex = number;
    page.content.deselectAll();
    await jupyterapp.commands.execute('notebook:run-cell');
    while (page.sessionContext.session?.kernel?.status !== 'idle') await new Promise(done => setTimeout(done, 50));
    return cell.model.outputs.toJSON();
}"""


def open_page(tab, address, page):  # noqa: F811
    """Open a page to run, and return its cells: (kind, source)."""
    tab.set_default_timeout(300_000)
    tab.goto(f"{address}lite/notebooks/index.html?path=notebooks/{page}.ipynb")
    tab.wait_for_function("window.jupyterapp && document.querySelector('.jp-CodeCell')")
    return tab.evaluate(START)


def run(tab, number, source=None):  # noqa: F811
    """Run a cell, with a new source if one is given, and return its outputs."""
    return tab.evaluate(RUN, [number, source])


def run_up_to(tab, cells, text):  # noqa: F811
    """Run all code cells before the one with this text in its source, and return the position of that one."""
    (place,) = [number for number, (kind, source) in enumerate(cells) if kind == "code" and text in source]
    for number in range(place):
        if cells[number][0] == "code":
            run(tab, number)
    return place


def joined(text):
    return text if isinstance(text, str) else "".join(text)


def said(outputs):
    """Return the text of outputs: the print-out, as a screen shows it in the end, results, and errors."""
    streams = [output for output in outputs if output["output_type"] == "stream"]
    printed = "".join(joined(output["text"]) for output in streams).split("\n")
    shown = "\n".join(line.split("\r")[-1].rstrip() for line in printed)
    shows = [joined(output["data"].get("text/plain", "")) for output in outputs if "data" in output]
    results = [text for text in shows if text]  # the words of a picture for screen readers have no text
    errors = [f"{output['ename']}: {output['evalue']}" for output in outputs if output["output_type"] == "error"]
    # Pyodide gives the full name of an error's class.
    return shown, results, [re.sub(r"^<class '(?:\w+\.)*(\w+)'>", r"\1", error) for error in errors]


# ---------------------------------------------------------------- the start, and the buttons above a page
def test_all_that_python_fetches_is_what_its_list_says():
    folder = SITE / "lite" / "static" / "pyodide"
    listed = json.loads((folder / "pyodide-lock.json").read_text())["packages"].values()
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.whl")}
    assert sums == {entry["file_name"]: entry["sha256"] for entry in listed}


def test_the_start_says_how_much_has_come_and_brings_what_the_lesson_says(tab, address):  # noqa: F811
    tab.set_default_timeout(300_000)
    tab.goto(f"{address}notebooks/01_softmax.html")
    (said_there,) = re.findall(r"The first start loads (\d+) MB", tab.locator(".ways").text_content())
    SENT.clear()
    tab.click("text=Run in the browser")
    banner = tab.locator("#course-python")
    assert re.search(r"Loading Python: \d+ of \d+ MB", banner.inner_text())
    banner.wait_for(state="hidden")
    assert 0 <= int(said_there) - sum(SENT) / 1e6 < 2
    assert len(SENT) < 300


def test_run_all_runs_all_cells_and_the_stop_ends_a_cell_that_has_no_end(tab, address):  # noqa: F811
    open_page(tab, address, "01_softmax")
    tab.evaluate("page.content.model.sharedModel.deleteCellRange(2, page.content.widgets.length)")
    tab.evaluate("page.content.widgets[0].model.sharedModel.setSource('The setup cell, and one without an end')")
    tab.evaluate("page.content.model.sharedModel.addCell({cell_type: 'code', source: 'print(1)\\nwhile True: pass'})")
    tab.click("text=Run all")
    tab.wait_for_function("page.content.widgets[2].model.outputs.length > 0")
    assert said(tab.evaluate("page.content.widgets[1].model.outputs.toJSON()"))[0] == "The course is ready.\n"
    tab.click("[data-jp-item-name=interrupt]")
    tab.wait_for_function("page.sessionContext.session.kernel.status === 'idle'")
    assert said(tab.evaluate("page.content.widgets[2].model.outputs.toJSON()"))[2] == ["KeyboardInterrupt: "]
    assert said(run(tab, 2, "print(course.__version__)"))[2] == []  # what was there is still there


# In each frame that is painted: is the view past the cell that runs, or ran last? Is that cell shown, or has it been
# running for two seconds and was not?
WATCH = """() => {
    const view = document.querySelector('.jp-WindowedPanel-outer');
    const past = new Set(), hidden = new Set(), shown = new Set();
    let runs = 0, ticks = 0;
    const look = () => {
        const now = page.content.widgets.findIndex(({model}) => model.executionState === 'running');
        if (now >= 0 && now !== runs) [runs, ticks] = [now, 0];
        const [cell, frame] = [page.content.widgets[runs].node, view].map(one => one.getBoundingClientRect());
        const common = Math.min(cell.bottom, frame.bottom) - Math.max(cell.top, frame.top);
        if (cell.bottom < frame.top) past.add(runs);
        if (now >= 0 && ticks >= 10) hidden.add(now);
        if (2 * common > Math.min(cell.height, frame.height)) ticks = (shown.add(runs), 0);
        window.seen = {past: [...past], hidden: [...hidden], shown: [...shown]};
        requestAnimationFrame(look);
    };
    look();
    setInterval(() => ticks++, 200);
    jupyterapp.commands.commandExecuted.connect(async (_, {id, result}) => {
        if (id === 'notebook:run-all-cells') window.ended = await result.then(() => true);
    });
}"""
TOP = "document.querySelector('.jp-WindowedPanel-outer').scrollTop"


@pytest.mark.parametrize("page, long", [("00_meet_the_network", "progress=watch("), ("05_sampling", "course.ready()")])
def test_run_all_shows_on_a_whole_page_what_runs_until_somebody_moves_it(tab, address, page, long):  # noqa: F811
    cells = open_page(tab, address, page)
    (place,) = [number for number, (kind, source) in enumerate(cells) if kind == "code" and long in source]
    tab.evaluate(WATCH)
    tab.click("text=Run all")
    tab.wait_for_function("window.ended")
    tab.wait_for_timeout(1000)
    seen = tab.evaluate("seen")
    assert (seen["past"], seen["hidden"]) == ([], []) and place in seen["shown"]
    there = tab.evaluate(TOP)
    tab.mouse.move(640, 500)
    tab.mouse.wheel(0, -600)
    tab.wait_for_timeout(1000)
    assert tab.evaluate(TOP) < there - 300


# Is a cell in view, from its top or with its end?
IN_VIEW = """number => {
    const cell = page.content.widgets[number].node, view = cell.closest('.jp-WindowedPanel-outer');
    const [{top, bottom}, frame] = [cell, view].map(one => one.getBoundingClientRect());
    return Math.abs(top - frame.top) < 3 || Math.abs(bottom - frame.bottom) < 3;
}"""


def test_an_exercise_of_a_page_to_read_opens_where_one_writes_it(tab, address):  # noqa: F811
    tab.set_default_timeout(300_000)
    tab.goto(f"{address}notebooks/01_softmax.html")
    tab.locator(".try a").last.click()
    tab.wait_for_function("window.jupyterapp && document.querySelector('.jp-CodeCell')")
    cells = tab.evaluate(START)
    place = max(number for number, (_, source) in enumerate(cells) if "...  # your code" in source)
    tab.wait_for_timeout(5000)  # until all cells have their heights
    assert tab.evaluate(IN_VIEW, place)
    printed, results, errors = said(run(tab, place))
    assert errors == [] and "not started" in results[0], "what it needs has run before it"


@pytest.mark.parametrize("tab", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_on_a_phone_the_line_of_the_folded_setup_begins_with_the_page_and_breaks(tab, address):  # noqa: F811
    open_page(tab, address, "00_meet_the_network")
    title = tab.locator(".jp-RenderedMarkdown h1").first.bounding_box()
    line = tab.locator(".jp-PlaceholderText").first
    box = line.bounding_box()
    assert line.inner_text().startswith("# @title Setup") and abs(box["x"] - title["x"]) < 10
    assert box["height"] > 30 and line.evaluate("one => one.scrollWidth <= one.clientWidth")


# ---------------------------------------------------------------- whole pages, and what a learner moves by hand there
def walk_by_keyboard(tab, number):  # noqa: F811
    """The arrow keys step through the walk."""
    walk = tab.locator("[id^='walk-']").first
    step = walk.locator("section:visible b").first
    before = step.inner_text()
    walk.locator("input[type=radio]").first.focus()
    tab.keyboard.press("ArrowRight")
    assert before.startswith("1.") and walk.locator("section:visible b").first.inner_text().startswith("2.")


def watch_a_training(tab, number):  # noqa: F811
    """A watched training ends as one picture."""
    code = (
        "from course.engine import train\nfrom course.show.watching import watch\nfrom rnn_helpers import Corpus\n"
        "text = 'one two three four five six. ' * 400\n"
        "run = train(Corpus('numbers', text), 16, 25, 0.01, 4, progress=watch)\nprint(len(run.losses) > 100)"
    )
    outputs = run(tab, number, code)
    printed, results, errors = said(outputs)
    assert errors == [] and "True" in printed
    assert [result.split("\n")[0][:8] for result in results] == ["Picture:"]
    assert [output for output in outputs if "image/png" in output.get("data", {})]


BY_HAND = {  # a piece of a cell's source, and what is done after the cell has run
    "h_in, chars=chars, back=False)": walk_by_keyboard,
    "the slope, measured": watch_a_training,
}
LONGEST = "04_training"  # comes first, so that the others can run beside it
FIRST_PAGES = sorted(
    (page for page in PAGES if page < "06" or page == "numpy_warm_up"), key=lambda page: page != LONGEST
)


def differences(tab, address, page, by_hand):  # noqa: F811
    """Run a page cell by cell, and return (number, source, documented output, real output) where they differ.

    by_hand  {a piece of a cell's source: what to do with (tab, number) after that cell has run}
    """
    cells, documented = open_page(tab, address, page), stored(page)["cells"]
    assert len(cells) == len(documented)
    different = []
    for number, (kind, source) in enumerate(cells):
        if kind == "code":
            now, then = said(run(tab, number)), said(documented[number]["outputs"])
            if now != then and "nbval-ignore-output" not in documented[number]["metadata"].get("tags", []):
                different.append((number, source[:200], then, now))
            for piece, move in by_hand.items():
                if piece in source:
                    move(tab, number)
    return different


@pytest.mark.parametrize("page", FIRST_PAGES)
def test_a_page_says_in_the_browser_what_it_documents(tab, address, page):  # noqa: F811
    assert differences(tab, address, page, BY_HAND) == []


def test_what_is_moved_by_hand_stands_on_one_of_these_pages():
    cells = [cell for page in FIRST_PAGES for cell in stored(page)["cells"] if cell["cell_type"] == "code"]
    sources = ["".join(cell["source"]) for cell in cells]
    assert [sum(piece in source for source in sources) for piece in BY_HAND] == [1] * len(BY_HAND)


# ---------------------------------------------------------------- what a learner writes
RIGHT = "e = np.exp(logits - logits.max(axis=-1, keepdims=True))\n    return e / e.sum(axis=-1, keepdims=True)"
WRONG = "return np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)"
ENDLESS = "while True:\n        try:\n            np.exp(logits)\n        except:\n            pass"


def test_an_answer_is_checked_and_kept_and_still_there_after_a_reload(tab, address):  # noqa: F811
    cells = open_page(tab, address, "01_softmax")
    place = run_up_to(tab, cells, 'check("softmax", softmax)')
    answer = 'def softmax(logits):\n    {}\n\n\ncheck("softmax", softmax)'
    (message,) = said(run(tab, place, answer.format(ENDLESS)))[1]
    assert "not yet" in message and "It didn't end" in message
    (message,) = said(run(tab, place, answer.format(WRONG)))[1]
    assert "not yet" in message and "exp(1000) is too large" in message
    (message,) = said(run(tab, place, answer.format(RIGHT)))[1]
    assert "correct" in message and "Kept in my_rnn/softmax.py: 1 of the " in message
    shown = said(run(tab, place, 'check("one_hot", None)\ncheck("softmax", softmax)\nprint("done")'))[1]
    assert [text.split("\n")[0] for text in shown] == ["one_hot: not yet", "softmax: correct"]
    run(tab, place, answer.format(RIGHT))
    tab.evaluate("async () => { await page.context.save(); }")

    cells = open_page(tab, address, "01_softmax")
    assert cells[place][1] == answer.format(RIGHT)
    # In a new kernel, only the setup has run: the function and the text of progress come from the folder.
    setup = next(number for number, (kind, _) in enumerate(cells) if kind == "code")
    run(tab, setup)
    asked = "import my_rnn\nimport numpy as np\nfrom course import progress\n"
    asked += "print(my_rnn.softmax(np.ones((1, 2))).tolist())\nprogress()"
    printed, results, errors = said(run(tab, setup + 1, asked))
    assert errors == [] and printed.strip() == "[[0.5, 0.5]]"
    assert re.search(r"done +softmax ", results[0])
