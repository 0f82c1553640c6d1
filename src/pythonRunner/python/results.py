"""From what `main` returned to a reply: a header and the bytes that go with it."""

import base64
import collections.abc
import dataclasses
import datetime
import decimal
import enum
import fractions
import json
import pathlib
import types
import uuid

from . import plain_json
from .conformance import problem_of
from .tool_errors import ToolError

most_bytes = 16 << 20


def encode(value, signature, media_type):
    """Header and body of the reply to a call that returned `value`."""
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, (bytes, bytearray, memoryview)):
        declared = media_type or signature.output().get('mediaType')
        return {'kind': 'bytes', 'mediaType': declared}, limited(bytes(value))
    schema, wraps = signature.output_schema()
    if value is None or isinstance(value, str):
        check(value, schema, wraps)
        header = {'kind': 'none' if value is None else 'text', 'wrapped': schema is not None}
        return header, limited((value or '').encode(errors='replace'))
    text = to_json(value)
    if schema is not None:
        check(plain_json.read(text), schema, wraps)
    wrapped = not text.startswith('{') if schema is None else wraps
    return {'kind': 'json', 'wrapped': wrapped}, limited(text.encode(errors='replace'))


def check(value, schema, wraps):
    if schema is None:
        return
    problem = problem_of({'result': value} if wraps else value, schema, '')
    if problem:
        raise ToolError(f'`main` did not return what its annotation promises: {problem}')


def limited(body):
    if len(body) > most_bytes:
        raise ToolError(f'The result has {len(body)} bytes; at most {most_bytes} are passed on.')
    return body


def to_json(value):
    """A value as JSON text. Raises ToolError."""
    try:
        try:
            return encoder.encode(value)
        except TypeError as error:
            if 'keys must be' not in str(error):
                raise
            return encoder.encode(with_text_keys(value))
    except ValueError as error:
        message = str(error)
        if 'Out of range float' in message:
            raise ToolError(
                'The result contains NaN or infinity, which JSON cannot write.'
            ) from None
        if 'Circular reference' in message:
            raise ToolError('The result contains itself.') from None
        raise
    except RecursionError:
        raise ToolError('The result is nested too deeply, or contains itself.') from None


def to_plain(value):
    """A value as JSON has it. Raises ToolError."""
    return plain_json.read(to_json(value))


def simpler(value):
    """What stands for a value that JSON does not know."""
    if isinstance(value, enum.Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, decimal.Decimal):
        whole = value == value.to_integral_value() if value.is_finite() else False
        return int(value) if whole and abs(value) < 1 << 63 else float(value)
    if isinstance(value, fractions.Fraction):
        return float(value)
    if isinstance(value, (uuid.UUID, pathlib.PurePath, BaseException)):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode()
    if isinstance(value, collections.abc.Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return in_order(value)
    if isinstance(value, types.SimpleNamespace):
        return vars(value)
    if isinstance(
        value,
        (
            collections.abc.Sequence,
            collections.abc.Iterator,
            collections.abc.Set,
            collections.abc.ValuesView,
        ),
    ):
        return list(value)
    raise ToolError(f'The result contains a {type(value).__qualname__}, which JSON cannot write.')


def in_order(values):
    """A set's items in an order that is the same each time, where they have one."""
    try:
        return sorted(values)
    except TypeError:
        return sorted(values, key=repr)


def with_text_keys(value):
    """A copy in which the keys of all dicts are text."""
    if isinstance(value, dict):
        return {text_key(key): with_text_keys(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [with_text_keys(item) for item in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    return with_text_keys(simpler(value))


def text_key(key):
    if isinstance(key, str) and not isinstance(key, enum.Enum):
        return str(key)
    if isinstance(key, tuple):
        return ', '.join(text_key(part) for part in key)
    plain = key if key is None or isinstance(key, (int, float)) else simpler(key)
    return plain if isinstance(plain, str) else to_json(plain)


encoder = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(',', ':'), default=simpler
)
