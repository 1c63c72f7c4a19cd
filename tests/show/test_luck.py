"""The pictures of page 08: do they say what the tenths say, and is a part as wide as the product of its chances?"""

import math

import numpy as np
from matplotlib.patches import Rectangle
from overlaps import overlaps

from course.show.luck import each_tenth, narrowing

APART = np.array([-0.09, -0.04, 0.01, 0.05, 0.07])


def tenths(single, paired):
    rows = {"network": 2.4 + APART, "table": 2.3 + APART, "network − table": 0.1 + APART / 5}
    errors = {"network": single, "table": single, "network − table": paired}
    return {label: [(bits, errors[label]) for bits in row] for label, row in rows.items()}


def test_a_title_that_claims_something_needs_tenths_that_bear_it_out():
    picture = each_tenth(tenths(0.03, 0.0128))
    assert picture.text.startswith("Picture: Single scores differ more than their bars say, this paired one does not\n")
    assert f"they differ by {APART.std(ddof=1):.3f}, the bars say 0.030" in picture.text
    assert f"they differ by {APART.std(ddof=1) / 5:.3f}, the bars say 0.013" in picture.text
    assert overlaps(picture) == []
    for single, paired in [(0.06, 0.0128), (0.03, 0.03), (0.03, 0.005)]:
        assert each_tenth(tenths(single, paired)).text.startswith("Picture: What the error bars say")


def test_a_part_is_as_wide_as_the_product_of_its_chances():
    rows = np.array([[0.25, 0.5, 0.25], [0.125, 0.125, 0.75]])
    picture = narrowing("ca", rows, " ac")
    assert picture.text.split("\n") == [
        f"Picture: The part of 'ca' is 0.0312 wide, so it costs {-math.log2(0.25 * 0.125):.2f} bits",
        "c: from 0.750 to 1.000, p = 0.250",
        "a: from 0.125 to 0.250, p = 0.125",
    ]
    widths = [part.get_width() for part in picture.axes.findobj(Rectangle) if part.get_height() == 0.36]
    np.testing.assert_allclose(np.array(widths) / 5.2, rows.ravel())
    assert overlaps(picture) == []
