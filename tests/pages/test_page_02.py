"""What page 02 says in words of a table of letters, and of sums without tanh, counted and tried here."""

from itertools import product

from rnn_helpers import load_corpus

TEXT = load_corpus("sonnets").text


def rows(text, length):
    """Return all that stands in a text in a row of this many characters, as a set of texts."""
    return {text[place : place + length] for place in range(len(text) - length + 1)}


def share_found(length):
    """Return at how many places of the last fifth the characters before it occur in the first eight tenths."""
    end = len(TEXT) * 8 // 10
    counted, new = rows(TEXT[:end], length), TEXT[end:]
    return sum(new[place : place + length] in counted for place in range(len(new) - length)) / (len(new) - length)


def test_few_rows_of_a_table_of_five_letters_are_filled():
    filled = len(rows(TEXT, 5))
    assert filled == 31_578 and f"{filled / 35**5:.2%}" == "0.06%" and 35**5 // 10**6 == 52


def test_three_places_in_four_find_a_filled_row_and_with_a_sixth_letter_half_of_them():
    assert round(share_found(5), 2) == 0.75 and 0.5 < share_found(6) < 0.56


def test_sums_of_two_amounts_get_three_texts_right_and_never_four():
    amounts = range(-3, 4)
    right = [
        (first_a + second_a > 0, first_b + second_b > 0, first_a + second_b < 0, first_b + second_a < 0).count(True)
        for first_a, first_b, second_a, second_b in product(amounts, repeat=4)
    ]
    assert max(right) == 3
