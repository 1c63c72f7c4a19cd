"""The pages as files: do they all exist, have the same form, and do their links, pictures and exercises fit together?

nbval runs the pages. Here only a little of them runs: the setup cell that all of them share, imports, exercises.
"""

import base64
import inspect
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import types
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from helpers import ROOT
from nbclient import NotebookClient
from notebook_pages import EXERCISE, NOTEBOOKS, PAGES, Page, page_named, texts
from own_road import AS_TAUGHT
from PIL import Image

import course as rnn_course
from course.base.drive import QUESTION, keep_on_drive
from course.base.place import TO_KEEP
from course.checker.exercise import CHOOSE, REPAIR
from course.lessons import EXERCISES, NETWORK, contents
from course.show.drawing import in_words
from course.tools.stored import LOCAL_PATH

COMMENTS = re.compile(r"<!--.*?-->", re.DOTALL)  # what they hold is for the handout and the site
README = COMMENTS.sub("", (ROOT / "README.md").read_text(encoding="utf-8"))
TEACHING = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")

# A page in one of README's lists: name, page, (its link to Colab,) minutes.
ROWS = re.findall(r"\[([^]]+)\]\(notebooks/(\w+)\.ipynb\)(?: \(\[Colab\]\([^)]*\)\))? [|(] ?(\d+)", README)
ANATOMY = ["**You will**", "**You need**", "**Time**", "**Predict.**", "<details>", "## Take away", "## Next"]
ANATOMY_OF_A_LESSON = ["## When it goes wrong", 'hint("', 'solution("']
# How an extra begins: its heading, and a line that has one form. It comes between Take away and Next.
EXTRA = re.compile(r"## An extra: \S[^\n]*\n\n\*An extra, \d+ minutes\. Nothing later needs it\.\*\n")
OWN = re.compile(r"(?:notebooks/)?my_rnn(?:/.*|\.py)")  # it appears there when a learner has done something
LEFTOVERS = re.compile(r"\b(?:TO[D]O|FIX[M]E|X{3}|TBD|WIP)\b|lorem ipsum|\?\?\?", re.IGNORECASE)


@pytest.fixture(params=PAGES)
def page(request):
    return page_named(request.param)


# ---------------------------------------------------------------- pages, lessons and README fit together


def test_numbers_rise_from_page_to_page_and_no_page_lies_elsewhere():
    numbers = [int(page.number) for page in contents.PAGES if page.number]
    assert len(numbers) >= 9, "this and the other tests of this file would look at nothing"
    assert numbers == sorted({*numbers}), "pages without a number may stand anywhere"
    files = [path.relative_to(NOTEBOOKS).as_posix() for path in NOTEBOOKS.glob("**/*.ipynb")]
    assert sorted(file for file in files if "checkpoints" not in file) == sorted(f"{page}.ipynb" for page in PAGES)


def test_each_exercise_stands_once_on_its_page_and_in_the_order_of_the_list():
    assert len(EXERCISES) >= 20
    on_pages = {page: [name for name, _ in page_named(page).exercises] for page in PAGES}
    assert on_pages == {page.stem: page.exercises for page in contents.PAGES}


def test_the_readme_lists_each_page_once_by_its_name_in_the_order_of_the_books_and_of_the_map():
    books = {one.number: one for one in contents.PAGES if one.book != contents.QUESTIONS}
    questions = {one.number: one for one in contents.PAGES if one.book == contents.QUESTIONS}
    order = [books.pop(""), *books.values(), *(questions[one] for one in " ".join(contents.MAP.values()).split())]
    assert [(name, stem) for name, stem, _ in ROWS] == [(one.name, one.stem) for one in order]
    places = [README.index(f"\n**{heading}") for heading in contents.MAP]
    first = [README.index(f"/{questions[numbers[:2]].stem}.ipynb") for numbers in contents.MAP.values()]
    assert sorted(places + first) == [place for pair in zip(places, first) for place in pair]


def test_teaching_names_the_exercises_of_each_page_in_its_row():
    rows = re.findall(r"^\| (\d\d) \| \d+ \|(.*)$", TEACHING, re.MULTILINE)
    assert len(rows) > 12
    listed = {page.number: page.exercises for page in contents.PAGES}
    named = [(number, name) for number, row in rows for name in re.findall(r"`(\w+)`", row)]
    assert [(number, name) for number, name in named if name not in listed[number]] == []


def test_other_pages_are_called_by_their_names(page):
    """In words a page is "page [08](...)", or it has its name, as in "[08 Why does ...?](...)"."""
    names = {one.stem: one.name for one in contents.PAGES}
    links = re.findall(r"\[(\d[^]]*)\]\((\w+)\.ipynb\)", page.prose)
    assert [title for title, stem in links if title not in (names[stem], names[stem][:2])] == []


# ---------------------------------------------------------------- the form of a page


def test_file_is_a_valid_notebook(page):
    nbformat.validate(page.notebook)


def test_anatomy(page):
    expected = ANATOMY + (ANATOMY_OF_A_LESSON if page.exercises else [])
    assert [part for part in expected if part not in page.prose] == []
    (name,) = [one.name for one in contents.PAGES if one.stem == page.name]
    assert page.markdown[0].startswith(f"# {name}\n"), "a page is called the same in each place"


def wrong_with_extra(cells, exercises=()):
    """Return what is wrong with the extra of a page, or "". exercises: those that contents.py lists as `extras`."""
    tagged = [k for k, cell in enumerate(cells) if contents.EXTRA_TAG in cell.metadata.get("tags", [])]
    headed = [k for k, cell in enumerate(cells) if "## An extra:" in cell.source]
    if not tagged and not headed:
        return "contents.py lists exercises of an extra, and there is none" if exercises else ""
    if len(headed) != 1 or tagged[:1] != headed or not EXTRA.match(cells[headed[0]].source):
        return "one heading begins it, in the first cell with its tag, and its first line has one form"
    if tagged != [*range(tagged[0], tagged[-1] + 1)] or tagged[-1] + 1 >= len(cells):
        return "all its cells have the tag, none has a cell without it in between, and Next comes after them"
    before, behind = cells[: tagged[0]], cells[tagged[-1] + 1]
    if not before or "## Take away" not in before[-1].source or not behind.source.startswith("## Next\n"):
        return "it comes right after the cell with Take away and right before one that begins with Next"
    found = [name for k in tagged for name in EXERCISE.findall(cells[k].source)]
    return "" if found == [*exercises] else "its exercises are those that contents.py lists as `extras`"


def test_an_extra_comes_between_take_away_and_next_and_all_its_cells_have_the_tag(page):
    (exercises,) = [one.in_its_extra for one in contents.PAGES if one.stem == page.name]
    assert wrong_with_extra(page.notebook.cells, exercises) == ""


HEAD = "## An extra: more\n\n*An extra, 20 minutes. Nothing later needs it.*\n\nWords."
CHECKED = 'def one_hot(ids, vocab_size):\n    ...\n\n\ncheck("one_hot", one_hot)'
MADE_UP = [("## Take away\n\nWords.", ""), (HEAD, "extra"), (CHECKED, "extra"), ("## Next\n\nWords.", "")]


@pytest.mark.parametrize(
    "cells, exercises, says",
    [
        (MADE_UP, ["one_hot"], ""),
        (MADE_UP[::3], [], ""),
        (MADE_UP[::3], ["one_hot"], "there is none"),
        (MADE_UP, [], "its exercises are"),
        ([*MADE_UP[:2], (CHECKED, ""), MADE_UP[3]], ["one_hot"], "right before one that begins with Next"),
        ([*MADE_UP[:3], ("Words.", ""), *MADE_UP[2:]], ["one_hot"], "none has a cell without it"),
        (MADE_UP[:3], ["one_hot"], "Next comes after them"),
        (MADE_UP[1:], ["one_hot"], "right after the cell with Take away"),
        ([MADE_UP[3], *MADE_UP[1:3], MADE_UP[0]], ["one_hot"], "right after the cell with Take away"),
        ([MADE_UP[0], MADE_UP[2], MADE_UP[3]], ["one_hot"], "one heading begins it"),
        ([MADE_UP[0], (HEAD, ""), *MADE_UP[2:]], ["one_hot"], "one heading begins it"),
        ([*MADE_UP[:2], *MADE_UP[1:]], ["one_hot"], "one heading begins it"),
        (
            [MADE_UP[0], (HEAD.replace("*An extra", "*Extra"), "extra"), *MADE_UP[2:]],
            ["one_hot"],
            "one heading begins it",
        ),
    ],
)
def test_what_is_wrong_with_an_extra_is_said(cells, exercises, says):
    page = [nbformat.from_dict({"source": text, "metadata": {"tags": [tag] * bool(tag)}}) for text, tag in cells]
    found = wrong_with_extra(page, exercises)
    assert (says in found) if says else found == ""


def test_progress_can_be_called_on_every_page(page):
    """Page 00 and README promise it."""
    assert re.search(r"^from course import .*\bprogress\b", "\n".join(cell.source for cell in page.code_cells), re.M)


def test_every_answer_is_folded(page):
    assert page.prose.count("<details>") == page.prose.count("</details>") == page.prose.count("<summary>")
    # JupyterLab shows what follows in the same cell as if it belonged to the answer.
    behind = [source.rpartition("</details>")[2].strip() for source in page.markdown if "</details>" in source]
    assert not any(behind), behind


def test_a_paragraph_is_one_line(page):
    """A search finds what it asks for, and a changed word is a changed line, not a changed paragraph."""
    text = re.sub(r"```.*?```|\$\$.*?\$\$", "", page.prose, flags=re.DOTALL)
    wrapped = re.findall(r"^(?! *[#<>|]).*(\S{1,20})\n(?! *(?:[-*] |\d+\. |[#<>|]|$))(.{1,20})", text, re.MULTILINE)
    assert wrapped == [], "join these lines"


def test_exercises_have_the_signature_of_the_right_answer_and_are_not_started(page):
    for name, cell in page.exercises:
        exercise, end = EXERCISES[name], rf'\n+check\("{name}", {name}\)'
        stub = rf"(def {name}\([^)]*\):\n    \.\.\.) +# your (?:code|check)"
        if exercise.kind == CHOOSE:
            stub = rf"({name} = \.\.\.) +# your answer"
        elif exercise.kind == REPAIR:  # its code is on the page: if it is the broken one, check says so
            stub = r"([\s\S]*?)"
        found, scope = re.fullmatch(stub + end, cell.source), {}
        assert found, cell.source
        exec(found[1], scope)
        if exercise.kind != CHOOSE:
            assert arguments_of(scope[name]) == arguments_of(exercise.function)
        assert texts(cell)[-1].startswith(f"{name}: not started\n")


def arguments_of(function):
    """Return the names, kinds and defaults of a function's arguments, without types, as a learner writes them."""
    return [(one.name, one.kind, one.default) for one in inspect.signature(function).parameters.values()]


def test_every_picture_and_its_text_belong_together(page):
    """The text is beside the image, as its alternative text, for JupyterLab after it, and in the file itself."""
    for cell in page.code_cells:
        for output, after in zip(cell.outputs, [*cell.outputs[1:], {}]):
            text = output.get("data", {}).get("text/plain", "")
            assert text.startswith("Picture: ") == ("image/png" in output.get("data", {})), text
            if text.startswith("Picture: "):
                assert output.metadata["image/png"]["alt"] == text
                assert after.data == in_words(text)
                with Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))) as image:
                    assert image.info["Description"] == text


def test_answers_headings_and_hints(page):
    assert page.prose.count("<summary>Answer</summary>") >= page.prose.count("**Predict.**")
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", page.prose, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert set(re.findall(r"\b(?:hint|solution)\(\"(\w+)\"\)", page.prose)) <= {name for name, _ in page.exercises}


ACRONYMS = {
    "RNN": "recurrent neural network",
    "GPU": "graphics processor",
    "BPTT": "backpropagation through time",
    "SGD": "stochastic gradient descent",
    "GRU": "gated recurrent unit",
    "LSTM": "long short-term memory",
    "PPM": "prediction by partial matching",
    "RTRL": "real-time recurrent learning",
    "TPU": "tensor processing unit",
    "WSL": "Windows Subsystem for Linux",
    "KV": "K for keys",
}
# Names, and common words.
NO_ACRONYMS = {
    "CHANGELOG",
    "ZIP",
    "JAX",
    "VS",
    "UTF",
    "README",
    "LICENSE",
    "CPU",
    "NVIDIA",
    "RPC",
    "RNNs",
    "XOR",
    "PPMd",
    "GRUs",
    "AI",
    "MathML",
    "AdamW",
    "RWKV",
    "MB",
    "SSL",
    "CC",
    "BY",
    "AGENTS",
    "PDF",
    "EPUB",
}


def test_acronyms_are_spelled_out_where_they_first_appear():
    texts = {"README": README, "teaching": TEACHING, **{name: page_named(name).prose for name in PAGES}}
    known, unknown = set(NO_ACRONYMS), []
    for name, text in texts.items():
        words = re.sub(r"```.*?```|\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|<[^>]*>|\]\([^)]*\)", " ", text, flags=re.DOTALL)
        words = re.sub(r"\s+", " ", words.replace("*", ""))
        for found in re.finditer(r"\b[A-Z][A-Za-z]*[A-Z]s?\b", words):
            acronym = found[0].removesuffix("s")
            around = words[max(0, found.start() - 60) : found.end() + 60]
            if acronym not in known | NO_ACRONYMS and ACRONYMS.get(acronym, "?") not in around:
                unknown.append((name, found[0], around))
            known.add(acronym)
    assert unknown == []


def test_links_lead_somewhere(page):
    assert broken_links(page.prose, NOTEBOOKS) == []


@pytest.mark.parametrize(
    "path",
    sorted([*ROOT.glob("*.md"), *ROOT.glob("data/*.md"), *ROOT.glob("docs/*.md")]),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_links_of_the_other_texts_lead_somewhere(path):
    assert broken_links(path.read_text(encoding="utf-8"), path.parent) == []


def test_the_readme_keeps_short_what_learners_read():
    """Few words come before the part for teachers; those beside the picture count, addresses and folds do not.

    Nor do the words around the minutes of an extra, which a tool writes.
    """
    seen = re.sub("<details>.*?</details>", " ", README.partition("\n## For teachers")[0], flags=re.DOTALL)
    text = re.sub(r" and an extra of \d+ minutes|\]\([^)]*\)|<source[^>]*>|<img [^>]*alt=|</?p(?:icture)?>", " ", seen)
    assert len(re.findall(r"\S*\w\S*", text)) <= 1380


@pytest.mark.parametrize("name", ["README.md", "docs/teaching.md", "docs/contributing.md"])
def test_files_and_folders_that_are_named_are_there(name):
    """A map of what to change where is only as good as its paths."""
    text = COMMENTS.sub("", (ROOT / name).read_text("utf-8"))
    named = re.findall(r"`((?:[.\w-]+/)+(?:[\w-]+\.\w+)?|[\w-]+\.(?:py|txt|md|toml))`", text)
    inside = {"models/", "show/", "checker/", "lessons/"}  # of course/
    named = {one for one in named if "TOPIC" not in one and not OWN.fullmatch(one)}
    places = [ROOT / "course" / one if one in inside else ROOT / one for one in named]
    assert places and [str(place.relative_to(ROOT)) for place in places if not place.exists()] == []


def broken_links(text, folder):
    """Return the relative links in a Markdown text that lead nowhere."""
    text = re.sub(r"```.*?```|`[^`\n]*`|<!--.*?-->", "", text, flags=re.DOTALL)
    links = re.findall(r"\]\(\s*<?([^)\s>]+)", text) + re.findall(r"""(?:src|srcset|href)=["']([^"']+)""", text)
    files = [unquote(link.split("#")[0]) for link in links if not re.match(r"[a-z]+:", link)]
    return [file for file in files if file and not (folder / file).exists()]


def test_nothing_is_left_over(page):
    everything = page.prose + "\n" + "\n".join(cell.source for cell in page.code_cells)
    assert LEFTOVERS.findall(everything) == []
    assert LOCAL_PATH.findall(everything) == []


# ---------------------------------------------------------------- the setup cell

# Appended to the setup cell: what is the folder, and would everything that a page imports come from this course?
REPORT = """
import importlib.util
import json
import os
found = map(importlib.util.find_spec, ("course", "course.calls", "course.show.pictures", "rnn_helpers"))
homes = sorted({os.path.dirname(os.path.realpath(spec.origin)) for spec in found})
path = [os.path.realpath(place) for place in sys.path if place]
print(json.dumps({"folder": os.getcwd(), "homes": homes, "path": path}))
"""
# google.colab, as far as the course knows it. ANSWER is what the learner does in Colab's window, "" a yes.
STUB = {
    "sitecustomize.py": "import google.colab\n",
    "google/__init__.py": "",
    "google/colab/__init__.py": "",
    "google/colab/drive.py": """
import os

class MessageError(Exception):
    pass

def mount(folder):
    print("(Colab asks)")
    exec(os.environ["ANSWER"])
    os.symlink(os.environ["DRIVE"], folder)
""",
}


@pytest.fixture(scope="module")
def setup_cell():
    return page_named(PAGES[0]).code_cells[0].source


@pytest.fixture(scope="module")
def colab(tmp_path_factory):
    """A folder that makes Python believe it runs in Colab when the folder is on PYTHONPATH."""
    if sys.platform == "win32":
        pytest.skip("a machine of Colab has Linux")
    folder = tmp_path_factory.mktemp("colab")
    for name, text in STUB.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def copy_course(folder, *left_out):
    """Copy the files that a learner has. left_out: patterns of further files to leave out."""
    ignore = shutil.ignore_patterns(".*", "__pycache__", "my_rnn*", *left_out)
    for name in ["notebooks", "course", "data"]:
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for path in [ROOT / "rnn_helpers.py", ROOT / "LICENSE", *ROOT.glob("*.md"), *ROOT.glob("requirements*.txt")]:
        shutil.copy(path, folder)
    return folder


SMALL = ("*.ipynb", "*.npz", "*.png", "*.txt")  # left out if only code is needed


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A git repository with the course, instead of its public address."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    folder = copy_course(tmp_path_factory.mktemp("repository"), "*.ipynb", "*.png", "*.txt")
    (folder / "notebooks" / "page.ipynb").touch()  # git does not store empty folders
    author = ["-c", "user.name=Author", "-c", "user.email=author@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "--quiet"], ["add", "--all"], [*author, "commit", "--quiet", "--message=Course"]):
        subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)
    return folder


def run_cell(source, folder, *, address="", colab=None, drive=None, repeat=1, then=REPORT, **variables):
    """Run the setup cell `repeat` times in one process, in a folder, and then `then`. Return the process.

    variables  of the environment
    """
    program = "\n".join([with_address(source, address)] * repeat + [then])
    command, environment = [sys.executable, "-c", program], surroundings(colab, drive, **variables)
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=1200)


def with_address(source, address):
    source, found = re.subn(r'^COURSE = ".*?"', lambda _: f"COURSE = {json.dumps(str(address))}", source, flags=re.M)
    assert found == 1
    return source


def surroundings(colab=None, drive=None, answer="", **variables):
    """Return the environment of a machine: MY_RNN is not set, so that the learner's folder is where it is by itself.
    The texts are there: test_texts.py fetches some.

    answer  what the learner does when Colab asks for the Drive, as code
    """
    known = {"PYTHONPATH": colab or "", "DRIVE": drive or "", "ANSWER": answer, "LC_ALL": "C", **variables}
    known["RNN_CORPORA"] = ROOT / "data"
    kept = {name: value for name, value in os.environ.items() if name != "MY_RNN"}
    return kept | {name: str(value) for name, value in known.items()}


def assert_ready(done, course, *says):
    """says: what is printed before the course is ready, [a list of lines for each time that the cell has run]"""
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    *lines, report = done.stdout.splitlines()
    assert lines == [line for said in says or [[]] for line in [*said, "The course is ready."]]
    report, course = json.loads(report), course.resolve()
    assert Path(report["folder"]) == course / "notebooks"
    assert [Path(home) for home in report["homes"]] == [course / home for home in ("", "course", "course/show")]
    assert report["path"].count(str(course)) == 1
    assert str(course / "notebooks") not in report["path"]


@pytest.mark.slow
def test_setup_in_the_course(setup_cell, tmp_path):
    course = copy_course(tmp_path / "a folder with spaces", *SMALL)
    for place in ("notebooks", "notebooks/mine/of last year", "."):
        (course / place).mkdir(parents=True, exist_ok=True)
        assert_ready(run_cell(setup_cell, course / place, repeat=2), course, [], [])


@pytest.mark.slow
@pytest.mark.parametrize("address", ["", "https://github.com/someone/course"])
def test_setup_elsewhere_says_what_to_do_and_where_the_course_is(setup_cell, tmp_path, address):
    done = run_cell(setup_cell, tmp_path, address=address)
    assert done.stdout == ""
    message = done.stderr.splitlines()[-1]
    assert message.startswith(f"FileNotFoundError: There is no course in {tmp_path.resolve()} or in a folder above it.")
    place = address or "the place where you got this page"
    assert message.endswith(f"Get the whole course at {place}, and open its folder notebooks.")


YES = [QUESTION, "(Colab asks)", "Your functions are kept on your Google Drive, in the folder my_rnn."]
NO = "raise MessageError('Error: credential propagation was unsuccessful')"


def until_the_end(why):
    why = f" ({why})" if why else ""
    says = f"Your functions are kept until this Colab session ends, not on Google Drive{why}. {TO_KEEP}"
    return f"{says} What lies there from before is safe, and comes back then."


@pytest.fixture
def here(tmp_path):
    """The folder in which a machine of Colab begins."""
    (tmp_path / "content").mkdir()
    return tmp_path / "content"


@pytest.fixture
def drive(tmp_path):
    """What Colab connects, if the learner agrees."""
    (tmp_path / "drive in the cloud" / "MyDrive").mkdir(parents=True)
    return tmp_path / "drive in the cloud"


@pytest.mark.slow
def test_setup_in_colab_fetches_the_course_once_and_asks_for_the_drive_once(setup_cell, here, colab, drive, repository):
    given = {"colab": colab, "drive": drive}
    done = run_cell(setup_cell, here, address=repository, repeat=2, **given)
    assert_ready(done, here / "rnn_course", YES, [])
    # After a restart of the kernel. Then the Drive goes away, and the cell runs again.
    then = f"import os\nos.unlink('../../drive')\ncourse.ready()\nassert not os.environ.get('MY_RNN'){REPORT}"
    done = run_cell(setup_cell, here, address="https://github.com/nobody/asks-for-this", then=then, **given)
    assert_ready(done, here / "rnn_course", YES[2:], [until_the_end("it is not connected")])


@pytest.fixture
def machine_of_colab(here, drive, monkeypatch):
    """This Python on a machine of Colab, where the course has just come, as far as the Drive goes."""
    module = types.ModuleType("google.colab.drive")
    exec(STUB["google/colab/drive.py"], vars(module))
    module.drive = module
    for name in ("google", "google.colab", "google.colab.drive"):
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.delenv("MY_RNN")
    monkeypatch.setenv("DRIVE", str(drive))
    monkeypatch.setattr(rnn_course.base.drive, "ROOT", here / "rnn_course")
    monkeypatch.setattr(rnn_course.base.place, "NOTEBOOKS", here / "rnn_course" / "notebooks")
    (here / "rnn_course" / "notebooks").mkdir(parents=True)


@pytest.mark.skipif(sys.platform == "win32", reason="a machine of Colab has Linux")
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (NO, ""),
        (r"raise TimeoutError('Timeout exceeded.\n<pexpect>\nbuffer')", "Timeout exceeded."),
        ("raise KeyboardInterrupt", ""),  # the stop button
        ("open(os.environ['DRIVE'] + '/MyDrive/my_rnn', 'w')", "[Errno 17] File exists: '{}/drive/MyDrive/my_rnn'"),
    ],
)
def test_without_a_drive_setup_says_until_when_and_asks_no_more(
    machine_of_colab, here, answer, why, monkeypatch, capsys
):
    monkeypatch.setenv("ANSWER", answer)
    why = why.format(here)
    then_why = why if "File exists" in why else "it is not connected"
    assert keep_on_drive() == [until_the_end(why)] and capsys.readouterr().out.splitlines() == YES[:2]
    assert keep_on_drive() == [until_the_end(then_why)] and capsys.readouterr().out == "", "after a restart"
    assert "MY_RNN" not in os.environ


@pytest.mark.slow
def test_a_drive_that_is_connected_later_gets_what_was_kept_before(setup_cell, here, colab, drive, repository):
    given = {"address": repository, "colab": colab, "drive": drive, "answer": NO}
    assert_ready(run_cell(setup_cell, here, **given), here / "rnn_course", [*YES[:2], until_the_end("")])
    before = here / "rnn_course" / "notebooks" / "my_rnn"
    for mine, names in {
        drive / "MyDrive" / "my_rnn": ["softmax.py", "rnn_step.py"],
        before: ["softmax.py", "rnn_step.py", "one_hot.py", "progress/one_hot.solved"],
    }.items():
        (mine / "progress").mkdir(parents=True)
        for name in names:
            (mine / name).write_text(mine.parent.name)
    os.utime(before / "softmax.py", (0, 0))  # older than the one on the Drive, and the other one is newer
    os.utime(drive / "MyDrive" / "my_rnn" / "rnn_step.py", (0, 0))
    (here / "drive").symlink_to(drive)  # the button Mount Drive
    done = run_cell(setup_cell, here, then="import os\nos.system('echo $MY_RNN')", **given)
    assert done.stdout.splitlines() == [YES[2], "The course is ready.", str(here / "drive/MyDrive/my_rnn")]
    files = {path.name: path.read_text() for path in drive.rglob("*") if path.is_file()}
    newer = dict.fromkeys(("rnn_step.py", "one_hot.py", "one_hot.solved"), "notebooks")
    assert files == {"softmax.py": "MyDrive", **newer}


def run_page(name, here, address, *more, **given):
    """Run the setup, the imports and the exercises of a page in Colab, with right answers, and then more cells.

    Return what is seen, line by line.

    given  for surroundings
    """
    page = Page(name)
    answers = [cell for name, cell in page.exercises if name in AS_TAUGHT]
    notebook, cells = page.notebook, [*page.code_cells[:2], *answers, *map(nbformat.v4.new_code_cell, more)]
    cells[0].source = with_address(cells[0].source, address)
    for exercise, cell in page.exercises:
        if exercise in AS_TAUGHT:
            cell.source = f'{AS_TAUGHT[exercise]}\ncheck("{exercise}", {exercise})'
    notebook.cells = cells
    client = NotebookClient(notebook, timeout=1200, kernel_name="python3", resources={"metadata": {"path": str(here)}})
    client.execute(env=surroundings(**given))
    seen = "\n".join(text for cell in cells for text in texts(cell))
    return re.sub(r"\n+ *", "\n", seen)


@pytest.mark.slow
def test_the_second_page_finds_on_the_drive_what_the_first_one_kept(tmp_path, colab, drive, repository):
    """Each page has a machine of its own. They share nothing but the Drive."""
    machines = [tmp_path / "one", tmp_path / "two"]
    for here in machines:
        here.mkdir()
    said = run_page("01_softmax", machines[0], repository, colab=colab, drive=drive)
    assert "\n".join(YES) in said and f"Kept in my_rnn/softmax_gradient.py: 4 of the {len(NETWORK)} functions" in said
    files = "from course.own.folder import for_files\nfor_files();"  # as page 06 does
    whose = "print(own_functions().network.output_probs.__globals__['softmax'].__code__.co_filename)"
    said = run_page("02_forward_pass", machines[1], repository, files, whose, colab=colab, drive=drive)
    assert "\n".join(YES) in said and f"Kept in my_rnn/forward_pass.py: 6 of the {len(NETWORK)} functions" in said
    mine = f"{drive}/MyDrive/my_rnn"
    assert said.splitlines()[-2:] == [f"The files go to {mine}.", f"{mine}/softmax.py"]
    assert not list(tmp_path.glob("*/rnn_course/notebooks/my_rnn"))


@pytest.mark.slow
def test_a_page_without_the_drive_says_until_when_it_keeps(here, colab, drive, repository):
    more = ["progress()", "from course.own.folder import for_files\nfor_files();"]
    said = run_page("01_softmax", here, repository, *more, colab=colab, drive=drive, answer=NO)
    kept = (
        f"Kept in my_rnn/softmax.py until this Colab session ends: 2 of the {len(NETWORK)} functions of your network "
    )
    assert f"{kept}are yours. {TO_KEEP}" in said
    assert f"\nWhat you have done is kept until this Colab session ends. {TO_KEEP}\n" in said
    files = f"{here}/rnn_course/notebooks/my_rnn, and are kept there until this Colab session ends. {TO_KEEP}\n"
    assert f"The files go to {files}" in said and not list((drive / "MyDrive").iterdir())


def test_the_folder_of_a_clone_is_not_taken_for_the_package(setup_cell):
    assert f"\" {rnn_course.__name__}'" not in setup_cell and "\" rnn_course'" in setup_cell


@pytest.mark.slow
@pytest.mark.parametrize("where", ["course", "lessons/course"])
def test_setup_in_colab_finds_the_course_on_the_drive(setup_cell, here, colab, drive, where):
    (drive / "MyDrive" / "photos").mkdir()
    copy_course(drive / "MyDrive" / where, *SMALL)
    done = run_cell(setup_cell, here, colab=colab, drive=drive)
    assert_ready(done, here / "drive" / "MyDrive" / where, YES[1:2])
    # Already mounted, with a public address: the learner's own copy comes first.
    done = run_cell(setup_cell, here, address="https://github.com/nobody/asks-for-this", colab=colab)
    assert_ready(done, here / "drive" / "MyDrive" / where)


@pytest.mark.slow
@pytest.mark.parametrize("answer", ["", NO])
def test_setup_in_colab_without_the_course_says_what_to_do(setup_cell, here, colab, drive, answer):
    done = run_cell(setup_cell, here, colab=colab, drive=drive, answer=answer)
    assert done.stdout.splitlines() == YES[1:2] and "During handling" not in done.stderr
    what_to_do = "Put the whole course on your Drive, let Colab connect it, and run this cell again."
    assert done.stderr.splitlines()[-1].endswith(what_to_do)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["wrong address", "folder in the way"])
def test_setup_in_colab_says_why_the_course_did_not_come(setup_cell, tmp_path, here, colab, repository, fault):
    address, git_says = repository, "already exists"
    if fault == "wrong address":
        address, git_says = tmp_path / "nothing here", "does not exist"
    else:  # for example half a course, left by a network failure
        (here / "rnn_course").mkdir()
        (here / "rnn_course" / "README.md").touch()
    done = run_cell(setup_cell, here, address=address, colab=colab)
    assert done.stdout == ""
    message = done.stderr.strip()
    assert f"When fetching {address}, git said: " in message
    assert git_says in message
    assert "Delete the folder rnn_course, and run this cell again." in message


# ---------------------------------------------------------------- the handout


@pytest.fixture(scope="module")
def handout(tmp_path_factory):
    """The folder that the command for teachers makes."""
    if sys.platform == "win32" or not shutil.which("bash"):
        pytest.skip("needs bash")
    (line,) = re.findall(r"^ *(\.venv/bin/python .* handout handout)$", TEACHING, re.MULTILINE)
    course = copy_course(tmp_path_factory.mktemp("class") / "course")
    shutil.copytree(ROOT / "docs" / "handout", course / "docs" / "handout")
    (course / "notebooks" / "my_rnn" / "progress").mkdir(parents=True)
    for name in ("my_rnn/softmax.py", "my_rnn/progress/softmax.json", "my_rnn_old.py", "my_rnn.py"):
        (course / "notebooks" / name).write_text("answers of the one who hands out\n")
    command = line.replace(".venv/bin/python", shlex.quote(sys.executable))
    subprocess.run(["bash", "-euc", command], cwd=course, check=True, capture_output=True, timeout=1200)
    return course / "handout"


@pytest.mark.slow
def test_handout_has_no_answers_of_the_one_who_hands_out(handout):
    assert (handout.parent / "notebooks" / "my_rnn" / "softmax.py").exists()
    assert not list(handout.rglob("*my_rnn*"))


@pytest.mark.slow
@pytest.mark.parametrize("name", [page for page in PAGES if page_named(page).exercises][1:2])
def test_pages_of_the_handout_import_and_check(handout, name):
    page = page_named(name)
    cells = [cell.source for cell in page.code_cells if re.search(r"^(?:from|import) ", cell.source, re.MULTILINE)]
    cells += [cell.source for _, cell in page.exercises]
    then = "import rnn_helpers\nprint(check.__module__, rnn_helpers.__file__)"
    done = run_cell("\n\n".join(cells), handout / "notebooks", then=then)
    assert re.findall(r"hint\(\"(\w+)\"\)", done.stdout) == [name for name, _ in page.exercises]
    assert done.stdout.splitlines()[-1] == f"course {handout.resolve() / 'rnn_helpers.py'}"


@pytest.mark.slow
def test_handout_has_what_its_readme_links_to_and_speaks_of(handout):
    text = (handout / "README.md").read_text(encoding="utf-8")
    assert broken_links(text, handout) == []
    files = re.findall(r"`((?:\w+/)+|[\w./-]+\.(?:py|txt|md|csv))`", text)
    inside = {"models/", "show/", "checker/", "lessons/"}  # of course/
    missing = [file for file in files if not (file in inside or OWN.fullmatch(file) or (handout / file).exists())]
    assert len(files) > 4 and missing == []
    assert not re.search(r"pytest|course\.marking|course\.tools|docs/", text)


# ---------------------------------------------------------------- the commands in README


def test_the_commands_of_the_readme_need_no_python_but_that_of_a_stock_system():
    """`python` may not exist, and pip refuses to install outside an environment, so each line names its Python."""
    unix, windows = (re.search(rf"```{shell}\n(.*?)```", README, re.DOTALL)[1] for shell in ("bash", "bat"))
    of_unix, of_windows = (".venv/bin/python", "notebooks/"), (r".venv\Scripts\python", "notebooks\\")
    for text, first, (own, folder) in ((unix, "python3", of_unix), (windows, "py", of_windows)):
        commands = re.split(r" && |\n", text.strip())
        assert commands == [
            f"{first} -m venv .venv",
            f"{own} -m pip install -r requirements.txt",
            f"{own} -m jupyter lab {folder}00_meet_the_network.ipynb",
        ]
    assert "sudo apt install python3-venv" in README
