import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '../../../src/contract/json.ts';
import {
  PythonSyntaxError,
  PythonToolError,
} from '../../../src/server/tools/python/pythonErrors.ts';
import { openPython, type PythonFixture } from './pythonFixture.ts';

const imports = `
from __future__ import annotations
import dataclasses, datetime, decimal, enum, uuid
from typing import *
class Colour(enum.Enum):
    RED = 'red'
    BLUE = 'blue'
class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2
@dataclasses.dataclass
class Point:
    x: int
    y: float = 1.5
class Person(TypedDict):
    name: str
    age: NotRequired[int]
@dataclasses.dataclass
class Tree:
    children: list[Tree] = dataclasses.field(default_factory=list)
Names = list[str]
type Pair = tuple[int, str]
type Json = str | dict[str, Json]
type Loop = Loop
`;

describe('signatures of Python tools', function () {
  this.timeout(60_000);
  let python: PythonFixture;
  before(async () => {
    python = await openPython();
  });

  const inputs: [annotation: string, schema: JsonObject][] = [
    ['str', { type: 'string' }],
    ['int', { type: 'integer' }],
    ['float', { type: 'number' }],
    ['bool', { type: 'boolean' }],
    ['list', { type: 'array', items: {} }],
    ['dict', { type: 'object' }],
    ['None', { type: 'null' }],
    ['Any', {}],
    ['UnknownName', {}],
    ['[int]', {}],
    ['list[int]', { type: 'array', items: { type: 'integer' } }],
    ['Names', { type: 'array', items: { type: 'string' } }],
    ['Sequence[str]', { type: 'array', items: { type: 'string' } }],
    ['set[str]', { type: 'array', items: { type: 'string' }, uniqueItems: true }],
    ['tuple[int, ...]', { type: 'array', items: { type: 'integer' } }],
    [
      'Pair',
      {
        type: 'array',
        prefixItems: [{ type: 'integer' }, { type: 'string' }],
        minItems: 2,
        maxItems: 2,
      },
    ],
    ['dict[str, int]', { type: 'object', additionalProperties: { type: 'integer' } }],
    ['Optional[int]', { anyOf: [{ type: 'integer' }, { type: 'null' }] }],
    ['int | None', { anyOf: [{ type: 'integer' }, { type: 'null' }] }],
    ['Union[int, str]', { anyOf: [{ type: 'integer' }, { type: 'string' }] }],
    ["Literal['a', 'b']", { type: 'string', enum: ['a', 'b'] }],
    ["Literal['a', 1]", { enum: ['a', 1] }],
    ['Colour', { type: 'string', enum: ['red', 'blue'] }],
    ['Level', { type: 'integer', enum: [1, 2] }],
    [
      'Point',
      {
        type: 'object',
        properties: { x: { type: 'integer' }, y: { type: 'number' } },
        required: ['x'],
      },
    ],
    [
      'Person',
      {
        type: 'object',
        properties: { name: { type: 'string' }, age: { type: 'integer' } },
        required: ['name'],
      },
    ],
    [
      'Tree',
      { type: 'object', properties: { children: { type: 'array', items: { type: 'object' } } } },
    ],
    ['Json', { anyOf: [{ type: 'string' }, { type: 'object' }] }],
    ['Loop', {}],
    ['datetime.datetime', { type: 'string', format: 'date-time' }],
    ['datetime.date', { type: 'string', format: 'date' }],
    ['uuid.UUID', { type: 'string', format: 'uuid' }],
    ['decimal.Decimal', { type: ['number', 'string'] }],
    ['bytes', { type: 'string', contentEncoding: 'base64' }],
  ];
  for (const [annotation, schema] of inputs) {
    it(`read ${annotation}`, async () => {
      const { inputSchema } = await python.describe(`${imports}def main(x: ${annotation}): pass`);
      assert.deepEqual(inputSchema, {
        type: 'object',
        properties: { x: schema },
        required: ['x'],
        additionalProperties: false,
      });
    });
  }

  it('take defaults, keyword-only parameters and any other arguments', async () => {
    const { inputSchema } = await python.describe(
      `${imports}def main(a, b=2, *, c: Colour = Colour.RED, d: str = None, **rest): pass`,
    );
    assert.deepEqual(inputSchema, {
      type: 'object',
      properties: {
        a: {},
        b: { default: 2 },
        c: { type: 'string', enum: ['red', 'blue'], default: 'red' },
        d: { type: 'string', default: null },
      },
      required: ['a'],
      additionalProperties: true,
    });
  });

  it('find main behind imports, helpers, constants and decorators, and when it is async', async () => {
    const code = `
import functools
LIMIT = 3
def helper(q): return q
def logged(f):
    @functools.wraps(f)
    def inner(*a, **k): return f(*a, **k)
    return inner
@logged
async def main(n: int) -> int:
    "Counts."
    return n
def other(z): pass
`;
    const { inputSchema, description } = await python.describe(code);
    assert.deepEqual(inputSchema.properties, { n: { type: 'integer' } });
    assert.equal(description, 'Counts.');
  });

  const docstrings: Record<string, string> = {
    Google: `Adds numbers.

    Slowly.

    Args:
        a (int): The first one,
            and more of it.
        b: The second one
    Returns:
        int: The sum.`,
    NumPy: `Adds numbers.

    Slowly.

    Parameters
    ----------
    a : int
        The first one,
        and more of it.
    b : int, optional
        The second one

    Returns
    -------
    int
        The sum.`,
    reStructuredText: `Adds numbers.

    Slowly.

    :param a: The first one,
        and more of it.
    :param int b: The second one
    :returns: The sum.`,
  };
  for (const [style, text] of Object.entries(docstrings)) {
    it(`read docstrings of the ${style} style`, async () => {
      const code = `def main(a: int, b: int):\n    """${text}\n    """`;
      const { description, inputSchema } = await python.describe(code);
      assert.equal(description, 'Adds numbers.\n\nSlowly.');
      assert.deepEqual(inputSchema.properties, {
        a: { type: 'integer', description: 'The first one, and more of it.' },
        b: { type: 'integer', description: 'The second one' },
      });
    });
  }

  it('take descriptions from Annotated', async () => {
    const code = `${imports}def main(a: Annotated[int, 'How many']): pass`;
    const { inputSchema } = await python.describe(code);
    assert.deepEqual(inputSchema.properties, { a: { type: 'integer', description: 'How many' } });
  });

  const outputs: [annotation: string, schema: JsonObject | undefined, output: JsonValue][] = [
    ['', undefined, { kind: 'any' }],
    [' -> str', undefined, { kind: 'text' }],
    [' -> None', undefined, { kind: 'none' }],
    [' -> Any', undefined, { kind: 'any' }],
    [' -> bytes', undefined, { kind: 'bytes', mediaType: null }],
    [" -> Annotated[bytes, 'image/png']", undefined, { kind: 'bytes', mediaType: 'image/png' }],
    [' -> dict', { type: 'object' }, { kind: 'json' }],
    [
      ' -> list[int]',
      {
        type: 'object',
        properties: { result: { type: 'array', items: { type: 'integer' } } },
        required: ['result'],
      },
      { kind: 'json' },
    ],
  ];
  for (const [annotation, schema, output] of outputs) {
    it(`tell what comes out of main()${annotation}`, async () => {
      const description = await python.describe(`${imports}def main()${annotation}: pass`);
      assert.deepEqual([description.outputSchema, description.output], [schema, output]);
    });
  }

  it('tell where the code is not Python', async () => {
    await assert.rejects(
      python.describe('def main():\n    return (1,'),
      (error) =>
        error instanceof PythonSyntaxError &&
        error.line === 2 &&
        error.column === 12 &&
        error.message === "'(' was never closed",
    );
    for (const code of ['def main(:', 'x = 1\0', '\ud800', '('.repeat(5_000), '  x\n y']) {
      await assert.rejects(python.describe(code), PythonSyntaxError, code.slice(0, 20));
    }
  });

  it('tell what else keeps a tool from being described', async () => {
    const problems: [code: string, message: RegExp][] = [
      ['', /defines no function `main`/],
      ['main = 3', /`main` is not a function/],
      ['import nothing_like_this\ndef main(): pass', /File "<tool>", line 1.*ModuleNotFoundError/s],
      ['1 / 0', /ZeroDivisionError/],
    ];
    for (const [code, message] of problems) {
      await assert.rejects(
        python.describe(code),
        (error) => error instanceof PythonToolError && message.test(error.message),
        code,
      );
    }
  });
});
