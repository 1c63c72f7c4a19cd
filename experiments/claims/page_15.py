"""The general claims of page 15: which of two cells is ahead depends on the recipe. And parity at other rates, and
whether gate and candidate that see one letter goes by the order of the letters, and which part has to see two."""

import numpy as np

from course.engine import Model, train
from course.models.delta import learn_parity
from course.models.gates import GRU, judged_by, share_right
from course.models.judging import split, standard_error
from course.models.no_loop import min_gru
from experiments.page_runs import BEST, FLIP_FLOP, PAIRS, QUIET_ADAM, flip_flops, loop_free


def lead(recipe, ahead, behind):
    """Return a claim: how much less one network needs for unseen text than the other one, at the rates of the page."""

    def claim(text, seed):
        parts = split(text)
        ours, other = (loop_free(name, recipe, *BEST[recipe][name], seed, parts) for name in (ahead, behind))
        differences = np.repeat(other - ours, 100)[: len(parts[1].ids) - 1]
        return differences.mean(), standard_error(differences)

    return claim


CLAIMS = {
    "short training: the minGRU is ahead by": lead("short", "minGRU", "plain"),
    "recipe of page 11: plain is ahead by": lead("page 11", "plain", "minGRU"),
    "Muon: plain is ahead by": lead("Muon", "plain", "minGRU"),
}


def parity(lowest, rate, seed):
    """Return the percentage right after 20 and after 500 bits of a minGRU with gates from `lowest` to 1."""
    return learn_parity(min_gru(lowest=lowest), rate, seed, (20, 500))[1]


def other_rates():
    """Return the best or the worst percentage, after so many bits, of three starts at each of three smaller rates."""
    found = {low: np.array([parity(low, r, seed) for r in (0.05, 0.1, 0.2) for seed in range(3)]) for low in (0, -1)}
    return {
        "gates from 0 to 1, 20 bits, best": found[0][:, 0].max(),
        "gates from -1 to 1, 20 bits, worst": found[-1][:, 0].min(),
        "gates from -1 to 1, 500 bits, worst": found[-1][:, 1].min(),
        "gates from -1 to 1, 500 bits, rate 0.4, worst of ten": min(parity(-1, 0.4, seed)[1] for seed in range(10)),
        "GRU, 500 bits, worst": min(learn_parity(GRU, 0.02, seed, (500,))[1][0] for seed in range(3)),
    }


def learned(network, seed):
    """Return the parameters of a network of page 15 that has read flip-flop, as percent_right of page_runs does."""
    model, hidden_size, rate, epochs, _, more = FLIP_FLOP[network]
    corpus, _ = flip_flops()
    settings = QUIET_ADAM | {"decay": "linear", "streams": 16, "seed": seed, "model": judged_by(model, corpus, "r")}
    return train(corpus, hidden_size, 2 * PAIRS, rate, epochs, **settings | more).parameters


def answers(network, parameters, texts):
    """Return for each r of the texts (the letters since the last w, the letter that came, the most probable one)."""
    model, corpus, found = FLIP_FLOP[network][0], flip_flops()[0], []
    for text in texts:
        ids = corpus.encode(text)
        guesses = model.forward(ids[:-1], ids[1:], model.first_state(parameters), parameters).probs.argmax(axis=-1)
        for place in range(len(text) - 1):
            if text[place] == "r":
                since = [char for char in text[text.rindex("w", 0, place) : place] if char in "abcdefgh"]
                found.append((since, text[place + 1], corpus.chars[guesses[place]]))
    return found


def by_the_order():
    """Return the percentage right after r as the texts are, and with an i between each w and its letter: no letter
    comes after a w then, but all come in the same order. And where all letters since the last w differ, the percentage
    of the places where the network says the first of them."""
    _, texts = flip_flops()
    shifted, found = [text.replace("w", "wi") for text in texts], {}
    for network, starts in {"minGRU, 32 units, twelve epochs": 1, "a plain network, 32 units": 3}.items():
        for seed in range(starts):
            parameters = learned(network, seed)
            before, after = (answers(network, parameters, some) for some in (texts, shifted))
            for name, part in {"as they are": before, "with an i": after}.items():
                found[f"{network}, start {seed}, {name}"] = 100 * np.mean([came == said for _, came, said in part])
            firsts = [since[0] == said for since, _, said in before if 1 < len(since) == len(set(since))]
            found[f"{network}, start {seed}, the first of different ones"] = 100 * np.mean(firsts)
    return found


# ---------------------------------------------------------------- who has to look back?
def looking_back_in(gate, candidate):
    """Return the Model of page 15's minGRU with look-back in which only the gate or only the candidate sees the letter
    before; each of the two is True or False."""
    whole = min_gru(look_back=True)

    def masked(p):
        half = len(p.W_back) // 2
        rows = np.repeat([gate, candidate], half).astype(p.W_back.dtype)  # f has the first half of the rows
        return p._replace(W_back=p.W_back * rows[:, None])

    def initialize(hidden_size, vocab_size, rng, scale):
        return masked(whole.initialize(hidden_size, vocab_size, rng, scale))

    def backward(inputs, targets, parameters, forward):
        return masked(whole.backward(inputs, targets, parameters, forward))

    return Model(initialize, whole.forward, backward, whole.zero_state, "looks back in a part")


def one_looks_back():
    """Return the percentage right after r, from each start, if only one of the two sees the letter before."""
    corpus, tests = flip_flops()
    found = {}
    for name, parts in {"the gate alone": (True, False), "the candidate alone": (False, True)}.items():
        for seed in range(3):
            model = looking_back_in(*parts)
            settings = QUIET_ADAM | {"decay": "linear", "streams": 16, "seed": seed, "dtype": "float32"}
            run = train(corpus, 16, 2 * PAIRS, 0.02, 1, model=judged_by(model, corpus, "r"), **settings)
            found[f"{name}, start {seed}"] = 100 * share_right(model, run.parameters, corpus, tests, "r")
    return found


ASIDES = {
    "parity": other_rates,
    "flip-flop by the order of the letters": by_the_order,
    "who looks back": one_looks_back,
}
