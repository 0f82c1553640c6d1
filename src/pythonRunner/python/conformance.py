"""Checks a JSON value against the schemas that `kinds` writes, and no others."""

from .kinds import json_type, shown


def problem_of(value, schema, path):
    """What is wrong with the value, or None."""
    if 'anyOf' in schema:
        if all(problem_of(value, one, path) for one in schema['anyOf']):
            return f'{path or "the result"} is {shown(value)}'
        return None
    wanted = schema.get('type')
    if wanted is not None and not has_type(value, wanted):
        return f'{path or "the result"} is {shown(value)}, not of type {shown(wanted)}'
    if 'enum' in schema and value not in schema['enum']:
        return f'{path or "the result"} is {shown(value)}, not one of {shown(schema["enum"])}'
    if isinstance(value, dict):
        return problem_of_members(value, schema, path)
    if isinstance(value, list):
        return problem_of_items(value, schema, path)
    return None


def has_type(value, wanted):
    actual = json_type(value)
    if isinstance(wanted, list):
        return any(has_type(value, one) for one in wanted)
    if actual == 'integer' and wanted == 'number':
        return True
    if actual == 'number' and wanted == 'integer':
        return value.is_integer()
    return actual == wanted


def problem_of_members(value, schema, path):
    for name in schema.get('required', ()):
        if name not in value:
            return f'{path or "the result"} has no "{name}"'
    properties = schema.get('properties', {})
    for name, member in value.items():
        rule = properties.get(name, schema.get('additionalProperties', {}))
        problem = problem_of(member, rule, f'{path}.{name}' if path else name)
        if problem:
            return problem
    return None


def problem_of_items(value, schema, path):
    fixed = schema.get('prefixItems')
    if 'maxItems' in schema and len(value) != schema['maxItems']:
        return f'{path} has {len(value)} items, not {schema["maxItems"]}'
    for at, item in enumerate(value):
        rule = fixed[at] if fixed else schema.get('items', {})
        problem = problem_of(item, rule, f'{path}[{at}]')
        if problem:
            return problem
    return None
