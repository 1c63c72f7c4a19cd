"""Errors: in which of the learner's lines they occurred, and what a message of Python or NumPy means."""

import functools
import inspect
import linecache
import os
import re
from collections import Counter

import numpy as np

from course.base.wording import either
from course.checker.course import FILES, MODULES, PARAMETER_NAMES

_LIBRARIES = (os.path.dirname(np.__file__), os.path.dirname(inspect.__file__), "<frozen", "<__array_function__")


def is_learners(file):
    """True if a file belongs neither to the course nor to a library."""
    return not (file.startswith(FILES + _LIBRARIES) or "site-packages" in file)


def calls_of(error):
    """Return (file, line) of each call that led to the error, the innermost first."""
    calls, step = [], error.__traceback__
    while step is not None:
        calls.insert(0, (step.tb_frame.f_code.co_filename, step.tb_lineno))
        step = step.tb_next
    if isinstance(error, RecursionError):  # start at the line that calls itself: the last call had not begun
        counts = Counter(calls)
        calls.sort(key=counts.get, reverse=True)
    return calls


def own_place(calls):
    """Return (file, number) of the innermost of the learner's own lines among the calls, or ("", 0)."""
    return next(((file, number) for file, number in calls if is_learners(file) and number), ("", 0))


def own_line(calls):
    """Return the innermost of the learner's own lines among the calls, as text, or ""."""
    file, number = own_place(calls)
    code = linecache.getline(file, number).strip() if number else ""
    return f"line {number}: `{code}`" if code else f"line {number}" * bool(number)


def own_function(error):
    """Return the name of the learner's function in which an error occurred, or "" if it is the one that was called."""
    step, codes = error.__traceback__, []
    while step is not None:
        codes.append(step.tb_frame.f_code)
        step = step.tb_next
    codes = [code for code in codes if is_learners(code.co_filename)]
    named = [code for code in codes if not code.co_name.startswith("<")]  # a comprehension is inside a function
    return "" if not named or named[-1] in (codes[0], *codes[0].co_consts) else named[-1].co_name


def calling_line(error):
    """Return the line that called that function, as "\\ncalled in line 3: `...`", or "" if its own code is to blame."""
    name, step, frames = own_function(error), error.__traceback__, []
    while step is not None:
        frames.append((step.tb_frame.f_code, step.tb_lineno))
        step = step.tb_next
    frames = [(code, number) for code, number in frames if is_learners(code.co_filename)]
    if not name or isinstance(error, (NameError, RecursionError)):
        return ""
    inside = max(at for at, (code, _) in enumerate(frames) if code.co_name == name)
    while inside and frames[inside - 1][0].co_name.startswith("<"):  # a comprehension is inside a function
        inside -= 1
    code, number = frames[inside - 1]
    return f"\ncalled in {own_line([(code.co_filename, number)])}"


def _one_line(error):
    text = " ".join(str(error).split()) or "no message"
    text = re.sub(r"0x[0-9a-fA-F]{6,}", "0x...", text)
    text = re.sub("(maximum recursion depth exceeded).*", r"\1", text)  # one version of Python adds "in comparison"
    return text[:300] + (" ..." if len(text) > 300 else "")


def describe_error(error):
    """Return the type and the message of an error, in one line."""
    kind = type(error).__name__[:80]
    try:
        return f"{kind}: {_one_line(error)}"
    except Exception:  # its own str() fails
        return kind


# What a message of Python or NumPy means here. At the left margin: a pattern of the message, and, behind @@, one of the
# learner's line. Below it: the note, in which {0} is the first group of the patterns. The first that matches is shown.
# These say it all:
_TELLING = r"""
UnboundLocalError
    The name has no value yet at that point. Does it get one only further down, or in a branch that didn't run? For `+=`
    it needs a start value.
RecursionError
    Your function calls itself without end, or once for each of very many steps. Did you mean to call another function?
Parameters\.__new__\(\) missing 4 @@ Parameters\((?!\*)
    `Parameters` takes five arrays, but you give it one thing. If that's a list of five, put a star in front: it hands
    over the entries one by one.
bitwise_xor|unsupported operand type\(s\) for \^=?: '(?:int|float)
    In Python `^` is not a power. Write `**`.
append\(\) takes exactly one
    append takes one thing. To put two things into one entry, make them a pair: put parentheses around both.
Generator'
    `rng` makes random numbers, but it isn't a number itself. Ask it for one.
only integer scalar arrays can be converted to a scalar index @@ range\(
    range takes whole numbers, and here it gets an array. Do you want a round for each entry? How long is the array?
only integer scalar arrays can be converted to a scalar index
    You put an array in the square brackets, where one whole number should go. A loop over a tuple gives its arrays, not
    their places.
tuple indices
    That's a tuple, such as the five parameters, and text in square brackets doesn't pick from it. Take an array by its
    name, as in parameters.W_hh, or loop over all of them.
multiply sequence|unsupported operand type.*(?:tuple|list|Parameters)
    You can't calculate with a text, a tuple or a list. If it holds arrays, take them out first, one at a time.
Cannot cast ufunc
    The array holds whole numbers, but you write numbers with a decimal point into it. Make one that holds floats, as
    np.zeros(x.shape) and x.astype(float) do.
'(?:Parameters|ForwardPass)' object has no attribute '(copy|shape|ravel|sum|max)' @@ \.(?:copy|shape|ravel|sum|max)
    That's a tuple of arrays, and a tuple has no `{0}`. Each array in it has one.
float\d*' object cannot be interpreted as an integer @@ [^/]/[^/]
    `/` gives a number with a decimal point, even if nothing is left over. `//` gives a whole number.
could not be broadcast @@ (?<![\w.])sum\((?:(\w+) ?\*\* ?2|(\w+) ?\* ?\2|np\.square\(\w+\))\)
    Python's own `sum` adds up only the rows of a table, so an array is left. NumPy's, as in `(g**2).sum()`, adds up
    all entries.
'numpy.ndarray' object has no attribute '(?:W_|b_|probs|hidden|loss)
    That's a single array. Hand over the whole tuple that it comes from.
'numpy\.\w+' object has no attribute '(exp|log|log2|tanh|sqrt|maximum|outer|where)'
    An array has no `{0}`. It's a function of NumPy: write np.{0} and put the array in parentheses.
not callable @@ \.(T|shape|size|ndim)\(
    An array has a `{0}`, but it isn't a function: write it without parentheses.
unsupported operand type.*'(?:function|builtin_function_or_method|type)'
    One of the two is a function, not a number. Call it, with what it works on in parentheses.
NoneType.*has no attribute @@ (\w+) = \1\.(append|extend|insert|remove|sort|reverse|update|fill)\(
    `{1}` changes `{0}` itself and returns nothing. So `{0} =` makes {0} None: leave that part out.
'str' object has no attribute '(append|extend|insert|pop|remove|sort|reverse)'
    You can't change a text, so it has no `{0}`. A slice takes a part of a text.
'list' object has no attribute '(max|min|sum|mean|argmax|cumsum|shape|T|dtype|ndim|size|astype|reshape|ravel|dot)'
    That's a list, and a list has no `{0}`. np.array(...) makes an array of it.
list indices must be integers or slices, not tuple
    That's a list, and only an array takes two indices at once. np.array(...) makes an array of it.
'numpy.ndarray' object has no attribute '(append|extend|insert|pop|remove)'
    That's an array, and an array has no `{0}`, because its size stays the same. A list can grow and shrink.
'numpy.ndarray' object has no attribute '(_make|_replace|_fields|_asdict)'
    That's an array. `{0}` belongs to a tuple with names, such as Parameters.
'(?:int|float|str|list|tuple|dict)' object has no attribute '(?:exp|log|zeros|array|tanh)' @@ \bnp\.\w+\(
    `np` is not NumPy there, because your page gives the name another value. Take that line out, and run import numpy as
    np.
'function' object (?:does not support item|is not subscr) @@ (\w+)\[
    `{0}` is a function here, so it has no entries. If you mean an array, make it before this line.
'tuple' object cannot be interpreted as an integer @@ \.shape\b(?!\[)
    `.shape` is a tuple with all sizes, but you need one size here. Take it out with an index.
only integers, slices @@ [\[,] ?(id|max|min|sum|len|input|type|list|range|iter|next)[\],]
    If you give `{0}` no value, it's Python's own function with this name. Which variable holds the index?
SystemExit|KeyboardInterrupt
    Leave out the call that ends the whole program. A function ends with `return`.
can't set attr|has no setter|'(?:Param\w+|ForwardPass|tuple)' object d.*item @@ (\w+(?:\.\w+|\[.*?\])) ?([-+*/@]?=)(?!=)
    `{0} {1}` tries to give a tuple a new array, but a tuple keeps the arrays it has. The array itself can change: first
    give it its own name, as a loop does.
only .* can be converted|only .* scalars|must be real number @@ math\.
    The functions of math take one number, but you give them a whole array. NumPy's functions take arrays.
truth value @@ (?<![\w.])(max|min)\([^,()]+\)
    `{0}` is Python's own here, and it compares whole rows of a table. That has no answer. NumPy's, as in
    `table.{0}(...)`, compares numbers.
dimensions \(has 0 @@ @ *\w*(?:id|ids|inputs|targets)\b|\b\w*(?:id|ids|inputs|targets)(?:\[[^\]]*\])? *@
    `@` needs two arrays, but one side is a single number here. An id is no array: it says which row or column to take.
dimensions \(has 0 @@ @ *\([^()]*@|\([^()]*@[^()]*\) *@
    `@` needs two arrays, but one side is a single number here. Two vectors with `@` between them make one number: it
    adds up all products.
operand 1 does not have enough dimensions \(has 0 @@ ^[^@]*@ ?((\w+)\[\w+\])(?![\[.])[^@]*$
    `@` needs two arrays, but `{0}` is a single number here. So `{1}` has only one axis: which line made it?
dimensions \(has 0 @@ @
    `@` needs two arrays, but one side is a single number here. To multiply an array by a number, write `*`.
mismatch in its core dimension @@ \bW_\w+(?:\.T)? ?@ ?(?:dlogits|da)\b(?!\[)
    Two sizes do not fit together. A table with a row for each step, (T, ...), goes on the left of `@`, and the matrix
    on its right: write both shapes in letters.
unpack @@ \bfor \w+, .* in \w+, \w+
    Your loop goes through the first of the two, then through the second. zip walks through both together.
(?=.*(?:broadcast|matmul|not aligned|mismatch|has shape|out of bounds)).*\b(?:35|50|75|100)\b
    The check tries small networks, of other sizes than the one on the page. The shapes of the arguments tell you which.
"""

# These say what the message means, but the learner's code may say more:
_ERROR_NOTES = r"""
shapes \((\d+),(\d+)\) \(\1,\) @@ ^(?!.*(?:[@*]|targets|ids|axis=0)).*(?:\b(?:sum|max|mean)\(|[-/])
    A sum or a maximum over the last axis loses that axis. With keepdims=True that axis stays, and the shapes fit.
mismatch in its core dimension @@ @
    Two sizes do not fit together. At `@`, the last size on its left must be the first on its right: write both shapes
    in letters.
broadcast together with shapes \(\d+,\) \(\d+,\) @@ `(?!for)[^-+/@*]*(?:[-+]=)?[^-+/@*]*(?<!\*)\*(?!\*)[^-+/@*]*`
    `*` multiplies entry by entry, and its two sides differ in length. Is one of them not what you think? Or do you want
    to multiply each entry by each other one, as in an outer product?
all the input array dimensions @@ array_split
    np.array_split makes pieces of different lengths if something is left over. Drop what's left over at the end first.
core dimension @@ rnn_step\([^()]*, ?(\w*hidden|hs|states)\b(?!\[)
    rnn_step takes one state, (H,), but `{0}` is the table of all states. Which row do you need?
broadcast @@ (?=.*\bW_(?:xh|hh)\b)(?!.*\bb_h\b).*\bb_y\b
    b_y has an entry for each character, (V,). Which bias has one for each hidden unit, (H,)?
broadcast|matmul|not aligned|mismatch
    Two sizes do not fit together. Write the shape of each side in letters, and see which one isn't what you think.
NameError
    Python does not know this name at that point. Is it spelled right, and does it get a value before you use it?
1-dimensional, but 2 were indexed @@ cross_entropy\(
    cross_entropy needs a table with a row for each step, but you give it a single row. Does your loop keep each
    prediction, or only the last one?
TypeError: string indices
    A place in a text is a whole number. `int()` cuts off everything after the point.
IndexError
    Your index is outside the array. How many rows and columns does it have? Counting starts at 0.
has no len\(\) @@ one_hot\(
    one_hot takes several ids and makes a row for each, but here it gets a single number.
has no len\(\) @@ cross_entropy\(
    cross_entropy takes the whole table and all targets at once, but here it gets a single number.
AxisError
    The array has fewer axes than you think: what is its shape? axis=-1 means the last one, however many there are.
missing .* required|takes .* but .* given|unexpected keyword
    The arguments do not match the function. How many does it take, and what are they called?
'(?:Parameters|ForwardPass)' object has no attribute
    This is not what you think it is. Are the arguments of the call in the order that the function needs?
unpack non-iterable numpy @@ \bfor (\w+, ?\w+) in (\w+)[:\])]
    Your loop gets one number in each round, but `{0}` needs two. If you want its place, too, write `enumerate`.
unpack @@ `\(?[^=(]*,|\bfor\b
    The number of names on the left doesn't match the number of values on the right.
unpack
    A function you call there doesn't get what it needs. Are the arguments in the right order?
"""

# What other libraries call a function or an option of NumPy.
_OTHER_NAMES = """
    dim axis; keepdim keepdims; ln np.log; unsqueeze [:, None]; cat np.concatenate; clamp np.clip; tensor np.array;
    permute transpose; mm @; bmm @; float astype(float); long astype(int); double astype(float); length len(...);
    reduce_sum np.sum; reduce_max np.max; reduce_mean np.mean; push append; power_of **;
    gather table[rows, columns]; scatter_ table[rows, columns] = 1
"""
_NOT_CALLED = ("c_", "r_", "inf", "pi", "nan", "newaxis", "linalg")  # what else of NumPy is used by its bare name
_LIBRARIES_OF_OTHERS = "torch", "tf", "tensorflow", "jax", "jnp", "F", "nn", "scipy", "keras", "pd"


def error_note(error, line, meant=""):
    """Return what an error means here, or "".

    error: as described;  line: the learner's own, where it occurred;  meant: as spelling.meant returns it
    """
    return telling_note(error, line, meant) or _first_note(_ERROR_NOTES, error, line)


def telling_note(error, line, meant=""):
    """Return what an error means if that alone says what to do, or "". meant: as spelling.meant returns it"""
    said = _say_meant(error, meant)
    if "NameError" in error and said:
        return said
    return name_of_others(error, line) or _first_note(_TELLING, error, line) or said


def is_about_sizes(error):
    """True if the error is about sizes that do not match."""
    return bool(re.search("broadcast|matmul|not aligned|mismatch|has shape|out of bounds", error))


def name_of_others(error, line):
    """Say where an unknown name belongs that is NumPy's, the course's or another library's, or ""."""
    found = re.search(r"name '(\w+)' is not|attribute '(\w+)'$|unexpected keyword argument '(\w+)'", error)
    name = found and (found[1] or found[2] or found[3])
    if not name:
        return ""
    if name in _in_numpy():
        return f"NumPy does not know `{name}`, but other libraries do. In NumPy it is `{_in_numpy()[name]}`."
    if found[1] in _LIBRARIES_OF_OTHERS:
        return f"{either('This page', 'This file')} has no `{name}`: the course uses only NumPy, under the name np."
    home = next((home for home, module in MODULES.items() if callable(getattr(module, name, None))), "")
    if found[2] and home and "module 'numpy'" in error:
        return f"NumPy has no `{name}`: it's a function you write in this course."
    if not found[1]:
        return ""
    lacks = f"and {either('this page', 'this file')} hasn't imported it"
    if name == "np":
        return f"`np` is NumPy, {lacks}. Write import numpy as np at its top."
    if name in ("math", "random", "itertools", "functools", "collections", next(iter(MODULES))):
        return f"`{name}` is a module, {lacks}. Write import {name} first."
    is_called = re.search(rf"(?<![\w.]){name}\(", line)
    if hasattr(np, name) and (is_called or name in _NOT_CALLED or re.search(rf"dtype ?= ?{name}\b", line)):
        return f"`{name}` belongs to NumPy: write np.{name}."
    if name in PARAMETER_NAMES:
        return f"`{name}` is one of the five parameters: take it out of the argument parameters first."
    if is_called and home == next(iter(MODULES)):  # the others have functions that only later pages show
        return f"`{name}` is a function of {home}: import it, or write {home}.{name}."
    return ""


@functools.cache
def _in_numpy():
    """Return {name in another library: name in NumPy}."""
    return dict(" ".join(pair.split()).split(" ", 1) for pair in _OTHER_NAMES.split(";"))


def _say_meant(error, meant):
    """Ask whether a name similar to the unknown one was meant, or return "" if there is none."""
    name = re.search(r"name '(\w+)' is not defined$|has no attribute '(\w+)'$", error) if meant else None
    return f"There is no `{name[1] or name[2]}` here. Did you mean: {meant}?" if name else ""


@functools.cache
def _notes(table):
    """Return a list of (pattern of the error, pattern of the line, note)."""
    blocks = re.findall(r"(\S.*)\n((?: +.*\n)+)", table.strip() + "\n")
    return [(*f"{head} @@ ".split(" @@ ")[:2], " ".join(text.split())) for head, text in blocks]


def _first_note(table, error, line):
    return next(filter(None, (_said_by(note, error, line) for note in _notes(table))), "")


def _said_by(note, error, line):
    """Return what a note says, or "" if it does not fit. note: one of _notes"""
    in_error, in_line, text = note
    found = re.search(in_error, error), re.search(in_line, line)
    if not all(found):
        return ""
    return text.format(*found[0].groups(), *found[1].groups()) if "{0}" in text else text
