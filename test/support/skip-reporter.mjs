import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Closes the run with one plain line, and names every skipped case: a skip is never silent. */
export default class SkipReporter {
  onRunComplete(_contexts, results) {
    for (const file of results.testResults) {
      for (const test of file.testResults) {
        if (test.status === 'pending' || test.status === 'todo')
          process.stdout.write(`SKIPPED ${test.fullName}\n`);
      }
    }
    const [passed, failed, skipped] = withThoseBefore([
      results.numPassedTests,
      results.numFailedTests,
      results.numPendingTests + results.numTodoTests,
    ]);
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}

/** A whole run has two rounds: the last line counts both. */
function withThoseBefore(counts) {
  const file = process.env.TEST_TOTALS;
  if (!file) return counts;
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [0, 0, 0];
  const totals = counts.map((count, at) => count + before[at]);
  writeFileSync(file, JSON.stringify(totals));
  return totals;
}
