"""From an annotation in Python code to the kind of values that it means."""

import annotationlib
import collections.abc
import dataclasses
import datetime
import decimal
import enum
import inspect
import pathlib
import re
import types
import typing
import uuid

from . import compound_kinds, kinds

arrays = {
    list: list,
    tuple: tuple,
    set: set,
    frozenset: frozenset,
    collections.abc.Sequence: list,
    collections.abc.MutableSequence: list,
    collections.abc.Iterable: list,
    collections.abc.Collection: list,
    collections.abc.Set: set,
    collections.abc.MutableSet: set,
}
mappings = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
# An alias can stand for itself.
most_layers = 20
media_type = re.compile(r'[a-z]+/[A-Za-z0-9.+-]+')


class Reader:
    """Reads the annotations of one tool. Records and aliases can contain themselves."""

    def __init__(self):
        self.records = {}
        self.aliases = set()

    def kind_of(self, annotation):
        """The kind of an annotation; any value where it means nothing here."""
        if isinstance(annotation, typing.TypeAliasType):
            return self.kind_of_alias(annotation)
        annotation, _ = unwrapped(annotation)
        origin = typing.get_origin(annotation) or annotation
        arguments = typing.get_args(annotation)
        if not is_hashable(origin):
            return kinds.Kind()
        if origin in (typing.Union, types.UnionType):
            return self.union(arguments)
        if origin is typing.Literal:
            return compound_kinds.Choice([(json_value(value), value) for value in arguments])
        if origin is tuple and arguments and arguments[-1] is not Ellipsis:
            return compound_kinds.FixedArray([] if arguments == ((),) else self.all(arguments))
        if origin in arrays:
            item = self.kind_of(arguments[0]) if arguments else kinds.Kind()
            return compound_kinds.Array(
                item, arrays[origin], unique=issubclass(arrays[origin], (set, frozenset))
            )
        if origin in mappings:
            key, item = self.all(arguments) if len(arguments) == 2 else (kinds.Kind(), kinds.Kind())
            return compound_kinds.Mapping(key, item)
        if isinstance(origin, type):
            return self.kind_of_class(origin)
        return kinds.Kind()

    def kind_of_alias(self, alias):
        if alias in self.aliases:
            return kinds.Kind()
        self.aliases.add(alias)
        try:
            return self.kind_of(alias.__value__)
        finally:
            self.aliases.remove(alias)

    def all(self, annotations):
        return [self.kind_of(annotation) for annotation in annotations]

    def union(self, members):
        all_kinds = self.all(members)
        if any(type(kind) is kinds.Kind for kind in all_kinds):
            return kinds.Kind()
        return compound_kinds.OneOf(all_kinds)

    def kind_of_class(self, cls):
        if typing.is_typeddict(cls):
            return self.typed_dict(cls)
        if dataclasses.is_dataclass(cls):
            return self.dataclass(cls)
        if issubclass(cls, enum.Enum):
            return compound_kinds.Choice([(json_value(member), member) for member in cls])
        return simple.get(cls, kinds.Kind)()

    def typed_dict(self, cls):
        members = hints_of(cls)
        # Where annotations are strings, the class itself has not seen these two.
        says = {name: typing.get_origin(annotation) for name, annotation in members.items()}
        required = {
            name
            for name in members
            if says[name] is typing.Required
            or (name in cls.__required_keys__ and says[name] is not typing.NotRequired)
        }
        return self.record(cls, members, dict, required)

    def dataclass(self, cls):
        hints = hints_of(cls)
        fields = [field for field in dataclasses.fields(cls) if field.init]
        missing = dataclasses.MISSING
        required = {
            field.name
            for field in fields
            if field.default is missing and field.default_factory is missing
        }
        members = {field.name: hints.get(field.name, typing.Any) for field in fields}
        return self.record(cls, members, cls, required)

    def record(self, cls, members, make, required):
        if cls not in self.records:
            record = self.records[cls] = compound_kinds.Record(cls.__name__, make, required)
            record.members.update(
                {name: self.kind_of(annotation) for name, annotation in members.items()}
            )
            record.plain = all(kind.plain for kind in record.members.values())
        return self.records[cls]


simple = {
    str: kinds.Text,
    int: kinds.Integer,
    float: kinds.Number,
    bool: kinds.Boolean,
    types.NoneType: kinds.Null,
    decimal.Decimal: kinds.Decimal,
    bytes: kinds.Bytes,
    bytearray: lambda: kinds.Bytes(bytearray),
    datetime.datetime: lambda: kinds.Written(
        'a date and time', datetime.datetime.fromisoformat, format='date-time'
    ),
    datetime.date: lambda: kinds.Written('a date', datetime.date.fromisoformat, format='date'),
    datetime.time: lambda: kinds.Written('a time', datetime.time.fromisoformat, format='time'),
    uuid.UUID: lambda: kinds.Written('a UUID', uuid.UUID, format='uuid'),
    pathlib.Path: lambda: kinds.Written('a path', pathlib.Path),
}


def is_hashable(thing):
    """Annotations can be anything, such as `[int]`."""
    try:
        hash(thing)
    except TypeError:
        return False
    return True


def unwrapped(annotation):
    """The annotation without Annotated, aliases and new types; and the strings of Annotated."""
    notes = []
    for _ in range(most_layers):
        if typing.get_origin(annotation) is typing.Annotated:
            annotation, *metadata = typing.get_args(annotation)
            notes += [note for note in metadata if isinstance(note, str)]
        elif isinstance(annotation, typing.TypeAliasType):
            annotation = annotation.__value__
        elif isinstance(annotation, typing.NewType):
            annotation = annotation.__supertype__
        elif typing.get_origin(annotation) in (
            typing.Required,
            typing.NotRequired,
            typing.ReadOnly,
        ):
            annotation = typing.get_args(annotation)[0]
        elif annotation is None:
            return types.NoneType, notes
        else:
            return annotation, notes
    return typing.Any, notes


def media_type_of(annotation):
    """The media type that `Annotated[bytes, 'image/png']` declares; None where there is none."""
    _, notes = unwrapped(annotation)
    return next((note for note in notes if media_type.fullmatch(note)), None)


def hints_of(thing):
    """The annotations of a function or class, evaluated; as written where that is impossible."""
    try:
        return typing.get_type_hints(thing, include_extras=True)
    except Exception:
        return dict(inspect.get_annotations(thing, format=annotationlib.Format.FORWARDREF))


def json_value(value):
    """What stands for a member of an Enum or Literal in JSON."""
    if isinstance(value, enum.Enum):
        inner = value.value
        return inner if isinstance(inner, (str, int, float, bool)) else value.name
    return value if isinstance(value, (str, int, float, bool, types.NoneType)) else str(value)
