"""my_rnn between processes: another Python, two open pages at the same time, one that is killed."""

import json
import os
import subprocess
import sys
import textwrap

import pytest
from cells import GRADIENT, SOFTMAX, keep
from helpers import ROOT

from course.own import folder
from course.own.kept import own_functions
from course.own.memory import recall

pytestmark = pytest.mark.slow  # each test fills a folder, and many run everything in it


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


def start(code, cwd, **options):
    """Start another Python that writes bytecode, as Python does by default."""
    surroundings = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", textwrap.dedent(code)]
    surroundings["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return subprocess.Popen(command, cwd=cwd, env=surroundings, stdout=subprocess.PIPE, text=True, **options)


def printed(code, cwd):
    process = start(code, cwd)
    output = process.communicate(timeout=600)[0]
    assert process.returncode == 0
    return output


def test_a_function_that_is_replaced_is_the_new_one_in_the_next_process(mine):
    """Also within a second and with the same length, when Python would take old bytecode for the new file's."""
    asked = "import my_rnn as m; print(m.softmax.__doc__[:9], m.softmax_gradient.__globals__['softmax'] is m.softmax)"
    version = SOFTMAX.replace("exps = np", "'''Version 1.'''\n        exps = np")
    keep("softmax_gradient", GRADIENT)
    assert printed(asked, mine.parent) == "Turn scor True\n", "the course's"
    for number in (1, 2):
        keep("softmax", version.replace("Version 1", f"Version {number}"))
        assert printed(asked, mine.parent) == f"Version {number} True\n"


# ---------------------------------------------------------------- two at the same time

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
        for number in range(30):
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
            assert there == sorted(["__init__.py", "progress", *[f"{name}.py" for name in names]])
            assert not [path.name for path in [*mine.parent.rglob(".*")]]
    finally:
        for one in pages:
            one.stdin.close()
            one.stdout.close()
            one.wait(timeout=60)


# ---------------------------------------------------------------- killed

# A process that keeps functions and kills itself at a given call that writes something: before the call or after it;
# or after it opened a file, when half of it is written. Each is a child of one process that has loaded everything.
KILLED = r"""
    import builtins, io, json, os, signal, sys, traceback
    import cells
    from course import check
    from course.own import folder
    from course.own.kept import own_functions
    from course.own.memory import recall

    here = os.getcwd()
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

    def read(name):
        return folder.read(folder.path_of(name))

    def load_it():
        sys.path.insert(0, os.path.dirname(os.environ["MY_RNN"]))
        import my_rnn
        assert my_rnn.softmax_gradient(my_rnn.one_hot([0], 2), [0]).shape == (1, 2)
        for name in allowed:
            text = read(name)
            assert text in allowed[name] | {""}, (name, text)
            is_theirs = getattr(my_rnn, name).__globals__["__name__"] == f"my_rnn.{name}"
            assert is_theirs == bool(text), "not what it holds"

    def keep_all():
        for name, code in steps:
            check(name, cells.page(code)[name])
            seen.append((name, read(name)))
            if in_a_child(load_it):
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

        for name in ("replace", "link", "rename", "mkdir", "unlink"):
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
        if folder.yours() and in_a_child(load_it):
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
    killed, failed = [], []
    for number in range(1, total + 1):
        code = job(number, number)
        if code == -signal.SIGKILL:
            killed.append(number)
        if code not in (0, -signal.SIGKILL) or in_a_child(after):
            failed.append(number)
    print(json.dumps([total, killed, failed]))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process cannot be copied here")
def test_a_page_that_is_killed_at_any_place_leaves_the_old_function_or_the_new_one(mine):
    total, killed, failed = json.loads(printed(KILLED, mine.parent))
    assert failed == [] and killed == list(range(1, total + 1)) and total > 20
