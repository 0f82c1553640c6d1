"""Answers requests: JSON in; a line of JSON, then the bytes that belong to it, out."""

import gc

from . import event_loop, plain_json, results, signatures, state, tool
from .kinds import Mismatch
from .tool_errors import ToolError, describe_failure, describe_syntax


def handle(request):
    state.restore()
    try:
        header, body = answer(plain_json.read(request.decode()))
    except BaseException as error:
        # First of all: the tool may have changed what the rest of this needs.
        state.restore()
        header, body = {'kind': 'error', 'message': message_of(error)}, b''
    state.flush()
    return plain_json.write(header).encode(errors='replace') + b'\n' + body


def message_of(error):
    if isinstance(error, (ToolError, Mismatch)):
        return str(error)
    if isinstance(error, MemoryError):
        return 'The tool used up its memory.'
    return describe_failure(error)


def answer(request):
    arguments = request.get('arguments', {})
    given = {'arguments': arguments, 'environment_variables': request.get('environment', {})}
    try:
        program = tool.prepare(request['code'])
    except SyntaxError as error:
        return describe_syntax(error), b''
    main = tool.load(program, request['code'], given)
    if request['method'] == 'describe':
        description = signatures.describe(main)
        return {'kind': 'description'}, plain_json.write(description).encode(errors='replace')
    signature = signatures.Signature(main)
    positional, keywords = signature.bind(arguments)
    value = event_loop.finish(main(*positional, **keywords))
    state.restore()
    return results.encode(value, signature, request.get('mediaType'))


def tidy(_):
    """After the reply is out: what the call left in memory goes, with its finalizers.

    An empty answer means that the interpreter can be used again.
    """
    tool.forget()
    gc.collect()
    return b'' if state.is_sound() else b'unsound'
