"""Colored texts: does each letter carry its number, in the color, in the tooltip and in the text?"""

import re

from course.show.colored import ColoredText

VERSE = "a <\nb"


def shades(page):
    return [float(share) for share in re.findall(r"background:rgba\(\d+,\d+,\d+,([\d.]+)\)", page)]


def bare(page):
    return re.sub("<[^>]*>", "", page)


def test_one_row():
    colored = ColoredText("Surprise", VERSE, [0, 1, 2, 4, 3.25], "bits")
    assert repr(colored) == "Surprise (bits)\na 0.0   ␣ 1.0   < 2.0   ↵ 4.0   b 3.2"
    page = colored._repr_html_()
    assert "strongest: 4.0 bits or more" in page and 'title="↵: 4.0 bits"' in page
    assert "&lt;" in page and "<<" not in page and page.count("<pre ") == 1
    assert shades(page) == [0, 0.15, 0.3, 0.6, 0.49]


def test_numbers_are_there_where_colors_are_taken_away():
    page = ColoredText("Surprise", "ab\n", [0.25, 3, 1.5], "bits")._repr_html_()
    assert page.count('<sub style="display:none">') == 3  # hidden where styles work
    assert "a0.2 b3.0 ↵1.5 " in bare(page)


def test_without_any_surprise_there_is_no_color():
    assert shades(ColoredText("Surprise", "ab", [0, 0], "bits")._repr_html_()) == [0, 0]
