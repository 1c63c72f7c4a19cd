"""The path to page 06 as a learner types it: right functions of the first book in three styles.

In the first, which follows the pages, each function calls earlier ones. The others are from tests/answers.
"""

from answers import finished_page, of
from cells import page
from notebook_pages import Page

from course import check
from course.checker.words import CORRECT
from course.lessons import NETWORK, page_of

AS_TAUGHT = {
    "one_hot": """
def one_hot(ids, vocab_size):
    rows = np.zeros((len(ids), vocab_size))
    for t, char_id in enumerate(ids):
        rows[t, char_id] = 1
    return rows
""",
    "softmax": """
def softmax(logits):
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)
""",
    "cross_entropy": """
def cross_entropy(probs, targets):
    loss = 0.0
    for t, target in enumerate(targets):
        loss -= np.log(probs[t, target])
    return loss
""",
    "softmax_gradient": """
def softmax_gradient(logits, targets):
    return softmax(logits) - one_hot(targets, logits.shape[1])
""",
    "rnn_step": """
def rnn_step(char_id, h_prev, parameters):
    return np.tanh(parameters.W_hh @ h_prev + parameters.W_xh[:, char_id] + parameters.b_h)
""",
    "forward_pass": """
def forward_pass(inputs, targets, h_prev, parameters):
    hidden = np.zeros((len(inputs) + 1, len(h_prev)))
    probs = np.zeros((len(inputs), len(parameters.b_y)))
    hidden[0] = h_prev
    for t, char_id in enumerate(inputs):
        hidden[t + 1] = rnn_step(char_id, hidden[t], parameters)
        probs[t] = output_probs(hidden[t + 1], parameters)
    return ForwardPass(cross_entropy(probs, targets), probs, hidden)
""",
    "tanh_backward": """
def tanh_backward(dh, h):
    return dh * (1 - h**2)
""",
    "hidden_gradients": """
def hidden_gradients(dh_from_output, hidden, parameters):
    da, later = np.zeros_like(dh_from_output), 0
    for t in reversed(range(len(da))):
        da[t] = tanh_backward(dh_from_output[t] + later, hidden[t + 1])
        later = parameters.W_hh.T @ da[t]
    return da
""",
    "weight_gradients": """
def weight_gradients(inputs, hidden, da, vocab_size):
    return da.T @ one_hot(inputs, vocab_size), da.T @ hidden[:-1], da.sum(axis=0)
""",
    "backward_pass": """
def backward_pass(inputs, targets, parameters, forward):
    dlogits = forward.probs - one_hot(targets, len(parameters.b_y))
    da = hidden_gradients(dlogits @ parameters.W_hy, forward.hidden, parameters)
    dW_xh, dW_hh, db_h = weight_gradients(inputs, forward.hidden, da, len(parameters.b_y))
    return Parameters(dW_xh, dW_hh, dlogits.T @ forward.hidden[1:], db_h, dlogits.sum(axis=0))
""",
    "numerical_gradient": """
def numerical_gradient(f, x, epsilon=1e-5):
    x, slopes = x.astype(float), np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        before = x[place]
        x[place] = before + epsilon
        above = f(x)
        x[place] = before - epsilon
        slopes[place] = (above - f(x)) / (2 * epsilon)
        x[place] = before
    return slopes
""",
    "chunks": """
def chunks(ids, seq_length):
    pairs = []
    for start in range(0, len(ids) - seq_length, seq_length):
        pairs.append((ids[start : start + seq_length], ids[start + 1 : start + seq_length + 1]))
    return pairs
""",
    "sgd_step": """
def sgd_step(parameters, gradients, learning_rate):
    for parameter, gradient in zip(parameters, gradients):
        parameter -= learning_rate * gradient
""",
    "train_epoch": """
def train_epoch(ids, parameters, seq_length, learning_rate, smoothed=None):
    V, H = parameters.W_hy.shape
    if smoothed is None:
        smoothed = seq_length * np.log(V)
    h, losses = np.zeros(H), []
    for inputs, targets in chunks(ids, seq_length):
        forward = forward_pass(inputs, targets, h, parameters)
        gradients = backward_pass(inputs, targets, parameters, forward)
        sgd_step(parameters, gradients, learning_rate)
        h = forward.hidden[-1]
        smoothed = smooth_loss(smoothed, forward.loss)
        losses.append(smoothed)
    return losses
""",
    "draw": """
def draw(probs, u):
    running = 0.0
    for char_id, p in enumerate(probs):
        running += p
        if u < running:
            return char_id
    return len(probs) - 1
""",
    "apply_temperature": """
def apply_temperature(logits, temperature):
    return softmax(logits / temperature)
""",
    "sample_ids": """
def sample_ids(parameters, h, first_id, length, rng, temperature=1.0):
    ids, char_id = [], first_id
    for _ in range(length):
        h = rnn_step(char_id, h, parameters)
        scores = parameters.W_hy @ h + parameters.b_y
        char_id = draw(apply_temperature(scores, temperature), rng.random())
        ids.append(char_id)
    return ids
""",
}
STYLES = (0, 1, 2)  # as the pages teach it, and two other styles from tests/answers

# All ways to write a call of softmax, {the text before the arguments: earlier code on the page}, and the callers.
WAYS = {
    "softmax(": "",
    "softmax( ": "from rnn_helpers import softmax",
    "sm(": "from rnn_helpers import softmax as sm",
    "rnn_helpers.softmax(": "import rnn_helpers",
    "r.softmax(": "import rnn_helpers as r",
    "mine.softmax(": "import my_rnn as mine",
    "kept(": "from my_rnn import softmax as kept",
    "s(": "import rnn_helpers\ns = rnn_helpers.softmax",
    "one_hot(": "from rnn_helpers import softmax as one_hot",
    "theirs(": "from course import own_functions\ntheirs = own_functions()['softmax']",
}
CALLER = """
def softmax_gradient(logits, targets):
    slopes = {}logits)
    slopes[range(len(slopes)), targets] -= 1
    return slopes
"""


def code_of(name, style=0):
    """Return the right answer to an exercise of the first book in a style."""
    answers = of(name, "right")
    return AS_TAUGHT[name] if name in AS_TAUGHT and style == 0 else answers[(style - 1) % len(answers)].code


def import_cell(stem):
    """Return the imports of a page: its first code cell after the setup."""
    return Page(stem).code_cells[1].source


def do(names, style=0):
    """Do these exercises, each on its page, and check that each is kept.

    The page's import cell runs before and after the answer, as it does for a learner who runs all cells again.
    """
    pages = {}
    for name in names:
        stem = page_of(name).stem
        if stem not in pages:  # a learner imports what no cell of the page defines
            pages[stem] = page(import_cell(stem), finished_page())
        function = page(code_of(name, style), pages[stem])[name]
        page(import_cell(stem), pages[stem])
        result = check(name, function)
        assert result.verdict == CORRECT and result.kept.startswith(f"Kept in my_rnn/{name}.py: "), (name, result)


assert {*AS_TAUGHT} >= {*NETWORK}
