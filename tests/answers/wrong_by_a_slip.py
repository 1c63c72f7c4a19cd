"""Wrong answers for the tests of the diagnosis from the source, each with what is to be said of it."""

# The kind of a slip -> (exercise, code, message).
ONE = {
    "sign": (
        "softmax",
        """
        def softmax(logits):
            e = np.exp(logits + np.max(logits, axis=-1, keepdims=True))
            return e / np.sum(e, axis=-1, keepdims=True)
        """,
        "Line 2: look at `+ np.max(logits, axis=-1, keepdims=True)`: the sign.",
    ),
    "operator": (
        "rnn_step",
        """
        def rnn_step(char_id, h_prev, parameters):
            W_xh, W_hh, W_hy, b_h, b_y = parameters
            return np.tanh(W_xh[:, char_id] + W_hh * h_prev + b_h)
        """,
        "Line 3: look at `W_hh * h_prev`: the operation.",
    ),
    "axis": (
        "softmax",
        """
        def softmax(logits):
            e = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
            return e / np.sum(e, axis=0, keepdims=True)
        """,
        "Line 3: look at `axis=0`: the axis.",
    ),
    "index by one": (
        "hidden_gradients",
        """
        def hidden_gradients(dh_from_output, hidden, parameters):
            da, later = np.zeros_like(dh_from_output), 0
            for t in range(len(da) - 1, -1, -1):
                da[t] = (1 - hidden[t + 1] ** 2) * (dh_from_output[t - 1] + later)
                later = da[t] @ parameters.W_hh
            return da
        """,
        "Line 4: look at `dh_from_output[t - 1]`: the index.",
    ),
    "transpose": (
        "backward_pass",
        """
        def backward_pass(inputs, targets, parameters, forward):
            d = forward.probs.copy()
            d[np.arange(len(targets)), targets] -= 1
            da = hidden_gradients(d @ parameters.W_hy.T, forward.hidden, parameters)
            dW_xh, dW_hh, db_h = weight_gradients(inputs, forward.hidden, da, len(parameters.b_y))
            return Parameters(dW_xh, dW_hh, d.T @ forward.hidden[1:], db_h, d.sum(axis=0))
        """,
        "Line 4: look at `d @ parameters.W_hy.T`: rows and columns.",
    ),
    "dropped term": (
        "draw",
        """
        def draw(probs, u):
            ends = np.cumsum(probs)
            found = int(np.searchsorted(ends, u * len(ends), side="right"))
            return min(found, len(ends) - 1)
        """,
        "Line 3: look at `* len(ends)`: is it needed?",
    ),
    "added term": (
        "count_parameters",
        """
        def count_parameters(hidden_size, vocab_size):
            matrices = hidden_size * (2 * vocab_size + hidden_size)
            return matrices + hidden_size + vocab_size + 3
        """,
        "Line 3: look at `+ 3`: is it needed?",
    ),
    "missing call": (
        "output_probs",
        """
        def output_probs(h, parameters):
            scores = parameters.W_hy @ h + parameters.b_y
            return scores / scores.sum()
        """,
        "Line 2: look at `parameters.W_hy @ h + parameters.b_y`: something is missing there.",
    ),
    "swapped names": (
        "adam_step",
        """
        def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
            for p, g, mean, square in zip(parameters, gradients, m, v):
                mean[...] = beta1 * mean + (1 - beta1) * g
                square[...] = beta2 * square + (1 - beta2) * g**2
                fair = mean / (1 - beta1**step)
                root = np.sqrt(mean / (1 - beta2**step))
                p -= learning_rate * fair / (root + epsilon)
        """,
        "Line 6: look at `mean`: is that the one that belongs there?",
    ),
    "dtype": (
        "weight_gradients",
        """
        def weight_gradients(inputs, hidden, da, vocab_size):
            db_h = np.zeros(da.shape[1], dtype=int)
            for row in da:
                db_h = db_h + row
            dW_xh = np.zeros((da.shape[1], vocab_size), dtype=int)
            for t, char_id in enumerate(inputs):
                dW_xh[:, char_id] = dW_xh[:, char_id] + da[t]
            return dW_xh, da.T @ hidden[:-1], db_h
        """,
        "Line 5: look at `np.zeros((da.shape[1], vocab_size), dtype=int)`: the type of its numbers.",
    ),
    "parentheses": (
        "apply_temperature",
        """
        def apply_temperature(logits, temperature):
            scores = logits - logits.max() / temperature
            e = np.exp(scores)
            return e / e.sum()
        """,
        "Line 2: look at `logits - logits.max() / temperature`: what is done first?",
    ),
    "return moved": (
        "sample_ids",
        """
        def sample_ids(parameters, h, first_id, length, rng):
            ids, now = [], first_id
            for _ in range(length):
                h = rnn_step(now, h, parameters)
                now = draw(output_probs(h, parameters), rng.random())
                ids.append(now)
                return np.array(ids)
        """,
        "Line 7: look at `return np.array(ids)`: where does it belong, inside or outside of the loop?",
    ),
    "statements swapped": (
        "numerical_gradient",
        """
        def numerical_gradient(f, x, epsilon=1e-5):
            slopes = np.zeros_like(x)
            for place in np.ndindex(x.shape):
                old = x[place]
                x[place] = old + epsilon
                high = f(x)
                low = f(x)
                x[place] = old - epsilon
                x[place] = old
                slopes[place] = (high - low) / (2 * epsilon)
            return slopes
        """,
        "Line 7: look at `low = f(x)`: the order of the lines.",
    ),
    "update": (
        "output_probs",
        """
        def output_probs(h, parameters):
            scores = []
            for row, bias in zip(parameters.W_hy, parameters.b_y):
                score = bias
                for weight, unit in zip(row, h):
                    score = weight * unit
                scores.append(score)
            return softmax(np.array(scores))
        """,
        "Line 6: look at `score = weight * unit`: `=`, `+=` or `-=`?",
    ),
    "copy missing": (
        "sample_ids",
        """
        def sample_ids(parameters, h, first_id, length, rng):
            state, ids = h, [first_id]
            for _ in range(length):
                state[:] = rnn_step(ids[-1], state, parameters)
                ids.append(draw(output_probs(state, parameters), rng.random()))
            return ids[1:]
        """,
        "Line 1 or 2: look at `h`: that is no copy, only a second name for the same array.",
    ),
    "loop begin": (
        "chunks",
        """
        def chunks(ids, seq_length):
            count = (len(ids) - 1) // seq_length
            starts = [k * seq_length for k in range(1, count)]
            return [(ids[s : s + seq_length], ids[s + 1 : s + seq_length + 1]) for s in starts]
        """,
        "Line 3: look at `range(1, count)`: where the loop begins.",
    ),
    "loop end": (
        "make_streams",
        """
        def make_streams(ids, streams):
            length = len(ids) // streams
            rows = [[ids[b * length + t] for b in range(streams)] for t in range(length - 1)]
            return np.array(rows)
        """,
        "Line 3: look at `range(length - 1)`: where the loop ends.",
    ),
    "direction": (
        "cross_entropy",
        """
        def cross_entropy(probs, targets):
            loss = 0.0
            for row, target in zip(probs, reversed(targets)):
                loss -= np.log(row[target])
            return loss
        """,
        "Line 3: look at `reversed`: the direction.",
    ),
}

# Two slips in one function.
TWO = {
    "two axes": (
        "softmax_gradient",
        """
        def softmax_gradient(logits, targets):
            e = np.exp(logits - logits.max())
            p = e / np.sum(e)
            p[np.arange(len(targets)), targets] -= 1
            return p
        """,
        "Two places: line 2, `logits.max()` (the axis), and line 3, `np.sum(e)` (the axis).",
    ),
    "two terms": (
        "draw",
        """
        def draw(probs, u):
            ends = np.cumsum(softmax(probs))
            found = int(np.searchsorted(ends, u, side="right"))
            return min(found, len(ends) - 1) + 1
        """,
        "Two places: line 2, `softmax`, and line 4, `+ 1`.",
    ),
}

# A plus in place of a minus, in functions of several forms.
FORMS = {
    "a lambda": "tanh_backward = lambda dh, h: dh * (1 + h**2)",
    "a nested function": """
        def tanh_backward(dh, h):
            def slope(x):
                return 1 + x**2
            return dh * slope(h)
        """,
    "a closure": """
        def make(power):
            def tanh_backward(dh, h):
                return dh * (1 + h**power)
            return tanh_backward
        tanh_backward = make(2)
        """,
    "a method": """
        class Answers:
            power = 2
            def tanh_backward(self, dh, h):
                return dh * (1 + h**self.power)
        tanh_backward = Answers().tanh_backward
        """,
    "a decorated function": """
        import functools
        def same(function):
            @functools.wraps(function)
            def wrapper(*args):
                return function(*args)
            return wrapper
        @same
        def tanh_backward(dh, h):
            return dh * (1 + h**2)
        """,
}

# Functions of which some edits would run for ever, or fill the memory: (exercise, code).
ENDLESS = {
    "a loop": (
        "draw",
        """
        def draw(probs, u):
            k, running = 0, probs[0]
            while running <= u:
                k += 1
                running += probs[k] * 2
            return k + 7
        """,
    ),
    "a list in itself": (
        "one_hot",
        """
        def one_hot(ids, vocab_size):
            rows, row = [], [0] * vocab_size
            for char_id in ids:
                row = [0] * vocab_size
                row[char_id - 2] = rows
                row[char_id - 2] = 3
                rows.append(row)
            return rows
        """,
    ),
    "itself": (
        "smooth_loss",
        """
        def smooth_loss(previous, loss, depth=3):
            if depth == 0:
                return 0.5 * previous + 0.1 * loss * previous
            return smooth_loss(previous, loss, depth - 1)
        """,
    ),
    "a large array": (
        "linear_decay",
        """
        def linear_decay(learning_rate, done, total):
            steps = np.zeros(10 * 100 * 100 * 100)
            return learning_rate * (len(steps) - done**2) / total
        """,
    ),
}
