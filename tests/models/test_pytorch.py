"""README's table for those who know PyTorch: each row is compared with PyTorch, where that is installed."""

import inspect
import re

import numpy as np
import pytest
from helpers import ROOT

import rnn_helpers as rnn
from course.engine import adam_step
from course.lessons import contents
from course.models.gates import GRUParameters, gru_step, gru_step_backward
from course.models.judging import dropout_mask
from course.models.no_loop import attention, attention_backward

T, V, H = 50, 7, 5
README = (ROOT / "README.md").read_text(encoding="utf-8")
PART = README.partition("\n### You know PyTorch?\n")[2].partition("\n#")[0]
TABLE = [[cell.strip() for cell in row.split("|")[1:-1]] for row in re.findall(r"^\| `.*", PART, re.MULTILINE)]


@pytest.fixture
def torch():
    return pytest.importorskip("torch", reason="PyTorch is not installed: no page needs it, only this table")


@pytest.fixture
def network():
    """The parameters of a network, and a text of 2 T + 1 ids."""
    rng = np.random.default_rng(0)
    shapes = (H, V), (H, H), (V, H), H, V
    return rnn.Parameters(*[rng.normal(0, 0.5, shape) for shape in shapes]), rng.integers(0, V, 2 * T + 1)


def tensors(torch, *arrays):
    """Return float64 copies that PyTorch keeps the gradients of."""
    return [torch.tensor(np.array(array), dtype=torch.float64, requires_grad=True) for array in arrays]


def array(tensor):
    return tensor.detach().numpy()


def assert_near(theirs, ours, within=1e-12):
    assert np.shape(theirs) == np.shape(ours) and np.abs(np.subtract(theirs, ours)).max() < within


def module_of(torch, parameters):
    """Return RNN and Linear with the same numbers: b_h is the sum of two biases."""
    reads, says = torch.nn.RNN(V, H).double(), torch.nn.Linear(H, V).double()
    bias_ih = np.random.default_rng(1).normal(size=H)
    new = {
        reads.weight_ih_l0: parameters.W_xh,
        reads.weight_hh_l0: parameters.W_hh,
        reads.bias_ih_l0: bias_ih,
        reads.bias_hh_l0: parameters.b_h - bias_ih,
        says.weight: parameters.W_hy,
        says.bias: parameters.b_y,
    }
    with torch.no_grad():
        for tensor, values in new.items():
            tensor.copy_(torch.tensor(values))
    return reads, says


def rows_of(torch, ids):
    """Return the one-hot rows of ids."""
    return torch.nn.functional.one_hot(torch.tensor(ids), V).double()


def loss_of(torch, text, W_xh, W_hh, W_hy, b_h, b_y, h=None):
    """Return the loss of a text, as PyTorch's functions calculate it, and the state after it."""
    h = torch.zeros(H, dtype=torch.float64) if h is None else h
    scores = []
    for char_id in text[:-1]:
        h = torch.tanh(W_xh[:, char_id] + W_hh @ h + b_h)
        scores.append(W_hy @ h + b_y)
    return torch.nn.functional.cross_entropy(torch.stack(scores), torch.tensor(text[1:]), reduction="sum"), h


def gradients_of(parameters, text):
    forward = rnn.forward_pass(text[:-1], text[1:], np.zeros(H), parameters)
    return rnn.backward_pass(text[:-1], text[1:], parameters, forward)


# ---------------------------------------------------------------- the rows
def softmax(torch, parameters, text):
    z = np.random.default_rng(2).normal(0, 3, (T, V))
    assert_near(array(torch.softmax(torch.tensor(z), dim=-1)), rnn.softmax(z))


def cross_entropy(torch, parameters, text):
    z, targets = np.random.default_rng(2).normal(0, 3, (T, V)), text[:T]
    (scores,) = tensors(torch, z)
    total = torch.nn.functional.cross_entropy(scores, torch.tensor(targets), reduction="sum")
    assert_near(total.item(), rnn.cross_entropy(rnn.softmax(z), targets))
    torch.nn.functional.cross_entropy(scores, torch.tensor(targets)).backward()  # the mean
    assert_near(0.05 * array(scores.grad), 0.001 * rnn.softmax_gradient(z, targets))


def rnn_step(torch, parameters, text):
    reads, _ = module_of(torch, parameters)
    cell, h = torch.nn.RNNCell(V, H).double(), np.random.default_rng(3).normal(size=H)
    with torch.no_grad():
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(cell, name).copy_(getattr(reads, f"{name}_l0"))
    for char_id in range(V):
        assert_near(array(cell(rows_of(torch, char_id), torch.tensor(h))), rnn.rnn_step(char_id, h, parameters))


def forward_pass(torch, parameters, text):
    reads, says = module_of(torch, parameters)
    h = np.random.default_rng(3).normal(size=H)
    hidden, last = reads(rows_of(torch, text[:-1]), torch.tensor(h)[None])
    loss = torch.nn.functional.cross_entropy(says(hidden), torch.tensor(text[1:]), reduction="sum")
    ours = rnn.forward_pass(text[:-1], text[1:], h, parameters)
    assert_near(array(hidden), ours.hidden[1:])
    assert_near(array(last[0]), ours.hidden[-1])
    assert_near(h, ours.hidden[0])
    assert_near(array(torch.softmax(says(hidden), dim=-1)), ours.probs)
    assert_near(loss.item(), ours.loss, 1e-10)
    loss.backward()
    slopes = rnn.backward_pass(text[:-1], text[1:], parameters, ours)
    assert_near(array(reads.weight_ih_l0.grad), slopes.W_xh, 1e-10)
    # The two biases have the same slopes, so a step moves their sum twice as far.
    assert_near(array(reads.bias_ih_l0.grad + reads.bias_hh_l0.grad), 2 * slopes.b_h, 1e-10)


def backward_pass(torch, parameters, text):
    theirs = tensors(torch, *parameters)
    loss_of(torch, text, *theirs)[0].backward()
    ours = gradients_of(parameters, text)
    for tensor, gradient in zip(theirs, ours):
        assert_near(array(tensor.grad), gradient, 1e-10)
    loss_of(torch, text, *theirs)[0].backward()
    assert_near(array(theirs[0].grad), 2 * ours.W_xh, 1e-10)  # there they add up


def numerical_gradient(torch, parameters, text):
    short = text[:9]

    def loss(W_hh):
        return loss_of(torch, short, *map(torch.tensor, parameters._replace(W_hh=np.array(W_hh))))[0]

    (theirs,) = tensors(torch, parameters.W_hh)
    values = [torch.tensor(one) for one in parameters]
    their_loss = loss_of(torch, short, values[0], theirs, *values[2:])[0]
    their_loss.backward()
    measured = rnn.numerical_gradient(lambda W_hh: loss(W_hh).item(), parameters.W_hh)
    assert_near(array(theirs.grad), measured, 1e-8)
    assert torch.autograd.gradcheck(lambda W_hh: loss_of(torch, short, values[0], W_hh, *values[2:])[0], [theirs])
    steps = torch.autograd.gradcheck, rnn.numerical_gradient
    defaults = [inspect.signature(function).parameters for function in steps]
    assert (defaults[0]["eps"].default, defaults[1]["epsilon"].default) == (0.000001, 0.00001)


def sgd_step(torch, parameters, text):
    theirs, gradients = tensors(torch, *parameters), gradients_of(parameters, text)
    for tensor, gradient in zip(theirs, gradients):
        tensor.grad = torch.tensor(gradient)
    torch.optim.SGD(theirs, lr=0.001).step()
    rnn.sgd_step(parameters, gradients, 0.001)
    for tensor, values in zip(theirs, parameters):
        assert_near(array(tensor), values)


def train_epoch(torch, parameters, text):
    theirs = tensors(torch, *parameters)
    descent, h, losses = torch.optim.SGD(theirs, lr=0.001), None, []
    for start in (0, T):
        loss, h = loss_of(torch, text[start : start + T + 1], *theirs, h)
        descent.zero_grad()
        loss.backward()
        descent.step()
        h = h.detach()  # without it the second backward would go back into the first piece
        losses.append(loss.item())
    smoothed = rnn.train_epoch(text, parameters, T, 0.001, smoothed=0)
    assert_near(0.001 * losses[0], smoothed[0], 1e-10)
    assert_near(0.999 * smoothed[0] + 0.001 * losses[1], smoothed[1], 1e-10)
    for tensor, values in zip(theirs, parameters):
        assert_near(array(tensor), values, 1e-10)


def clip_gradients(torch, parameters, text):
    ours = gradients_of(parameters, text)
    for max_norm in (1, 1e9):
        theirs = tensors(torch, *parameters)
        for tensor, gradient in zip(theirs, ours):
            tensor.grad = torch.tensor(gradient)
        torch.nn.utils.clip_grad_norm_(theirs, max_norm)
        for tensor, clipped in zip(theirs, rnn.clip_gradients(ours, max_norm)):
            assert_near(array(tensor.grad), clipped, 1e-6)  # there 0.000001 is added to the norm


def draw(torch, parameters, text):
    p = np.array([0.1, 0.2, 0.7])
    for scale in (1, 30):  # there the shares of any sum
        theirs = torch.multinomial(scale * torch.tensor(p), 9000, True, generator=torch.Generator().manual_seed(0))
        assert_near(np.bincount(theirs) / 9000, p, 0.02)
    ours = [rnn.draw(p, u) for u in np.random.default_rng(0).random(9000)]
    assert_near(np.bincount(ours) / 9000, p, 0.02)


def adam_step_(torch, parameters, text):
    theirs, gradients = tensors(torch, *parameters), gradients_of(parameters, text)
    adam, m, v = torch.optim.Adam(theirs), *[[np.zeros(one.shape) for one in parameters] for _ in "mv"]
    for step in range(1, 6):
        for tensor, gradient in zip(theirs, gradients):
            tensor.grad = torch.tensor(gradient / step)
        adam.step()
        adam_step(parameters, [gradient / step for gradient in gradients], m, v, step, 0.001)
    for tensor, values in zip(theirs, parameters):
        assert_near(array(tensor), values)


def gru_step_(torch, parameters, text):
    rng = np.random.default_rng(4)
    shapes = [*[(H, V)] * 3, *[(H, H)] * 3, *[(H,)] * 3, (V, H), (V,)]
    p, h = GRUParameters(*[rng.normal(0, 0.7, shape) for shape in shapes]), rng.normal(size=H)
    ours, r, z, n = gru_step(2, h, p)
    # There the reset gate comes behind the matrix; all the rest is the same.
    cell = torch.nn.GRUCell(V, H).double()
    with torch.no_grad():
        cell.weight_ih.copy_(torch.tensor(np.concatenate([p.W_xr, p.W_xz, p.W_xn])))
        cell.weight_hh.copy_(torch.tensor(np.concatenate([p.W_hr, p.W_hz, p.W_hn])))
        cell.bias_ih.copy_(torch.tensor(np.concatenate([p.b_r, p.b_z, p.b_n])))
        cell.bias_hh.zero_()
    theirs = array(cell(torch.eye(V, dtype=torch.float64)[2], torch.tensor(h)))
    assert np.abs(theirs - ours).max() > 0.01
    assert_near(theirs, z * h + (1 - z) * np.tanh(p.W_xn[:, 2] + r * (p.W_hn @ h) + p.b_n))
    # Our step, with the gradients of PyTorch.
    W_hr, W_hz, W_hn, state = tensors(torch, p.W_hr, p.W_hz, p.W_hn, h)
    a = [tensors(torch, a)[0] for a in (p.W_xr[:, 2] + p.b_r, p.W_xz[:, 2] + p.b_z, p.W_xn[:, 2] + p.b_n)]
    r_, z_ = torch.sigmoid(a[0] + W_hr @ state), torch.sigmoid(a[1] + W_hz @ state)
    made = z_ * state + (1 - z_) * torch.tanh(a[2] + W_hn @ (r_ * state))
    assert_near(array(made), ours)
    dh = rng.normal(size=H)
    made.backward(torch.tensor(dh))
    for tensor, slopes in zip([*a, state], gru_step_backward(dh, h, r, z, n, p)):
        assert_near(array(tensor.grad), slopes)


def dropout_mask_(torch, parameters, text):
    torch.manual_seed(0)
    theirs = array(torch.nn.Dropout(0.2)(torch.ones(9000, dtype=torch.float64)))
    ours = dropout_mask(9000, 0.2, np.random.default_rng(0))
    assert_near(np.unique(theirs), np.unique(ours))
    assert_near(np.unique(ours), [0, 1.25])
    assert_near((theirs == 0).mean(), (ours == 0).mean(), 0.02)
    assert (torch.nn.Dropout(0.2).eval()(torch.ones(9000)) == 1).all()


def attention_(torch, parameters, text):
    q, k, v, do = np.random.default_rng(5).normal(size=(4, T, H))
    theirs = tensors(torch, q, k, v)
    o = torch.nn.functional.scaled_dot_product_attention(*(one[None] for one in theirs), is_causal=True)[0]
    ours, weights = attention(q, k, v)
    assert_near(array(o), ours)
    o.backward(torch.tensor(do))
    for tensor, slopes in zip(theirs, attention_backward(do, q, k, v, weights)):
        assert_near(array(tensor.grad), slopes)


ROWS = (softmax, cross_entropy, rnn_step, forward_pass, backward_pass, numerical_gradient, sgd_step, train_epoch)
ROWS += (clip_gradients, draw, adam_step_, gru_step_, dropout_mask_, attention_)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__.strip("_"))
def test_a_row_is_true(torch, network, row):
    row(torch, *network)


# ---------------------------------------------------------------- the table itself
def test_the_table_has_these_rows_and_names_the_page_where_one_writes_each():
    assert [re.findall(r"`(\w+)`", ours)[0] for _, ours, *_ in TABLE] == [row.__name__.strip("_") for row in ROWS]
    pages = {page.number: page for page in contents.PAGES}
    for _, ours, number, _ in TABLE:
        assert {*re.findall(r"`(\w+)`", ours)} <= {*pages[number].exercises}, number
