"""Wrong calls of the engine and the models that a page can make: each gets one clear sentence.

Each is the text of a call, with the beginning of its sentence (a regular expression).
"""

import re

import numpy as np
import pytest
from helpers import LINE, TOY, every_case, message_of, random_case, train
from own_models import PLAIN

import rnn_helpers as rnn
from course import engine
from course.models import counting, delta, gates, judging, no_loop

INPUTS, TARGETS, H_PREV, P = random_case(3, 4, (5,), 1)  # H = 3, V = 4, T = 5
NAMES = {
    **{name: getattr(engine, name) for name in engine.__all__},
    **{
        "np": np,
        "TOY": TOY,
        "LINE": LINE,
        "RUN": train(num_epochs=1),
        "P": P,
        "LINES": rnn.Corpus("abcd", "abcd" * 9),
        "PLAIN": PLAIN,
    },
    **{"INPUTS": INPUTS, "TARGETS": TARGETS, "H": H_PREV, "returning": lambda result: lambda *given: result},
    **{"WHOLE": rnn.Parameters(*[np.ones(value.shape, int) for value in P]), "NAN": float("nan")},
    **{"train": train, "IDS": np.arange(10) % 4, "U": np.full(4, 0.25), "RNG": np.random.default_rng(0)},
    **{"GRU_P": gates.initialize_gru(3, 4, np.random.default_rng(0))},
    **{"counting": counting, "delta": delta, "gates": gates, "judging": judging, "no_loop": no_loop},
    **{"JUDGED": train(num_epochs=1, model=gates.judged_by(engine.RNN, TOY, "o"))},
    **{"OTHER": rnn.Corpus("other", TOY.text.replace("q", "ß"))},  # of as many characters
}


def each(call, values, words):
    """Return the same call with several values, each a text; {} marks their place in the call and in the words."""
    return [(call.replace("{}", value), words.replace("{}", re.escape(value))) for value in values.split(" | ")]


def counts(call, name, values="0 | 2.5"):
    return each(call, values, rf"{name} is {{}}: it must be a whole number, \d or more\.")


def numbers(call, name, values="0 | None"):
    return each(call, values, rf"{name} is {{}}: it must be a number above 0, and finite\.")


WRONG = {
    "initialize_rnn": [
        *counts("initialize_rnn({}, 4, RNG)", "hidden_size"),
        *counts("initialize_rnn(3, {}, RNG)", "vocab_size", "0"),
        *numbers("initialize_rnn(3, 4, RNG, {})", "The initial scale"),
        ("initialize_rnn(3, 4, RNG, 'big')", "The initial scale is 'big': use a number or 'fan_in'"),
    ],
    "the passes of RNN": [
        ("RNN.forward(INPUTS, TARGETS, H, None)", "The parameters are NoneType: they must be a NamedTuple"),
        ("RNN.forward(INPUTS, TARGETS, H, RUN)", "This is a whole TrainingRun: give its parameters"),
        ("RNN.forward(INPUTS, TARGETS, H, WHOLE)", "The parameters are W_xh int64.*: they must be arrays of floats"),
        ("RNN.forward(INPUTS, TARGETS, H, GRU_P)", "The parameters are W_xr, .*: this function reads W_xh, W_hh"),
        ("RNN.forward(INPUTS, TARGETS, H, P._replace(b_h=np.float32(P.b_h)))", ".* b_h float32.*: .* of one type"),
        ("RNN.forward(INPUTS, TARGETS, H, P._replace(W_xh=P.W_xh.T))", r"The parameters have the shapes W_xh \(4, 3\)"),
        ("RNN.backward([4] * 5, TARGETS, P, RNN.forward(INPUTS, TARGETS, H, P))", "inputs hold the id 4"),
        ("RNN.backward(INPUTS, [-1] * 5, P, RNN.forward(INPUTS, TARGETS, H, P))", "targets hold the id -1"),
        ("loss_of(U, [0, 1])", r"probs has shape \(4,\) and targets \(2,\): give one target for each row"),
        ("loss_of(np.full((2, 4), 0.25), [0, -1])", "targets hold the id -1: with 4 characters"),
        ("read_out_backward([-1], U[None], H[None], P.W_hy)", "ids hold the id -1: with 4 characters"),
    ],
    "gradient_check": [
        ("gradient_check(INPUTS, TARGETS, H, RUN)", "This is a whole TrainingRun"),
        ("gradient_check(INPUTS, TARGETS, H, WHOLE)", r"The parameters are int64 \(W_xh\).*float64"),
        ("gradient_check(INPUTS, TARGETS, H, P._replace(b_h=[0.0] * 3))", r"The parameters are list \(b_h\)"),
        ("gradient_check(INPUTS, TARGETS[1:], H, P)", r"inputs has shape \(5,\) and targets \(4,\)"),
        ("gradient_check([0, -1], [0, 1], H, GRU_P, model=gates.GRU)", ".* the id -1"),
        ("gradient_check([0, 1], [0, -1], H, P, model=PLAIN)", "targets hold the id -1"),
        ("gradient_check(INPUTS, TARGETS, H[1:], P)", r"The state h has shape \(2,\): here it must be \(3,\)"),
        ("gradient_check(INPUTS, TARGETS, H, P, model=gates.GRU)", "The parameters are W_xh, .*: .* reads W_xr"),
        ("gradient_check(INPUTS, TARGETS, H, P, model=gates.judged_by(RNN, TOY, 'q'))", ".*: use the text that it was"),
    ],
    "train": [
        *each("train({})", "None | 'sonnets'", "corpus is .*: give a Corpus"),
        ("train(model='RNN')", "model is 'RNN': give a Model, for example RNN"),
        ("train(model=RNN._replace(initialize=returning(P)))", r"initialize returned W_hy of shape .4, 3.:"),
        *each("train(resume={})", "'run.npz' | RUN.parameters", "resume is .*: give a TrainingRun"),
        ("train(model=Model(None, None, None))", "The initialize of the model is None: it must be a function"),
        (
            "train(model=Model(initialize_rnn, P, None))",
            r"The forward of the model is Parameters\(.*: it must be a func",
        ),
        *each("train(progress={})", "'no' | 5 | None", "progress is {}: it must be True, False, or watch"),
        ("train(num_epochs=10**15)", "num_epochs is 1,0.*,000: this needs more than 128,000,000 GB of memory"),
        *each(
            "train(hidden_size={})",
            "10**7 | 10**12",
            "hidden_size is 1.*,000: this needs more than 8.*,000 GB of memory",
        ),
        *each(
            "train(hidden_size=10**7, model={})",
            "gates.GRU | gates.leaky(0.5) | no_loop.min_gru(layers=2) | delta.delta_net()",
            "hidden_size is 10,000,000: this needs more than .* GB of memory",
        ),
        ("train(OTHER, model=gates.judged_by(RNN, TOY, 'q'))", "The model .* was made for a text with the characters"),
        ("train(LINES, model=gates.judged_by(RNN, TOY, 'q'))", "The model .* was made for a text with the characters"),
        *counts("muon_step(P, P, P, P, {}, 0.1)", "step"),
        *each("muon_step(P, P, P, P, 1, {})", "NAN | -1", "learning_rate is .*: it must be a number above 0"),
    ],
    "saving": [
        ("save_run(RUN.parameters, 'x')", "run is .*: give a TrainingRun"),
        *each("save_run(RUN, {})", "None | 5", "path is {}: it must be a text or a Path"),
        *each("load_run({})", "None | 5", "path is {}: it must be a text or a Path"),
        ("own_run('toy', RUN.parameters, RUN.losses, 10, 0.05)", "corpus is 'toy': give a Corpus"),
        ("own_run(OTHER, P, RUN.losses, 10, 0.05)", "These parts do not make a run: W_hy does not have one row"),
        ("own_run(TOY, RUN.parameters, RUN.losses * NAN, 10, 0.05)", "These parts do not make a run: the losses are"),
    ],
    "evaluate and sample": [
        ("evaluate(list(P), TOY.ids)", "The parameters are list"),
        ("evaluate(GRU_P, [-1, 0], model=gates.GRU)", "ids hold the id -1"),
        ("evaluate(GRU_P, IDS)", "The parameters are W_xr, .*: this function reads W_xh"),
        ("evaluate(P, IDS, model=gates.GRU)", "The parameters are W_xh, .*: this function reads W_xr"),
        *each("evaluate(P, IDS, model=no_loop.min_gru({}))", " | True", "The parameters are W_xh, .* reads W_1"),
        ("evaluate(P, IDS, model=delta.delta_net())", "The parameters are W_xh, .*: this function reads W_k"),
        ("evaluate(GRU_P, IDS, model=gates.leaky(0.5))", "The parameters are W_xr, .*: this function reads W_xh"),
        ("evaluate(JUDGED, IDS, model=gates.judged_by(RNN, OTHER, 'o'))", "The model .* was made for a text with the"),
        ("evaluate(P, IDS, model=gates.judged_by(RNN, TOY, 'q'))", ".* 4 characters, .*: use the text that it was"),
        ("evaluate(P, [[0], [1, 2]])", "ids hold rows of different lengths"),
        *each("next(forward_passes(P, {}))", "[0] | 0", "The ids have shape .*: evaluating needs those of 2"),
        ("next(forward_passes(P, [0, 4]))", "ids hold the id 4: with 4 characters"),
        *counts("bits_per_character(5, {})", "num_characters"),
        ("evaluate(RUN, IDS, model='RNN')", "model is .*: give a Model, for example RNN"),
        ("sample(P, LINES, 5, model=gates.GRU)", "The parameters are W_xh, .*: this function reads W_xr"),
        ("sample(P, TOY, 5)", "The network was trained with a vocabulary of 4 characters"),
        ("judging.network_probabilities(P, [0])", "The ids have shape .*: evaluating needs those of 2"),
        ("judging.network_probabilities(RUN, IDS)", "This is a whole TrainingRun"),
        ("gates.states_of(RNN, P, [-1, 0])", "ids hold the id -1"),
        ("gates.states_of(gates.GRU, P, IDS)", "The parameters are W_xh, .*: this function reads W_xr"),
    ],
    "tables": [
        *counts("counting.witten_bell(IDS, IDS, 4, {})", "order", "-1 | 2.5"),
        ("counting.witten_bell(IDS, IDS, 4, 32)", "order is 32: with 4 characters there are more texts"),
        ("counting.witten_bell(IDS, IDS, 3, 2)", "seen hold the id 3: with 3 characters"),
        ("counting.counting_on(IDS, [-1], 4, 2)", "read hold the id -1: with 4 characters"),
        ("counting.counting_on('abc', IDS, 4, 2)", "seen is .*: it must be"),
        *numbers("counting.counting_on(IDS, IDS, 4, 2, {})", "handed_down", "0"),
        *numbers("counting.kneser_ney(IDS, IDS, 4, 2, {})", "discount", "0"),
        ("counting.ngram_text(None, 2, 5)", "The text is None, of type NoneType"),
        ("counting.ngram_text('', 2, 5)", "The text is empty"),
        ("counting.ngram_text('abc', 10, 5)", "order is 10: the text has 3 characters"),
        *counts("counting.ngram_text('abc', 2, {})", "length", "-5 | 2.5"),
        *counts("delta.phone_book({}, 5, RNG)", "letters"),
        *counts("delta.phone_book(5, {}, RNG)", "notes"),
        ("delta.phone_book(40, 5, RNG)", "letters is 40: the alphabet has 26"),
    ],
    "models": [
        *counts("gates.initialize_gru({}, 4, RNG)", "hidden_size", "0"),
        *counts("gates.initialize_gru(3, {}, RNG)", "vocab_size", "0"),
        *each("gates.leaky({})", "1 | -0.1 | None", "keep is {}: it must be a number from 0 to below 1"),
        *each("gates.judged_by(RNN, TOY, {})", "'é' | 'th' | None", "char is {}: it must be one of the"),
        ("gates.judged_by(RNN, 'toy', 'r')", "corpus is 'toy': give a Corpus"),
        *each("gates.nailed({}=3)", "b_q | b_y | W_hr", "'{}' is not the bias of a gate: give b_r, b_z or b_n"),
        ("gates.share_right(RNN, RUN, TOY, ['the'], 't')", "This is a whole TrainingRun"),
        ("gates.share_right(RNN, RUN.parameters, TOY, ['the', 'of'], 't')", "texts hold rows of different lengths"),
        ("gates.position_probe(np.ones((3, 2)), np.ones((3, 1)), np.ones((2, 2)), np.ones(2))", "positions and new_"),
        *counts("no_loop.min_gru(layers={})", "layers", "0"),
        *each(
            "no_loop.min_gru(lowest={})", "1 | 1.5 | NAN | 'a' | -5", "lowest is .*: it must be a number from -1 to b"
        ),
        ("train(hidden_size=5, model=no_loop.min_gru(layers=2))", "A state of 5 does not divide into 2"),
    ],
    "judging": [
        *each("judging.split(TOY, {})", "5 | (8, 0) | (8, 1.5) | (1000, 1)", "The parts are .*: they must be"),
        ("judging.split(LINE)", "corpus is .*: give a Corpus"),
        *each("judging.standard_error({}, 10)", "5 | np.ones(19)", "values have shape .*: they must"),
        ("judging.bits([2.0])", "probs hold a number that is no probability"),
        ("judging.bits([0.5, NAN])", "probs hold a number that is no probability"),
        *each("judging.with_dropout(RNN, {}, RNG)", "1 | None", "rate is {}: it must be a number from"),
        *each("judging.with_weight_decay(RNN, {})", "-1 | 'a'", "strength is {}: it must be a number of 0 or more"),
    ],
}


@pytest.mark.parametrize("group", WRONG)
def test_a_wrong_call_gets_one_clear_sentence(group):
    with every_case() as case:
        for call, words in WRONG[group]:
            with case(call):
                message = message_of(ValueError, eval, call, NAMES)
                assert re.match(words, message), message
