"""A test that goes through many cases names each one that fails, and lets none keep the next ones from running."""

import pytest
from helpers import every_case


def failure_of(wrong):
    """Return the error of a test of the cases 0 to 4 in which some are wrong, and the cases that ran to their end."""
    done = []
    with pytest.raises(AssertionError) as caught, every_case() as case:  # noqa: PT012
        for number in range(5):
            with case(f"case {number}"):
                assert number not in wrong, f"{number} is wrong"
                done.append(number)
    return caught.value, done


def test_a_case_that_fails_in_the_middle_is_named_and_the_others_run():
    error, done = failure_of([2])
    assert str(error).startswith("1 of 5 cases failed: case 2\n\ncase 2:\n  AssertionError: 2 is wrong\n")
    assert done == [0, 1, 3, 4]
    assert str(error.__cause__).startswith("2 is wrong")


def test_of_several_cases_that_fail_each_is_named_with_its_reason():
    error, done = failure_of([1, 3])
    message = str(error)
    assert message.startswith("2 of 5 cases failed: case 1; case 3\n")
    assert "\ncase 1:\n  AssertionError: 1 is wrong" in message and "\ncase 3:\n  AssertionError: 3 is wrong" in message
    assert done == [0, 2, 4]
    assert str(error.__cause__).startswith("1 is wrong")


def test_errors_of_any_kind_count_and_so_does_one_that_is_missing():
    with pytest.raises(AssertionError) as caught, every_case() as case:  # noqa: PT012
        with case("an error"):
            raise KeyError("W_xh")
        with case("none where one belongs"), pytest.raises(ZeroDivisionError):
            pass
        with case("right"):
            pass
    assert "an error:\n  KeyError: 'W_xh'" in str(caught.value)
    assert "none where one belongs:\n  Failed: DID NOT RAISE" in str(caught.value)
    assert str(caught.value).startswith("2 of 3 cases failed")


def test_where_all_are_right_nothing_is_raised():
    with every_case() as case, case("right"):
        assert True


def test_a_test_without_a_case_fails():
    with pytest.raises(AssertionError, match="no case"), every_case():
        pass


def test_an_interrupt_is_no_failure_of_a_case():
    with pytest.raises(KeyboardInterrupt), every_case() as case, case("interrupted"):
        raise KeyboardInterrupt
