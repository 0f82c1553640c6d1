import assert from 'node:assert/strict';
import { type CrashOutcome, crash, type Damage } from '../soak/crashes.ts';
import { killUpstream } from '../soak/upstreams.ts';
import { useCleanup } from '../support/cleanup.ts';

// The long runs, `npm run soak`, are these with more of everything.
describe('staying up', function () {
  this.timeout(120_000);
  const cleanup = useCleanup();

  const rounds: [what: string, damage: Damage, kills: number][] = [
    ['kill -9 during mixed load', 'none', 5],
    ['kill -9 that leaves torn files', 'torn', 2],
    ['kill -9 with no space left', 'full', 2],
  ];
  for (const [what, damage, kills] of rounds) {
    it(`${what}: nothing acknowledged is lost or there twice, and it always opens`, async function () {
      if (process.platform !== 'linux') this.skip();
      const { lost, twice, oldestLostMs, notOpened, refused }: CrashOutcome = await crash(
        cleanup,
        kills,
        damage,
      );
      assert.deepEqual({ lost, twice, notOpened }, { lost: [], twice: [], notOpened: 0 });
      if (damage === 'full') assert(refused > 0, 'there was space enough');
      else assert(oldestLostMs < 1_000, `${oldestLostMs} ms`); // 250, and room for a busy machine
    });
  }

  it('a server killed under 16-way load: every call is answered, and it comes back', async function () {
    if (process.platform !== 'linux') this.skip();
    const { unanswered, notBack, longestMs } = await killUpstream(cleanup, 4, 200);
    assert.deepEqual({ unanswered, notBack }, { unanswered: 0, notBack: 0 });
    assert(longestMs < 15_000, `${longestMs} ms`);
  });
});
