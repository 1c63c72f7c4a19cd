"""The numbers in the words of a text, and which of them nothing confirms.

This looks at numbers with a decimal point and whole numbers of two digits or more, in words, in code within words, and
in formulas. A number is confirmed
    * by a number in the code or in a checked output of a cell, pictures by their text, after rounding to as many
      decimals as the words give. The cell is in the same section, or in a section or on a page that the paragraph
      names ("section 3", "page 05"). It may be anywhere on the page if the number has four digits that count, because
      then it is not equal by chance; if the number is in code; or if its words are in no section with a number,
    * by a formula that gives it, such as $3\\ln2=2.079$, which is calculated here. A false formula is a fault.
Minutes, years, times of the clock, and the numbers of sections and pages need no witness. All others are in
tests/pages/numbers.txt.
"""

import ast
import functools
import re
from decimal import Decimal, DecimalException
from typing import NamedTuple

from notebook_pages import PAGES, page_named, texts

from course.tools.stored import UNCHECKED

FENCE = re.compile(r"```.*?```", re.DOTALL)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]+(?:\n[^$\n]+)*\$", re.DOTALL)
LINK = re.compile(r"(?<=\])\([^)]*\)")
SIGN = r"(?:(?<![\w.)}\]])[-−])?(?<![\w.])"
IN_WORDS = re.compile(SIGN + r"\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?(?!\.?\d)")
IN_CELLS = re.compile(SIGN + r"\d+(?:[,_]\d{3})*(?:\.\d*)?(?:e[-+]?\d+)?(?!\d)")
POWER = r"(?:\d[\d.]*\s*\\cdot\s*)?10\^\{-?\d+\}"
IN_FORMULAS = re.compile(POWER + r"|(?:(?<![\w.)}\]])[-−])?(?<![\d.])\d+(?:\.\d+)?")
LONG = re.compile(r"\d[,.]?\d|\^")

# What counts pages, sections, minutes, years and the clock.
MORE = r"(?:(?:,| and| to) \d+)*"
NAMES_SECTIONS = re.compile(r"\b[Ss]ections? \d+" + MORE)
NAMES_PAGES = re.compile(r"\b[Pp]ages? \d\d" + MORE + r"|\[\d\d(?=\b[^]]*\]\()|(?<![\w.,])0\d(?: to \d\d)?\b")
CLOCK = r"(?<![\w.,:])\d{1,2}:\d\d(?![\w:])"
NO_MEASURE = re.compile(r"\*\*Time\*\* \d+ |\*An extra, \d+ |^## \d+\. |(?<![\w.,])(?:19|20)\d\d(?!\w|[.,]\d)|" + CLOCK)


class Number(NamedTuple):
    """A number in the words of a text."""

    text: str  # as it is written
    kind: str  # "words", "code" or "formula"
    around: str  # the words around it


class Paragraph(NamedTuple):
    """A paragraph of a text, and what was read from it."""

    section: int | None  # None before the first numbered section and after the last
    text: str
    numbers: list  # those that need a witness, each a Number
    calculated: set  # the values that its formulas give, Decimals
    faults: list  # a sentence for each false formula


# ---------------------------------------------------------------- values


def value(text):
    """Return the value of a number, as words, cells or formulas write it, as a Decimal."""
    mantissa, power, exponent = re.sub("[,_]", "", text.replace("−", "-")).partition("10^{")
    if not power:
        return Decimal(mantissa.rstrip("."))
    return Decimal(re.sub(r"\s*\\cdot\s*", "", mantissa) or 1).scaleb(int(exponent[:-1]))


def is_rounded(text, exact):
    """Is a number equal to this value, a Decimal, rounded to the number's decimals?"""
    number = value(text)
    decimals = -number.as_tuple().exponent
    if number == 0:
        return exact == 0 and decimals == 0  # any small value rounds to 0.000
    return abs(number - exact) <= Decimal("0.5").scaleb(-decimals)


def agrees(text, witness):
    """Does a witness, a Decimal, confirm a number? Words may leave out a minus ("it falls by 0.3").

    A bare power of ten is an order of magnitude: 10^{-9} matches 2.3e-09 in a cell.
    """
    if text.startswith("10^"):
        return witness.adjusted() == value(text).adjusted()
    return is_rounded(text, witness) or (value(text) > 0 and is_rounded(text, -witness))


def digits_that_count(text):
    """Return how many digits a number has without the zeros at its ends: 3 for 0.0250, 1 for 10,000."""
    return len(value(text).normalize().as_tuple().digits)


def changed(text):
    """Return a number with another last digit."""
    return re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 1) % 10), text)


# ---------------------------------------------------------------- formulas

SIDES = re.compile(r"=|\\approx|\\to\b|\\leftarrow")
FUNCTIONS = {
    "ln": Decimal.ln,
    "log2": lambda x: x.ln() / Decimal(2).ln(),
    "sqrt": Decimal.sqrt,
    "tanh": lambda x: 1 - 2 / ((2 * x).exp() + 1),
}
OPERATIONS = {
    ast.Add: Decimal.__add__,
    ast.Sub: Decimal.__sub__,
    ast.Mult: Decimal.__mul__,
    ast.Div: Decimal.__truediv__,
    ast.Pow: Decimal.__pow__,
}
TO_PYTHON = [
    (r"\\underbrace|\\left|\\right|\\[,; ]|\{\}|\s+", " "),
    (r"\}_(\w|\{(?:[^{}]|\{[^{}]*\})*\})", "}"),  # what is below a brace
    (r"\\frac\s*(\d|\{[^{}]*\})\s*(\d|\{[^{}]*\})", r"((\1)/(\2))"),
    (r"\\log_2", " log2 "),
    (r"\\(ln|sqrt|tanh)", r" \1 "),
    (r"\\cdot", "*"),
    (r"−", "-"),
    (r"\^", "**"),
    (r"\{", "("),
    (r"\}", ")"),
    (r"\b(ln|log2|sqrt|tanh) *(\d[\d.]*)", r"\1(\2)"),
    (r"([\d)]) *(?=ln|log2|sqrt|tanh)", r"\1*"),
]


def calculate(formula):
    """Return the value, a Decimal, of a LaTeX formula that has only numbers; None for any other formula."""
    for pattern, python in TO_PYTHON:
        formula = re.sub(pattern, python, formula)
    formula = formula.strip()

    def result(node):
        if isinstance(node, ast.Constant):
            return Decimal(ast.get_source_segment(formula, node))
        if isinstance(node, ast.Name) and node.id == "e":
            return Decimal(1).exp()
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -result(node.operand)
        if isinstance(node, ast.BinOp):
            return OPERATIONS[type(node.op)](result(node.left), result(node.right))
        if isinstance(node, ast.Call):
            return FUNCTIONS[node.func.id](*map(result, node.args))
        raise ValueError(f"{type(node).__name__} is no arithmetic.")

    try:
        found = result(ast.parse(formula, mode="eval").body)
    except (SyntaxError, ValueError, KeyError, AttributeError, DecimalException):
        return None
    return found if found.is_finite() else None


def equations(formula):
    """Yield the parts of a formula between commas."""
    depth, part = 0, ""
    for letter in re.sub(r"\\q?quad", ",", formula.strip("$")) + ",":
        depth += (letter in "([{") - (letter in ")]}")
        if letter in ",;:" and depth == 0 and not part.endswith("\\"):
            yield part
            part = ""
        else:
            part += letter


def is_number(side):
    """Is this side of an equation a plain number, with nothing to calculate?"""
    return re.fullmatch(rf"{POWER}|-?\d+(\.\d+)?", side.strip())


def judge_equation(equation):
    """Return whether both sides of an equation can be calculated, and a sentence if they are not equal, else ""."""
    known = [(side.strip(), calculate(side)) for side in SIDES.split(equation)]
    known = [(side, result) for side, result in known if result is not None]
    if len(known) < 2:
        return False, ""
    numbers = [side for side, _ in known if is_number(side)] or [f"{known[0][1]:.9f}"]
    for side, result in known:
        if not all(is_rounded(number, result) for number in numbers):
            return True, f"${equation.strip()}$ is false: {side} is {result:.6g}."
    return True, ""


def numbers_of_formula(formula):
    """Return (numbers that need a witness, values calculated here, faults) of a formula.

    A number needs no other witness if it is part of an equation that would be false with another last digit.
    """
    found, calculated, faults = [], set(), []
    formula = re.sub(r"\\frac(\d)(\d)", r"\\frac{\1}{\2}", formula).replace(r"\log_2", r"\log_2 ")
    for equation in equations(formula):
        is_known, fault = judge_equation(equation)
        faults += [fault] * bool(fault)
        for match in IN_FORMULAS.finditer(equation):
            other = equation[: match.start()] + changed(match[0]) + equation[match.end() :]
            if is_known and judge_equation(other)[1]:
                calculated.add(value(match[0]))
            else:
                found.append(match[0])
        results = [calculate(side) for side in SIDES.split(equation) if not is_number(side)]
        calculated |= {result for result in results if result is not None}
    return found, calculated, faults


# ---------------------------------------------------------------- texts


def read_paragraphs(text, section=None):
    """Yield the paragraphs of a Markdown text. section: the one in which it begins."""
    for part in re.split(r"\n\s*\n|(?m:^(?=## ))", FENCE.sub("", text)):
        heading = re.match(r"## (?:(\d+)\. )?", part)
        if heading:
            section = int(heading[1]) if heading[1] else None
        yield read_paragraph(section, part)


def read_paragraph(section, text):
    """Return a paragraph with its numbers."""
    found, calculated, faults = [], set(), []

    def add(number, kind, start, end):
        if LONG.search(number):
            found.append(Number(number, kind, " ".join(text[max(0, start - 50) : end + 30].split())))

    for match in FORMULA.finditer(text):
        numbers, values, wrong = numbers_of_formula(match[0])
        for number in numbers:
            add(number, "formula", *match.span())
        calculated |= values
        faults += wrong
    words = text
    for pattern in (FORMULA, NAMES_PAGES, NAMES_SECTIONS, NO_MEASURE, LINK):
        words = pattern.sub(lambda match: "~" * len(match[0]), words)
    for match in IN_WORDS.finditer(words):
        in_code = words[: match.start()].count("`") % 2
        add(match[0], "code" if in_code else "words", *match.span())
    return Paragraph(section, text, found, calculated, faults)


def numbers_in(*written):
    """Return the set of numbers in code, outputs or other files, as Decimals."""
    return {value(number) for text in written for number in IN_CELLS.findall(text)}


# ---------------------------------------------------------------- pages


def numbers_of_cell(cell):
    """Return the set of numbers in the code and in the checked outputs of a cell, as Decimals."""
    checked = [] if UNCHECKED in cell.metadata.get("tags", []) else texts(cell)
    return numbers_in(cell.source, *checked)


def called(pattern, paragraph):
    """Return as texts the numbers of the sections, or pages, that a paragraph names."""
    return [number for match in pattern.finditer(paragraph.text) for number in re.findall(r"\d+", match[0])]


class Witnesses:
    """The witnesses for the numbers of a page: those in its cells and in its calculations, by section."""

    def __init__(self, page):
        self.page, self.paragraphs, self.by_section = page, [], {}
        section = None
        for cell in page.notebook.cells:
            if cell.cell_type == "markdown":
                for paragraph in read_paragraphs(cell.source, section):
                    section = paragraph.section
                    self.paragraphs.append(paragraph)
                    self.by_section.setdefault(section, set()).update(paragraph.calculated)
            elif cell is not page.code_cells[0]:  # not the setup cell, which has no numbers of the lesson
                self.by_section.setdefault(section, set()).update(numbers_of_cell(cell))
        self.all = set().union(*self.by_section.values())

    def near(self, paragraph):
        """Return the witnesses of the paragraph's section, and of all sections and pages that it names."""
        if paragraph.section is None:
            return self.all
        sections = [paragraph.section, *map(int, called(NAMES_SECTIONS, paragraph))]
        found = [self.by_section.get(section, set()) for section in sections]
        for number in called(NAMES_PAGES, paragraph):
            found += [witnesses_of(name).all for name in PAGES if name[:2] == number and name != self.page.name]
        return set().union(*found)

    def unwitnessed(self):
        """Yield the numbers of the page that nothing confirms, each a Number."""
        for paragraph in self.paragraphs:
            near = self.near(paragraph)
            for number in paragraph.numbers:
                anywhere = number.kind == "code" or digits_that_count(number.text) >= 4
                if not any(agrees(number.text, witness) for witness in (self.all if anywhere else near)):
                    yield number

    def faults(self):
        """Yield a sentence for each false formula, and for each section or page that is named but does not exist."""
        for paragraph in self.paragraphs:
            yield from paragraph.faults
            for number in called(NAMES_SECTIONS, paragraph):
                if int(number) not in self.by_section:
                    yield f"Section {number} is named, and the page has none: {' '.join(paragraph.text.split())[:80]}"
            for number in called(NAMES_PAGES, paragraph):
                if not any(name[:2] == number for name in PAGES):
                    yield f"Page {number} is named, and there is none: {' '.join(paragraph.text.split())[:80]}"


@functools.cache
def witnesses_of(name):
    """Return the witnesses of a page. They are collected once for all tests."""
    return Witnesses(page_named(name))
