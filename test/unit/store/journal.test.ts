import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { JournalFile } from '../../../src/server/store/journalFile.ts';
import { encodeRecord, payloadOf, readJournal } from '../../../src/server/store/journalRecords.ts';
import { loadJournal } from '../../../src/server/store/journalReplay.ts';
import { makeTempDir, useCleanup } from '../../support/cleanup.ts';

const values = [{ changes: [] }, { text: 'grün 🙂' }, 'x'.repeat(300), { last: true }];
const file = Buffer.concat(values.map(encodeRecord));
const ends = values.map((_, index) =>
  values.slice(0, index + 1).reduce<number>((sum, value) => sum + encodeRecord(value).length, 0),
);

function read(content: Buffer) {
  const { records, damaged, tornBytes } = readJournal(content);
  return {
    values: records.map((each) => JSON.parse(payloadOf(each).toString())),
    damaged,
    tornBytes,
  };
}

describe('journal records', () => {
  it('are read as they were written', () => {
    assert.deepEqual(read(file), { values, damaged: [], tornBytes: 0 });
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (written) => {
        const expected = JSON.parse(JSON.stringify(written));
        assert.deepEqual(read(Buffer.concat(written.map(encodeRecord))).values, expected);
      }),
    );
  });

  it('are all kept but the last when the file is torn, at whichever byte', () => {
    for (let length = 0; length < file.length; length++) {
      const whole = ends.filter((end) => end <= length);
      assert.deepEqual(read(file.subarray(0, length)), {
        values: values.slice(0, whole.length),
        damaged: [],
        tornBytes: length - (whole.at(-1) ?? 0),
      });
    }
  });

  it('are found again behind a damaged one, whichever byte is wrong', () => {
    for (let at = 0; at < file.length; at++) {
      const damagedFile = Buffer.from(file);
      damagedFile[at] = (damagedFile[at] ?? 0) ^ 0x55;
      const hit = ends.findIndex((end) => at < end);
      const { values: found, damaged, tornBytes } = read(damagedFile);
      assert.deepEqual(found, values.toSpliced(hit, 1));
      const lost = damaged.reduce((sum, each) => sum + each.length, tornBytes);
      assert.equal(lost, encodeRecord(values[hit]).length);
    }
  });

  it('come out of no random bytes, and none makes reading fail', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        assert.deepEqual(read(Buffer.concat([bytes, file])).values, values);
        assert.deepEqual(read(Buffer.from(bytes)).values, []);
      }),
    );
  });
});

describe('journal file', () => {
  const cleanup = useCleanup();

  async function create(): Promise<{ path: string; journal: JournalFile }> {
    const path = join(await makeTempDir(cleanup), 'vmcp.0.journal');
    const journal = await JournalFile.create(path, 7);
    cleanup.add(() => journal.close());
    return { path, journal };
  }

  it('begins with its schema and holds what was appended, in order', async () => {
    const { path, journal } = await create();
    await journal.append([encodeRecord(1), encodeRecord(2)], true);
    await journal.append([encodeRecord(3)], false);
    const loaded = loadJournal(path);
    assert.equal(loaded.schema, 7);
    assert.deepEqual(
      loaded.records.map((each) => payloadOf(each).toString()),
      ['1', '2', '3'],
    );
    assert.equal((await readFile(path)).length, journal.length);
  });

  it('never overwrites a journal', async () => {
    const { path } = await create();
    await assert.rejects(JournalFile.create(path, 7), { code: 'EEXIST' });
  });

  it('is read without its schema where its beginning is damaged', async () => {
    const { path, journal } = await create();
    await journal.append([encodeRecord(1)], true);
    const content = await readFile(path);
    content[2] = 0;
    await writeFile(path, content);
    const loaded = loadJournal(path);
    assert.equal(loaded.schema, undefined);
    assert.deepEqual(
      loaded.records.map((each) => payloadOf(each).toString()),
      ['1'],
    );
    assert.equal(loaded.damaged.length, 1);
  });
});
