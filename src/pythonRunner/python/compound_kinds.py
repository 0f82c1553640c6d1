"""Kinds of values that are made of others."""

from . import plain_json
from .kinds import Kind, Mismatch, Null, json_type, shown


class Array(Kind):
    """list, set, tuple of any length: `make` builds it from the converted items."""

    def __init__(self, item, make=list, unique=False):
        self.item = item
        self.make = make
        self.unique = unique
        self.plain = item.plain

    expected = 'an array'

    def schema(self):
        schema = {'type': 'array', 'items': self.item.schema()}
        return {**schema, 'uniqueItems': True} if self.unique else schema

    def convert(self, value, path, lenient=True):
        items = from_text(value, list, lenient)
        if not isinstance(items, list):
            raise Mismatch(path, self.expected, value)
        return self.make(
            [self.item.convert(item, f'{path}[{at}]', lenient) for at, item in enumerate(items)]
        )


class FixedArray(Kind):
    """A tuple with a kind for each place."""

    def __init__(self, items):
        self.items = items
        self.expected = f'an array of {len(items)}'
        self.plain = all(item.plain for item in items)

    def schema(self):
        count = len(self.items)
        places = {'prefixItems': [item.schema() for item in self.items]} if count else {}
        return {'type': 'array', **places, 'minItems': count, 'maxItems': count}

    def convert(self, value, path, lenient=True):
        items = from_text(value, list, lenient)
        if not isinstance(items, list) or len(items) != len(self.items):
            raise Mismatch(path, self.expected, value)
        return tuple(
            kind.convert(item, f'{path}[{at}]', lenient)
            for at, (kind, item) in enumerate(zip(self.items, items, strict=True))
        )


class Mapping(Kind):
    """A dict with any keys; those that are no strings in Python are converted from their text."""

    expected = 'an object'

    def __init__(self, key, item):
        self.key = key
        self.item = item
        self.plain = item.plain

    def schema(self):
        item = self.item.schema()
        return {'type': 'object', **({'additionalProperties': item} if item else {})}

    def convert(self, value, path, lenient=True):
        members = from_text(value, dict, lenient)
        if not isinstance(members, dict):
            raise Mismatch(path, self.expected, value)
        return {
            self.key.convert(name, f'{path}.{name}'): self.item.convert(
                member, f'{path}.{name}', lenient
            )
            for name, member in members.items()
        }


class Record(Kind):
    """An object with known members; `make` builds it from those that are there.

    `members` is filled in after construction, since a record can contain itself.
    """

    expected = 'an object'

    def __init__(self, name, make, required=frozenset()):
        self.name = name
        self.make = make
        self.required = required
        self.members = {}
        self.describing = False

    def schema(self):
        if self.describing:
            return {'type': 'object'}
        self.describing = True
        try:
            properties = {name: kind.schema() for name, kind in self.members.items()}
        finally:
            self.describing = False
        required = [name for name in self.members if name in self.required]
        return {
            'type': 'object',
            'properties': properties,
            **({'required': required} if required else {}),
        }

    def convert(self, value, path, lenient=True):
        members = from_text(value, dict, lenient)
        if not isinstance(members, dict):
            raise Mismatch(path, self.expected, value)
        for name in self.members:
            if name in self.required and name not in members:
                raise Mismatch(path, f'an object with the member "{name}"', value)
        for name in members:
            if name not in self.members:
                raise Mismatch(path, f'an object without the member "{name}"', value)
        return self.make(
            **{
                name: self.members[name].convert(member, f'{path}.{name}', lenient)
                for name, member in members.items()
            }
        )


class Choice(Kind):
    """One of some JSON values, each standing for a Python value: Literal, Enum."""

    def __init__(self, choices):
        self.choices = choices
        self.expected = 'one of ' + ', '.join(shown(choice) for choice, _ in choices)

    def schema(self):
        values = [choice for choice, _ in self.choices]
        types = {json_type(value) for value in values}
        return {**({'type': types.pop()} if len(types) == 1 else {}), 'enum': values}

    def convert(self, value, path, lenient=True):
        for choice, meant in self.choices:
            if choice == value and isinstance(choice, bool) == isinstance(value, bool):
                return meant
        if lenient and isinstance(value, str):
            for choice, meant in self.choices:
                if not isinstance(choice, str) and shown(choice) == value.strip().lower():
                    return meant
        raise Mismatch(path, self.expected, value)


class OneOf(Kind):
    """A union: the first member that fits the value as it is, else the first it can be made fit."""

    def __init__(self, members):
        self.members = members
        self.expected = ' or '.join(member.expected for member in members)
        self.plain = all(member.plain for member in members)

    def schema(self):
        return {'anyOf': [member.schema() for member in self.members]}

    def convert(self, value, path, lenient=True):
        problems = []
        for tolerance in (False, True) if lenient else (False,):
            for member in self.members:
                try:
                    return member.convert(value, path, tolerance)
                except Mismatch as problem:
                    problems.append(problem)
        # Where only one member can be meant, its own complaint says more.
        others = [m for m in self.members if not isinstance(m, Null)]
        if len(others) == 1 and value is not None:
            raise problems[-len(self.members) + self.members.index(others[0])]
        raise Mismatch(path, self.expected, value)


def from_text(value, wanted, lenient):
    """What a string of JSON means, where a list or a dict is wanted; else the value itself."""
    if lenient and isinstance(value, str) and value.lstrip()[:1] in ('[', '{'):
        try:
            meant = plain_json.read(value.strip())
        except ValueError:
            return value
        return meant if isinstance(meant, wanted) else value
    return value
