"""What may come into an edited function: its own names, and small parts of the right answers in those names."""

import ast
import copy
import inspect

from course.base.hints import source_without_hints

_LARGEST = 9  # nodes in a part of a right answer: more would not be a small edit any more
_LOOPS = 2  # of the learner's: the counter of a right answer may be that of each
_KNOWN = ("np", "math", "len")
_MODULES = {"np", "numpy", "math"}


class Words:
    """The names, the fields of tuples, the numbers, and the small parts of right answers for one function.

    modules  the names that stand for a module on the learner's page
    code     Code of the learner's;  own: the names of its arguments, in the order of those of the exercise, or None
    exercise, args   the Exercise, and the arguments of one of its cases
    """

    def __init__(self, code, exercise, args):
        self.names = _names(code.tree)
        page = code.function.__globals__
        self.modules = {name for name in code.function.__code__.co_names if inspect.ismodule(page.get(name))} | _MODULES
        self.fields = list(dict.fromkeys(value._fields for value in args if hasattr(value, "_fields")))
        trees = [_tree_of(function) for function in _right_functions(exercise)]
        constants = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        self.numbers = [one for one in dict.fromkeys(constants) if type(one) in (int, float)]
        self.parts = self._parts(code, exercise, args, trees)

    def _parts(self, code, exercise, args, trees):
        """Return the parts, the small ones first; a name of the learner's is a part too."""
        own = [argument.arg for argument in code.tree.args.args][-len(exercise.arguments) :]
        mine = dict(zip(exercise.arguments, own))
        loops = _counters(code.tree)[:_LOOPS] or [""]
        found = {name: ast.Name(name, ast.Load()) for name in self.names}
        for tree in trees:
            largest = min(_LARGEST, _size(tree) // 2)
            shorthands = _shorthands(tree, dict(zip(exercise.arguments, args)))
            for node in ast.walk(tree):
                if not _is_value(node) or _size(node) > largest:
                    continue
                for loop in loops:
                    renamed = _Renamed(mine, shorthands, dict.fromkeys(_counters(tree), loop), self.names)
                    part = renamed.visit(copy.deepcopy(node))
                    if not renamed.unknown and _size(part) <= largest:
                        found.setdefault(ast.unparse(part), part)
        return sorted(found.values(), key=_size)


class _Renamed(ast.NodeTransformer):
    """A part of a right answer in the learner's names; unknown holds the names that cannot be turned."""

    def __init__(self, mine, shorthands, counters, names):
        self.mine, self.shorthands, self.counters, self.names = mine, shorthands, counters, names
        self.unknown = []

    def visit_Name(self, node):
        name = node.id
        if self.counters.get(name):
            return ast.Name(self.counters[name], ast.Load())
        if name in self.mine:
            return ast.Name(self.mine[name], ast.Load())
        if name in self.names or name in _KNOWN:
            return node
        if name in self.shorthands:
            return self.visit(copy.deepcopy(self.shorthands[name]))
        self.unknown.append(name)
        return node

    def visit_Attribute(self, node):
        # Who has written `W_hh = parameters.W_hh` means that by it.
        if node.attr != "T" and node.attr in self.names and _is_name(node.value):
            return ast.Name(node.attr, ast.Load())
        return self.generic_visit(node)


def _names(tree):
    """Return the names of the arguments and the variables of a function."""
    nodes = list(ast.walk(tree))
    names = [node.arg for node in nodes if isinstance(node, ast.arg)]
    names += [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    return [name for name in dict.fromkeys(names) if name != "_"]


def _right_functions(exercise):
    return dict.fromkeys([exercise.function, *(mistake.right for mistake in exercise.mistakes)])


def _tree_of(function):
    tree = ast.parse(source_without_hints(function)).body[0]
    tree.body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            del node.lineno  # no line of the learner's
    return tree


def _size(node):
    return sum(isinstance(part, ast.expr) for part in ast.walk(node))


def _counters(tree):
    """Return the names that loops count with, as t in `for t in range(T)`."""
    return [node.target.id for node in ast.walk(tree) if isinstance(node, ast.For) and _is_name(node.target)]


def _is_value(node):
    """True for an expression that has a value of its own: not for np, np.exp, len, rows.append and a call of it."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", "") != "append"
    if isinstance(node, ast.BinOp):
        return True
    if not isinstance(node, (ast.Subscript, ast.Attribute, ast.Name)) or not isinstance(node.ctx, ast.Load):
        return False
    if isinstance(node, ast.Attribute):
        return node.attr != "append" and not _is_known(node.value)
    return not _is_known(node)


def _is_known(node):
    return _is_name(node) and node.id in _KNOWN


def _is_name(node):
    return isinstance(node, ast.Name)


def _shorthands(tree, values):
    """Return {name: expression} of the variables of a right answer that only stand for another expression."""
    found, stored = {}, []
    for node in ast.walk(tree):
        if _is_name(node) and isinstance(node.ctx, ast.Store):
            stored.append(node.id)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            names = [target.id for target in node.targets[0].elts if _is_name(target)]
            fields = getattr(values.get(getattr(node.value, "id", "")), "_fields", ())
            if isinstance(node.value, ast.Tuple):
                found |= dict(zip(names, node.value.elts))
            elif len(fields) == len(names):
                found |= {name: ast.Attribute(node.value, field, ast.Load()) for name, field in zip(names, fields)}
    return {name: value for name, value in found.items() if stored.count(name) == 1}
