"""The two functions that the runner calls, and the last step of the interpreter's start."""

import gc
import os
import sys

from . import event_loop, lockdown, state
from .serve import handle, tidy


def finish():
    event_loop.install()
    for name in ('LD_LIBRARY_PATH', '_', 'PYTHONINSPECT'):
        os.environ.pop(name, None)
    sys.path.remove('/lib')
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors='backslashreplace')
    lockdown.remove_bridge()
    state.remember()
    # The first run loads what most tools use.
    handle(b'{"method":"run","code":"async def main() -> dict: return {}"}')
    tidy(b'')
    # Nobody needs our modules by name any more.
    for name in [name for name in sys.modules if name.startswith('vmcp_runner')]:
        del sys.modules[name]
    gc.freeze()
