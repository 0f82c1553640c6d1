"""Takes pyodide's bridge to JavaScript out of Python's reach.

What is left of it in the interpreter's C part is closed by the guards of WebAssembly's imports;
this is for a clear message.
"""

import gc
import sys

bridge = ('js', 'pyodide', 'pyodide_js', '_pyodide', '_pyodide_core')
refused = {
    **{name: 'Python tools have no access to JavaScript' for name in bridge},
    'ctypes': 'Python tools have no access to the memory of the interpreter',
    '_ctypes': 'Python tools have no access to the memory of the interpreter',
    'micropip': 'Python tools can use the standard library only',
}


class Refusal:
    """The first to be asked for a module."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        reason = refused.get(name.partition('.')[0])
        if reason is not None:
            raise ModuleNotFoundError(f'{name!r} is not available: {reason}', name=name)
        return None


def remove_bridge():
    """Pyodide's modules, finders, hooks and every name by which they can be found."""
    for name in [n for n in sys.modules if n.partition('.')[0] in bridge]:
        del sys.modules[name]
    for finder in [finder for finder in sys.meta_path if is_pyodides(finder)]:
        sys.meta_path.remove(finder)
        # The finder of JavaScript's modules has them.
        getattr(finder, 'jsproxies', {}).clear()
    sys.meta_path.insert(0, Refusal)
    sys.excepthook = sys.__excepthook__
    main = vars(sys.modules['__main__'])
    for name in [n for n in main if not n.startswith('__')]:
        del main[name]
    gc.collect()
    # Built-in modules can be imported again from the copy that Python keeps of their names.
    for namespace in gc.get_objects():
        if type(namespace) is dict and namespace.get('__name__') in bridge:
            namespace.clear()


def is_pyodides(finder):
    cls = finder if isinstance(finder, type) else type(finder)
    return cls.__module__.partition('.')[0] in bridge
