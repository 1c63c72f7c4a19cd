"""How much faster or slower is the engine of the course than the same training in JAX? The numbers of page 20.

For several hidden sizes, and one or several streams. Times are in microseconds per character of training, on one core.
"""

import os

from experiments.benchmarks import common
from experiments.benchmarks.common import (
    RATE,
    initial,
    make_sequences,
    make_text,
    np,
    print_table,
    prove_equal,
    take_turns,
)

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
try:
    import jax
except ImportError:
    raise SystemExit("This needs JAX: python -m pip install -r requirements-scale.txt") from None
jax.config.update("jax_enable_x64", True)
jnp = jax.numpy

T, V = 100, 43
WIDTHS, STREAMS = (50, 100, 200, 400, 800), (1, 8, 32)


def with_jax(parameters, learning_rate):
    """Train with JAX: one compiled call for each sequence, gradients by jax.value_and_grad."""

    def loss_of(p, h, x, y):
        def cell(h, from_input):
            h = jnp.tanh(from_input + h @ p.W_hh.T)
            return h, h

        h, states = jax.lax.scan(cell, h, p.W_xh.T[x] + p.b_h)
        log_probs = jax.nn.log_softmax(states @ p.W_hy.T + p.b_y)
        return -jnp.take_along_axis(log_probs, y[..., None], -1).sum(), h

    def step(state, sequence):
        p, h = state
        (loss, h), gradients = jax.value_and_grad(loss_of, has_aux=True)(p, h, *sequence)
        return (jax.tree.map(lambda value, gradient: value - learning_rate * gradient, p, gradients), h), loss

    train = jax.jit(step, donate_argnums=0)
    state = None

    def run(inputs, targets):
        nonlocal state
        if state is None:
            shape = (*inputs.shape[2:], len(parameters.W_hh))
            state = jax.tree.map(jnp.array, (parameters, np.zeros(shape, parameters.W_hh.dtype)))
        losses = []
        for sequence in zip(inputs, targets):
            state, loss = train(state, sequence)
            losses.append(float(loss))  # waits for the loss, as training must
        return losses

    return run


if __name__ == "__main__":
    quick = common.start(__doc__, {}).quick
    contestants = {"the course": common.with_course, "JAX": with_jax}
    rounds, seconds, widths = (3, 0.001, (8,)) if quick else (9, 0.05, WIDTHS)
    for dtype in ("float64", "float32"):
        rows = []
        for B in STREAMS[:2] if quick else STREAMS:
            for H in widths:
                parameters = initial(H, V, dtype)
                inputs, targets = make_sequences(make_text(B * (20 * T + 1), V).ids, T, B)
                prove_equal(contestants, inputs[:3], targets[:3], parameters, RATE / B)
                runs = [make(parameters, RATE / B) for make in contestants.values()]
                times = take_turns(runs, inputs, targets, rounds, seconds)
                middle, ratios = np.median(times, axis=0), np.median(times / times[:, :1], axis=0)
                rows.append([f"H = {H}, B = {B}", *[f"{value:.2f}" for value in [*middle, *ratios[1:]]]])
        head = [dtype, *contestants, *[f"{name} / the course" for name in list(contestants)[1:]]]
        print_table(f"us per character, T = {T}, V = {V}, {dtype}; {rounds} rounds, median", head, rows)
