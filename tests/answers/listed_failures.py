"""Natural code that is wrong, at which the check once failed: one function for each failure."""

# (exercise, what of the message must be there, code), one for each failure
WRONG = {
    "the product of all probabilities becomes 0 in a long text": (
        "cross_entropy",
        ("For a long text", "too small for a float64", "What do logarithms make of a product?"),
        """
        def cross_entropy(probs, targets):
            return -np.log(np.prod(probs[np.arange(len(targets)), targets]))
        """,
    ),
    "the product of all probabilities, in a loop": (
        "cross_entropy",
        ("too small for a float64", "`return -math.log(product)`"),
        """
        def cross_entropy(probs, targets):
            product = 1.0
            for t in range(len(targets)):
                product *= probs[t, targets[t]]
            return -math.log(product)
        """,
    ),
    "whole numbers as scores, written into zeros_like": (
        "softmax",
        ("cut off to whole numbers", "An array made like logits"),
        """
        def softmax(logits):
            probs = np.zeros_like(logits)
            exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
            probs[:] = exps / exps.sum(axis=-1, keepdims=True)
            return probs
        """,
    ),
    "a list for Parameters in clip_gradients": (
        "clip_gradients",
        ("All five arrays are right", "a list", "asks for Parameters"),
        """
        def clip_gradients(gradients, max_norm):
            norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
            if norm > max_norm:
                return [g * max_norm / norm for g in gradients]
            return gradients
        """,
    ),
    "a list for Parameters in backward_pass": (
        "backward_pass",
        ("All five arrays are right", "a list", "asks for Parameters"),
        """
        def backward_pass(inputs, targets, parameters, forward):
            loss, probs, hidden = forward
            dlogits = probs.copy()
            dlogits[np.arange(len(targets)), targets] -= 1
            da = hidden_gradients(dlogits @ parameters.W_hy, hidden, parameters)
            dW_xh, dW_hh, db_h = weight_gradients(inputs, hidden, da, len(parameters.b_y))
            return [dW_xh, dW_hh, dlogits.T @ hidden[1:], db_h, dlogits.sum(axis=0)]
        """,
    ),
    "something is returned where nothing is asked for": (
        "sgd_step",
        ("also returns a Parameters", "asks for None"),
        """
        def sgd_step(parameters, gradients, learning_rate):
            for parameter, gradient in zip(parameters, gradients):
                parameter -= learning_rate * gradient
            return parameters
        """,
    ),
    "a loop in a loop over the rows and the targets": (
        "cross_entropy",
        ("a loop inside a loop", "Which one number of row t"),
        """
        def cross_entropy(probs, targets):
            loss = 0
            for row in probs:
                for t in targets:
                    loss -= np.log(row[t])
            return loss
        """,
    ),
    "the state and the probabilities": (
        "rnn_step",
        ("a tuple of 2", "You return two things, and the first of them is the state."),
        """
        def rnn_step(char_id, h_prev, parameters):
            W_xh, W_hh, W_hy, b_h, b_y = parameters
            h = np.tanh(W_xh[:, char_id] + W_hh @ h_prev + b_h)
            p = softmax(W_hy @ h + b_y)
            return h, p
        """,
    ),
    "a matrix times an id": (
        "rnn_step",
        ("`@` wants a vector there", "Which vector stands for a character?"),
        """
        def rnn_step(char_id, h_prev, parameters):
            W_xh, W_hh, W_hy, b_h, b_y = parameters
            return np.tanh(W_xh @ char_id + W_hh @ h_prev + b_h)
        """,
    ),
    "a matrix times a one-hot vector, entry by entry": (
        "rnn_step",
        ("Here 3 is H, 4 is V.", "`*` multiplies entry by entry"),
        """
        def rnn_step(char_id, h_prev, parameters):
            W_xh, W_hh, W_hy, b_h, b_y = parameters
            x = np.zeros(len(b_y))
            x[char_id] = 1
            return np.tanh(W_xh * x + W_hh @ h_prev + b_h)
        """,
    ),
    "the scores, entry by entry": (
        "output_probs",
        ("`W_hy * h` multiplies entry by entry", "which sign is the matrix product?"),
        """
        def output_probs(h, parameters):
            W_xh, W_hh, W_hy, b_h, b_y = parameters
            return softmax(W_hy * h + b_y)
        """,
    ),
    "back through W_hy once more": (
        "hidden_gradients",
        ("W_hy plays no part here",),
        """
        def hidden_gradients(dh_from_output, hidden, parameters):
            T = len(dh_from_output)
            da = np.zeros_like(dh_from_output)
            for t in reversed(range(T)):
                dh = parameters.W_hy.T @ dh_from_output[t]
                if t < T - 1:
                    dh = dh + parameters.W_hh.T @ da[t + 1]
                da[t] = dh * (1 - hidden[t + 1] ** 2)
            return da
        """,
    ),
    "da[t + 1] at the last step": (
        "hidden_gradients",
        ("The first pass of the loop asks for row T", "After the last step comes nothing"),
        """
        def hidden_gradients(dh_from_output, hidden, parameters):
            T = len(dh_from_output)
            da = np.zeros_like(dh_from_output)
            for t in range(T - 1, -1, -1):
                dh = dh_from_output[t] + parameters.W_hh.T @ da[t + 1]
                da[t] = dh * (1 - hidden[t + 1] ** 2)
            return da
        """,
    ),
    "only the carried gradient": (
        "hidden_gradients",
        ("da is 0 everywhere", "is dh_from_output added?"),
        """
        def hidden_gradients(dh_from_output, hidden, parameters):
            da = np.zeros_like(dh_from_output)
            carry = np.zeros(len(parameters.W_hh))
            for t in reversed(range(len(da))):
                da[t] = carry * (1 - hidden[t + 1] ** 2)
                carry = parameters.W_hh.T @ da[t]
            return da
        """,
    ),
    "divided by the slope of tanh": (
        "hidden_gradients",
        ("You divide by the slope of tanh.",),
        """
        def hidden_gradients(dh_from_output, hidden, parameters):
            da = np.zeros_like(dh_from_output)
            carry = np.zeros(len(parameters.W_hh))
            for t in reversed(range(len(da))):
                da[t] = (dh_from_output[t] + carry) / (1 - hidden[t + 1] ** 2)
                carry = parameters.W_hh.T @ da[t]
            return da
        """,
    ),
    "carried without W_hh": (
        "hidden_gradients",
        ("carried back without W_hh",),
        """
        def hidden_gradients(dh_from_output, hidden, parameters):
            da = np.zeros_like(dh_from_output)
            carry = np.zeros(len(parameters.W_hh))
            for t in reversed(range(len(da))):
                da[t] = (dh_from_output[t] + carry) * (1 - hidden[t + 1] ** 2)
                carry = da[t]
            return da
        """,
    ),
    "an outer product that is none": (
        "weight_gradients",
        ("All rows of dW_hh are the same", "a number for each pair?"),
        """
        def weight_gradients(inputs, hidden, da, vocab_size):
            T, H = da.shape
            dW_xh, dW_hh, db_h = np.zeros((H, vocab_size)), np.zeros((H, H)), np.zeros(H)
            for t in range(T):
                dW_xh[:, inputs[t]] += da[t]
                dW_hh += da[t] * hidden[t]
                db_h += da[t]
            return dW_xh, dW_hh, db_h
        """,
    ),
    "h_(t-1) of the formula taken for row t - 1": (
        "weight_gradients",
        ("row t - 1 of hidden", "row 0 of hidden is the state that came in"),
        """
        def weight_gradients(inputs, hidden, da, vocab_size):
            T, H = da.shape
            dW_xh, dW_hh, db_h = np.zeros((H, vocab_size)), np.zeros((H, H)), np.zeros(H)
            for t in range(T):
                dW_xh[:, inputs[t]] += da[t]
                dW_hh += np.outer(da[t], hidden[t - 1])
                db_h += da[t]
            return dW_xh, dW_hh, db_h
        """,
    ),
    "index -1 is the last row, in dW_hh": (
        "weight_gradients",
        ("dW_hh is wrong at step 0 alone", "the index t - 1 is -1"),
        """
        def weight_gradients(inputs, hidden, da, vocab_size):
            T, H = da.shape
            states = hidden[1:]
            dW_xh, dW_hh, db_h = np.zeros((H, vocab_size)), np.zeros((H, H)), np.zeros(H)
            for t in range(T):
                dW_xh[:, inputs[t]] += da[t]
                dW_hh += np.outer(da[t], states[t - 1])
                db_h += da[t]
            return dW_xh, dW_hh, db_h
        """,
    ),
    "= for += in a loop that runs backwards": (
        "weight_gradients",
        ("dW_xh counts a character that comes twice only once", "the first time wins"),
        """
        def weight_gradients(inputs, hidden, da, vocab_size):
            T, H = da.shape
            dW_xh, dW_hh, db_h = np.zeros((H, vocab_size)), np.zeros((H, H)), np.zeros(H)
            for t in reversed(range(T)):
                dW_xh[:, inputs[t]] = da[t]
                dW_hh = np.outer(da[t], hidden[t])
                db_h = da[t]
            return dW_xh, dW_hh, db_h
        """,
    ),
    "hidden[t - 1] at t = 0": (
        "forward_pass",
        ("At t = 0, `hidden[t - 1]` is hidden[-1]",),
        """
        def forward_pass(inputs, targets, h_prev, parameters):
            W_xh, W_hh, W_hy, b_h, b_y = parameters
            T = len(inputs)
            hidden = np.zeros((T + 1, len(h_prev)))
            hidden[0] = h_prev
            probs = np.zeros((T, len(b_y)))
            loss = 0.0
            for t in range(T):
                hidden[t] = np.tanh(W_xh[:, inputs[t]] + W_hh @ hidden[t - 1] + b_h)
                probs[t] = softmax(W_hy @ hidden[t] + b_y)
                loss -= math.log(probs[t, targets[t]])
            return loss, probs, hidden
        """,
    ),
    "the slope without parentheses": (
        "tanh_backward",
        ("Parentheses are missing", "the product comes first"),
        """
        def tanh_backward(dh, h):
            return 1 - h**2 * dh
        """,
    ),
    "the difference without parentheses": (
        "numerical_gradient",
        ("Parentheses are missing, twice",),
        """
        def numerical_gradient(f, x, epsilon=1e-5):
            slopes = np.zeros_like(x)
            for entry in np.ndindex(x.shape):
                m = np.zeros_like(x)
                m[entry] = epsilon
                slopes[entry] = f(x + m) - f(x - m) / 2 * epsilon
            return slopes
        """,
    ),
    "the norm of five arrays at once": (
        "clip_gradients",
        ("five arrays of different shapes", "array by array?"),
        """
        def clip_gradients(gradients, max_norm):
            norm = np.linalg.norm(gradients)
            if norm > max_norm:
                gradients = gradients * max_norm / norm
            return gradients
        """,
    ),
    "a mean, in bits": (
        "cross_entropy",
        ("it is the mean over the characters, and it is in bits",),
        """
        def cross_entropy(probs, targets):
            return -np.mean(np.log2(probs[np.arange(len(targets)), targets]))
        """,
    ),
    "a loss without its decimal places": (
        "cross_entropy",
        ("The result is cut off to whole numbers", "`int`"),
        """
        def cross_entropy(probs, targets):
            return int(-np.sum(np.log(probs[np.arange(len(targets)), targets])))
        """,
    ),
    "probabilities that are rounded": (
        "softmax",
        ("The result is rounded to 2 places after the decimal point", "`np.round`"),
        """
        def softmax(logits):
            exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
            return np.round(exps / exps.sum(axis=-1, keepdims=True), 2)
        """,
    ),
    "a state that is rounded in one of two results": (
        "weight_gradients",
        ("db_h is rounded to whole numbers",),
        """
        def weight_gradients(inputs, hidden, da, vocab_size):
            x = one_hot(inputs, vocab_size)
            return da.T @ x, da.T @ hidden[:-1], [round(number) for number in da.sum(axis=0)]
        """,
    ),
}
