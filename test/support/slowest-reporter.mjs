/**
 * Closes the run with the ten slowest files and with how long both workers were busy. It remembers the seconds of each file
 * for the order of the next run (side-by-side.mjs).
 */
import { relative } from 'node:path';
import { rememberSeconds } from './file-seconds.mjs';

const SHOWN = 10;

export default class SlowestReporter {
  onRunComplete(_contexts, results) {
    const files = results.testResults
      .filter(({ perfStats }) => perfStats.end > 0)
      .map(({ testFilePath, perfStats: { start, end } }) => ({
        path: relative(process.cwd(), testFilePath),
        seconds: (end - start) / 1000,
      }))
      .sort((one, other) => other.seconds - one.seconds);
    rememberSeconds(files);
    if (files.length <= SHOWN) return;
    process.stdout.write(`\nThe ${SHOWN} slowest of ${files.length} files:\n`);
    for (const { path, seconds } of files.slice(0, SHOWN))
      process.stdout.write(`${seconds.toFixed(1).padStart(8)} s  ${path}\n`);
    const sum = files.reduce((total, { seconds }) => total + seconds, 0);
    const whole = (Date.now() - results.startTime) / 1000;
    process.stdout.write(`All files together ${sum.toFixed(0)} s, the run ${whole.toFixed(0)} s.\n`);
  }
}
