"""The source of a finished function, as it runs when it is pasted into a page."""

import dis
import inspect

from course.checker.course import COURSE


def runnable_source(function, source=None):
    """Return the source of a function, or another source of it, after the imports that it needs."""
    source = (source or inspect.getsource(function)).rstrip()
    imports = _imports(function, source)
    return "\n".join(imports) + "\n\n\n" + source if imports else source


def _imports(function, source):
    codes = [compile(source, "<source>", "exec")]  # the def line with its default values, then what is inside
    for code in codes:
        codes += [constant for constant in code.co_consts if inspect.iscode(constant)]
    steps = [
        step for code in codes for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    ]
    used = {step.argval: function.__globals__.get(step.argval) for step in steps}
    modules = {name: value.__name__ for name, value in used.items() if inspect.ismodule(value)}
    imports = [f"import {module}" + f" as {name}" * (name != module) for name, module in modules.items()]
    left = [name for name in used if name not in (*modules, function.__name__)]
    for home, module in COURSE.modules.items():
        names = [name for name in left if hasattr(module, name)]
        left = [name for name in left if name not in names]
        imports += [f"from {home} import {', '.join(names)}"] * bool(names)
    return imports
