"""Right functions of the first round, in three styles, each as a learner types it.

They are those of tests/answers, but for some: three whose results others take apart, or which take a value from before,
stand here as the lessons want them; and cross_entropy must bear a probability of 0 where it is not asked for.
"""

import textwrap

from answers import finished_page, of
from cells import page

from course.lessons.contents import FIRST_ROUND

STYLES = range(3)
_CODES = {
    "cross_entropy": [
        """
        def cross_entropy(probs, targets):
            loss = 0
            for row, target in zip(probs, targets):
                loss -= math.log(row[target])
            return loss
        """,
        """
        def cross_entropy(probs, targets):
            return -np.log(probs[np.arange(len(targets)), targets]).sum()
        """,
        """
        from numpy import log, take_along_axis

        def cross_entropy(probs, targets):
            return -log(take_along_axis(probs, targets[:, None], axis=1)).sum()
        """,
    ],
    "forward_pass": [
        """
        def forward_pass(inputs, targets, h_prev, parameters):
            hidden, probs = [h_prev], []
            for char_id in inputs:
                hidden.append(rnn_step(char_id, hidden[-1], parameters))
                probs.append(output_probs(hidden[-1], parameters))
            return ForwardPass(cross_entropy(np.array(probs), targets), np.array(probs), np.array(hidden))
        """,
        """
        def forward_pass(inputs, targets, h_prev, parameters):
            T, H = len(inputs), len(h_prev)
            hidden, probs, loss = np.empty((T + 1, H)), np.empty((T, len(parameters.b_y))), 0.0
            hidden[0] = h_prev
            for t in range(T):
                a = parameters.W_hh @ hidden[t] + parameters.W_xh[:, inputs[t]] + parameters.b_h
                hidden[t + 1] = np.tanh(a)
                probs[t] = softmax(parameters.W_hy @ hidden[t + 1] + parameters.b_y)
                loss -= math.log(probs[t, targets[t]])
            return ForwardPass(loss, probs, hidden)
        """,
        """
        import rnn_helpers

        def all_states(inputs, h, parameters):
            states = [h]
            for char_id in inputs:
                states += [rnn_helpers.rnn_step(char_id, states[-1], parameters)]
            return np.array(states)

        def forward_pass(inputs, targets, h_prev, parameters):
            hidden = all_states(inputs, h_prev, parameters)
            probs = softmax(hidden[1:] @ parameters.W_hy.T + parameters.b_y)
            surprises = -np.log(probs[np.arange(len(targets)), targets])
            return rnn_helpers.ForwardPass(loss=float(surprises.sum()), probs=probs, hidden=hidden)
        """,
    ],
    "backward_pass": [
        """
        def backward_pass(inputs, targets, parameters, forward):
            V = len(parameters.b_y)
            d_scores = forward.probs - one_hot(targets, V)
            da = hidden_gradients(d_scores @ parameters.W_hy, forward.hidden, parameters)
            dW_xh, dW_hh, db_h = weight_gradients(inputs, forward.hidden, da, V)
            return Parameters(dW_xh, dW_hh, d_scores.T @ forward.hidden[1:], db_h, d_scores.sum(axis=0))
        """,
        """
        def backward_pass(inputs, targets, parameters, forward):
            d = Parameters(*[np.zeros_like(value) for value in parameters])
            after = np.zeros_like(parameters.b_h)
            for t in reversed(range(len(inputs))):
                dy = forward.probs[t].copy()
                dy[targets[t]] -= 1
                da = tanh_backward(parameters.W_hy.T @ dy + after, forward.hidden[t + 1])
                d.W_hy[...] += np.outer(dy, forward.hidden[t + 1])
                d.W_hh[...] += np.outer(da, forward.hidden[t])
                d.W_xh[:, inputs[t]] += da
                d.b_h[...] += da
                d.b_y[...] += dy
                after = parameters.W_hh.T @ da
            return d
        """,
        """
        import rnn_helpers as helpers

        def backward_pass(inputs, targets, parameters, forward):
            loss, probs, hidden = forward
            wrong = probs.copy()
            wrong[range(len(targets)), targets] -= 1
            da = helpers.hidden_gradients(wrong @ parameters.W_hy, hidden, parameters)
            of_weights = helpers.weight_gradients(inputs, hidden, da, len(parameters.b_y))
            return helpers.Parameters(*of_weights[:2], wrong.T @ hidden[1:], of_weights[2], wrong.sum(axis=0))
        """,
    ],
    "train_epoch": [
        """
        def train_epoch(ids, parameters, seq_length, learning_rate, smoothed=None):
            if smoothed is None:
                smoothed = seq_length * np.log(len(parameters.b_y))
            h, losses = np.zeros_like(parameters.b_h), []
            for inputs, targets in chunks(ids, seq_length):
                forward = forward_pass(inputs, targets, h, parameters)
                sgd_step(parameters, backward_pass(inputs, targets, parameters, forward), learning_rate)
                smoothed = smooth_loss(smoothed, forward.loss)
                losses.append(smoothed)
                h = forward.hidden[-1]
            return losses
        """,
        """
        def train_epoch(ids, parameters, seq_length, learning_rate, smoothed=None):
            count = (len(ids) - 1) // seq_length
            losses, h = np.empty(count), np.zeros(len(parameters.b_h))
            last = seq_length * math.log(len(parameters.b_y)) if smoothed is None else smoothed
            for k in range(count):
                inputs = ids[k * seq_length : (k + 1) * seq_length]
                targets = ids[k * seq_length + 1 : (k + 1) * seq_length + 1]
                loss, probs, hidden = forward = forward_pass(inputs, targets, h, parameters)
                for value, slope in zip(parameters, backward_pass(inputs, targets, parameters, forward)):
                    value -= learning_rate * slope
                losses[k] = last = 0.999 * last + 0.001 * loss
                h = hidden[-1]
            return losses
        """,
        """
        import rnn_helpers as r

        def train_epoch(ids, parameters, seq_length, learning_rate, smoothed=None):
            state, found = None, []
            for inputs, targets in r.chunks(ids, seq_length):
                state = np.zeros(parameters.W_hh.shape[0]) if state is None else state
                forward = r.forward_pass(inputs, targets, state, parameters)
                r.sgd_step(parameters, r.backward_pass(inputs, targets, parameters, forward), learning_rate)
                before = found[-1] if found else smoothed
                before = seq_length * np.log(parameters.W_hy.shape[0]) if before is None else before
                found.append(r.smooth_loss(before, forward.loss))
                state = forward.hidden[-1]
            return found
        """,
    ],
}
assert set(_CODES) <= set(FIRST_ROUND)


def code_of(name, style=0):
    """The code of a right function."""
    if name in _CODES:
        return textwrap.dedent(_CODES[name][style])
    answers = of(name, "right")
    return answers[style % len(answers)].code


def function_of(name, style=0):
    """A right function, as it stands on a page that has imported all finished functions but this one."""
    return page(code_of(name, style), finished_page(name))[name]
