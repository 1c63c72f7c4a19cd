"""The pages as files: are they all there, of one form, and is what their words say true of their numbers?

nbval runs the pages; here nothing on them is run, except the setup cell that all of them share.
"""

import base64
import io
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from PIL import Image

from conftest import LOCAL_PATH, UNCHECKED_TAGS

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"

PAGES = [
    "01_softmax",
    "02_forward_pass",
    "03_bptt",
    "04_training",
    "05_sampling",
    "06_sonnets",
    "07_speeches",
    "08_train_in_a_second",
    "09_scale_out",
]
EXPERIMENTS = {"06_sonnets", "07_speeches"}  # no exercises, and they may be shorter
EXERCISES = {
    "01_softmax": ["one_hot", "softmax", "cross_entropy", "softmax_gradient"],
    "02_forward_pass": ["rnn_step", "output_probs", "forward_pass", "count_parameters"],
    "03_bptt": ["tanh_backward", "hidden_gradients", "weight_gradients", "numerical_gradient", "clip_gradients"],
    "04_training": ["chunks", "sgd_step", "smooth_loss"],
    "05_sampling": ["apply_temperature", "draw", "sample_ids", "bits_per_character"],
    "08_train_in_a_second": ["adam_step", "linear_decay", "make_streams"],
}
ANATOMY = ["**You will**", "**You need**", "**Time**", "**Predict.**", "<details>", "## Take away", "## Next"]
ANATOMY_OF_A_LESSON = ["## The finished function", "## Exercises", "## When it goes wrong", 'hint("', 'solution("']
LEFTOVERS = re.compile(r"\b(?:TODO|FIXME|XXX|TBD|WIP)\b|lorem ipsum|\?\?\?", re.IGNORECASE)


class Page:
    """A page, and its parts that the tests look at."""

    def __init__(self, name):
        self.name = name
        self.notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
        self.code_cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        self.markdown = [cell.source for cell in self.notebook.cells if cell.cell_type == "markdown"]
        self.prose = "\n\n".join(self.markdown)


@pytest.fixture(params=PAGES)
def page(request):
    return Page(request.param)


def test_the_list_of_pages_is_complete():
    assert sorted(path.stem for path in NOTEBOOKS.glob("**/*.ipynb") if "checkpoints" not in str(path)) == PAGES


# ---------------------------------------------------------------- the form of a page


def test_file_is_a_valid_notebook(page):
    nbformat.validate(page.notebook)


def test_setup_cell_is_the_same_everywhere(page):
    assert page.code_cells[0].source == Page(PAGES[0]).code_cells[0].source


def test_number_of_cells(page):
    fewest = 20 if page.name in EXPERIMENTS else 25
    assert fewest <= len(page.notebook.cells) <= 45


def test_length_of_code_cells(page):
    lengths = [len([line for line in cell.source.splitlines() if line.strip()]) for cell in page.code_cells]
    assert max(lengths) <= 30
    assert statistics.median(lengths) <= 6


def test_words_per_code_cell(page):
    words = len(page.prose.split()) / len(page.code_cells)
    assert 40 <= words <= 90


def test_anatomy(page):
    expected = ANATOMY + (ANATOMY_OF_A_LESSON if page.name in EXERCISES else [])
    assert [part for part in expected if part not in page.prose] == []
    assert re.match(rf"# {int(page.name[:2])}\. \w", page.markdown[0]), "the title is '# N. Verb phrase'"


def test_the_readme_gives_the_minutes_of_the_page(page):
    (minutes,) = re.findall(rf"\(notebooks/{page.name}\.ipynb\) \| (\d+) \|", (ROOT / "README.md").read_text("utf-8"))
    assert f"**Time** {minutes} minutes." in page.markdown[0]


def test_every_answer_is_folded(page):
    assert page.prose.count("<details>") == page.prose.count("</details>") == page.prose.count("<summary>")


def test_exercises_are_there_and_not_started(page):
    for exercise in EXERCISES.get(page.name, []):
        (cell,) = [cell for cell in page.code_cells if f'check("{exercise}", {exercise})' in cell.source]
        assert re.fullmatch(
            rf'def {exercise}\([^)]*\):\n    \.\.\. +# your code\n+check\("{exercise}", {exercise}\)', cell.source
        )
        assert "not started" in "\n".join(texts(cell)), f"{exercise} is stored with another verdict"


def test_every_picture_and_its_text_belong_together(page):
    """The text stands beside the image, as its alternative, and in the file itself (pictures.Picture)."""
    for cell in page.code_cells:
        for output in cell.outputs:
            text = output.get("data", {}).get("text/plain", "")
            assert text.startswith("Picture: ") == ("image/png" in output.get("data", {})), text
            if text.startswith("Picture: "):
                assert output.metadata["image/png"]["alt"] == text
                with Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))) as image:
                    assert image.info["Description"] == text


def test_answers_headings_and_hints(page):
    assert page.prose.count("<summary>Answer</summary>") >= page.prose.count("**Predict.**")
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", page.prose, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert set(re.findall(r"\b(?:hint|solution)\(\"(\w+)\"\)", page.prose)) <= set(EXERCISES.get(page.name, []))


def test_links_lead_somewhere(page):
    assert broken_links(page.prose, NOTEBOOKS) == []


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("*.md"), *ROOT.glob("data/*.md")]), ids=lambda path: str(path.relative_to(ROOT))
)
def test_links_of_the_other_texts_lead_somewhere(path):
    assert broken_links(path.read_text(encoding="utf-8"), path.parent) == []


def broken_links(text, folder):
    """Return the relative links in a Markdown text that lead to no file."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    links = re.findall(r"\]\(\s*<?([^)\s>]+)", text) + re.findall(r"""(?:src|href)=["']([^"']+)""", text)
    files = [unquote(link.split("#")[0]) for link in links if not re.match(r"[a-z]+:", link)]
    return [file for file in files if file and not (folder / file).exists()]


def test_nothing_is_left_over(page):
    everything = page.prose + "\n" + "\n".join(cell.source for cell in page.code_cells)
    assert LEFTOVERS.findall(everything) == []
    assert LOCAL_PATH.findall(everything) == []


# ---------------------------------------------------------------- the numbers in the words

# nbval does not read the words on a page. So each decimal number in them must be one that the code cells of the same
# page hold or print, after rounding to as many decimals as the words give. Exempt are fenced code, links, and
# formulas, $...$: a calculation by hand that the reader can follow.
EXEMPT = re.compile(r"```.*?```|\$\$.*?\$\$|\$[^$\n]+(?:\n[^$\n]+)*\$|\]\([^)]*\)", re.DOTALL)
DECIMAL = re.compile(r"(?<![\w.])\d+(?:,\d{3})*\.\d+(?![\w.]*\d)")
ANY_NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d*)?(?:e[-+]?\d+)?")


def test_numbers_in_the_words_are_numbers_of_the_cells(page):
    known = numbers_of_the_cells(page)
    prose = EXEMPT.sub(" ", page.prose)
    unknown = []
    for match in DECIMAL.finditer(prose):
        value = float(match[0].replace(",", ""))
        half = 0.5000001 * 10.0 ** -len(match[0].split(".")[1])
        if not any(abs(value - number) <= half for number in known):
            unknown.append(prose[max(0, match.start() - 40) : match.end() + 20].replace("\n", " "))
    assert not unknown, "no cell holds or prints these numbers:\n" + "\n".join(unknown)


def numbers_of_the_cells(page):
    """Return the numbers, without sign, in the code and in the checked outputs of a page."""
    numbers = set()
    for cell in page.code_cells:
        checked = [] if UNCHECKED_TAGS & set(cell.metadata.get("tags", [])) else texts(cell)
        for text in [cell.source, *checked]:
            numbers |= {float(number.replace(",", "")) for number in ANY_NUMBER.findall(text)}
    return numbers


def texts(cell):
    """Return the stored output of a cell as texts."""
    found = []
    for output in cell.outputs:
        found += [output.get("text", ""), output.get("evalue", ""), output.get("data", {}).get("text/plain", "")]
    return found


# ---------------------------------------------------------------- the setup cell

# Appended to the setup cell: where are we, and does everything that a page imports come from this course?
REPORT = """
import json
import exercises, pictures, rnn_helpers
homes = sorted({os.path.dirname(module.__file__) for module in (exercises, pictures, rnn_helpers)})
print(json.dumps({"folder": os.getcwd(), "homes": homes, "path": sys.path}))
"""
STUB = {
    "sitecustomize.py": "import google.colab\n",
    "google/__init__.py": "",
    "google/colab/__init__.py": "",
    "google/colab/drive.py": """
import os, shutil

def mount(folder):
    shutil.copytree(os.environ["DRIVE"], os.path.join(folder, "MyDrive"))
""",
}


@pytest.fixture(scope="module")
def setup_cell():
    return Page(PAGES[0]).code_cells[0].source


@pytest.fixture(scope="module")
def colab(tmp_path_factory):
    """A folder that makes Python believe that it runs in Colab, when it is on PYTHONPATH."""
    folder = tmp_path_factory.mktemp("colab")
    for name, text in STUB.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def copy_course(folder):
    for path in [ROOT / "rnn_helpers.py", *NOTEBOOKS.glob("*.py"), ROOT / "data" / "corpora.json"]:
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return folder


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A git repository with the course, in place of its public address."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    folder = copy_course(tmp_path_factory.mktemp("repository"))
    author = ["-c", "user.name=Author", "-c", "user.email=author@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "--quiet"], ["add", "--all"], [*author, "commit", "--quiet", "--message=Course"]):
        subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)
    return folder


def run_cell(source, folder, *, address="", colab=None, drive=None, repeat=1):
    """Run the setup cell, `repeat` times in one process, in a folder. Return the finished process."""
    source, found = re.subn(r'^COURSE = ".*?"', lambda _: f"COURSE = {json.dumps(str(address))}", source, flags=re.M)
    assert found == 1
    environment = {**os.environ, "PYTHONPATH": str(colab or ""), "DRIVE": str(drive or ""), "LC_ALL": "C"}
    program = "\n".join([source] * repeat + [REPORT])
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


def assert_ready(done, course, repeat=1):
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    *lines, report = done.stdout.splitlines()
    assert lines == ["The course is ready."] * repeat
    report, course = json.loads(report), course.resolve()
    assert Path(report["folder"]) == course / "notebooks"
    assert [Path(home) for home in report["homes"]] == [course, course / "notebooks"]
    for folder in (course, course / "notebooks"):
        assert report["path"].count(str(folder)) == 1


@pytest.mark.parametrize("place", ["notebooks", "."])
def test_setup_in_the_course(setup_cell, tmp_path, place):
    course = copy_course(tmp_path / "a folder with spaces")
    assert_ready(run_cell(setup_cell, course / place, repeat=2), course, repeat=2)


def test_setup_elsewhere_says_what_to_do(setup_cell, tmp_path):
    done = run_cell(setup_cell, tmp_path, address="https://github.com/someone/course")
    assert done.stdout == ""
    message = done.stderr.splitlines()[-1]
    assert message.startswith(f"FileNotFoundError: No course in {tmp_path.resolve()} or in the folder above it.")
    assert "Open this page inside the whole course folder" in message


def test_setup_in_colab_fetches_the_course_once(setup_cell, tmp_path, colab, repository):
    for address in (repository, "https://github.com/nobody/asks-for-this"):  # then a restart of the kernel
        done = run_cell(setup_cell, tmp_path, address=address, colab=colab, repeat=2)
        assert_ready(done, tmp_path / "course", repeat=2)


@pytest.mark.parametrize("where", ["course", "lessons/course"])
def test_setup_in_colab_finds_the_course_on_the_drive(setup_cell, tmp_path, colab, where):
    drive, here = tmp_path / "drive in the cloud", tmp_path / "content"
    here.mkdir()
    (drive / "photos").mkdir(parents=True)
    copy_course(drive / where)
    done = run_cell(setup_cell, here, colab=colab, drive=drive)
    assert_ready(done, here / "drive" / "MyDrive" / where)
    # Mounted already, with a public address: the learner's own copy comes first.
    done = run_cell(setup_cell, here, address="https://github.com/nobody/asks-for-this", colab=colab)
    assert_ready(done, here / "drive" / "MyDrive" / where)


def test_setup_in_colab_without_the_course_says_what_to_do(setup_cell, tmp_path, colab):
    drive, here = tmp_path / "drive in the cloud", tmp_path / "content"
    here.mkdir()
    drive.mkdir()
    done = run_cell(setup_cell, here, colab=colab, drive=drive)
    assert done.stdout == ""
    assert "in Colab, put that folder on your Drive." in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("fault", ["wrong address", "folder in the way", "another repository"])
def test_setup_in_colab_says_why_the_course_did_not_come(setup_cell, tmp_path, colab, repository, fault):
    here, address, git_says = tmp_path / "content", repository, "already exists"
    here.mkdir()
    if fault == "wrong address":
        address, git_says = tmp_path / "nothing here", "does not exist"
    elif fault == "folder in the way":  # such as half a course, left by a broken network
        (here / "course").mkdir()
        (here / "course" / "README.md").touch()
    else:
        address, git_says = tmp_path / "other", "cloned an empty repository"
        subprocess.run(["git", "init", "--quiet", str(address)], check=True)
    done = run_cell(setup_cell, here, address=address, colab=colab)
    assert done.stdout == ""
    message = done.stderr.strip()
    assert f"Fetching {address} did not bring it: " in message
    assert git_says in message
    assert "delete the folder course if it is there, run this cell again." in message
