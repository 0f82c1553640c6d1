"""Reads docstrings in the styles of Google, NumPy and reStructuredText."""

import inspect
import re

google_section = re.compile(
    r'(args|arguments|parameters|params|returns?|yields?|raises|examples?|notes?|attributes'
    r'|keyword args|keyword arguments|other parameters|warnings?|see also|todo|references):\s*$',
    re.IGNORECASE,
)
google_item = re.compile(r'\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)$')
numpy_item = re.compile(r'\*{0,2}(\w+(?:\s*,\s*\w+)*)\s*(?::.*)?$')
rest_item = re.compile(
    r':(?:param|parameter|arg|argument|key|keyword)\s+(?:[^:]*\s)?\*{0,2}(\w+)\s*:\s*(.*)$'
)
rest_field = re.compile(r':\w+[^:]*:')
parameter_sections = (
    'args',
    'arguments',
    'parameters',
    'params',
    'keyword args',
    'keyword arguments',
    'other parameters',
)


def read_docstring(text):
    """The description of the whole, and those of the parameters by name."""
    lines = inspect.cleandoc(text or '').splitlines()
    description, parameters = [], {}
    at = 0
    while at < len(lines):
        line = lines[at]
        if at + 1 < len(lines) and line.strip() and re.fullmatch(r'\s*-{3,}\s*', lines[at + 1]):
            body, at = numpy_body(lines, at + 2)
            if line.strip().lower() in parameter_sections:
                parameters.update(items(body, numpy_item))
        elif section := google_section.fullmatch(line):
            body, at = indented(lines, at + 1)
            if section[1].lower() in parameter_sections:
                parameters.update(items(body, google_item))
        elif rest_field.match(line):
            body, at = indented(lines, at + 1)
            if item := rest_item.match(line):
                parameters[item[1]] = joined([item[2], *body])
        else:
            description.append(line)
            at += 1
    return '\n'.join(description).strip(), parameters


def indented(lines, start):
    """The indented (or empty) lines from `start`, and where they end."""
    end = start
    while end < len(lines) and (not lines[end].strip() or lines[end][0].isspace()):
        end += 1
    return lines[start:end], end


def numpy_body(lines, start):
    """The lines up to the next section's title, and where they end."""
    end = start
    while end < len(lines):
        if (
            end + 1 < len(lines)
            and lines[end].strip()
            and re.fullmatch(r'-{3,}', lines[end + 1].strip())
        ):
            break
        end += 1
    return lines[start:end], end


def items(lines, pattern):
    """The items of a section: each begins at the least indentation, what is deeper continues it."""
    found = {}
    least = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    names = []
    for line in lines:
        item = pattern.match(line.strip())
        if line.strip() and len(line) - len(line.lstrip()) == least and item:
            names = re.split(r'\s*,\s*', item[1])
            rest = item[2] if item.lastindex and item.lastindex > 1 else ''
            found.update({name: [rest] for name in names})
        else:
            for name in names:
                found[name].append(line)
    return {name: joined(text) for name, text in found.items()}


def joined(lines):
    return ' '.join(line.strip() for line in lines if line.strip())
