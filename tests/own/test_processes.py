"""Tests of my_rnn between processes: another Python, two open pages at the same moment, one that is killed."""

import json
import os
import py_compile
import subprocess
import sys
import textwrap

import pytest
from cells import COUNT, GRADIENT, ONE_HOT, SOFTMAX, TANH, file_of, keep
from helpers import ROOT

from course.lessons import OWN
from course.own import folder
from course.own.kept import own_functions
from course.own.progress import recall

pytestmark = pytest.mark.slow  # each test fills a folder, and many run all that is in it


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


def start(code, cwd, **options):
    """Start another Python that writes bytecode, as Python does if nobody forbids it."""
    surroundings = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", textwrap.dedent(code)]
    surroundings["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return subprocess.Popen(command, cwd=cwd, env=surroundings, stdout=subprocess.PIPE, text=True, **options)


def printed(code, cwd):
    process = start(code, cwd)
    output = process.communicate(timeout=600)[0]
    assert process.returncode == 0
    return output


def test_a_function_that_is_replaced_in_the_same_second_is_the_new_one(mine):
    """Python takes bytecode for that of a file whose second and length are the same."""
    asked = "import my_rnn; print(my_rnn.softmax.__doc__, my_rnn.softmax_gradient.__globals__['softmax'].__doc__)"
    version = SOFTMAX.replace("exps = np", "'''Version 1.'''\n        exps = np")
    keep("softmax_gradient", GRADIENT)
    keep("softmax", version)
    assert printed(asked, mine.parent) == "Version 1. Version 1.\n"
    assert list(mine.glob("__pycache__/softmax.*.pyc"))
    path = folder.path_of("softmax")
    for number in range(2, 6):
        before = path.stat()
        py_compile.compile(str(path), doraise=True)
        keep("softmax", version.replace("Version 1", f"Version {number}"))
        assert path.stat().st_size == before.st_size and int(path.stat().st_mtime) != int(before.st_mtime)
    assert printed(asked, mine.parent) == "Version 5. Version 5.\n"
    assert own_functions()["softmax"].__doc__ == "Version 5."


def test_a_stand_in_that_is_replaced_is_the_learners_in_the_next_process(mine):
    keep("one_hot", ONE_HOT)
    asked = "import my_rnn; print(my_rnn.softmax.__module__, my_rnn.output_probs.__module__)"
    assert printed(asked, mine.parent) == "rnn_helpers rnn_helpers\n"
    keep("softmax", SOFTMAX)
    assert printed(asked, mine.parent) == "my_rnn.softmax course.own.stand_ins\n"


# ---------------------------------------------------------------- two at the same moment

PAGE = """
    import os, sys
    import cells
    from course import check

    codes = [(name, getattr(cells, code)) for name, code in (pair.split("=") for pair in PAIRS.split())]
    functions = {name: cells.page(code)[name] for name, code in codes}
    for place in sys.stdin:
        os.environ["MY_RNN"] = place.strip()
        print("ready", flush=True)
        sys.stdin.readline()
        print([check(name, function).kept[:7] for name, function in functions.items()], flush=True)
"""


@pytest.mark.slow
def test_two_pages_at_the_same_moment_lose_nothing(mine, monkeypatch):
    pairs = ["softmax=SOFTMAX softmax_gradient=GRADIENT", "one_hot=ONE_HOT tanh_backward=TANH"]
    pages = [start(PAGE.replace("PAIRS", repr(one)), mine.parent, stdin=subprocess.PIPE) for one in pairs]

    def tell(text):
        for one in pages:
            one.stdin.write(f"{text}\n")
            one.stdin.flush()

    try:
        for number in range(50):
            place = mine.parent / f"round_{number}"
            monkeypatch.setenv("MY_RNN", str(place))
            tell(place)
            assert [one.stdout.readline() for one in pages] == ["ready\n"] * 2
            tell("go")
            assert [one.stdout.readline() for one in pages] == ["['Kept in', 'Kept in']\n"] * 2
            names = ["one_hot", "softmax", "softmax_gradient", "tanh_backward"]
            assert folder.yours() == names and list(own_functions()) == names
            assert all(set(recall(name)) == {"verdict", "kept", "solved"} for name in names)
            there = sorted(path.name for path in place.iterdir() if path.name != "__pycache__")
            assert there == sorted(["__init__.py", "progress", *[f"{name}.py" for name in OWN]])
            assert not [path.name for path in [*mine.parent.rglob(".*")]]
    finally:
        for one in pages:
            one.stdin.close()
            one.stdout.close()
            one.wait(timeout=60)


# ---------------------------------------------------------------- killed

# A process that keeps functions, and kills itself at the call of that number which writes something: before the call,
# or after it; after a file was opened, when half of it stands there. Each is a child of one that has loaded all.
KILLED = r"""
    import builtins, io, json, os, random, signal, sys, traceback
    import cells
    from course import check
    from course.lessons import OWN
    from course.own import folder
    from course.own.kept import own_functions
    from course.own.progress import recall

    here, utime = os.getcwd(), os.utime
    SOFTMAX = cells.SOFTMAX.replace("exps = np", "'''Version 1.'''\n        exps = np")
    steps = [("softmax", SOFTMAX.replace("Version 1", f"Version {k}")) for k in (1, 2)]
    steps[1:1] = [("softmax_gradient", cells.GRADIENT)]

    def in_a_child(work):
        '''Run work() in a child; return its exit code, negative if it was killed.'''
        sys.stdout.flush()
        child = os.fork()
        if not child:
            code = 1
            try:
                work()
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def load_it():
        sys.path.insert(0, os.path.dirname(os.environ["MY_RNN"]))
        import my_rnn
        assert my_rnn.softmax(my_rnn.one_hot([0], 2)).shape == (1, 2)
        text = folder.read("softmax")
        assert my_rnn.softmax.__doc__ in text or not folder.is_yours(text), "not what the file holds"
        for name in allowed:
            assert folder.read(name) in allowed[name] | {folder.stand_in_text(name)}, (name, folder.read(name))

    def keep_all():
        for name, code in steps:
            if name in folder.yours() and code.find("Version 2") > 0:
                utime(folder.path_of(name))  # as if it were of the second in which the next version comes
                in_a_child(load_it)
            check(name, cells.page(code)[name])
            seen.append((name, folder.read(name)))
            if in_a_child(load_it):  # it leaves bytecode behind
                raise SystemExit("it cannot be loaded")

    def counted(place, last):
        '''Count the calls that write; the last is the end of this process.'''
        count = [0]

        def instead(function, name):
            def call(*given, **options):
                paths = [str(one) for one in given[:2] if isinstance(one, (str, os.PathLike))]
                mode = options.get("mode") or (given[1] if len(given) > 1 else "r")
                writes = name != "open" or any(letter in str(mode) for letter in "wxa")
                if not writes or not any(path.startswith(place) for path in paths):
                    return function(*given, **options)
                count[0] += 2
                if count[0] - 1 == last:
                    os.kill(os.getpid(), signal.SIGKILL)
                try:
                    result = function(*given, **options)
                    if name == "open" and count[0] == last:
                        result.write("x = (" if isinstance(result, io.TextIOBase) else b"x = (")
                        result.flush()
                    return result
                finally:
                    if count[0] == last:
                        os.kill(os.getpid(), signal.SIGKILL)
            return call

        for name in ("replace", "link", "rename", "mkdir", "unlink", "utime"):
            setattr(os, name, instead(getattr(os, name), name))
        builtins.open = io.open = instead(io.open, "open")
        return count

    def job(number, last):
        os.environ["MY_RNN"] = os.path.join(here, str(number), "my_rnn")
        os.mkdir(os.path.dirname(os.environ["MY_RNN"]))
        def work():
            count = counted(os.path.dirname(os.environ["MY_RNN"]), last)
            keep_all()
            with open(os.path.join(here, "total"), "w") as file:
                json.dump([count[0], seen], file)
        return in_a_child(work)

    def after():
        '''What must be true when one has been killed.'''
        if os.path.isdir(os.environ["MY_RNN"]) and in_a_child(load_it):
            raise SystemExit("it cannot be loaded")
        keep_all()
        tree = list(os.walk(os.path.dirname(os.environ["MY_RNN"])))
        left = [name for _, folders, files in tree for name in folders + files]
        assert not [name for name in left if name.startswith(".")], left
        assert not [name for name in left if "damaged" in name], left
        assert list(own_functions()) == ["softmax", "softmax_gradient"], own_functions().message
        assert own_functions()["softmax"].__doc__ == "Version 2." and recall("softmax")["solved"] == "yes"

    allowed, seen = {}, []
    job("whole", -1)
    with open(os.path.join(here, "total")) as file:
        total, texts = json.load(file)
    for name, text in texts:
        allowed.setdefault(name, set()).add(text)
    whole = 2 * (len(OWN) + 1)  # the first ones write the files of the new folder, one as the other
    places = random.Random(7).sample(range(1, whole), 5) + list(range(whole, total + 1))
    killed, failed = [], []
    for number in places:
        code = job(number, number)
        if code == -signal.SIGKILL:
            killed.append(number)
        if code not in (0, -signal.SIGKILL) or in_a_child(after):
            failed.append(number)
    print(json.dumps([places, killed, failed]))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process cannot be copied here")
def test_a_page_that_is_killed_at_any_place_leaves_the_old_function_or_the_new_one(mine):
    places, killed, failed = json.loads(printed(KILLED, mine.parent))
    assert failed == [] and len(places) > 40
    assert len(killed) >= len(places) - 6, "few calls depend on the second in which they come"


def test_what_a_killed_page_has_left_is_tidied_by_the_next_keep_of_any_function(mine):
    keep("softmax", SOFTMAX)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = []
    for path in [mine / "softmax.py", mine / "clip_gradients.py", mine / "__init__.py", mine]:
        name = folder.temporary_for(path).name.replace(f"-{os.getpid()}-", f"-{ended.pid}-")
        left.append(path.with_name(name))
    for path in left[:3]:
        path.write_text("x = (")
    left[3].mkdir()
    (left[3] / "softmax.py").write_text("x = (")
    others = [mine / ".softmax.py.another-computer-1-2.part", mine.parent / ".my_rnn.another-computer-1-2.part"]
    for path in others:
        path.write_text("x = (")
    keep("count_parameters", COUNT)
    assert [path.name for path in left if path.exists()] == []
    assert all(path.exists() for path in others), "these may be written to just now"
    assert file_of("softmax").count("def softmax") == 1 and list(own_functions()) == ["softmax", "count_parameters"]
    assert keep("tanh_backward", TANH).startswith("Kept in")
