import assert from 'node:assert/strict';
import type { JsonValue } from '../../../src/contract/json.ts';
import { openPython, type PythonFixture } from './pythonFixture.ts';

const imports = `
import dataclasses, datetime, decimal, enum
from typing import *
class Colour(enum.Enum):
    RED = 'red'
    BLUE = 'blue'
@dataclasses.dataclass
class Point:
    x: int
    y: float = 1.5
class Person(TypedDict):
    name: str
    age: NotRequired[int]
`;

describe('arguments of Python tools', function () {
  this.timeout(60_000);
  let python: PythonFixture;
  before(async () => {
    python = await openPython();
  });

  /** What `main` gets for an argument, as Python writes it. */
  const received = (annotation: string, value: JsonValue) =>
    python.text(`${imports}def main(x: ${annotation}): return repr(x)`, { x: value });

  const fitting: [annotation: string, value: JsonValue, received: string][] = [
    ['int', 3, '3'],
    ['int', 3.0, '3'],
    ['int', '12', '12'],
    ['float', 3, '3.0'],
    ['float', '2.5', '2.5'],
    ['bool', true, 'True'],
    ['bool', 'false', 'False'],
    ['str', '3', "'3'"],
    ['Any', { a: [1] }, "{'a': [1]}"],
    ['list[int]', [1, 2.0], '[1, 2]'],
    ['list[int]', '[1, 2]', '[1, 2]'],
    ['set[int]', [1, 1], '{1}'],
    ['tuple[int, str]', [1, 'a'], "(1, 'a')"],
    ['dict[str, float]', { a: 1 }, "{'a': 1.0}"],
    ['dict[int, str]', { 1: 'a' }, "{1: 'a'}"],
    ['int | str', '3', "'3'"],
    ['int | list[int]', '3', '3'],
    ['Optional[int]', null, 'None'],
    ["Literal['a', 1, True]", 1, '1'],
    ["Literal['a', 1, True]", true, 'True'],
    ['Colour', 'blue', "<Colour.BLUE: 'blue'>"],
    ['Point', { x: 1 }, 'Point(x=1, y=1.5)'],
    ['list[Point]', [{ x: 1, y: 2 }], '[Point(x=1, y=2.0)]'],
    ['Person', { name: 'A' }, "{'name': 'A'}"],
    ['datetime.date', '2026-11-20', 'datetime.date(2026, 11, 20)'],
    ['decimal.Decimal', '0.10', "Decimal('0.10')"],
    ['bytes', 'aGk=', "b'hi'"],
  ];
  for (const [annotation, value, expected] of fitting) {
    it(`take ${JSON.stringify(value)} for ${annotation}`, async () => {
      assert.equal(await received(annotation, value), expected);
    });
  }

  const wrong: [annotation: string, value: JsonValue, message: string][] = [
    ['int', 3.9, 'argument "x" must be an integer, not 3.9'],
    ['int', 'abc', 'argument "x" must be an integer, not "abc"'],
    ['int', true, 'argument "x" must be an integer, not true'],
    ['int', null, 'argument "x" must be an integer, not null'],
    ['float', 'nan', 'argument "x" must be a number, not "nan"'],
    ['str', 5, 'argument "x" must be a string, not 5'],
    ['bool', 1, 'argument "x" must be true or false, not 1'],
    ['list[int]', [1, 'a'], 'argument "x[1]" must be an integer, not "a"'],
    ['list[int]', '1,2', 'argument "x" must be an array, not "1,2"'],
    ['dict[str, int]', { a: 'b' }, 'argument "x.a" must be an integer, not "b"'],
    ['Optional[int]', 'b', 'argument "x" must be an integer, not "b"'],
    ['int | bool', 'b', 'argument "x" must be an integer or true or false, not "b"'],
    ["Literal['a', 1]", 'b', 'argument "x" must be one of "a", 1, not "b"'],
    ['Colour', 'green', 'argument "x" must be one of "red", "blue", not "green"'],
    ['Point', { y: 1 }, 'argument "x" must be an object with the member "x", not {"y": 1}'],
    [
      'Point',
      { x: 1, z: 1 },
      'argument "x" must be an object without the member "z", not {"x": 1, "z": 1}',
    ],
    ['datetime.date', 'soon', 'argument "x" must be a date, not "soon"'],
    ['bytes', '!', 'argument "x" must be a string in base64, not "!"'],
    ['int', 'a'.repeat(100), `argument "x" must be an integer, not "${'a'.repeat(56)}...`],
  ];
  for (const [annotation, value, message] of wrong) {
    it(`refuse ${JSON.stringify(value).slice(0, 40)} for ${annotation}`, async () => {
      assert.equal(await received(annotation, value), `error: ${message}`);
    });
  }

  it('must be there unless they have a default, and be known', async () => {
    const code = 'def main(a, b=2): return [a, b]';
    assert.equal(await python.text(code, { a: 1 }), '[1,2]');
    assert.equal(await python.text(code, { a: 1, b: null }), '[1,null]');
    assert.equal(await python.text(code), 'error: argument "a" is missing');
    assert.equal(
      await python.text(code, { a: 1, c: 1 }),
      'error: unknown argument "c"; the tool takes "a", "b"',
    );
  });

  it('are left out where they are null and may not be', async () => {
    assert.equal(await python.text('def main(b: int = 2): return b', { b: null }), '2');
    assert.equal(await python.text('def main(b: int | None = 2): return b', { b: null }), '');
  });

  it('reach parameters of every kind', async () => {
    const code = 'def main(a, /, b, *c: int, d=4, **e: str): return [a, b, c, d, e]';
    const args = { a: 1, b: 2, c: [3, '4'], f: 'x' };
    assert.equal(await python.text(code, args), '[1,2,[3,4],4,{"f":"x"}]');
  });

  it('are also in the globals that tools of other systems use', async () => {
    const code = "def main(a): return [arguments['a'], environment_variables['K']]";
    const { result } = await python.run(code, { a: 1 }, { environment: { K: 'v' } });
    assert.deepEqual(result.structuredContent, { result: [1, 'v'] });
  });
});
