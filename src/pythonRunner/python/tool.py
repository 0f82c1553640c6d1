"""Loads the code of a tool."""

import linecache
import sys
import types

from .tool_errors import FILE, ToolError

MODULE = 'tool'
most_compiled = 100
compiled = {}


def prepare(code):
    """The code, compiled. Raises SyntaxError alone."""
    program = compiled.get(code)
    if program is None:
        if len(compiled) >= most_compiled:
            compiled.clear()
        try:
            program = compiled[code] = compile(code, FILE, 'exec', dont_inherit=True)
        except UnicodeEncodeError as error:
            # Text from JSON may hold halves of characters, which no source file can.
            line = code.count('\n', 0, error.start) + 1
            raise SyntaxError('not a valid character', (FILE, line, 1, None)) from None
        except (MemoryError, RecursionError):
            raise SyntaxError('nested too deeply', (FILE, 1, 1, None)) from None
    return program


def load(program, code, given):
    """`main` of a prepared tool, its module executed afresh, with the names in `given` defined.

    Raises ToolError, and whatever the module itself raises.
    """
    linecache.cache[FILE] = (len(code), None, code.splitlines(True), FILE)
    module = types.ModuleType(MODULE)
    module.__file__ = FILE
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
