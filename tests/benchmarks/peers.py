"""How much faster or slower is the engine of the course than the same training in PyTorch, JAX and C?

With --scaling: the same for other hidden sizes and several streams, PyTorch and JAX only. Each peer is optional: a line
says which one is left out, and why. Times are in microseconds per character of training, on one core.
"""

import ctypes
import os
import platform
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

import common
from common import RATE, initial, make_sequences, make_text, np, print_table, prove_equal, take_turns

T, V = 100, 43  # for --scaling
WIDTHS, STREAMS = (50, 100, 200, 400, 800), (1, 8, 32)


class Missing(Exception):
    """Raised with the reason why this computer does not have a peer."""


def with_torch(parameters, learning_rate):
    """Train with eager PyTorch: nn.RNN and nn.Linear, cross_entropy, backward, SGD."""
    try:
        import torch
    except ImportError:
        raise Missing("PyTorch is not installed") from None
    torch.set_num_threads(1)
    H, V = parameters.W_xh.shape
    values = [torch.from_numpy(value.copy()) for value in parameters]
    dtype = values[0].dtype
    rnn, head = torch.nn.RNN(V, H, dtype=dtype), torch.nn.Linear(H, V, dtype=dtype)
    with torch.no_grad():
        rnn.weight_ih_l0[:], rnn.weight_hh_l0[:], head.weight[:], rnn.bias_ih_l0[:], head.bias[:] = values
        rnn.bias_hh_l0.zero_()
    rnn.bias_hh_l0.requires_grad_(False)  # a second hidden bias would double that bias's learning rate
    optimizer = torch.optim.SGD([*rnn.parameters(), *head.parameters()], lr=learning_rate)
    one_hot, h = torch.eye(V, dtype=dtype), None

    def run(inputs, targets):
        nonlocal h
        losses = []
        for x, y in zip(torch.from_numpy(inputs.astype(np.int64)), torch.from_numpy(targets.astype(np.int64))):
            optimizer.zero_grad()
            states, h = rnn(one_hot[x], h)
            loss = torch.nn.functional.cross_entropy(head(states).view(-1, V), y.reshape(-1), reduction="sum")
            loss.backward()
            optimizer.step()
            h = h.detach()
            losses.append(loss.item())
        return losses

    return run


def with_jax(parameters, learning_rate, per_call=1):
    """Train with JAX: per_call sequences in each compiled call, gradients by jax.value_and_grad."""
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    try:
        import jax
    except ImportError:
        raise Missing("JAX is not installed") from None
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy

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

    if per_call == 1:
        train = jax.jit(step, donate_argnums=0)
    else:
        train = jax.jit(lambda state, sequences: jax.lax.scan(step, state, sequences), donate_argnums=0)
    state = None

    def run(inputs, targets):
        nonlocal state
        if state is None:
            shape = (*inputs.shape[2:], len(parameters.W_hh))
            state = jax.tree.map(jnp.array, (parameters, np.zeros(shape, parameters.W_hh.dtype)))
        losses = []
        for k in range(0, len(inputs), per_call):
            part = slice(k, k + per_call) if per_call > 1 else k
            state, loss = train(state, (inputs[part], targets[part]))
            losses.extend(np.atleast_1d(loss).tolist())  # waits for the loss, as training must
        return losses

    return run


C_SOURCE = r"""
// Trains one stream. H, V, T and REAL are given on the command line. Rows are padded to whole vectors of 64 bytes.
#include <math.h>
#include <string.h>
#define W (64 / (int)sizeof(REAL))
#define PAD(n) (((n) + W - 1) / W * W)
enum { HP = PAD(H), VP = PAD(V), TP = (T + 3) / 4 * 4, MAX = 6 };
typedef REAL vec __attribute__((vector_size(64)));
#define AT(p) (*(vec *)(p))
#define INLINE static inline __attribute__((always_inline))

struct State { REAL wxh[VP][HP], whh[HP][HP], why[VP][HP], bh[HP], by[VP], h[HP]; };
static REAL whhT[HP][HP] __attribute__((aligned(64))), whyT[HP][VP] __attribute__((aligned(64)));
static REAL hid[TP + 1][HP] __attribute__((aligned(64))), prob[TP][VP] __attribute__((aligned(64)));
static REAL da[TP][HP] __attribute__((aligned(64)));

// R rows and N vectors of: out += scale * A B, where A[r][k] = a[r * ar + k * ak]. Sums stay in registers.
INLINE void tile(int R, int N, int K, const REAL *a, int ar, int ak, const REAL *b, int bk, REAL *out, int o, REAL s) {
  vec sum[4][MAX];
  for (int r = 0; r < R; r++) for (int n = 0; n < N; n++) sum[r][n] = (vec){0};
  for (int k = 0; k < K; k++)
    _Pragma("GCC unroll 4") for (int r = 0; r < R; r++)
      _Pragma("GCC unroll 6") for (int n = 0; n < N; n++)
        sum[r][n] += a[r * ar + k * ak] * AT(b + k * bk + n * W);
  for (int r = 0; r < R; r++) for (int n = 0; n < N; n++) AT(out + r * o + n * W) += s * sum[r][n];
}

// The whole product: M rows in fours, `columns` in blocks of up to MAX vectors.
INLINE void product(int M, int columns, int K, const REAL *a, int ar, int ak, const REAL *b, int bk,
                    REAL *out, int o, REAL s) {
  for (int n = 0; n < columns / W / MAX * MAX; n += MAX)
    for (int m = 0; m < M; m += 4)
      tile(4, MAX, K, a + m * ar, ar, ak, b + n * W, bk, out + m * o + n * W, o, s);
  int rest = columns / W % MAX, n = columns / W - rest;
  if (rest) for (int m = 0; m < M; m += 4)
    tile(4, rest, K, a + m * ar, ar, ak, b + n * W, bk, out + m * o + n * W, o, s);
}

// out += M x for a vector x of K numbers, M stored by columns.
INLINE void matvec(int K, const REAL *matrix, const REAL *x, REAL *out) {
  enum { BLOCK = 10, FULL = HP / W / BLOCK * BLOCK, REST = HP / W - FULL };
  for (int n = 0; n < FULL; n += BLOCK) {
    vec sum[BLOCK];
    for (int i = 0; i < BLOCK; i++) sum[i] = AT(out + (n + i) * W);
    for (int k = 0; k < K; k++)
      _Pragma("GCC unroll 10") for (int i = 0; i < BLOCK; i++) sum[i] += x[k] * AT(matrix + k * HP + (n + i) * W);
    for (int i = 0; i < BLOCK; i++) AT(out + (n + i) * W) = sum[i];
  }
  if (REST) {
    vec sum[REST + 1];
    for (int i = 0; i < REST; i++) sum[i] = AT(out + (FULL + i) * W);
    for (int k = 0; k < K; k++)
      _Pragma("GCC unroll 10") for (int i = 0; i < REST; i++) sum[i] += x[k] * AT(matrix + k * HP + (FULL + i) * W);
    for (int i = 0; i < REST; i++) AT(out + (FULL + i) * W) = sum[i];
  }
}

static double sequence(struct State *s, const int *x, const int *y, REAL rate) {
  for (int i = 0; i < HP; i++) for (int j = 0; j < HP; j++) whhT[j][i] = s->whh[i][j];
  for (int i = 0; i < VP; i++) for (int j = 0; j < HP; j++) whyT[j][i] = s->why[i][j];
  memcpy(hid[0], s->h, sizeof s->h);
  for (int t = 0; t < T; t++) {
    REAL *a = hid[t + 1];
    for (int i = 0; i < HP; i++) a[i] = s->wxh[x[t]][i] + s->bh[i];
    matvec(H, whhT[0], hid[t], a);
    for (int i = 0; i < HP; i++) a[i] = 1 - 2 / (EXP(2 * a[i]) + 1);  // tanh
  }
  memcpy(s->h, hid[T], sizeof s->h);

  double loss = 0;
  for (int t = 0; t < TP; t++) memcpy(prob[t], s->by, sizeof s->by);
  product(TP, VP, H, hid[1], HP, 1, whyT[0], VP, prob[0], VP, 1);
  for (int t = 0; t < T; t++) {
    REAL largest = prob[t][0], sum = 0;
    for (int v = 1; v < V; v++) largest = prob[t][v] > largest ? prob[t][v] : largest;
    for (int v = 0; v < VP; v++) prob[t][v] = EXP(prob[t][v] - largest);
    for (int v = 0; v < V; v++) sum += prob[t][v];
    for (int v = 0; v < V; v++) prob[t][v] /= sum;
    for (int v = V; v < VP; v++) prob[t][v] = 0;
    loss -= log(prob[t][y[t]]);
    prob[t][y[t]] -= 1;
  }

  memset(da, 0, sizeof da);
  product(TP, HP, V, prob[0], VP, 1, s->why[0], HP, da[0], HP, 1);
  for (int t = T - 1; t >= 0; t--) {
    if (t < T - 1) matvec(H, s->whh[0], da[t + 1], da[t]);
    for (int i = 0; i < HP; i++) da[t][i] *= 1 - hid[t + 1][i] * hid[t + 1][i];
  }
  product(HP, HP, T, da[0], 1, HP, hid[0], HP, s->whh[0], HP, -rate);  // the step, -rate times the gradient
  product(VP, HP, T, prob[0], 1, VP, hid[1], HP, s->why[0], HP, -rate);
  for (int t = 0; t < T; t++) {
    for (int i = 0; i < HP; i++) s->wxh[x[t]][i] -= rate * da[t][i];
    for (int i = 0; i < HP; i++) s->bh[i] -= rate * da[t][i];
    for (int v = 0; v < VP; v++) s->by[v] -= rate * prob[t][v];
  }
  return loss;
}

void train(struct State *s, int n, const int *x, const int *y, double rate, double *losses) {
  for (int k = 0; k < n; k++) losses[k] = sequence(s, x + k * T, y + k * T, (REAL)rate);
}
"""


def compile_c(H, V, T, dtype, folder):
    """Compile C_SOURCE for these sizes, and return its function train."""
    compiler = next(filter(None, map(shutil.which, ["cc", "gcc", "clang"])), None)
    if compiler is None:
        raise Missing("there is no C compiler (cc, gcc or clang)")
    source, library = Path(folder) / "rnn.c", Path(folder) / "rnn.so"
    source.write_text(C_SOURCE, encoding="utf-8")
    real, exp = ("double", "exp") if dtype == np.float64 else ("float", "expf")
    command = [compiler, "-O3", "-march=native", "-ffast-math", "-shared", "-fPIC", source, "-o", library, "-lm"]
    command += [f"-DH={H}", f"-DV={V}", f"-DT={T}", f"-DREAL={real}", f"-DEXP={exp}"]
    if platform.machine() in ("x86_64", "AMD64"):
        command.append("-mprefer-vector-width=512")
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"{compiler} failed: {(done.stderr.strip().splitlines() or ['without a message'])[0]}")
    return ctypes.CDLL(str(library)).train


def with_c(parameters, learning_rate):
    """Train with C, compiled for exactly these sizes, with vectors and fast math: the practical limit. One stream."""
    H, V = parameters.W_xh.shape
    dtype = parameters.W_hh.dtype
    width = 64 // dtype.itemsize
    h_pad, v_pad = -H % width, -V % width
    parts = [
        np.pad(parameters.W_xh.T, [(0, v_pad), (0, h_pad)]),
        np.pad(parameters.W_hh, [(0, h_pad), (0, h_pad)]),
        np.pad(parameters.W_hy, [(0, v_pad), (0, h_pad)]),
        np.pad(parameters.b_h, (0, h_pad)),
        np.pad(parameters.b_y, (0, v_pad)),
        np.zeros(H + h_pad),
    ]
    values = np.concatenate([part.ravel() for part in parts]).astype(dtype)
    memory = np.empty(values.nbytes + 64, np.uint8)  # vectors must begin at multiples of 64 bytes
    state = memory[-memory.ctypes.data % 64 :][: values.nbytes].view(dtype)
    state[:] = values
    train = None

    def run(inputs, targets):
        nonlocal train
        if train is None:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                train = compile_c(H, V, inputs.shape[1], dtype, folder)
        x, y = np.ascontiguousarray(inputs, np.int32), np.ascontiguousarray(targets, np.int32)
        losses = np.empty(len(x))
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in (state, x, y, losses)]
        train(pointers[0], len(x), pointers[1], pointers[2], ctypes.c_double(learning_rate), pointers[3])
        return losses.tolist()

    return run


# ---------------------------------------------------------------- what is measured

PEERS = {
    "PyTorch": with_torch,
    "JAX": with_jax,
    "JAX, 20 sequences a call": partial(with_jax, per_call=20),
    "C": with_c,
}


def find(names):
    """Return the peers that work here. Print a line for each one that does not, with the reason."""
    found = {}
    for name in names:
        try:
            PEERS[name](initial(8, 8), RATE)(*make_sequences(make_text(101, 8).ids, 5))
        except Missing as reason:
            print(f"{name} is left out: {reason}.", flush=True)
        else:
            found[name] = PEERS[name]
    return found


def scaling(quick):
    """Print a table of hidden sizes and streams for each dtype."""
    contestants = {"the course": common.with_course} | find(["PyTorch", "JAX"])
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


if __name__ == "__main__":
    switch = {"--scaling": {"action": "store_true", "help": "other hidden sizes, and several streams"}}
    choice = common.start(__doc__, switch)
    if choice.scaling:
        scaling(choice.quick)
    else:
        contestants = {"2019 style": common.with_2019_style, "the course": common.with_course} | find(PEERS)
        common.compare(contestants, choice.quick)
