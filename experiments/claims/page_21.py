"""The general claims of page 21, each on a text of your choice: how fast twins part, and what one run is worth."""

import functools
import itertools
import math
import os
import subprocess
import sys

import numpy as np

from course.base.place import ROOT
from course.engine import adam_step
from experiments.claims.__main__ import texts
from experiments.page_runs import adam_steps, fan_in_start, nudged_start, third
from rnn_helpers import Parameters, backward_pass, chunks, forward_pass, initialize_parameters, load_corpus

NUDGED = (0, 1, 2)  # the weights W_hh[0, k] that are larger by a billionth, in one twin each
RATES = (0.006, 0.004)
# With these settings a processor that knows AVX2 or AVX-512 adds in another order.
OTHER_ORDER = {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL"}


@functools.cache
def losses_and_weights(text, seed, nudged, rate, steps=601):
    """Train with Adam; return the loss of each step, and all parameters before each step, a row each."""
    network = initialize_parameters(75, text.vocab_size, np.random.default_rng(seed), "fan_in")
    if nudged is not None:
        network.W_hh[0, nudged] += 1e-9
    return adam_steps(network, rate, text, steps)


def exponents(text, seed, rate, steps):
    """Return the exponent of three pairs of twins."""
    one, found = losses_and_weights(text, seed, None, rate)[1][steps], []
    for nudged in NUDGED:
        two = losses_and_weights(text, seed, nudged, rate)[1][steps]
        found.append(math.log(np.linalg.norm(one - two) / 1e-9) / steps)
    return np.array(found)


def with_error(values):
    return np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values))


def long_steps_part_faster(text, seed):
    return with_error(exponents(text, seed, 0.02, 50) - exponents(text, seed, 0.004, 50))


def short_steps_are_calm(text, seed):
    return with_error(0.01 - exponents(text, seed, 0.004, 600))


def become_two_networks(text, seed):
    """How far the twins are apart after 600 long steps, beside a distance of 1."""
    one = losses_and_weights(text, seed, None, 0.02)[1][600]
    distances = [np.linalg.norm(one - losses_and_weights(text, seed, nudged, 0.02)[1][600]) for nudged in NUDGED]
    return with_error(np.array(distances) - 1)


@functools.cache
def last_loss(text, start, rate):
    """Return the mean of the last 100 losses. The weights, which take much memory, are not kept."""
    network = initialize_parameters(75, text.vocab_size, np.random.default_rng(start), "fan_in")
    return adam_steps(network, rate, text)[0][-100:].mean()


def leads(text, starts):
    """Return by how much the rate 0.004 is ahead of 0.006 at the end, from each start."""
    return np.subtract(*[[last_loss(text, start, rate) for start in starts] for rate in RATES])


def smaller_rate_is_ahead(text, seed):
    """Four starts of their own for each seed, paired."""
    return with_error(leads(text, range(4 * seed, 4 * seed + 4)))


def twelve_starts():
    found = {}
    for name, text in texts().items():
        lead, error = with_error(leads(text, range(12)))
        found |= {f"lead of 0.004, {name}": lead, f"its standard error, {name}": error}
    return found


def other_starts_at_the_long_rate(starts=8):
    """How far apart are the last losses at the rate 0.02 if only the start differs, beside data/nudges.csv?"""
    last = [last_loss(load_corpus("sonnets"), start, 0.02) for start in range(starts)]
    return {"standard deviation": np.std(last, ddof=1), "mean": np.mean(last)}


def as_arrays(part):
    """Return the arrays of Parameters, or a state alone: views, so that what is written into them stays."""
    return [part] if isinstance(part, np.ndarray) else part


def pulled_back(steps=600, first=1e-9, farthest=1e-6):
    """The exponent over 600 steps at the rate 0.02: a twin that is too far is pulled back to its first distance, with
    its averages and its state. Source: Benettin and others, 1980."""
    found = {}
    for start in range(5):
        nets = [fan_in_start(start), nudged_start(75, third().vocab_size, np.random.default_rng(start), "fan_in")]
        # of both: the parameters, Adam's two averages, and the state
        both = [[net, *[Parameters(*map(np.zeros_like, net)) for _ in range(2)], np.zeros(75)] for net in nets]
        grown = 0.0
        for step, (inputs, targets) in enumerate(chunks(third().ids, 50)[:steps], 1):
            for one in both:
                forward = forward_pass(inputs, targets, one[3], one[0])
                adam_step(one[0], backward_pass(inputs, targets, one[0], forward), one[1], one[2], step, 0.02)
                one[3] = forward.hidden[-1]
            distance = np.sqrt(sum(((a - b) ** 2).sum() for a, b in zip(both[0][0], both[1][0])))
            if distance > farthest:
                grown += math.log(distance / first)
                for part, of_twin in zip(*both):
                    for a, b in zip(as_arrays(part), as_arrays(of_twin)):
                        b[...] = a + first / distance * (b - a)
                distance = first
        found[f"start {start}"] = (grown + math.log(distance / first)) / steps
    return found


def raised(steps=600):
    """How many steps at the rate 0.02 raise the loss of their own sequence?"""
    found = {}
    for start in range(5):
        network = fan_in_start(start)
        m, v = [Parameters(*map(np.zeros_like, network)) for _ in range(2)]
        h, count = np.zeros(75), 0
        for step, (inputs, targets) in enumerate(chunks(third().ids, 50)[:steps], 1):
            forward = forward_pass(inputs, targets, h, network)
            adam_step(network, backward_pass(inputs, targets, network, forward), m, v, step, 0.02)
            count += forward_pass(inputs, targets, h, network).loss > forward.loss
            h = forward.hidden[-1]
        found[f"start {start}, of {steps}"] = count
    return found


def losses_of(start, rate):
    return adam_steps(fan_in_start(start), rate, third())[0]


def two_settings():
    """For how many of 601 steps does a process that adds in another order have the same losses, to three decimals?"""
    found = {}
    for rate, start in itertools.product((0.004, 0.02), range(5)):
        code = "import sys; from experiments.claims.page_21 import losses_of; "
        code += f"sys.stdout.buffer.write(losses_of({start}, {rate}).tobytes())"
        settings = {"cwd": ROOT, "env": os.environ | OTHER_ORDER, "stdout": subprocess.PIPE, "check": True}
        second = np.frombuffer(subprocess.run([sys.executable, "-c", code], **settings).stdout)
        apart = np.flatnonzero(np.abs(losses_of(start, rate) - second) >= 0.0005)
        found[f"rate {rate}, start {start}"] = apart[0] if apart.size else len(second)
    return found


CLAIMS = {
    "rate 0.02: the exponent is larger by": long_steps_part_faster,
    "rate 0.004: the exponent is below 0.01 by": short_steps_are_calm,
    "rate 0.02, after 600 steps: above 1 by": become_two_networks,
    "rate 0.004 is ahead of 0.006 by, nats": smaller_rate_is_ahead,
}
ASIDES = {
    "the rates 0.004 and 0.006, twelve starts": twelve_starts,
    "rate 0.02, the last loss from eight starts": other_starts_at_the_long_rate,
    "rate 0.02, the exponent over 600 steps": pulled_back,
    "rate 0.02, steps that raise the loss of their own sequence": raised,
    "two settings of one processor, steps with the same losses": two_settings,
}
