"""Kinds of values: each knows its JSON Schema and how a JSON value becomes its Python value.

These are the plain ones; `compound_kinds` has those that are made of others.
"""

import base64
import binascii
import decimal
import math
import re

from . import plain_json


class Mismatch(Exception):
    """A value that does not fit; says which, what was wanted and what came."""

    def __init__(self, path, expected, value):
        super().__init__(f'argument "{path}" must be {expected}, not {shown(value)}')


def shown(value):
    """A JSON value for a message: cut, where it is long."""
    text = plain_json.write(value)
    return text if len(text) <= 60 else text[:57] + '...'


class Kind:
    """Any value, as it comes."""

    expected = 'a value'
    # Whether results of this kind can be described by a schema of what they look like as JSON.
    plain = True

    def schema(self):
        return {}

    def convert(self, value, path, lenient=True):
        """The Python value. Where `lenient`, text that reads as the wanted value is taken for it.

        Raises Mismatch.
        """
        return value


class Text(Kind):
    expected = 'a string'

    def schema(self):
        return {'type': 'string'}

    def convert(self, value, path, lenient=True):
        if isinstance(value, str):
            return value
        raise Mismatch(path, self.expected, value)


class Integer(Kind):
    expected = 'an integer'

    def schema(self):
        return {'type': 'integer'}

    def convert(self, value, path, lenient=True):
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if lenient and isinstance(value, str) and re.fullmatch(r'\s*[+-]?\d{1,4000}\s*', value):
            return int(value)
        raise Mismatch(path, self.expected, value)


class Number(Kind):
    expected = 'a number'

    def schema(self):
        return {'type': 'number'}

    def convert(self, value, path, lenient=True):
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self.finite(value, path)
        if lenient and isinstance(value, str):
            return self.finite(value, path)
        raise Mismatch(path, self.expected, value)

    def finite(self, value, path):
        try:
            number = float(value)
        except (ValueError, OverflowError):
            number = math.nan
        if math.isfinite(number):
            return number
        raise Mismatch(path, self.expected, value)


class Boolean(Kind):
    expected = 'true or false'

    def schema(self):
        return {'type': 'boolean'}

    def convert(self, value, path, lenient=True):
        if isinstance(value, bool):
            return value
        if lenient and isinstance(value, str) and value.strip().lower() in ('true', 'false'):
            return value.strip().lower() == 'true'
        raise Mismatch(path, self.expected, value)


class Null(Kind):
    expected = 'null'

    def schema(self):
        return {'type': 'null'}

    def convert(self, value, path, lenient=True):
        if value is None:
            return None
        raise Mismatch(path, self.expected, value)


class Written(Kind):
    """A value that JSON writes as a string of some format; `read` raises ValueError."""

    def __init__(self, expected, read, **keywords):
        self.expected = expected
        self.read = read
        self.keywords = keywords

    def schema(self):
        return {'type': 'string', **self.keywords}

    def convert(self, value, path, lenient=True):
        if isinstance(value, str):
            try:
                return self.read(value)
            except (ValueError, OverflowError):
                pass
        raise Mismatch(path, self.expected, value)


class Decimal(Kind):
    expected = 'a number, or one in a string'

    def schema(self):
        return {'type': ['number', 'string']}

    def convert(self, value, path, lenient=True):
        if isinstance(value, (int, float, str)) and not isinstance(value, bool):
            try:
                number = decimal.Decimal(str(value).strip())
            except decimal.InvalidOperation:
                number = None
            if number is not None and number.is_finite():
                return number
        raise Mismatch(path, self.expected, value)


class Bytes(Written):
    plain = False

    def __init__(self, make=bytes):
        super().__init__(
            'a string in base64', lambda text: make(from_base64(text)), contentEncoding='base64'
        )


def from_base64(text):
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(error) from None


def json_type(value):
    """JSON Schema's name for the type of a JSON value."""
    if value is None:
        return 'null'
    for python, name in (
        (bool, 'boolean'),
        (int, 'integer'),
        (float, 'number'),
        (str, 'string'),
        (list, 'array'),
    ):
        if isinstance(value, python):
            return name
    return 'object'
