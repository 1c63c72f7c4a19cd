"""Runs the answers of one learner, in a process of its own that marks.py starts and ends.

It gets the answers' code and the inputs to try, as lines of JSON on its standard input, and sends back what each call
did: no right answer, and no expected value, comes in here. (Where a check is to be written, the right and wrong
functions that it must tell apart are what it is tried on: such answers run in a process of their own.)

This is no sandbox. What is seen to go beyond an answer, such as a program that is started or a file that is deleted, is
refused and told; whoever wants to get around that can. Mark strangers' code in a container.
"""

import base64
import json
import linecache
import os
import pickle
import signal
import sys
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LESSONS = os.path.join(ROOT, "course", "lessons", "")
MEGABYTE = 1 << 20

# What an answer has no business doing: the event of Python -> what it says of it.
FORBIDDEN = {
    "os.fork": "starts another process",
    "os.forkpty": "starts another process",
    "os.posix_spawn": "starts another process",
    "os.spawn": "starts another process",
    "os.startfile": "starts another program",
    "os.exec": "starts another program",
    "os.system": "starts another program",
    "subprocess.Popen": "starts another program",
    "pty.spawn": "starts another program",
    "os.kill": "sends a signal to a process",
    "os.killpg": "sends a signal to a process",
    "os.remove": "deletes a file",
    "os.rmdir": "deletes a folder",
    "shutil.rmtree": "deletes a folder",
    "shutil.move": "moves a file",
    "os.rename": "renames a file",
    "os.link": "makes a link",
    "os.symlink": "makes a link",
    "os.truncate": "cuts a file",
    "os.chmod": "changes the rights of a file",
    "os.mkdir": "makes a folder",
    "socket.connect": "uses the network",
    "socket.bind": "uses the network",
    "socket.sendto": "uses the network",
    "socket.getaddrinfo": "uses the network",
    "socket.gethostbyname": "uses the network",
    "urllib.Request": "uses the network",
    "ctypes.dlopen": "loads a library of C",
    "ctypes.dlsym": "calls a function of C",
    "sys.addaudithook": "watches Python itself",
}


def limit(megabytes, seconds):
    """Limit what this process may use. Return what this system cannot limit."""
    try:
        import resource
    except ImportError:
        return ["memory", "processor time", "the size of files"]
    missing = []
    limits = {"memory": ("RLIMIT_AS", megabytes * MEGABYTE), "processor time": ("RLIMIT_CPU", seconds)}
    limits |= {"the size of files": ("RLIMIT_FSIZE", 8 * MEGABYTE), "core files": ("RLIMIT_CORE", 0)}
    for what, (name, value) in limits.items():
        try:
            number = getattr(resource, name)
            hard = resource.getrlimit(number)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(number, (value, value))
        except (AttributeError, ValueError, OSError):
            missing.append(what)
    if sys.platform == "darwin" and "memory" not in missing:
        missing.append("memory")  # macOS takes the limit and does not keep it
    return missing


class Guard:
    """Refuses what an answer has no business doing, and remembers the first such thing in .seen."""

    def __init__(self, workplace, whole):
        self.workplace, self.whole, self.seen, self.is_on = os.path.realpath(workplace), whole, "", False
        sys.addaudithook(self.look)

    def look(self, event, arguments):
        if not self.is_on:
            return
        if event == "open":
            says = self._of_file(*arguments[:3])
        elif event == "ctypes.dlsym" and arguments[1] == "PyThreadState_SetAsyncExc":
            says = ""  # by which check ends a loop
        elif event == "import" and arguments[0].startswith("course.lessons.") and not self.whole:
            says = "looks for the right answers"
        else:
            says = FORBIDDEN.get(event, "")
        if says:
            self.seen = self.seen or says
            raise PermissionError(f"An answer that {says}")

    def _of_file(self, path, mode, flags):
        if not isinstance(path, (str, bytes)) or path in ("", b""):
            return ""
        path = os.path.realpath(os.fsdecode(path))
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        if writes and path != os.devnull and not path.startswith(self.workplace):
            return "writes into a file"
        is_lesson = path.startswith(LESSONS) and not self.whole
        if path.startswith("/proc/") or is_lesson:
            return "looks for the right answers"
        return ""


def exercise_of(given):
    """Return an Exercise as far as running it needs one: the inputs, and the form of arguments and results."""
    from course.checker.exercise import Exercise

    scope = {}
    exec(f"def {given['name']}{given['signature']}: ...", scope)  # in place of the right answer
    cases = base64.b64decode(given["cases"])
    return Exercise(
        scope[given["name"]],
        lambda: pickle.loads(cases),
        mistakes=[],
        returns=tuple(given["returns"]),
        type=pickle.loads(base64.b64decode(given["type"])),
        in_place=tuple(given["in_place"]),
        result=given["result"],
        after=pickle.loads(base64.b64decode(given["after"])),
        few_rounds=tuple(given["few_rounds"]) if given["few_rounds"] else None,
        minutes=0,
        difficulty=1,
        hints=[],
        why="",
        notice="",
    )


def silence_the_calls():
    """Let no answer use the calls of its page, such as finished: they would load the right answers."""
    course = sys.modules["course"]  # the package: what its pages call
    for name in course.__all__:
        setattr(course, name, lambda *given: None)


def value_of(given):
    """Run what an answer needs of its page, and return what it gives to check."""
    page = {"__name__": "__page__", "__builtins__": __builtins__}
    for place, source in given["code"].items():
        name = f"<{place}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    for place, first, last in given["parts"]:
        lines = given["code"][place].split("\n")[first - 1 : last]
        exec(compile("\n" * (first - 1) + "\n".join(lines), f"<{place}>", "exec"), page)
    return eval(given["expression"], page)


def told(outcome):
    """Return an Outcome as plain data."""
    found = dict(vars(outcome))
    found["parts"] = {name: array_told(array) for name, array in outcome.parts.items()}
    return found


def array_told(array):
    if array.nbytes > 4 * MEGABYTE:
        raise ValueError("The result is larger than four megabytes")
    return {
        "dtype": array.dtype.str,
        "shape": array.shape,
        "data": base64.b64encode(array.tobytes()).decode(),
    }


def run_function(given):
    """Call an answer on all cases, and return what happened as plain data.

    given["callee"]    the name of another exercise whose function the answer calls: it is called in place of the answer
    given["finished"]  names of other exercises whose finished functions stand in place of the learner's
    """
    from course.checker.blame import exercises_called, with_finished
    from course.checker.page import is_finished_function
    from course.checker.trial import run

    exercise = exercise_of(given)
    function, fault = loaded(given)
    if fault:
        return {"fault": fault}
    calls, values = exercises_called(function, given.get("others", ()))
    function = values.get(given.get("callee"), function)
    function = with_finished(function, finished_functions(given.get("finished", ())))
    trial = run(exercise, function)
    names = ("refused", "idle", "own_name", "outside", "stopped")
    found = {name: getattr(trial, name) for name in names}
    found["outcomes"], found["again"] = [list(map(told, several)) for several in (trial.outcomes, trial.again)]
    found["printed"], found["rounds"] = trial.printed(0), trial.rounds
    found["finished"] = is_finished_function(exercise, function)
    found["calls"] = calls
    return found


def finished_functions(names):
    """Return {name: finished function} as the course has them, whatever a page has put in their places."""
    from course.checker.course import COURSE

    with COURSE.as_imported():
        return {name: COURSE.finished_function(name) for name in names}


def loaded(given):
    """Return (the answer, why it could not be loaded). Its page's code runs here, for some seconds at most."""
    from course.checker.errors import calls_of, describe_error, own_line
    from course.checker.guard import Printed, guarded

    found = []

    def work():
        try:
            found.append((value_of(given), ""))
        except BaseException as error:  # also SystemExit
            line = own_line(calls_of(error))
            found.append(
                (None, f"What it needs of its page raised {describe_error(error)}" + f" in {line}" * bool(line))
            )

    stopped = guarded(work, Printed())
    return found[-1] if found and not stopped else (None, stopped or "What it needs of its page does not end.")


def run_check(given):
    """Try an answer of the kind catch it, and return the finding as plain data."""
    from course.lessons import BANK, EXERCISES
    from course.marking.looks import looks_inside

    check, fault = loaded(given)
    if not fault and (word := looks_inside(check)):
        fault = f"Your check uses `{word}`. Judge a function by what it returns, not by what is written in it."
    return {"fault": fault} if fault else {"finding": list(EXERCISES[given["name"]].examine(check, BANK))}


def run_value(given):
    """Return a chosen number or name."""
    value, fault = loaded(given)
    if hasattr(value, "item") and getattr(value, "size", 2) == 1:
        value = value.item()
    if value is not None and not isinstance(value, (bool, int, float, str)):
        fault = fault or f"It is a {type(value).__name__}, not a number or a name."
    return {"fault": fault} if fault else {"value": value}


# An answer whose results are known. It is tried after each other one: where these have changed, the process is spoiled.
KNOWN = {
    "name": "known",
    "code": {
        "known": "import numpy as np\nimport rnn_helpers\n\n\ndef known(logits):\n"
        "    return rnn_helpers.softmax(np.array(logits)) * sum(map(abs, logits.tolist()))"
    },
    "parts": [("known", 1, 6)],
    "expression": "known",
    "signature": "(logits)",
    "returns": [],
    "in_place": [],
    "result": "numbers",
    "few_rounds": None,
}


def known_results():
    """Try the known answer, and return what happened, or what went wrong."""
    import numpy as np

    from course.checker.exercise import Case

    cases = [Case("one", (np.array([1.0, -2.0, 0.5]),), {"V": 3}), Case("two", (np.array([900.0, 3.0]),), {"V": 2})]
    packed = {"cases": cases, "after": None, "type": None}
    packed = {name: base64.b64encode(pickle.dumps(value)).decode() for name, value in packed.items()}
    try:
        return run_function(KNOWN | packed)
    except BaseException as error:
        return repr(error)


def goes_on():
    """Return whether something that an answer has begun goes on: a thread, or an alarm that is set.

    It may change at any later moment what all others need, and known_results tells only what has changed by now.
    """
    from course.checker.guard import Worker

    for thread in threading.enumerate():
        if isinstance(thread, Worker) and not thread.parked:
            thread.join(1)  # it is about to end, or it never does
    if threading.active_count() > 1:
        return True
    alarms = ("ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF")  # which Windows does not have
    return any(signal.getitimer(getattr(signal, name))[0] for name in alarms if hasattr(signal, name))


def is_spoiled(sound):
    """Return whether an answer has left behind what may harm those after it. sound: the known results as they were"""
    try:
        return goes_on() or known_results() != sound
    except BaseException:  # it has left so much that it cannot be found out
        return True


RUN = {"write": run_function, "repair": run_function, "catch it": run_check, "choose": run_value}


def main():
    start = json.loads(sys.stdin.readline())
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what an answer writes past its output does not get among the results

    def send(**found):
        channel.write(start["token"] + json.dumps(found) + "\n")
        channel.flush()

    os.chdir(start["workplace"])
    sys.path[:0] = [start["workplace"], ROOT]
    from course.checker import exercise, page, trial  # noqa: F401
    from course.lessons import cases, hand_over  # noqa: F401

    if start["whole"]:
        from course.lessons import bank  # noqa: F401
        from course.marking import looks  # noqa: F401
    silence_the_calls()

    sys.dont_write_bytecode = True  # what an answer imports must not look as if it wrote into a file
    missing = limit(start["megabytes"], start["seconds"])
    guard = Guard(start["workplace"], start["whole"])
    sound = known_results()
    send(ready=True, missing=missing)
    for line in sys.stdin:
        given = json.loads(line)
        guard.seen, guard.is_on = "", True
        try:
            found = RUN[given["kind"]](given)
        except MemoryError:
            found = {"fault": f"It takes more memory than an answer may have ({start['megabytes']} MB)."}
        except BaseException as error:
            found = {"fault": f"It cannot be tried ({type(error).__name__})."}
        guard.is_on = False
        send(exercise=given["name"], seen=guard.seen, spoiled=is_spoiled(sound), **found)


if __name__ == "__main__":
    main()
