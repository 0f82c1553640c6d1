"""What each call finds as if it were the first: built-ins, streams, settings of the interpreter."""

import builtins
import decimal
import os
import sys
import warnings

home = '/home/pyodide'
first = {}


def remember():
    """The state as it is now is the one to come back to."""
    first.update(
        builtins=dict(vars(builtins)),
        streams=(sys.stdin, sys.stdout, sys.stderr),
        recursion=sys.getrecursionlimit(),
        path=list(sys.path),
        meta_path=list(sys.meta_path),
        environment=dict(os.environ),
        filters=list(warnings.filters),
        devices=devices(),
    )


def restore():
    """Undoes what a call may have left behind. Libraries that it patched stay patched."""
    names = vars(builtins)
    if names != first['builtins']:
        names.clear()
        names.update(first['builtins'])
    sys.stdin, sys.stdout, sys.stderr = first['streams']
    sys.settrace(None)
    sys.setprofile(None)
    sys.setrecursionlimit(first['recursion'])
    sys.path[:] = first['path']
    sys.meta_path[:] = first['meta_path']
    sys.unraisablehook = sys.__unraisablehook__
    sys.excepthook = sys.__excepthook__
    warnings.filters[:] = first['filters']
    decimal.setcontext(decimal.DefaultContext.copy())
    if os.environ != first['environment']:
        os.environ.clear()
        os.environ.update(first['environment'])
    os.chdir(home)


def flush():
    """So that all that was printed belongs to the call that printed it."""
    for stream in first['streams'][1:]:
        try:
            stream.flush()
        except Exception:
            pass  # The tool closed or broke it: what it printed is lost.


def is_sound():
    """Whether the standard streams still lead where they did, so that later calls can print."""
    try:
        return devices() == first['devices']
    except OSError:
        return False


def devices():
    return [os.fstat(descriptor).st_rdev for descriptor in range(3)]
