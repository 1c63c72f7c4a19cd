"""Text and vocabulary: preprocess, Corpus, Vocabulary."""

import numpy as np
import pytest
from helpers import TOY, message_of, train

import rnn_helpers as rnn
from course import engine

REMOVED = "][&=%()-@\ufeff;_é$"


# ---------------------------------------------------------------- preprocess


def test_preprocess_lowers_and_removes_what_is_listed_and_keeps_all_others():
    every = "".join(chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000) + "😀🎉"
    expected = "".join(char for char in every.lower() if char not in REMOVED and not char.isdigit())
    assert rnn.preprocess(every) == expected
    assert rnn.preprocess(expected) == expected  # doing it twice changes nothing
    assert rnn.preprocess("ÉA\r\n\t'!?") == "a\r\n\t'!?", "it lowers before it removes"
    assert rnn.preprocess("m² ½ ① ٣") == "m ½  ", "what Python calls a digit goes, as in 2019"
    assert rnn.preprocess("") == ""


# ---------------------------------------------------------------- Corpus

TEXTS = ["ab\ncd \n", "Привет, мир", "one 😀 two 🎉\n", "\x00\x7f\u0301e", "\U0010ffff\ud800"]


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


@pytest.mark.parametrize(("text", "char"), [("abx", "x"), ("éa", "é"), ("aa😀", "😀")])
def test_a_character_outside_the_vocabulary_is_named(text, char):
    message = message_of(ValueError, rnn.Corpus("letters", "abc").encode, text)
    assert repr(char) in message and "'letters'" in message and "'abc'" in message


def test_an_empty_text_is_refused():
    assert "'nothing'" in message_of(ValueError, rnn.Corpus, "nothing", "")


# ---------------------------------------------------------------- Vocabulary


def test_a_corpus_and_a_run_have_a_vocabulary():
    run = train(num_epochs=1)
    for vocabulary in (TOY.vocabulary, run.vocabulary):
        assert (vocabulary.chars, vocabulary.size, vocabulary.name) == (TOY.chars, TOY.vocab_size, "toy")
        assert vocabulary.encode("fox").tolist() == TOY.encode("fox").tolist()
        assert vocabulary.decode(TOY.ids[:9]) == "the quick"
    for prompt in ("", "the q"):
        text = engine.sample(run, TOY, 40, prompt=prompt)
        assert engine.sample(run.parameters, run.vocabulary, 40, prompt=prompt) == text
    assert repr(rnn.Vocabulary("hello", "a word")) == "Vocabulary('ehlo', 'a word')"


def test_a_piece_of_a_text_keeps_the_vocabulary_of_the_whole():
    piece = rnn.Corpus("piece", "the fox\n", TOY.vocabulary)
    assert piece.chars == TOY.chars and piece.decode(piece.ids) == "the fox\n"
    assert "of 'toy'" in message_of(ValueError, piece.encode, "é")
    assert "'Ä' is not" in message_of(ValueError, piece.encode, "fÄll A")  # the first one of the text
    assert message_of(ValueError, piece.encode, "Fox").endswith("preprocess(text) makes small letters.")
    with pytest.raises(ValueError, match="'é' is not in the vocabulary of 'toy'"):
        rnn.Corpus("piece", "the é", TOY.vocabulary)
    assert np.array_equal(rnn.Corpus("again", TOY.text, TOY.vocabulary).ids, TOY.ids)
