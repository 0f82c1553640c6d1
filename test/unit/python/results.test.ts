import assert from 'node:assert/strict';
import type { JsonValue } from '../../../src/contract/json.ts';
import { openPython, type PythonFixture } from './pythonFixture.ts';

const imports = `
import dataclasses, datetime, decimal, enum, fractions, pathlib, uuid, collections
from typing import *
class Colour(enum.Enum):
    RED = 'red'
class Word(enum.StrEnum):
    HI = 'hi'
@dataclasses.dataclass
class Point:
    x: int
    y: float = 1.5
`;

describe('results of Python tools', function () {
  this.timeout(60_000);
  let python: PythonFixture;
  before(async () => {
    python = await openPython();
  });

  const returned = (expression: string, annotation = '') =>
    python
      .run(`${imports}def main()${annotation}: return ${expression}`)
      .then(({ result }) => result);

  it('are text where they are strings', async () => {
    assert.deepEqual(await returned('\'plain "quoted"\''), {
      content: [{ type: 'text', text: 'plain "quoted"' }],
    });
    assert.deepEqual(await returned('Word.HI'), { content: [{ type: 'text', text: 'hi' }] });
  });

  it('are empty where main returns nothing', async () => {
    assert.deepEqual(await returned('None'), { content: [] });
    assert.deepEqual(await returned('None', ' -> int | None'), {
      content: [],
      structuredContent: { result: null },
    });
  });

  const values: [expression: string, text: string, structured?: JsonValue][] = [
    ['{"a": [1, None, True]}', '{"a":[1,null,true]}', { a: [1, null, true] }],
    ['[1, 2]', '[1,2]'],
    ['3', '3'],
    ['1.0', '1.0'],
    ['True', 'true'],
    ['"ä€𝄞",', '["ä€𝄞"]'],
    ['(1, (2,))', '[1,[2]]'],
    ['{3, 1, 2}', '[1,2,3]'],
    ['range(3)', '[0,1,2]'],
    ['(i * i for i in range(3))', '[0,1,4]'],
    ['Point(1)', '{"x":1,"y":1.5}', { x: 1, y: 1.5 }],
    ['[Point(1)]', '[{"x":1,"y":1.5}]'],
    ['[Colour.RED]', '["red"]'],
    ['[datetime.datetime(2026, 1, 2, 3, 4)]', '["2026-01-02T03:04:00"]'],
    ['[datetime.timedelta(minutes=1)]', '[60.0]'],
    ['[decimal.Decimal("1.5"), decimal.Decimal(2)]', '[1.5,2]'],
    [
      '[fractions.Fraction(1, 4), pathlib.Path("/a"), uuid.UUID(int=0)]',
      '[0.25,"/a","00000000-0000-0000-0000-000000000000"]',
    ],
    ['[b"hi"]', '["aGk="]'],
    ['collections.OrderedDict(b=1)', '{"b":1}', { b: 1 }],
    [
      '{1: "a", (1, 2): "b", Colour.RED: "c", None: "d"}',
      '{"1":"a","1, 2":"b","red":"c","null":"d"}',
      { 1: 'a', '1, 2': 'b', red: 'c', null: 'd' },
    ],
    ['{"__proto__": 1}', '{"__proto__":1}', JSON.parse('{"__proto__":1}')],
  ];
  for (const [expression, text, structured] of values) {
    it(`write ${expression} as JSON`, async () => {
      const result = await returned(expression);
      assert.deepEqual(result.content, [{ type: 'text', text }]);
      assert.deepEqual(result.structuredContent, structured ?? { result: JSON.parse(text) });
    });
  }

  it('stand in an object where the annotation says that they are none', async () => {
    const either = ' -> list[int] | dict[str, int]';
    assert.deepEqual(await returned('{"a": 1}', either), {
      content: [{ type: 'text', text: '{"a":1}' }],
      structuredContent: { result: { a: 1 } },
    });
    assert.deepEqual(await returned('"a"', " -> Literal['a']"), {
      content: [{ type: 'text', text: 'a' }],
      structuredContent: { result: 'a' },
    });
  });

  it('are images, sounds or resources where they are bytes of a declared type', async () => {
    const image = { type: 'image', data: 'aGk=', mimeType: 'image/png' };
    assert.deepEqual(await returned("b'hi'", " -> Annotated[bytes, 'image/png']"), {
      content: [image],
    });
    const run = async (mediaType?: string) => {
      const more = mediaType === undefined ? {} : { mediaType };
      return (await python.run("def main(): return bytearray(b'hi')", {}, more)).result;
    };
    assert.deepEqual(await run('image/png'), { content: [image] });
    assert.deepEqual(await run('audio/wav'), {
      content: [{ type: 'audio', data: 'aGk=', mimeType: 'audio/wav' }],
    });
    for (const mediaType of ['application/pdf', undefined]) {
      const mimeType = mediaType ?? 'application/octet-stream';
      assert.deepEqual(await run(mediaType), {
        content: [{ type: 'resource', resource: { uri: 'python:result', mimeType, blob: 'aGk=' } }],
      });
    }
  });

  it('are errors where JSON cannot write them, or there is too much', async () => {
    const problems: [expression: string, message: RegExp][] = [
      ['float("nan")', /NaN or infinity/],
      ['{"a": [float("-inf")]}', /NaN or infinity/],
      ['object()', /contains a object, which JSON cannot write/],
      ['lambda: 1', /contains a function/],
      ['(lambda a: a.append(a) or a)([])', /contains itself/],
      ['"x" * (17 << 20)', /has 17825792 bytes; at most 16777216/],
      ['["x" * (17 << 20)]', /at most 16777216/],
    ];
    for (const [expression, message] of problems) {
      const { result } = await python.run(`def main(): return ${expression}`);
      assert.equal(result.isError, true, expression);
      assert.match(JSON.stringify(result.content), message);
      assert.equal(result.structuredContent, undefined);
    }
  });

  it('are errors where they are not what the annotation promises', async () => {
    const broken: [expression: string, annotation: string, problem: string][] = [
      ['"a"', 'int', 'result is "a", not of type "integer"'],
      ['None', 'dict', 'the result is null, not of type "object"'],
      ['[1, "a"]', 'list[int]', 'result[1] is "a", not of type "integer"'],
      ['{"a": 1}', 'dict[str, str]', 'a is 1, not of type "string"'],
      ['"b"', "Literal['a']", 'result is "b", not one of ["a"]'],
      ['"b"', 'int | None', 'result is "b"'],
    ];
    for (const [expression, annotation, problem] of broken) {
      const text = await python.text(`${imports}def main() -> ${annotation}: return ${expression}`);
      assert.equal(text, `error: \`main\` did not return what its annotation promises: ${problem}`);
    }
    assert.equal(await python.text(`${imports}def main() -> float: return 3`), '3');
    assert.equal(
      await python.text(`${imports}def main() -> Point: return Point(1)`),
      '{"x":1,"y":1.5}',
    );
    assert.equal(await python.text(`${imports}def main() -> str: return 5`), '5');
  });

  it('keep large whole numbers exact in their text', async () => {
    const result = await returned('2 ** 70');
    assert.deepEqual(result.content, [{ type: 'text', text: '1180591620717411303424' }]);
  });

  it('tell of exceptions with the lines of the tool alone', async () => {
    const code = `
import json
def helper(text):
    return json.loads(text)
def main():
    try:
        helper('{')
    except ValueError as error:
        raise RuntimeError('no good') from error
`;
    assert.equal(
      await python.text(code),
      `error: Traceback (most recent call last):
  File "<tool>", line 7, in main
    helper('{')
    ~~~~~~^^^^^
  File "<tool>", line 4, in helper
    return json.loads(text)
           ~~~~~~~~~~^^^^^^
json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "<tool>", line 9, in main
    raise RuntimeError('no good') from error
RuntimeError: no good`,
    );
  });

  it('tell of wrong syntax with its place', async () => {
    assert.equal(
      await python.text('def main():\n  return ='),
      'error: Syntax error in line 2, column 10: invalid syntax',
    );
  });

  it('are apart from what is printed', async () => {
    const code = `
import os, sys
print('module')
def main():
    print('out'); print('err', file=sys.stderr); os.write(1, b'raw\\n')
    print('no newline', end='')
    return 'result'
`;
    const outcome = await python.run(code);
    assert.deepEqual(outcome.result, { content: [{ type: 'text', text: 'result' }] });
    for (const word of ['module', 'out', 'err', 'raw', 'no newline']) {
      assert(outcome.printed.includes(word), word);
    }
    assert.equal((await python.run('def main(): pass')).printed, '');
  });

  it('come from coroutines too', async () => {
    const code = `
import asyncio
async def double(n):
    await asyncio.sleep(0.01)
    return n * 2
async def main():
    return await asyncio.gather(*(double(n) for n in range(3)))
`;
    assert.equal(await python.text(code), '[0,2,4]');
    assert.equal(
      await python.text(`${code}\nmain_ = main\ndef main(): return asyncio.run(main_())`),
      '[0,2,4]',
    );
  });
});
