"""What page 16 mentions in passing: a GRU that recalls, one text at a time."""

from experiments.page_runs import percent_recalled


def one_at_a_time():
    """Return the percentages that a GRU of 64 units gets right, from three starts, at the best of four rates."""
    tried = {rate: percent_recalled(64, 8, 6, rate, 0, streams=1) for rate in (0.0025, 0.005, 0.01, 0.02)}
    best = max(tried, key=tried.get)
    starts = {f"start {seed}": percent_recalled(64, 8, 6, best, seed, streams=1) for seed in (1, 2)}
    return {f"rate {rate}, start 0": percent for rate, percent in tried.items()} | starts


ASIDES = {"a GRU that reads one text at a time": one_at_a_time}
