"""Loads the code of a tool."""

import linecache
import sys
import types

from .state import first
from .tool_errors import FILE, ToolError

MODULE = 'tool'
most_compiled = 100
compiled = {}


def load(code, given):
    """`main` of the tool, its module executed afresh, with the names in `given` defined.

    Raises SyntaxError, ToolError, or whatever the module's own code raises.
    """
    program = compiled.get(code)
    if program is None:
        if len(compiled) >= most_compiled:
            compiled.clear()
        program = compiled[code] = compile(code, FILE, 'exec', dont_inherit=True)
    linecache.cache[FILE] = (len(code), None, code.splitlines(True), FILE)
    module = types.ModuleType(MODULE)
    module.__file__ = FILE
    module.__builtins__ = dict(first['builtins'])
    vars(module).update(given)
    # Where dataclasses and typing look up the names of annotations.
    sys.modules[MODULE] = module
    exec(program, vars(module))
    main = vars(module).get('main')
    if main is None:
        raise ToolError('The code defines no function `main`.')
    if not callable(main):
        raise ToolError('`main` is not a function.')
    return main


def forget():
    """Drops the objects of the last call, with their finalizers."""
    module = sys.modules.pop(MODULE, None)
    if module is not None:
        vars(module).clear()
    linecache.cache.pop(FILE, None)
