import { strict as assert } from 'node:assert';
import { resolveItem } from '../../../src/server/template/itemNames.ts';
import { UnresolvedError } from '../../../src/server/template/templateError.ts';

const owner = (name: string, ...items: string[]) => ({
  name,
  has: (item: string) => items.includes(item),
});
const owners = [
  owner('vmcp', 'greet', 'both'),
  owner('github', 'create_issue', 'both', 'a.b'),
  owner('My Server', 'add'),
  owner('my_server', 'sub'),
  owner('a', 'b.c'),
  owner('a.b', 'c', 'd'),
  owner('docs', 'file:///x.txt'),
];

describe('Names of items in references', () => {
  const found: [string, string, string][] = [
    ['vmcp.greet', 'vmcp', 'greet'],
    ['greet', 'vmcp', 'greet'],
    ['github.create_issue', 'github', 'create_issue'],
    ['create_issue', 'github', 'create_issue'],
    ['github.a.b', 'github', 'a.b'],
    ['a.b.c', 'a.b', 'c'],
    ['a.b.d', 'a.b', 'd'],
    ['My Server.add', 'My Server', 'add'],
    ['my_server.add', 'My Server', 'add'],
    ['my-server.sub', 'my_server', 'sub'],
    ['GitHub.both', 'github', 'both'],
    ['docs.file:///x.txt', 'docs', 'file:///x.txt'],
    ['file:///x.txt', 'docs', 'file:///x.txt'],
  ];
  for (const [written, name, item] of found) {
    it(`${written} is ${item} of ${name}`, () => {
      const resolved = resolveItem('tool', written, owners);
      assert.deepEqual([resolved.owner.name, resolved.item], [name, item]);
    });
  }

  const refused: [string, RegExp][] = [
    ['both', /several servers have this tool; write one of vmcp.both, github.both/],
    ['github.nope', /“github” has no tool “nope”/],
    ['nobody.nope', /there is no such tool/],
    ['', /there is no such tool/],
    ['.greet', /there is no such tool/],
  ];
  for (const [written, message] of refused) {
    it(`“${written}” is refused: ${message.source}`, () =>
      assert.throws(
        () => resolveItem('tool', written, owners),
        (error) => error instanceof UnresolvedError && message.test(error.message),
      ));
  }
});
