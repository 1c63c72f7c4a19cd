"""Functions of the course as learners write them: without type hints."""

import ast
import functools
import inspect
import textwrap


def signature_without_hints(function):
    """Return the signature of a function, such as (logits) of softmax."""
    signature = inspect.signature(function)
    parameters = [one.replace(annotation=one.empty) for one in signature.parameters.values()]
    return signature.replace(parameters=parameters, return_annotation=signature.empty)


@functools.cache
def source_without_hints(function):
    """Return the source of a function, flush left. Its first line is that of a function without type hints."""
    source = textwrap.dedent(inspect.getsource(function))
    (node,) = ast.parse(source).body
    if not isinstance(node, ast.FunctionDef):
        return source
    arguments = [part for part in ast.walk(node.args) if isinstance(part, ast.arg)]
    if node.returns is None and all(one.annotation is None for one in arguments):
        return source
    lines = source.split("\n")
    before, after = lines[: node.lineno - 1], lines[node.body[0].lineno - 1 :]
    return "\n".join([*before, f"def {node.name}({', '.join(_written(node.args, source))}):", *after])


def _written(arguments, source):
    """Return the arguments of a function as texts, such as ["h", "temperature=1.0"]."""

    def pairs(names, defaults):
        missing = [None] * (len(names) - len(defaults))
        for one, default in zip(names, [*missing, *defaults], strict=True):
            yield one.arg if default is None else f"{one.arg}={ast.get_source_segment(source, default)}"

    texts = [*pairs([*arguments.posonlyargs, *arguments.args], arguments.defaults)]
    if arguments.vararg:
        texts.append(f"*{arguments.vararg.arg}")
    elif arguments.kwonlyargs:
        texts.append("*")
    texts += pairs(arguments.kwonlyargs, arguments.kw_defaults)
    return texts + ([f"**{arguments.kwarg.arg}"] if arguments.kwarg else [])
