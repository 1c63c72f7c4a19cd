"""The named texts, fetching them with and without trouble, and your own texts.

Only test_the_named_texts may use the network, once, if data/ does not have the two texts of the course yet.
In the other tests wheels come from a local folder, and addresses belong to a small server in this process.
"""

import hashlib
import http.server
import json
import math
import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest

import rnn_helpers
from course.base import fetch, texts
from course.base.texts import fetch_texts
from course.engine import sample, train
from rnn_helpers import load_corpus, preprocess

ROOT = Path(__file__).resolve().parents[2]
KNOWN = json.loads((ROOT / "data" / "corpora.json").read_text(encoding="utf-8"))

# ---------------------------------------------------------------- the four named texts


NAMED = {  # the first digits of the file's SHA-256, and characters and vocabulary after preprocess
    "sonnets": ("34f94f3c687a", 93_345, 35),
    "speeches": ("ddbce5e4bb0b", 166_733, 41),
    "seed-sonnets": ("a2d8b3258525", 96_141, 35),
    "seed-speeches": ("3b6362724e39", 891_479, 43),
}


@pytest.mark.parametrize("name", NAMED)
def test_the_named_texts(name):
    entry = KNOWN[name]
    assert list(KNOWN) == list(NAMED)
    assert (entry["sha256"][:12], entry["characters"], entry["vocab_size"]) == NAMED[name]
    places = [texts.DATA, *[Path(folder) for folder in [os.environ.get("RNN_CORPORA")] if folder]]
    if name.startswith("seed-") and not any((place / f"{name}.txt").exists() for place in places):
        pytest.skip(f"{name}.txt is neither in data/ nor in the folder that RNN_CORPORA names")
    assert fetch_texts([name]) == []
    corpus = load_corpus(name)
    assert (corpus.name, len(corpus.text), corpus.vocab_size) == (name, entry["characters"], entry["vocab_size"])
    assert corpus.text == preprocess(corpus.text) and "\r" not in corpus.text
    path = next(place / f"{name}.txt" for place in places if (place / f"{name}.txt").exists())
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]


# ---------------------------------------------------------------- a small course folder, wheels and a server

TEXT = "A small text, the 1st part.\n" * 40
WHOLE = TEXT.encode()
PARTS = {"tinytext/one.txt": WHOLE[:500], "tinytext/two.txt": WHOLE[500:]}
WHEEL = {"wheel": "tinytext==1.0", "members": list(PARTS)}


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with server.pages[path]: bytes, or a function of the request. server.hits lists the requested paths."""

    def do_GET(self):
        self.server.hits.append(self.path)
        page = self.server.pages.get(self.path, lambda handler: handler.send_error(404))
        page(self) if callable(page) else self.answer(page)

    def answer(self, body, length=None):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Course:
    """A data folder with one known text, "tiny"."""

    def __init__(self, folder):
        self.data, self.wheels, self.shared = [folder / name for name in ("data", "wheels", "shared")]
        for path in (self.data, self.wheels, self.shared):
            path.mkdir()
        self.target = self.data / "tiny.txt"

    def describe(self, *sources, whole=WHOLE):
        entry = {"sha256": hashlib.sha256(whole).hexdigest(), "sources": sources}
        (self.data / "corpora.json").write_text(json.dumps({"tiny": entry}), encoding="utf-8")

    def make_wheel(self, members):
        info = {"METADATA": "Metadata-Version: 2.1\nName: tinytext\nVersion: 1.0\n", "RECORD": ""}
        info["WHEEL"] = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        with zipfile.ZipFile(self.wheels / "tinytext-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in {**members, **{f"tinytext-1.0.dist-info/{name}": info[name] for name in info}}.items():
                archive.writestr(name, body)

    def files(self):
        return sorted(os.listdir(self.data))

    def fetch(self):
        """Fetch the text, and return the message. Either the whole text must be saved, or nothing."""
        said = fetch_texts(["tiny"])
        assert self.files() == (["corpora.json"] if said else ["corpora.json", "tiny.txt"])
        assert said or self.target.read_bytes() == WHOLE
        return said


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.pages, server.hits, server.address = {}, [], f"http://127.0.0.1:{server.server_port}"
        server.handle_error = lambda *arguments: None  # clients are killed on purpose in these tests
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def course(tmp_path, monkeypatch):
    course = Course(tmp_path)
    monkeypatch.setattr(texts, "DATA", course.data)
    monkeypatch.setattr(texts, "OF_THE_USER", tmp_path / "user")
    for name in list(os.environ):
        if name.startswith("PIP_") or name.lower().endswith("_proxy") or name == "RNN_CORPORA":
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", course.wheels.as_uri())
    return course


# ---------------------------------------------------------------- fetching that works


def test_a_wheel_is_fetched_once_and_not_installed(course, server, monkeypatch):
    course.describe(WHEEL, {"urls": [f"{server.address}/tiny.txt"]})
    course.make_wheel({"tinytext/__init__.py": "1 / 0", **dict(reversed(PARTS.items()))})
    assert course.fetch() == []
    assert server.hits == []
    assert subprocess.run([sys.executable, "-c", "import tinytext"], capture_output=True).returncode == 1
    monkeypatch.setattr(subprocess, "run", None)  # a second call must not run pip
    assert course.fetch() == []


def test_addresses_are_the_second_source(course, server):
    course.describe(WHEEL, {"urls": [f"{server.address}/{part}" for part in "ab"]})
    server.pages["/a"] = PARTS["tinytext/one.txt"]
    (sentence,) = course.fetch()
    assert "No matching distribution" in sentence and f"{server.address}/b: HTTP Error 404" in sentence
    server.pages["/b"] = PARTS["tinytext/two.txt"]
    assert course.fetch() == []
    assert server.hits == ["/a", "/b"] * 2


def test_a_text_in_the_folder_that_the_environment_names_is_used_where_it_is(course, server, monkeypatch):
    course.describe({"urls": [f"{server.address}/tiny.txt"]})
    (course.shared / "tiny.txt").write_bytes(WHOLE)
    monkeypatch.setenv("RNN_CORPORA", str(course.shared))
    assert fetch_texts(["tiny"]) == [] and server.hits == [] and course.files() == ["corpora.json"]
    assert load_corpus("tiny").text == preprocess(TEXT)


def test_where_nothing_can_be_written_in_data_a_folder_of_the_user_has_the_text(course, server, monkeypatch, tmp_path):
    course.describe({"urls": [f"{server.address}/tiny.txt"]})
    server.pages["/tiny.txt"] = WHOLE
    write = texts.write_whole

    def write_elsewhere(path, *arguments):
        if path.parent == course.data:
            raise PermissionError(13, "Permission denied")
        write(path, *arguments)

    monkeypatch.setattr(texts, "write_whole", write_elsewhere)
    assert fetch_texts(["tiny"]) == []
    assert load_corpus("tiny").text == preprocess(TEXT), "load_corpus finds it there"
    assert fetch_texts(["tiny"]) == [] and server.hits == ["/tiny.txt"], "and it is not fetched again"


# ---------------------------------------------------------------- trouble with sources


def test_without_a_network_one_sentence_says_what_was_tried_and_how_to_do_it_by_hand(course):
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as closed:  # after this block the address refuses at once
        urls = [f"http://127.0.0.1:{closed.server_port}/{part}.txt" for part in ("one", "two")]
    course.describe(WHEEL, {"urls": urls})
    (sentence,) = course.fetch()
    words = ["'tiny'", "pip download tinytext==1.0", "No matching distribution", f"{urls[0]}: ", "by hand", *urls]
    assert all(word in sentence for word in [*words, f"as {course.target}"]), sentence
    assert "\n" not in sentence
    begins = "The text 'tiny' couldn't be fetched: connect to the internet, and run this again. "
    assert sentence.startswith(begins), "what is short comes first, and addresses last"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (lambda handler: handler.answer(WHOLE[:300], length=len(WHOLE)), "/bad: IncompleteRead"),
        (b"<html>please log in</html>", "download: its SHA-256"),
    ],
    ids=["cut short", "another page"],
)
def test_a_bad_download_is_not_kept_and_the_next_source_is_tried(course, server, page, words):
    bad, good = {"urls": [f"{server.address}/bad"]}, {"urls": [f"{server.address}/good"]}
    server.pages.update({"/bad": page, "/good": WHOLE})
    course.describe(bad)
    assert words in course.fetch()[0]
    course.describe(bad, good)
    assert course.fetch() == []


def test_a_file_that_was_edited_is_named_and_left_alone(course, server):
    course.describe({"urls": [f"{server.address}/tiny.txt"]})
    course.target.write_bytes(WHOLE[:-1])
    (sentence,) = fetch_texts(["tiny"])
    assert all(words in sentence for words in (f"delete {course.target}, ", "'tiny'", "SHA-256"))
    assert course.target.read_bytes() == WHOLE[:-1] and server.hits == []


def test_pip_gets_a_wheel_alone_and_nothing_that_it_would_have_to_run(monkeypatch):
    class Seen(Exception):
        pass

    def run(command, **options):
        raise Seen(command)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(Seen) as caught:
        fetch.read_wheel("tinytext==1.0", [])
    (command,) = caught.value.args
    assert {"tinytext==1.0", "--no-deps", "--only-binary=:all:"} <= {*command}


def test_what_pip_says_is_shown_without_colors(course, monkeypatch):
    """A Jupyter kernel asks all programs that it starts for colors."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    with pytest.raises(OSError, match=r"^ERROR: No matching distribution found for no-such-package==1.0") as caught:
        fetch.read_wheel("no-such-package==1.0", [])
    assert "\x1b" not in str(caught.value)


# ---------------------------------------------------------------- your own texts

POEM = "Bright is the ring of words\nWhen the right man rings them\n" * 2
OWN = {  # the content of the file, what the network reads
    "cyrillic": ("Тихо в лесу, только ветер поёт.\nСнег\n" * 8, "тихо в лесу, только ветер поёт.\nснег\n" * 8),
    "windows line ends": (POEM.replace("\n", "\r\n"), POEM.lower()),
    "byte-order mark": ("\ufeff" + POEM, POEM.lower()),
    "emoji": ("one 😀 two 👩‍🚀 three 🎉\n" * 8, "one 😀 two 👩‍🚀 three 🎉\n" * 8),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", OWN)
def test_three_lines_for_a_text_of_your_own(tmp_path, name):
    raw, expected = OWN[name]
    path = tmp_path / "my text.txt"
    path.write_bytes(raw.encode("utf-8"))

    corpus = load_corpus(path)
    run = train(corpus, 8, 10, 0.01, 2, progress=False)
    text = sample(run.parameters, corpus, 50)

    assert (corpus.name, corpus.text) == ("my text.txt", expected)
    assert np.isfinite(run.losses).all() and len(run.losses) == 2 * ((len(corpus.ids) - 1) // 10)
    assert run.losses[0] == pytest.approx(10 * math.log(corpus.vocab_size), rel=1e-3, abs=1e-9)
    assert len(text) == 50 and set(text) <= set(corpus.text)


# ---------------------------------------------------------------- bad names and files


def test_for_a_text_of_the_pages_load_corpus_says_which_cell_fetches_it(monkeypatch, tmp_path):
    monkeypatch.setattr(rnn_helpers, "__file__", str(tmp_path / "rnn_helpers.py"))
    monkeypatch.delenv("RNN_CORPORA", raising=False)
    says = " The setup cell, the first of a page, gets it: run it again."
    for name in (*texts.OF_THE_PAGES, "my text"):
        with pytest.raises(FileNotFoundError) as caught:
            load_corpus(name)
        assert str(caught.value).endswith(f"{tmp_path / 'data'}.{says * (name != 'my text')}")


@pytest.mark.parametrize(
    ("name", "content", "error", "words"),
    [
        ("sonets", None, FileNotFoundError, ["no text file 'sonets'", "of that name", "Did you mean 'sonnets'?"]),
        ("", None, FileNotFoundError, ["no text file ''"]),
        ("x" * 5000, None, FileNotFoundError, ["xxx"]),
        ("a\0b", None, FileNotFoundError, ["no text file"]),
        ("empty.txt", b"", ValueError, ["'empty.txt'", "empty"]),
        ("digits.txt", b"1 2 3\n(45)%", ValueError, ["'digits.txt'", "preprocess, which drops digits"]),
        ("latin.txt", "café crème".encode("latin-1"), ValueError, ["'latin.txt'", "UTF-8", "0xe9", "position 3"]),
    ],
)
def test_bad_names_and_files(tmp_path, monkeypatch, name, content, error, words):
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(error) as caught:
        load_corpus(name)
    message = str(caught.value)
    assert all(word in message for word in words), message
    assert message.endswith((".", "?")) and len(message) < 500 and "\n" not in message
