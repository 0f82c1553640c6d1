"""What a tool does wrong, in words for its author."""

import traceback

FILE = '<tool>'
most_characters = 8000


class ToolError(Exception):
    """Something wrong with the tool or its call; the message is all there is to say."""


def describe_failure(error):
    """An exception of the tool: the traceback's lines that are the tool's own, and the message."""
    try:
        text = exit_text(error) if isinstance(error, SystemExit) else traceback_text(error)
    except BaseException as problem:
        text = f'{type(error).__name__} (it cannot be shown: {type(problem).__name__})'
    if len(text) > most_characters:
        half = most_characters // 2
        text = f'{text[:half]}\n…\n{text[-half:]}'
    return text


def exit_text(error):
    return (
        f'The tool called sys.exit({error.code!r}). It is to return a result or to raise an error.'
    )


def traceback_text(error):
    summary = traceback.TracebackException.from_exception(error)
    keep_own_lines(summary)
    return ''.join(summary.format()).rstrip()


def keep_own_lines(summary):
    seen = set()
    waiting = [summary]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        own = [frame for frame in one.stack if frame.filename == FILE]
        one.stack = traceback.StackSummary.from_list(own)
        waiting += [one.__cause__, one.__context__, *(one.exceptions or [])]


def describe_syntax(error):
    """Where and why Python could not read the code."""
    return {
        'kind': 'syntax',
        'line': max(error.lineno or 1, 1),
        'column': max(error.offset or 1, 1),
        'message': error.msg or 'invalid syntax',
    }
