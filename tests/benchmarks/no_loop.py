"""When is a scan faster than the loop?

One linear recurrence, forward and back, both ways in turn, on one core. Page 15 says why the scan makes fewer passes
and does more work. A ratio above 1: the scan is slower. The results of both must agree to 1e-12 before any timing.
"""

import sys
import time

import common
from common import ROOT, np, print_table, spread

sys.path.insert(0, str(ROOT / "notebooks"))
from course.models.no_loop import linear_loop, scan, scan_backward

SIZES = [(50, 1, 75), (50, 8, 75), (200, 1, 75), (1024, 1, 75), (1024, 8, 75), (1024, 1, 1)]  # T, B, H


def forward_and_back(recurrence, f, b, h_prev, dh):
    """Return the states and the slopes of f and b."""
    states = recurrence(f, b, h_prev)
    return states, *scan_backward(dh, f, np.concatenate([h_prev[None], states]), recurrence)


def race(T, B, H, rounds, seconds):
    """Return microseconds of a loop and of a scan, forward and back, (rounds, 2)."""
    rng = np.random.default_rng(0)
    f, b, dh = rng.uniform(0, 1, (T, B, H)), *rng.normal(size=(2, T, B, H))
    given, times = (f, b, rng.normal(size=(B, H)), dh), np.empty((rounds, 2))
    for by_loop, by_scan in zip(*[forward_and_back(one, *given) for one in (linear_loop, scan)]):
        if not np.abs(by_loop - by_scan).max() < 1e-12:
            raise SystemExit("Loop and scan differ: no timing makes sense.")
    for turn in range(rounds):
        for k, recurrence in enumerate((linear_loop, scan)):
            count, started = 0, time.perf_counter()
            while count == 0 or time.perf_counter() - started < seconds:
                forward_and_back(recurrence, *given)
                count += 1
            times[turn, k] = (time.perf_counter() - started) / count * 1e6
    return times


def main():
    """Print one row for each size."""
    choice = common.start(__doc__, {})
    rounds, seconds = (3, 0.001) if choice.quick else (30, 0.03)
    rows = []
    for T, B, H in SIZES:
        times = race(T, B, H, rounds, seconds)
        passes = str(int(np.ceil(np.log2(T))))
        rows.append(
            [
                f"T = {T}, B = {B}, H = {H}",
                passes,
                *[spread(one, 0) for one in times.T],
                spread(times[:, 1] / times[:, 0]),
            ]
        )
    head = ["", "passes", "loop, us", "scan, us", "scan / loop"]
    print_table(f"A linear recurrence, forward and back; {rounds} rounds: median (25-75 %)", head, rows)


if __name__ == "__main__":
    main()
