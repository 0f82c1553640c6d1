import assert from 'node:assert/strict';
import { csvLine } from '../../../src/server/activity/csv.ts';

describe('CSV', () => {
  it('quotes what needs it', () => {
    assert.equal(
      csvLine(['a', 'b,c', 'say "hi"', 'two\nlines']),
      'a,"b,c","say ""hi""","two\nlines"\r\n',
    );
    assert.equal(csvLine([1.5, true, null, '']), '1.5,true,,\r\n');
  });

  it('leaves no cell that a spreadsheet would compute', () => {
    for (const start of ['=', '+', '-', '@', '\t', ' =', '\r']) {
      assert.match(csvLine([`${start}1+1`]), /^"?'/, JSON.stringify(start));
    }
    assert.equal(csvLine(['=HYPERLINK("http://x")']), `"'=HYPERLINK(""http://x"")"\r\n`);
    assert.equal(csvLine([-1]), '-1\r\n');
  });
});
