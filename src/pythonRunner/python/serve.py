"""Answers requests: JSON in; a line of JSON, then the bytes that belong to it, out."""

import gc
import json
import sys

from . import event_loop, results, signatures, state, tool
from .kinds import Mismatch
from .tool_errors import ToolError, describe_failure, describe_syntax


def handle(request):
    state.restore()
    try:
        header, body = answer(json.loads(request))
    except (ToolError, Mismatch) as error:
        header, body = {'kind': 'error', 'message': str(error)}, b''
    except MemoryError:
        header, body = {'kind': 'error', 'message': 'The tool used up its memory.'}, b''
    except BaseException as error:
        header, body = {'kind': 'error', 'message': describe_failure(error)}, b''
    sys.settrace(None)
    state.flush()
    return json.dumps(header).encode() + b'\n' + body


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
        return {'kind': 'description'}, json.dumps(description).encode()
    signature = signatures.Signature(main)
    positional, keywords = signature.bind(arguments)
    value = event_loop.finish(main(*positional, **keywords))
    return results.encode(value, signature, request.get('mediaType'))


def tidy(_):
    """After the reply is out: what the call left in memory goes, with its finalizers.

    An empty answer means that the interpreter can be used again.
    """
    tool.forget()
    gc.collect()
    return b'' if state.is_sound() else b'unsound'
