"""Right answers to the exercises of lesson 11."""

import numpy as np

from right_answers import right


@right("linear_loop")
def _(f, b, h_prev):
    T, H = f.shape
    h = np.empty((T, H))
    for i in range(H):
        state = h_prev[i]
        for t in range(T):
            state = state * f[t, i] + b[t, i]
            h[t, i] = state
    return h


@right("linear_loop")
def _(f, b, h_prev):
    out = [f[0] * h_prev + b[0]]
    for t in range(1, len(f)):
        out += [f[t] * out[t - 1] + b[t]]
    return out


@right("linear_loop")
def _(f, b, h_prev):
    h = b.copy()
    h[0] += f[0] * h_prev
    for t in range(1, len(h)):
        h[t] += f[t] * h[t - 1]
    return h


@right("scan")
def _(f, b, h_prev):
    T = len(f)
    F, S = f, b
    step = 1
    while step < T:
        none, zero = np.ones((step, f.shape[1])), np.zeros((step, f.shape[1]))
        F_before, S_before = np.vstack([none, F])[:T], np.vstack([zero, S])[:T]
        F, S = F * F_before, F * S_before + S
        step *= 2
    return F * h_prev + S


@right("scan")
def _(f, b, h_prev):
    F = np.concatenate([np.zeros_like(f[:1]), f])
    S = np.concatenate([[h_prev], b])  # the state before, as step 0 that keeps nothing
    for power in range(int(np.ceil(np.log2(len(S))))):
        far = 2**power
        S[far:] += F[far:] * S[:-far].copy()
        F[far:] *= F[:-far].copy()
    return S[1:]


@right("scan")
def _(f, b, h_prev):
    if len(f) == 1:
        return f * h_prev + b
    even = len(f) // 2 * 2  # two neighbors make one step; then half as many steps are left
    pairs_f, pairs_b = f[1:even:2] * f[0:even:2], f[1:even:2] * b[0:even:2] + b[1:even:2]

    def states(f, b, h):
        rows = []
        for gate, new in zip(f, b):
            h = gate * h + new
            rows.append(h)
        return np.array(rows)

    h = np.empty_like(b)
    h[1:even:2] = states(pairs_f, pairs_b, h_prev)
    h[0] = f[0] * h_prev + b[0]
    h[2::2] = f[2::2] * h[1:-1:2] + b[2::2]
    return h


@right("scan_backward")
def _(dh_from_output, f, hidden):
    g = np.array(dh_from_output)
    for t in range(len(g) - 1, 0, -1):
        g[t - 1] += f[t] * g[t]
    return g * hidden[:-1], g


@right("scan_backward")
def _(dh_from_output, f, hidden):
    T = len(f)
    db = [
        sum(dh_from_output[s] * np.prod(f[t + 1 : s + 1], axis=0) for s in range(t, T))  # all paths, one by one
        for t in range(T)
    ]
    return [db[t] * hidden[t] for t in range(T)], db


@right("as_matrix")
def _(f):
    T = len(f)
    M = np.eye(T)
    for k in range(T):
        for t in range(k + 1, T):
            M[t, k] = M[t - 1, k] * f[t]
    return M


@right("as_matrix")
def _(f):
    T = len(f)
    later, earlier = np.arange(T)[:, None, None], np.arange(T)[None, :, None]
    step = np.arange(T)
    between = (step > earlier) & (step <= later)
    return np.tril(np.where(between, f, 1.0).prod(axis=-1))


@right("as_matrix")
def _(f):
    rows = []
    row = np.zeros(len(f))
    for t, gate in enumerate(f):
        row = row * gate
        row[t] = 1
        rows.append(row)
    return rows


@right("attention_backward")
def _(do, q, k, v, weights):
    T, H = q.shape
    dq, dk, dv = np.zeros((T, H)), np.zeros((T, H)), np.zeros((T, H))
    for t in range(T):
        dw = [do[t] @ v[s] for s in range(T)]
        mean = sum(weights[t, s] * dw[s] for s in range(T))
        for s in range(t + 1):
            slope = weights[t, s] * (dw[s] - mean) / np.sqrt(H)
            dq[t] += slope * k[s]
            dk[s] += slope * q[t]
            dv[s] += weights[t, s] * do[t]
    return dq, dk, dv


@right("attention_backward")
def _(do, q, k, v, weights):
    o = weights @ v
    scores = weights * (do @ v.T - (do * o).sum(axis=1)[:, None])  # the mean is do times o
    scores *= q.shape[1] ** -0.5
    return np.einsum("ts,sh->th", scores, k), np.einsum("ts,th->sh", scores, q), np.einsum("ts,th->sh", weights, do)
