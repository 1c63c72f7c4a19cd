"""Does training keep its speed while other programs keep all cores but one busy?

A fresh process, without settings for threads in its environment, imports NumPy and then the course, as the pages do,
and trains 8 streams, alone and beside busy processes in turn. The ratio is the answer. With --old-threads, it does the
same with as many threads as there are cores, NumPy's default, which the course avoids by setting one.
"""

import multiprocessing
import os
import subprocess
import sys
from contextlib import contextmanager

import common
from common import ROOT, np, spread

LEARNER = """
import sys, time
import numpy as np
from course import engine
from rnn_helpers import load_corpus

corpus, epochs = load_corpus(sys.argv[1]), int(sys.argv[2])
started = time.perf_counter(), time.process_time()
run = engine.train(corpus, 75, 50, 0.001, epochs, streams=8, optimizer="adam", progress=False)
took, worked = time.perf_counter() - started[0], time.process_time() - started[1]
print(took / (len(run.losses) * 50 * 8) * 1e6, worked / took)
"""
UNTOUCHED = {name: value for name, value in os.environ.items() if not name.endswith("_THREADS")}
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [None] * (os.cpu_count() or 1)


def train_once(threads, text, epochs):
    """Train in a fresh process. Return microseconds per character, and the number of cores it kept busy."""
    command = [sys.executable, "-c", LEARNER, text, str(epochs)]
    done = subprocess.run(command, env=UNTOUCHED | threads, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return tuple(map(float, done.stdout.split()))


def keep_busy(begun, core):
    """Keep one thread busy, on one core where the system allows a choice, until the parent ends."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    matrix = np.full((200, 200), 0.001)
    begun.wait()
    while multiprocessing.parent_process().is_alive():
        sum(number * number for number in range(10_000))
        matrix @ matrix


@contextmanager
def busy_cores(cores):
    """Keep these cores busy in the with block."""
    spawn = multiprocessing.get_context("spawn")
    begun = spawn.Barrier(len(cores) + 1)
    processes = [spawn.Process(target=keep_busy, args=(begun, core), daemon=True) for core in cores]
    try:
        for process in processes:
            process.start()
        begun.wait(60)
        yield
    finally:
        for process in processes:
            process.terminate()
            process.join()


if __name__ == "__main__":
    more = {"--old-threads": {"action": "store_true", "help": "also with NumPy's default threads, as many as cores"}}
    more |= {"--rounds": {"type": int, "default": 7, "help": "how many rounds (7)"}}
    choice = common.start(__doc__, more, one_core=False)
    contestants = {"the course": {}}
    if choice.old_threads:
        contestants["NumPy's default threads"] = dict.fromkeys(common.THREADS, str(len(CORES)))
    text, epochs, rounds = ("data/README.md", 1, 1) if choice.quick else (common.sonnets().name, 2, choice.rounds)
    busy = CORES[1 : 2 if choice.quick else None] or CORES  # all but one
    times, used = np.empty((2, len(contestants), 2, rounds))  # quiet, busy
    for turn in range(rounds):
        for k, threads in enumerate(contestants.values()):
            times[k, 0, turn], used[k, 0, turn] = train_once(threads, text, epochs)
            with busy_cores(busy):
                times[k, 1, turn], used[k, 1, turn] = train_once(threads, text, epochs)
    rows = []
    for name, (quiet, beside), (cores, _) in zip(contestants, times, used):
        rows.append([name, spread(quiet), spread(beside), spread(beside / quiet), f"{np.median(cores):.1f}"])
    head = ["", "us per character, quiet", "us per character, busy", "busy / quiet", "cores it used, quiet"]
    title = f"8 streams, H = 75, T = 50; busy: {len(busy)} of {len(CORES)} cores; rounds: {rounds}; median (25-75 %)"
    common.print_table(title, head, rows)
