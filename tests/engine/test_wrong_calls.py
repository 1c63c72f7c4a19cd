"""Wrong calls of what a learner or an instructor may call: each hears one clear sentence, or is listed with a reason.

A call stands here as the text that is run, beside how its sentence begins (a regular expression).
"""

import re

import numpy as np
import pytest
from helpers import LINE, TOY, every_case, message_of, random_case, random_network, train

import rnn_helpers as rnn
from course import engine
from course.models import counting, gates, judging, no_loop

RUN = train(num_epochs=1)
INPUTS, TARGETS, H_PREV, P = random_case(3, 4, (5,), 1)  # H = 3, V = 4, T = 5
FORWARD = rnn.forward_pass(INPUTS, TARGETS, H_PREV, P)
G = rnn.backward_pass(INPUTS, TARGETS, P, FORWARD)
WHOLE = rnn.Parameters(*[np.ones(value.shape, int) for value in P])
NAN, INF = float("nan"), float("inf")
IDS = np.arange(10) % 4
ROWS = np.log([[0.1, 0.2, 0.3, 0.4], [0.25, 0.25, 0.25, 0.25]])
U = np.full(4, 0.25)


def fresh(arrays=P):
    """Copies, for what changes them in place."""
    return rnn.Parameters(*[value.copy() for value in arrays])


def returning(result):
    return lambda *given: result


def scope(folder):
    """What the calls below may name."""
    names = {
        **{"rnn": rnn, "np": np, "TOY": TOY, "LINE": LINE, "RUN": RUN, "P": P, "G": G, "FORWARD": FORWARD},
        **{"INPUTS": INPUTS, "TARGETS": TARGETS, "H": H_PREV, "WHOLE": WHOLE, "NAN": NAN, "INF": INF, "IDS": IDS},
        **{"ROWS": ROWS, "U": U, "fresh": fresh, "returning": returning, "train": train, "FOLDER": folder},
        **{"counting": counting, "gates": gates, "judging": judging, "no_loop": no_loop},
        **{"RNG": np.random.default_rng(0), "random_network": random_network},
    }
    return names


def each(call, values, words):
    """The same call with several values, each a text; {} in the call and in the words is where they stand."""
    return [(call.replace("{}", value), words.replace("{}", re.escape(value))) for value in values.split(" | ")]


COUNT = r"{} is {}: it must be a whole number, \d or more\."
NUMBER = r"{} is {}: it must be a number above 0, and finite\."
GENERATOR = r"rng is {}: give a generator of random numbers"
NOT_TEXTS = "None | 5 | b'ab' | ['a']"
NOT_COUNTS = "0 | -1 | 2.5 | None | 'a'"


def counts(call, name, values=NOT_COUNTS):
    return each(call, values, COUNT.replace("{}", name, 1))


def numbers(call, name, values="0 | -1 | nan | inf | None | 'a'"):
    found = each(call, values, NUMBER.replace("{}", name, 1))
    return [(re.sub(r"\bnan\b", "NAN", re.sub(r"\binf\b", "INF", text)), words) for text, words in found]


WRONG = {
    "texts": [
        *each("rnn.preprocess({})", NOT_TEXTS, r"The text is {}, of type \w+: it must be a text"),
        *each("rnn.Vocabulary({}, 'v')", NOT_TEXTS, r"The text is {}, of type \w+: it must be a text"),
        *each("rnn.Corpus('x', {})", NOT_TEXTS, r"The text 'x' is {}, of type \w+: it must be a text"),
        *each("rnn.Corpus({}, 'ab')", "None | 5", r"The name of the text is {}, of type \w+: it must be a text"),
        ("rnn.Corpus('x', '')", "The text 'x' is empty"),
        *each("rnn.Corpus('x', 'ab', {})", "5 | 'ab'", "vocabulary is .*: give a Vocabulary"),
        ("rnn.Corpus('x', 'ab', TOY)", "vocabulary is .*: give a Vocabulary"),
        ("rnn.Corpus('x', 'é', TOY.vocabulary)", "The character 'é' at position 0"),
        *each("TOY.encode({})", NOT_TEXTS, r"The text is {}, of type \w+: it must be a text"),
        *each("TOY.vocabulary.encode({})", NOT_TEXTS, r"The text is {}, of type \w+: it must be a text"),
        ("TOY.encode('Fox')", "The character 'F' at position 0 .* Its lower case 'f' is"),
        *each("TOY.decode({})", "3 | [[0, 1], [2, 3]]", "ids is .*: it must be .N,., the ids of one text"),
        ("TOY.decode(None)", r"ids is .*None.*: it must be \(N,\)"),
        ("TOY.decode([[0], [1, 2]])", "ids hold rows of different lengths"),
        ("TOY.decode([28])", "ids hold the id 28: with 28 characters, ids go from 0 to 27"),
        ("TOY.decode([-1])", "ids hold the id -1"),
        ("TOY.decode(['a'])", "ids are of type <U1: character ids must be whole numbers"),
        ("TOY.decode([0.5])", "ids are of type float64: character ids must be whole numbers"),
        *each("rnn.load_corpus({})", "None | 5 | b'ab' | ['a']", "The path is {}: give a text or a Path"),
        ("rnn.load_corpus('')", "'' is a folder"),
        ("rnn.load_corpus(FOLDER)", "'.*' is a folder"),
        ("rnn.load_corpus('no such text')", "There is no text 'no such text'", FileNotFoundError),
    ],
    "losses": [
        ("rnn.cross_entropy(U, [0, 1])", r"probs has shape \(4,\) and targets \(2,\): give one target for each row"),
        ("rnn.cross_entropy(0.5, 0)", r"probs has shape \(\) and targets \(\)"),
        ("rnn.cross_entropy(U, 4)", "targets hold the id 4: with 4 characters"),
        ("rnn.cross_entropy(U, -1)", "targets hold the id -1: with 4 characters"),
        ("rnn.cross_entropy(U, 1.0)", "targets are of type float64"),
        ("rnn.cross_entropy(U, None)", "targets are of type object"),
        ("rnn.softmax_gradient(ROWS, [0, 4])", "targets hold the id 4: with 4 characters"),
        ("rnn.softmax_gradient(ROWS, [0, -1])", "targets hold the id -1: with 4 characters"),
        ("rnn.softmax_gradient(ROWS, [0])", r"logits has shape \(2, 4\) and targets \(1,\): give one target"),
        ("rnn.softmax_gradient(ROWS, [0, 1, 2])", r"logits has shape \(2, 4\) and targets \(3,\): give one target"),
        ("rnn.softmax_gradient(ROWS, [0.0, 1.0])", "targets are of type float64"),
        ("rnn.softmax_gradient(None, 0)", r"logits has shape \(\) and targets \(\)"),
    ],
    "initialize_parameters": [
        *counts("engine.initialize_parameters({}, 4, RNG)", "hidden_size"),
        *counts("engine.initialize_parameters(3, {}, RNG)", "vocab_size"),
        *each("engine.initialize_parameters(3, 4, {})", "0 | None | 'a'", GENERATOR),
        *numbers("engine.initialize_parameters(3, 4, RNG, {})", "The initial scale", "0 | -1 | nan | inf | None"),
        ("engine.initialize_parameters(3, 4, RNG, 'big')", "The initial scale is 'big': use a number"),
        *[
            (
                f"engine.initialize_parameters(10**{k}, 4, RNG)",
                f"This computer has not enough .*=1{k * '0'} and",
                MemoryError,
            )
            for k in (13, 17, 30)
        ],
    ],
    "forward_pass": [
        ("rnn.forward_pass(INPUTS, TARGETS, H, None)", "The parameters are NoneType: they must be a NamedTuple"),
        ("rnn.forward_pass(INPUTS, TARGETS, H, RUN)", "This is a whole TrainingRun: give its parameters"),
        ("rnn.forward_pass(INPUTS, TARGETS, H, list(P))", "The parameters are list: they must be a NamedTuple"),
        ("rnn.forward_pass(INPUTS, TARGETS, H, tuple(P))", "The parameters are tuple: they must be a NamedTuple"),
        ("rnn.forward_pass(INPUTS, TARGETS, H, P._asdict())", "The parameters are dict: they must be a NamedTuple"),
        (
            "rnn.forward_pass(INPUTS, TARGETS, H, WHOLE)",
            "The parameters are W_xh int64.*: they must be arrays of floats",
        ),
        (
            "rnn.forward_pass(INPUTS, TARGETS, H, gates.initialize_gru(3, 4, RNG))",
            "The parameters are W_xr, .*: this function reads W_xh, W_hh, W_hy, b_h, b_y",
        ),
        (
            "rnn.forward_pass(INPUTS, TARGETS, H, rnn.Parameters(*[value.tolist() for value in P]))",
            "The parameters are W_xh list, .*: they must be arrays",
        ),
        ("rnn.forward_pass(INPUTS, TARGETS, H, P._replace(W_hh=None))", "The parameters are .*W_hh object.*floats"),
        ("rnn.forward_pass(INPUTS, TARGETS, H, P._replace(W_hh=1j * P.W_hh))", ".*W_hh complex128.*arrays of floats"),
        *[
            (f"rnn.forward_pass(INPUTS, TARGETS, H, P._replace({change}))", f"The parameters have the shapes .*{found}")
            for change, found in [
                ("W_xh=P.W_xh.T", r"W_xh \(4, 3\)"),
                ("W_xh=P.b_h", r"W_xh \(3,\)"),
                ("W_hh=P.W_xh", r"W_hh \(3, 4\)"),
                ("W_hh=np.ones((4, 4))", r"W_hh \(4, 4\)"),
                ("W_hy=P.W_hy.T", r"W_hy \(3, 4\)"),
                ("W_hy=P.W_hy[:2]", r"W_hy \(2, 3\)"),
                ("b_h=P.b_y", r"b_h \(4,\)"),
                ("b_h=P.b_h[:1]", r"b_h \(1,\)"),
                ("b_h=P.b_h[:, None]", r"b_h \(3, 1\)"),
                ("b_y=P.b_h", r"b_y \(3,\)"),
                ("b_y=P.b_y[:1]", r"b_y \(1,\)"),
                ("b_y=np.array(1.0)", r"b_y \(\)"),
            ]
        ],
        ("rnn.forward_pass(INPUTS, TARGETS[1:], H, P)", r"inputs has shape \(5,\) and targets \(4,\)"),
        ("rnn.forward_pass(None, None, H, P)", r"inputs has shape \(\) and targets \(\)"),
        ("rnn.forward_pass([], [], H, P)", r"inputs has shape \(0,\) and targets \(0,\)"),
        ("rnn.forward_pass([[0], [1, 2]], TARGETS, H, P)", "inputs, targets or h_prev hold rows"),
        ("rnn.forward_pass(INPUTS, TARGETS, H[1:], P)", r"h_prev has shape \(2,\): here it must be \(3,\)"),
        ("rnn.forward_pass(INPUTS, TARGETS, None, P)", r"h_prev has shape \(\): here it must be \(3,\)"),
        ("rnn.forward_pass(INPUTS[:, None], TARGETS[:, None], H, P)", r"h_prev has shape .*: here it must be \(1, 3\)"),
        ("rnn.forward_pass([4], [0], H, P)", "inputs hold the id 4: with 4 characters"),
        ("rnn.forward_pass([-1], [0], H, P)", "inputs hold the id -1: with 4 characters"),
        ("rnn.forward_pass([0], [-1], H, P)", "targets hold the id -1: with 4 characters"),
        ("rnn.forward_pass([0.0], [0], H, P)", "inputs are of type float64"),
        ("rnn.forward_pass('abc', 'bcd', H, P)", r"inputs has shape \(\) and targets \(\)"),
    ],
    "backward_pass": [
        *each(
            "rnn.backward_pass(INPUTS, TARGETS, P, {})",
            "tuple(FORWARD) | None | list(FORWARD)",
            r"forward is a (tuple|NoneType|list), for inputs \(5,\)",
        ),
        ("rnn.backward_pass(INPUTS[1:], TARGETS[1:], P, FORWARD)", r"forward is of probs \(5, 4\).*inputs \(4,\)"),
        ("rnn.backward_pass(INPUTS, TARGETS[1:], P, FORWARD)", r"forward is .* targets \(4,\)"),
        ("rnn.backward_pass(INPUTS, None, P, FORWARD)", r"forward is .* targets \(\)"),
        ("rnn.backward_pass(INPUTS, TARGETS, FORWARD, P)", "parameters and forward are swapped: the order of the"),
        ("rnn.backward_pass(INPUTS, TARGETS, None, FORWARD)", "The parameters are NoneType"),
        ("rnn.backward_pass(INPUTS, TARGETS, RUN, FORWARD)", "This is a whole TrainingRun"),
        ("rnn.backward_pass(3, 3, P, FORWARD)", r"forward is .* inputs \(\)"),
        ("rnn.backward_pass(INPUTS, TARGETS, random_network(2, 4, 0), FORWARD)", r"forward is .* W_hy \(4, 2\)"),
        ("rnn.backward_pass(INPUTS, TARGETS, random_network(3, 5, 0), FORWARD)", r"forward is .* W_hy \(5, 3\)"),
    ],
    "numerical_gradient": [
        ("rnn.numerical_gradient(lambda x: None, U)", "What f returns is None: it must be one number"),
        ("rnn.numerical_gradient(lambda x: 2 * x, U)", r"What f returns is array.* of shape \(4,\): it must be one"),
        ("rnn.numerical_gradient(lambda x: x[:1], U)", r"What f returns is array.* of shape \(1,\): it must be one"),
        ("rnn.numerical_gradient(lambda x: 'a', U)", "What f returns is 'a': it must be one number"),
        ("rnn.numerical_gradient(lambda x: 1j, U)", "What f returns is 1j: it must be one number"),
        *numbers("rnn.numerical_gradient(np.sum, U, {})", "epsilon"),
    ],
    "gradient_check": [
        *numbers("engine.gradient_check(INPUTS, TARGETS, H, P, epsilon={})", "epsilon"),
        *numbers("engine.gradient_check(INPUTS, TARGETS, H, P, tolerance={})", "tolerance"),
        *each("engine.gradient_check(INPUTS, TARGETS, H, P, {})", "'text' | 5", "backward is {}: it must be a function"),
        ("engine.gradient_check(INPUTS, TARGETS, H, P, returning(None))", "backward returned nothing"),
        ("engine.gradient_check(INPUTS, TARGETS, H, P, returning(G[:4]))", "backward returned a tuple of 4"),
        (
            "engine.gradient_check(INPUTS, TARGETS, H, P, returning(G._replace(b_h=1j * G.b_h)))",
            "The gradient of b_h is of type complex128: it must be numbers",
        ),
        *each("engine.gradient_check(INPUTS, TARGETS, H, P, model={})", "None | 'RNN'", "model is .*: give a Model"),
        ("engine.gradient_check(INPUTS, TARGETS, H, RUN)", "This is a whole TrainingRun"),
        ("engine.gradient_check(INPUTS, TARGETS, H, None)", "The parameters are NoneType"),
        ("engine.gradient_check(INPUTS, TARGETS, H, list(P))", "The parameters are list"),
        ("engine.gradient_check(INPUTS, TARGETS, H, WHOLE)", r"The parameters are int64 \(W_xh\).*float64"),
        ("engine.gradient_check(INPUTS, TARGETS, H, P._replace(b_h=[0.0] * 3))", r"The parameters are list \(b_h\)"),
        ("engine.gradient_check(3, 3, H, P)", r"inputs has shape \(\)"),
        ("engine.gradient_check(None, None, H, P)", r"inputs has shape \(\)"),
        ("engine.gradient_check(INPUTS, TARGETS[1:], H, P)", r"inputs has shape \(5,\) and targets \(4,\)"),
        ("engine.gradient_check([0, 4], [0, 1], H, P)", "inputs hold the id 4"),
        ("engine.gradient_check([0, -1], [0, 1], H, gates.initialize_gru(3, 4, RNG), model=gates.GRU)", ".* the id -1"),
        ("engine.gradient_check(INPUTS, TARGETS, H[1:], P)", r"The state h has shape \(2,\): here it must be \(3,\)"),
        ("engine.gradient_check(INPUTS, TARGETS, None, P)", r"The state h has shape \(\): here it must be \(3,\)"),
    ],
    "clip_gradients": [
        *numbers("rnn.clip_gradients(G, {})", "max_norm"),
        ("rnn.clip_gradients(G._replace(b_h=np.full(3, NAN)), 1)", "The global norm of the gradients is nan"),
        ("rnn.clip_gradients(G._replace(b_h=np.full(3, INF)), 1)", "The global norm of the gradients is inf"),
        ("rnn.clip_gradients(G._replace(b_h=np.full(3, 1e200)), 1)", "The global norm of the gradients is inf"),
    ],
    "steps": [
        *[
            (f"{step}({arrays}{rest})", f"The gradients have the shapes .*{shape}")
            for step, rest in [
                ("rnn.sgd_step", ", 0.1"),
                ("engine.adam_step", ", fresh(), fresh(), 1, 0.1"),
                ("engine.muon_step", ", fresh(), fresh(), 1, 0.1"),
            ]
            for arrays, shape in [
                ("fresh(), G[:4]", ""),
                ("fresh(), (*G, G.b_h)", ""),
                ("fresh(), G._replace(W_hh=G.W_xh)", r"\(3, 4\)"),
                ("fresh(), G._replace(b_h=G.b_h[:1])", r"\(1,\)"),
            ]
        ],
        *[
            (f"{step}(fresh(), {arrays}, 1, 0.1)", f"The {name} have the shapes")
            for step in ("engine.adam_step", "engine.muon_step")
            for name, arrays in [
                ("m", "G, fresh()[:3], fresh()"),
                ("v", "G, fresh(), fresh()[:3]"),
                ("v", "G, fresh(), ()"),
            ]
        ],
        *each("rnn.sgd_step(fresh(), {}, 0.1)", "None | 5 | [1.0, 2.0]", "The gradients are .*: they must be a tuple"),
        *each("rnn.sgd_step({}, G, 0.1)", "None | 5", "The parameters are {}: they must be a tuple"),
        ("rnn.sgd_step(RUN, RUN.parameters, 0.1)", "The parameters are TrainingRun.*: they must be a tuple"),
        ("engine.adam_step(fresh(), G, None, fresh(), 1, 0.1)", "The m are None: they must be a tuple"),
        *counts("engine.adam_step(fresh(), G, fresh(), fresh(), {}, 0.1)", "step"),
        *counts("engine.muon_step(fresh(), G, fresh(), fresh(), {}, 0.1)", "step"),
    ],
    "pieces of a text": [
        *counts("rnn.chunks(IDS, {})", "seq_length"),
        *counts("engine.make_streams(IDS, {})", "streams"),
        ("engine.make_streams(IDS, 11)", "streams is 11: the text has 10 characters"),
        ("engine.make_streams(IDS, 10**6)", "streams is 1000000: the text has 10 characters"),
        *each("engine.make_streams({}, 2)", "'a text' | None | 5", r"ids is .*: it must be \(N,\), the ids of one text"),
        ("engine.make_streams(IDS.reshape(2, 5), 2)", r"ids is .*: it must be \(N,\), the ids of one text"),
    ],
    "train": [
        *each("engine.train({}, 3, 5, 0.1, 1)", "None | 'sonnets' | 5", "corpus is .*: give a Corpus"),
        ("engine.train(TOY.text, 3, 5, 0.1, 1)", "corpus is .*: give a Corpus"),
        *counts("train(hidden_size={})", "hidden_size"),
        *counts("train(seq_length={})", "seq_length"),
        *counts("train(num_epochs={})", "num_epochs"),
        *counts("train(streams={})", "streams"),
        *numbers("train(learning_rate={})", "learning_rate"),
        *numbers("train(max_norm={})", "max_norm", "0 | -1 | nan | inf | 'a'"),
        *numbers("train(init={})", "init", "0 | -1 | nan | inf | None"),
        ("train(init='big')", "The initial scale is 'big'"),
        ("train(init='big', model=gates.GRU)", "The initial scale is 'big'"),
        *each("train(seed={})", "-1 | 1.5 | None | 'a'", "seed is {}: it must be a whole number, 0 or more"),
        *each("train(optimizer={})", "None | 'real' | 5", "optimizer is {}: it must be one of"),
        *each("train(decay={})", "'real' | 5 | True", "decay is {}: it must be one of"),
        *each("train(dtype={})", "None | 'float16' | 5", "dtype is {}: it must be one of"),
        ("train(seq_length=10**6)", "The text 'toy' has 165 characters, too few"),
        ("train(streams=100)", "The text 'toy' has 165 characters, too few"),
        *each("train(progress={})", "5 | 'yes' | None | [1]", "progress is .*: it must be True, False or a function"),
        ("train(progress=returning(None))", r"The function progress returned None: .* show\(done, loss\) and end"),
        ("train(progress=returning(5))", "The function progress returned 5"),
        *each("train(model={})", "None | 'RNN' | tuple(engine.RNN)", "model is .*: give a Model"),
        ("train(model=engine.Model(None, rnn.forward_pass, rnn.backward_pass))", "The model's initialize is None"),
        ("train(model=engine.RNN._replace(forward=None))", "The model's forward is None: it must be a function"),
        ("train(model=engine.RNN._replace(backward='b'))", "The model's backward is 'b': it must be a function"),
        ("train(model=engine.RNN._replace(zero_state=5))", "The model's zero_state is 5: it must be a function"),
        ("train(model=engine.RNN._replace(initialize=returning(None)))", "The parameters are NoneType"),
        ("train(model=engine.RNN._replace(forward=returning(None)))", "forward returned nothing"),
        ("train(model=engine.RNN._replace(backward=returning(5)))", "backward returned a int"),
        *each("train(resume={})", "5 | 'run.npz'", "resume is .*: give a TrainingRun"),
        ("train(resume=RUN.parameters)", "resume is .*: give a TrainingRun"),
        ("train(resume=RUN, hidden_size=7)", "The run to resume has hidden_size=6, not 7"),
        ("train(rnn.Corpus('other', LINE * 4), resume=RUN)", "The run to resume has characters=165"),
        *[
            (
                f"train(num_epochs={size})",
                "This computer has not enough memory for the losses of num_epochs",
                MemoryError,
            )
            for size in ("10**15", "10**30")
        ],
        *[
            (f"train(hidden_size=10**13, model={model})", "This computer has not enough memory for", MemoryError)
            for model in (
                *("engine.RNN", "gates.GRU", "gates.LSTM", "gates.leaky(0.5)", "no_loop.min_gru()"),
                *("no_loop.attention_model()", "judging.with_dropout(gates.GRU, 0.5, RNG)"),
            )
        ],
    ],
    "saving": [
        *each("engine.save_run({}, FOLDER / 'x')", "None | 5 | 'run'", "run is .*: give a TrainingRun"),
        ("engine.save_run(RUN.parameters, FOLDER / 'x')", "run is .*: give a TrainingRun"),
        *each("engine.save_run(RUN, {})", "None | 5 | b'x' | 2.5", "The path is {}: give a text or a Path"),
        *each("engine.save_run(RUN, {})", "'' | FOLDER | str(FOLDER)", "'.*' is a folder: give the path of a file in it"),
        ("engine.save_run(RUN, FOLDER / 'none' / 'x')", "There is no folder '.*none': create it", FileNotFoundError),
        *each("engine.load_run({})", "None | 1 | 5 | b'x' | 2.5 | True", "The path is {}: give a text or a Path"),
        *each("engine.load_run({})", "'' | FOLDER | str(FOLDER)", "'.*' is a folder: give the path of a file in it"),
        ("engine.load_run(FOLDER / 'none')", "There is no file '.*none': save a run first", FileNotFoundError),
        *each(
            "engine.load_run(FOLDER / {})", "'text.npz' | 'pickle.npz'", "'.*' cannot be read as a file of save_run: it"
        ),
    ],
    "evaluate": [
        *each("engine.evaluate({}, TOY.ids)", "None | list(P) | 5", "The parameters are"),
        *each("engine.evaluate(P, {})", "[] | [1] | 3 | None", "The ids have shape .*: evaluating needs those of 2"),
        ("engine.evaluate(P, [0, 4])", "ids hold the id 4"),
        ("engine.evaluate(P, [-1, 0])", "ids hold the id -1"),
        ("engine.evaluate(gates.initialize_gru(3, 4, RNG), [-1, 0], model=gates.GRU)", "ids hold the id -1"),
        ("engine.evaluate(P, [0.5, 1.5])", "ids are of type float64"),
        ("engine.evaluate(P, ['a', 'b'])", "ids are of type <U1"),
        ("engine.evaluate(P, [[0], [1, 2]])", "ids hold rows of different lengths"),
        ("engine.evaluate(P, IDS, model=None)", "model is 'None': give a Model"),
        ("engine.evaluate(WHOLE, IDS)", "The parameters are W_xh int64"),
        ("engine.evaluate(P._replace(b_h=P.b_h[:1]), IDS)", "The parameters have the shapes"),
    ],
    "draws": [
        *numbers("rnn.apply_temperature(U, {})", "temperature"),
        ("rnn.draw(np.array([]), 0.5)", r"probs is array.*, of shape \(0,\): give one probability for each character"),
        ("rnn.draw([], 0.5)", r"probs is array.*, of shape \(0,\): give one probability for each character"),
        ("rnn.draw(0.5, 0.5)", r"probs is array.*, of shape \(\): give one probability"),
        ("rnn.draw(None, 0.5)", r"probs is array.*, of shape \(\): give one probability"),
        ("rnn.draw(np.full((2, 2), 0.25), 0.5)", r"probs is array.*, of shape \(2, 2\): give one probability"),
        ("rnn.draw([NAN, 0.5], 0.5)", "The probabilities add up to nan, so nothing can be drawn"),
        ("rnn.draw([INF, 0.5], 0.5)", "The probabilities add up to inf, so nothing can be drawn"),
        ("rnn.draw([0.2, 0.2], 0.5)", "The probabilities add up to 0.4: they must"),
        *each("rnn.draw(U, {})", "2 | 1 | -0.1", "u is {}: it must be a number from 0 to below 1"),
        ("rnn.draw(U, NAN)", "u is nan: it must be a number from 0 to below 1"),
        *each(
            "rnn.draw(U, {})", "None | 'a' | RNG | U", "u is .*: it must be a number from 0 .* as rng.random.. gives"
        ),
    ],
    "sample_ids": [
        ("rnn.sample_ids(P, H, 4, 5, RNG)", "first_id hold the id 4"),
        ("rnn.sample_ids(P, H, 99, 5, RNG)", "first_id hold the id 99"),
        ("rnn.sample_ids(P, H, -1, 5, RNG)", "first_id hold the id -1"),
        ("rnn.sample_ids(P, H, 'a', 5, RNG)", "first_id are of type <U1"),
        ("rnn.sample_ids(P, H, 1.0, 5, RNG)", "first_id are of type float64"),
        ("rnn.sample_ids(P, H, None, 5, RNG)", "first_id are of type object"),
        *counts("rnn.sample_ids(P, H, 0, {}, RNG)", "length", "-1 | 2.5 | None"),
        *each("rnn.sample_ids(P, H, 0, 5, {})", "0 | None | 'a'", GENERATOR),
        ("rnn.sample_ids(RUN, H, 0, 5, RNG)", "This is a whole TrainingRun"),
        ("rnn.sample_ids(None, H, 0, 5, RNG)", "The parameters are NoneType"),
        *each(
            "rnn.sample_ids(P, {}, 0, 5, RNG)", "H[1:] | None | 5", r"The state h has shape .*: here it must be \(3,\)"
        ),
        *numbers("rnn.sample_ids(P, H, 0, 5, RNG, {})", "temperature", "0 | -1 | nan"),
        ("rnn.sample_ids(P, H, 0, 5, RNG, model=None)", "model is 'None': give a Model"),
        ("rnn.sample_ids(P, np.full(3, NAN), 0, 5, RNG)", "The probabilities add up to nan"),
        ("rnn.sample_ids(P._replace(W_hy=NAN * P.W_hy), H, 0, 5, RNG)", "The probabilities add up to nan"),
    ],
    "sample": [
        *counts("engine.sample(RUN.parameters, TOY, {})", "length"),
        *numbers("engine.sample(RUN.parameters, TOY, 5, temperature={})", "temperature"),
        *each(
            "engine.sample(RUN.parameters, TOY, 5, seed={})", "-1 | 1.5 | None", "seed is {}: it must be a whole number"
        ),
        *each("engine.sample(RUN.parameters, TOY, 5, prompt={})", "5 | ['a'] | b'a' | 0", "prompt is {}, of type"),
        ("engine.sample(RUN.parameters, TOY, 5, prompt='The')", "The character 'T' at position 0"),
        *each("engine.sample({}, TOY, 5)", "None | 5", "The parameters are"),
        *each("engine.sample(RUN.parameters, {}, 5)", "None | 'toy' | 5", "corpus is .*: give a Corpus"),
        ("engine.sample(P, TOY, 5)", "The network was trained with a vocabulary of 4 characters"),
        *each("engine.sample(RUN.parameters, TOY, 5, model={})", "None | 'RNN'", "model is .*: give a Model"),
        ("engine.sample(RUN.parameters._replace(W_hh=np.full((6, 6), NAN)), TOY, 5)", "The probabilities add up to nan"),
        (
            "engine.sample(RUN.parameters._replace(W_hh=np.full((6, 6), NAN)), TOY, 5, model=gates.leaky(0))",
            "The probabilities add up to nan",
        ),
    ],
    "tables": [
        *each("counting.witten_bell(IDS, IDS, 4, {})", "-1 | 2.5 | None", "order is {}: it must be a whole number"),
        *counts("counting.witten_bell(IDS, IDS, {}, 2)", "vocab_size", "0 | 2.5 | None"),
        ("counting.witten_bell(IDS, IDS, 4, 32)", "order is 32: with 4 characters there are more texts"),
        ("counting.witten_bell(IDS, IDS, 3, 2)", "seen hold the id 3: with 3 characters"),
        ("counting.witten_bell(IDS, [-1], 4, 2)", "read hold the id -1: with 4 characters"),
        ("counting.witten_bell('abc', IDS, 4, 2)", "seen is .*: it must be"),
        ("counting.witten_bell(IDS, None, 4, 2)", "read is .*: it must be"),
        *numbers("counting.witten_bell(IDS, IDS, 4, 2, {})", "handed_down"),
        *each("counting.counting_on(IDS, IDS, 4, {})", "-1 | 2.5 | None", "order is {}: it must be a whole number"),
        ("counting.counting_on(IDS, IDS, 3, 2)", "seen hold the id 3: with 3 characters"),
        ("counting.counting_on(IDS, [-1], 4, 2)", "read hold the id -1: with 4 characters"),
        *numbers("counting.counting_on(IDS, IDS, 4, 2, {})", "handed_down"),
        *each("counting.ngram_text({}, 2, 5)", NOT_TEXTS, "The text is {}, of type"),
        ("counting.ngram_text('', 2, 5)", "The text is empty"),
        *counts("counting.ngram_text('abc', {}, 5)", "order"),
        *counts("counting.ngram_text('abc', 2, {})", "length", "-1 | 2.5 | None"),
        *counts("counting.ngram_text('abc', 2, 5, {})", "seed", "-1 | 2.5 | None"),
    ],
    "gates": [
        *counts("gates.initialize_gru({}, 4, RNG)", "hidden_size"),
        *counts("gates.initialize_lstm(3, {}, RNG)", "vocab_size"),
        *each("gates.initialize_gru(3, 4, {})", "0 | None", GENERATOR),
        ("gates.initialize_gru(3, 4, RNG, 'orthogonal')", "The initial scale is 'orthogonal'"),
        *numbers("gates.initialize_lstm(3, 4, RNG, {})", "The initial scale", "0 | nan | None"),
        *each("gates.leaky({})", "1 | -0.1 | None | 'a' | True", "keep is {}: it must be a number from 0 to below 1"),
        *each("gates.flip_flop({}, RNG)", "1 | 0 | 2.5 | None", "pairs is {}: it must be a whole number, 2 or more"),
        *each("gates.flip_flop(5, {})", "0 | None", GENERATOR),
        *each("gates.judged_by(engine.RNN, TOY, {})", "'é' | '' | 'th' | None | 5", "char is {}: it must be one of the"),
        ("gates.judged_by(engine.RNN, 'toy', 'r')", "corpus is 'toy': give a Corpus"),
        ("gates.share_right(engine.RNN, RUN.parameters, TOY, ['the'], 'é')", "char is 'é': it must be one of"),
        ("gates.share_right(engine.RNN, RUN.parameters, TOY, ['the', 'of'], 't')", "texts hold rows of different lengths"),
        *each("gates.line_positions({})", NOT_TEXTS, "The text is {}, of type"),
        ("gates.states_of(engine.RNN, P, [0])", "The ids have shape .*: evaluating needs those of 2"),
        ("gates.states_of(engine.RNN, P, [-1, 0])", "ids hold the id -1"),
        ("gates.states_of(engine.RNN, RUN, IDS)", "This is a whole TrainingRun"),
    ],
    "judging": [
        *each(
            "judging.split(TOY, {})", "5 | None | () | (8, 0) | (8, 1.5) | (1000, 1)", "The parts are .*: they must be"
        ),
        ("judging.split(LINE)", "corpus is .*: give a Corpus"),
        ("judging.network_probabilities(P, [0])", "The ids have shape .*: evaluating needs those of 2"),
        ("judging.network_probabilities(P, [0, 4])", "ids hold the id 4"),
        ("judging.network_probabilities(RUN, IDS)", "This is a whole TrainingRun"),
        *counts("judging.standard_error(np.ones(300), {})", "block"),
        *each(
            "judging.standard_error({}, 10)",
            "5 | [] | np.ones(19) | np.ones((20, 2))",
            "values have shape .*: they must",
        ),
        *each("judging.compressed_bits({}, 'b', bytes)", "None | b'a'", "seen is {}, of type"),
        ("judging.compressed_bits('a', '', bytes)", "The texts seen and read must not be empty"),
        ("judging.compressed_bits('a', 'b', 'gzip')", "compress is 'gzip': it must be a function"),
        *counts("judging.early_stop([1.0, 2.0], {})", "patience"),
        *each(
            "judging.with_dropout(engine.RNN, {}, RNG)", "1 | -0.1 | None | 'a'", "rate is {}: it must be a number from"
        ),
        ("judging.with_dropout(engine.RNN, NAN, RNG)", "rate is nan: it must be a number from 0"),
        *each("judging.with_dropout(engine.RNN, 0.5, {})", "0 | None", GENERATOR),
        *each(
            "judging.with_weight_decay(engine.RNN, {})",
            "-1 | None | 'a'",
            "strength is {}: it must be a number, 0 or more",
        ),
        *each(
            "judging.mix([U, U], {})",
            "[1] | [1, 2, 3] | [0, 0] | [-1, 2] | None | [1, NAN] | 'ab'",
            r"The weights are .* for probs of shape \(2, 4\)",
        ),
        ("judging.mix([U, U[1:]], [1, 1])", "probs hold rows of different lengths"),
    ],
    "no loop": [
        *counts("no_loop.min_gru(layers={})", "layers"),
        ("train(hidden_size=5, model=no_loop.min_gru(layers=2))", "A state of 5 does not divide into 2"),
        *each("no_loop.attention_model(slope={})", "-1 | None | 'a'", "slope is {}: it must be a number, 0 or more"),
    ],
}

# What comes of them, and why that may be. An error is one of Python or NumPy; "goes" is none.
ONE_LINE = "a function of one or two formulas, shown to learners as that: NumPy names what it cannot add or multiply"
IN_TRAINING = "part of each step of a training, which has checked the ids and shapes before; of the ids NumPy names one"
ARITHMETIC = "one formula: what goes in is a number that the caller has just worked out"
MAY_PASS = [
    ("rnn.one_hot([-1], 4)", "goes", "counts from the end, as NumPy does: " + IN_TRAINING),
    ("rnn.one_hot([4], 4)", "IndexError", IN_TRAINING),
    ("rnn.one_hot([0.5], 4)", "IndexError", IN_TRAINING),
    ("rnn.one_hot([0], 2.5)", "TypeError", IN_TRAINING),
    ("rnn.one_hot([0], -1)", "ValueError", IN_TRAINING),
    ("rnn.one_hot(None, 4)", "IndexError", IN_TRAINING),
    ("rnn.rnn_step(-1, H, P)", "goes", "counts from the end, as NumPy does; forward_pass and sample_ids check the ids"),
    ("rnn.rnn_step(4, H, P)", "IndexError", ONE_LINE),
    ("rnn.rnn_step(0, H[1:], P)", "ValueError", ONE_LINE),
    ("rnn.rnn_step(0, H, None)", "TypeError", ONE_LINE),
    ("rnn.rnn_step('a', H, P)", "IndexError", ONE_LINE),
    ("gates.gru_step(4, H, gates.initialize_gru(3, 4, RNG))", "IndexError", ONE_LINE),
    ("rnn.softmax([])", "ValueError", ONE_LINE),
    ("rnn.softmax('ab')", "TypeError", ONE_LINE),
    ("rnn.softmax([NAN, 0.0])", "goes", "nan comes out: what draws from it or learns from it says so"),
    ("rnn.output_probs(H[1:], P)", "ValueError", ONE_LINE),
    ("rnn.apply_temperature([1, 2], 1)", "AttributeError", ONE_LINE),
    ("rnn.tanh_backward(H, H[1:])", "ValueError", ONE_LINE),
    ("rnn.hidden_gradients(FORWARD.hidden[1:3], FORWARD.hidden, P)", "ValueError", "zip says which one is shorter"),
    ("rnn.smooth_loss(None, 1)", "TypeError", ARITHMETIC),
    ("rnn.smooth_loss(1, 1, -1)", "goes", ARITHMETIC),
    ("engine.count_parameters(-1, 4)", "goes", ARITHMETIC + "; initialize_parameters refuses such a size"),
    ("engine.count_parameters(None, 4)", "TypeError", ARITHMETIC),
    ("engine.bits_per_character(5, 0)", "ZeroDivisionError", ARITHMETIC + ", and Python says which sum fails"),
    ("engine.linear_decay(0.1, 0, 0)", "ZeroDivisionError", ARITHMETIC + ", and Python says which sum fails"),
    ("engine.linear_decay(0.1, 3, 2)", "goes", ARITHMETIC),
    ("rnn.draw(np.array([0.2, 0.2]), 0.5)", "goes", "a sum for each letter that is written would take time"),
    ("rnn.chunks(IDS, 10)", "goes", "an empty list is right: the docstring and the exercise say so"),
    ("rnn.chunks(IDS, 10**6)", "goes", "an empty list is right: the docstring and the exercise say so"),
    ("rnn.chunks('some text', 3)", "goes", "pieces of a text can be looked at; forward_pass refuses them"),
    ("rnn.chunks(None, 3)", "TypeError", ONE_LINE),
    (
        "rnn.sgd_step(fresh(), G, -0.1)",
        "goes",
        "a step uphill, which a learner may want to see; train refuses the rate",
    ),
    ("rnn.sgd_step(fresh(), G, None)", "TypeError", ONE_LINE),
    ("rnn.sgd_step([*WHOLE], G, 0.1)", "UFuncTypeError", ONE_LINE + "; a network of whole numbers is refused before"),
    ("rnn.forward_pass(INPUTS, TARGETS, NAN * H, P)", "goes", "the loss is nan, and what uses it says so"),
    ("rnn.numerical_gradient(None, U)", "TypeError", "Python says that None cannot be called"),
    ("rnn.numerical_gradient(np.sum, 'a')", "ValueError", "NumPy says that 'a' is no number"),
    ("rnn.clip_gradients(5, 1)", "TypeError", IN_TRAINING),
    ("engine.sample(RUN.parameters, TOY, 5, prompt=None)", "goes", "as without a prompt"),
    ("engine.sample(RUN, TOY, 5)", "goes", "a run knows its parameters"),
    ("engine.evaluate(RUN, TOY.ids)", "goes", "a run knows its parameters"),
    ("engine.sample(RUN.parameters, TOY.vocabulary, 5)", "goes", "a Vocabulary is enough"),
    ("train(progress=np.bool_(False))", "goes", "as good as False"),
    ("engine.gradient_check(INPUTS.tolist(), TARGETS.tolist(), H, P)", "goes", "lists are as good as arrays"),
    ("engine.initialize_parameters(3, 4, np.random.RandomState(0))", "goes", "an older generator will do"),
    ("judging.bits(np.array([0.0, 1.0]))", "goes", "a model that gave 0 to what came is surprised without end: inf"),
    ("judging.dropout_mask(3, 1, RNG)", "goes", "part of each step of a training; with_dropout has checked the rate"),
    ("judging.early_stop([], 1)", "goes", "the docstring asks for one score"),
    ("rnn.output_backward(TARGETS, FORWARD.probs[1:], FORWARD.hidden[1:], P.W_hy)", "ValueError", IN_TRAINING),
    ("rnn.weight_gradients(INPUTS[1:], FORWARD.hidden, FORWARD.hidden[1:], 4)", "ValueError", IN_TRAINING),
    ("engine.orthogonalize(U, 3)", "IndexError", IN_TRAINING),
    ("gates.gru_forward(INPUTS, TARGETS, H[1:], gates.initialize_gru(3, 4, RNG))", "ValueError", IN_TRAINING),
    ("gates.gru_forward([-1], [0], H, gates.initialize_gru(3, 4, RNG))", "goes", IN_TRAINING),
    ("gates.position_probe(ROWS, [0, 1, 2], ROWS, [0, 1])", "LinAlgError", ONE_LINE),
    ("gates.sigmoid(None)", "TypeError", ONE_LINE),
    ("no_loop.linear_loop(U, U[1:], 0.0)", "goes", ONE_LINE),
    ("no_loop.scan(U, U[:2], 0.0)", "ValueError", ONE_LINE),
]


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    (folder / "text.npz").write_text("a text\n" * 50)
    (folder / "pickle.npz").write_bytes(b"\x80\x04K\x05.")
    return scope(folder)


@pytest.mark.parametrize("group", WRONG)
def test_a_wrong_call_hears_one_clear_sentence(group, names):
    with every_case() as case:
        for call, words, *error in WRONG[group]:
            with case(call):
                message = message_of(error[0] if error else ValueError, eval, call, names)
                assert re.match(words, message), message
                assert "allow_pickle" not in message, "an advice of NumPy's, and a bad one"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_may_go_through_does_what_is_said_of_it(names):
    with every_case() as case:
        for call, outcome, reason in MAY_PASS:
            with case(f"{call}: {reason}"):
                try:
                    eval(call, names)
                    found = "goes"
                except Exception as error:
                    kinds = [kind.__name__.lstrip("_") for kind in type(error).__mro__]
                    found = outcome if outcome in kinds else kinds[0]
                assert found == outcome
