"""Text and vocabulary: preprocess, Corpus, one-hot rows."""

import numpy as np
import pytest
from helpers import TOY, message_of, train

import rnn_helpers as rnn
from course import engine

REMOVED = "][&=%()-@\ufeff;_é$"


# ---------------------------------------------------------------- preprocess


@pytest.mark.parametrize("char", REMOVED + "0123456789")
def test_preprocess_removes_each_of_the_listed_characters(char):
    assert rnn.preprocess(f"a{char}b{char}{char}c{char}") == "abc"


def test_preprocess_keeps_all_others_and_lowers_them():
    every = "".join(chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000) + "😀🎉"
    expected = "".join(char for char in every.lower() if char not in REMOVED and not char.isdecimal())
    assert rnn.preprocess(every) == expected
    assert rnn.preprocess(expected) == expected  # a second time changes nothing


@pytest.mark.parametrize("piece", ["ΟΔΟΣ ΑΣ1Α Σ\n", "ΟΔΟΣ ΑΣ1Α Σ ", "ΑΣΑΣΑ\n", "\n", "A-B\r\n"])
def test_preprocess_of_a_long_text(piece):
    """Whether a Greek sigma is lowered to σ or ς depends on its neighbors, so a text must not be cut anywhere."""
    text = piece * (1_300_000 // len(piece))
    expected = "".join(char for char in text.lower() if char not in REMOVED and not char.isdecimal())
    assert rnn.preprocess(text) == expected


def test_preprocess_lowers_before_it_removes():
    assert rnn.preprocess("ÉA\r\n\t'!?") == "a\r\n\t'!?"
    assert rnn.preprocess("") == ""


# ---------------------------------------------------------------- Corpus

TEXTS = ["hello", "a", "aaaa", "ab\ncd \n", "Привет, мир", "καλημέρα", "one 😀 two 🎉\n", "\x00\x7f\u0301e"]


@pytest.mark.parametrize("text", TEXTS)
def test_corpus_numbers_the_characters_in_sorted_order(text):
    corpus = rnn.Corpus("some name", text)
    vocabulary = sorted(set(text))
    assert list(corpus.chars) == vocabulary
    assert corpus.vocab_size == len(vocabulary)
    assert (corpus.name, corpus.text) == ("some name", text)
    assert corpus.ids.shape == (len(text),)
    assert corpus.ids.dtype.kind in "iu"
    assert corpus.ids.tolist() == [vocabulary.index(char) for char in text]
    assert corpus.decode(corpus.ids) == text
    assert corpus.encode(text[::-1]).tolist() == corpus.ids.tolist()[::-1]
    assert corpus.decode(corpus.ids[:0]) == "" and corpus.decode([]) == "" and len(corpus.encode("")) == 0


def test_corpus_repr_tells_name_and_sizes():
    assert repr(rnn.Corpus("toy", "abc" * 500)) == "Corpus('toy': 1,500 characters, vocabulary of 3)"


@pytest.mark.parametrize("size", [2, 128, 181, 182, 256, 40_000])
def test_ids_are_wide_enough_for_the_vocabulary_and_for_pairs(size):
    chars = "".join(chr(0x4000 + code) for code in range(size))
    corpus = rnn.Corpus("wide", chars[::-1])
    assert corpus.ids.tolist() == list(range(size))[::-1]
    if size <= 256:
        pairs = corpus.ids[:1] * corpus.vocab_size + corpus.ids[:1]  # the largest id of a pair, in the ids' own type
        assert pairs[0] == size * size - 1


def test_encoding_a_text_of_more_than_a_million_characters():
    text = "abcdefg" * 300_001
    corpus = rnn.Corpus("long", text)
    assert np.array_equal(corpus.ids, np.tile(np.arange(7), 300_001))
    position = 2_000_005
    broken = text[:position] + "Z" + text[position + 1 :]
    assert f"'Z' at position {position} " in message_of(ValueError, corpus.encode, broken)


@pytest.mark.parametrize(
    ("text", "char", "position"), [("abx", "x", 2), ("\u00e9a", "é", 0), ("aa😀x", "😀", 2), ("b\ta", "\t", 1)]
)
def test_a_character_outside_the_vocabulary_is_named_with_its_place(text, char, position):
    message = message_of(ValueError, rnn.Corpus("letters", "abc").encode, text)
    assert f"{char!r} at position {position}" in message
    assert "'letters'" in message and "'abc'" in message


def test_a_capital_letter_gets_the_hint_to_write_it_small():
    corpus = rnn.Corpus("letters", "abc")
    assert "'b' is" in message_of(ValueError, corpus.encode, "aB")
    assert "lower case" not in message_of(ValueError, corpus.encode, "aX")


@pytest.mark.parametrize(("ids", "wrong"), [([0, 3], "3"), ([-1, 0], "-1"), (np.array([0, 1, 99]), "99")])
def test_decode_names_an_id_out_of_range(ids, wrong):
    message = message_of(ValueError, rnn.Corpus("letters", "abc").decode, ids)
    assert f"id {wrong}:" in message and "0 to 2" in message


def test_decode_wants_whole_numbers():
    assert "float64" in message_of(ValueError, rnn.Corpus("letters", "abc").decode, [0.5])


def test_an_empty_text_is_refused():
    assert "'nothing'" in message_of(ValueError, rnn.Corpus, "nothing", "")


# ---------------------------------------------------------------- Vocabulary


def test_a_corpus_and_a_run_have_a_vocabulary():
    run = train(num_epochs=1)
    for vocabulary in (TOY.vocabulary, run.vocabulary):
        assert (vocabulary.chars, vocabulary.size, vocabulary.name) == (TOY.chars, TOY.vocab_size, "toy")
        assert vocabulary.encode("fox").tolist() == TOY.encode("fox").tolist()
        assert vocabulary.decode(TOY.ids[:9]) == "the quick"


def test_a_vocabulary_is_sorted_whatever_it_is_made_of():
    assert repr(rnn.Vocabulary("hello", "a word")) == "Vocabulary('ehlo', 'a word')"


def test_a_piece_of_a_text_keeps_the_vocabulary_of_the_whole():
    piece = rnn.Corpus("piece", "the fox\n", TOY.vocabulary)
    assert piece.chars == TOY.chars and piece.decode(piece.ids) == "the fox\n"
    assert "of 'toy'" in message_of(ValueError, piece.encode, "é")
    with pytest.raises(ValueError, match="'é' at position 4"):
        rnn.Corpus("piece", "the é", TOY.vocabulary)


def test_a_network_writes_with_the_vocabulary_alone():
    run = train(num_epochs=1)
    for prompt in ("", "the q"):
        text = engine.sample(run.parameters, TOY, 40, prompt=prompt)
        assert engine.sample(run.parameters, run.vocabulary, 40, prompt=prompt) == text


# ---------------------------------------------------------------- one-hot rows


@pytest.mark.parametrize("ids", [[2], [0, 3, 3, 1], [[0, 1], [2, 3], [3, 3]], []])
@pytest.mark.parametrize("dtype", [float, np.float32])
def test_one_hot_has_one_row_per_id(ids, dtype):
    rows = rnn.one_hot(np.array(ids, int), 4, dtype)
    flat = np.ravel(ids).astype(int).tolist()
    assert rows.dtype == dtype and rows.shape == (len(flat), 4)
    assert rows.tolist() == [[float(column == id) for column in range(4)] for id in flat]
    assert np.array_equal(rnn.one_hot(ids if ids else np.array(ids, int), 4), rows), "float64 is the default"
