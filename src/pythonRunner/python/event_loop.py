"""An event loop for `async def main`: timers and tasks; there is no file or socket to wait for."""

import asyncio
import inspect
import math
import select
import time

# Polling no file is how to sleep here without using the processor.
wait = select.poll().poll


def sleep(seconds, /):
    """Delay execution for a given number of seconds."""
    if not isinstance(seconds, (int, float)):
        seconds = float(seconds.__index__() if hasattr(seconds, '__index__') else seconds)
    if math.isnan(seconds) or seconds < 0:
        raise ValueError('sleep length must be non-negative')
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        wait(min(math.ceil(left * 1000), 1 << 30))


class Selector:
    """Waits for nothing but time."""

    def select(self, timeout=None):
        if timeout is None:
            raise RuntimeError('The tool waits for something that can never happen.')
        sleep(max(timeout, 0))
        return ()

    def close(self):
        pass


class ToolLoop(asyncio.BaseEventLoop):
    """asyncio's own loop on that selector."""

    def __init__(self):
        super().__init__()
        self._selector = Selector()

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass


class LoopPolicy(asyncio.events._AbstractEventLoopPolicy):
    """Gives `asyncio.run` and `asyncio.new_event_loop` such loops."""

    current = None

    def get_event_loop(self):
        if self.current is None:
            raise RuntimeError('There is no current event loop.')
        return self.current

    def set_event_loop(self, loop):
        self.current = loop

    def new_event_loop(self):
        return ToolLoop()


def install():
    """In place of pyodide's loop, which is JavaScript's."""
    asyncio._set_running_loop(None)
    asyncio.events._set_event_loop_policy(LoopPolicy())
    asyncio.run = asyncio.runners.run
    time.sleep = sleep


def finish(value):
    """The value itself, or what the awaitable comes to."""
    if not inspect.isawaitable(value):
        return value

    async def awaited():
        return await value

    with asyncio.Runner(loop_factory=ToolLoop) as runner:
        return runner.run(awaited())
