"""What `main` takes and returns, from its signature and docstring."""

import annotationlib
import inspect

from . import compound_kinds, kinds
from .annotations import Reader, hints_of, media_type_of, unwrapped
from .docstrings import read_docstring
from .results import to_plain
from .tool_errors import ToolError

KEYWORDS = inspect.Parameter.VAR_KEYWORD
POSITIONALS = inspect.Parameter.VAR_POSITIONAL
empty = inspect.Parameter.empty


class Signature:
    """The parameters of `main`, ready to convert arguments to them."""

    def __init__(self, main):
        try:
            signature = inspect.signature(main, annotation_format=annotationlib.Format.FORWARDREF)
        except (TypeError, ValueError):
            raise ToolError('The signature of `main` cannot be read.') from None
        function = main if inspect.isroutine(main) else getattr(type(main), '__call__', main)
        hints = hints_of(inspect.unwrap(function))
        reader = Reader()
        self.parameters = signature.parameters
        self.annotations = {
            name: hints.get(name, parameter.annotation)
            for name, parameter in self.parameters.items()
        }
        self.kinds = {
            name: kinds.Kind() if annotation is empty else reader.kind_of(annotation)
            for name, annotation in self.annotations.items()
        }
        returned = hints.get('return', signature.return_annotation)
        self.returned = None if returned is empty else returned
        self.returned_kind = kinds.Kind() if returned is empty else reader.kind_of(returned)

    def bind(self, arguments):
        """Positional and keyword arguments for `main`. Raises Mismatch or ToolError."""
        positional, keywords = [], {}
        left = dict(arguments)
        for name, parameter in self.parameters.items():
            if parameter.kind is KEYWORDS:
                continue
            if name not in left or self.means_default(name, left[name]):
                left.pop(name, None)
                if parameter.default is empty and parameter.kind is not POSITIONALS:
                    raise ToolError(f'argument "{name}" is missing')
                if parameter.kind is parameter.POSITIONAL_ONLY:
                    positional.append(parameter.default)
                continue
            value = left.pop(name)
            if parameter.kind is POSITIONALS:
                # What comes before them can then only be given by position.
                before = [p for p in self.parameters if p in keywords and self.is_ordinary(p)]
                positional += [keywords.pop(p) for p in before]
                positional += compound_kinds.Array(self.kinds[name]).convert(value, name)
            elif parameter.kind is parameter.POSITIONAL_ONLY:
                positional.append(self.kinds[name].convert(value, name))
            else:
                keywords[name] = self.kinds[name].convert(value, name)
        return positional, {**keywords, **self.extra(left)}

    def is_ordinary(self, name):
        return self.parameters[name].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD

    def means_default(self, name, value):
        """Clients send null for what they leave out."""
        parameter = self.parameters[name]
        if value is not None or parameter.default is empty:
            return False
        try:
            self.kinds[name].convert(None, name)
        except kinds.Mismatch:
            return True
        return False

    def extra(self, left):
        rest = next((n for n, p in self.parameters.items() if p.kind is KEYWORDS), None)
        if rest is not None:
            return {name: self.kinds[rest].convert(value, name) for name, value in left.items()}
        if left:
            known = ', '.join(f'"{name}"' for name in self.parameters) or 'no arguments'
            raise ToolError(f'unknown argument "{next(iter(left))}"; the tool takes {known}')
        return {}

    def input_schema(self, descriptions):
        properties, required, open_ended = {}, [], False
        for name, parameter in self.parameters.items():
            if parameter.kind is KEYWORDS:
                open_ended = self.kinds[name].schema() or True
                continue
            schema = self.kinds[name].schema()
            if parameter.kind is POSITIONALS:
                schema = {'type': 'array', 'items': schema}
            properties[name] = self.documented(name, schema, descriptions)
            if parameter.default is not empty:
                add_default(properties[name], parameter.default)
            elif parameter.kind is not POSITIONALS:
                required.append(name)
        return {
            'type': 'object',
            'properties': properties,
            **({'required': required} if required else {}),
            'additionalProperties': open_ended,
        }

    def documented(self, name, schema, descriptions):
        _, notes = unwrapped(self.annotations[name])
        description = descriptions.get(name) or next(iter(notes), None)
        return {**schema, 'description': description} if description else dict(schema)

    def output_schema(self):
        """The schema of structured results, and whether they stand in an object as its `result`.

        No schema where the annotation promises nothing. A structured result has to be an object.
        """
        kind = self.returned_kind
        if type(kind) in (kinds.Kind, kinds.Text, kinds.Null) or not kind.plain:
            return None, False
        schema = kind.schema()
        if schema.get('type') == 'object':
            return schema, False
        return {'type': 'object', 'properties': {'result': schema}, 'required': ['result']}, True

    def output(self):
        """What results are: text, JSON, bytes, nothing, or anything."""
        kind = self.returned_kind
        if isinstance(kind, kinds.Bytes):
            return {'kind': 'bytes', 'mediaType': media_type_of(self.returned)}
        names = {kinds.Kind: 'any', kinds.Text: 'text', kinds.Null: 'none'}
        return {'kind': names.get(type(kind), 'json')}


def describe(main):
    """Everything that a list of tools says about this one."""
    signature = Signature(main)
    description, parameters = read_docstring(inspect.getdoc(main))
    return {
        'description': description,
        'inputSchema': signature.input_schema(parameters),
        'outputSchema': signature.output_schema()[0],
        'output': signature.output(),
    }


def add_default(schema, default):
    try:
        schema['default'] = to_plain(default)
    except (ToolError, RecursionError):
        pass  # A default that JSON cannot write is still used, only not shown.
