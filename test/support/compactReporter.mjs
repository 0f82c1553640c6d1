// A mocha reporter: failures in full, tests that took long or two tries, and `N passed, N failed` as the last line.
import mocha from 'mocha';

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING, EVENT_TEST_RETRY } =
  mocha.Runner.constants;

/** Milliseconds from which on a test is worth a line. */
const longMs = 5_000;

export default class CompactReporter {
  constructor(runner) {
    const failures = [];
    let passed = 0;
    runner.on(EVENT_TEST_PASS, (test) => {
      passed += 1;
      if (test.duration > longMs) console.log(`  ${seconds(test)} ${test.fullTitle()}`);
    });
    runner.on(EVENT_TEST_PENDING, (test) => console.log(`  skipped: ${test.fullTitle()}`));
    runner.on(EVENT_TEST_RETRY, (test, error) => {
      console.log(`  again: ${test.fullTitle()}: ${error.message.replaceAll(/\s+/g, ' ')}`);
    });
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      failures.push(Object.assign(test, { err: error }));
    });
    runner.once(EVENT_RUN_END, () => {
      if (failures.length > 0) mocha.reporters.Base.list(failures);
      console.log(`${passed} passed, ${failures.length} failed`);
    });
  }
}

function seconds(test) {
  return `${(test.duration / 1000).toFixed(1)} s`;
}
