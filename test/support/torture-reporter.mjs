/** One line for each test as soon as it has ended, its failure below it, and every half minute what is still running. */
import { relative } from 'node:path';

const PROGRESS_EVERY_MS = 30_000;
const WORDS = { passed: 'ok     ', failed: 'FAILED ', pending: 'skipped' };

export default class TortureReporter {
  #running = new Map();
  #progress = setInterval(() => this.#sayWhatRuns(), PROGRESS_EVERY_MS).unref();

  onTestFileStart(test) {
    this.#running.set(test.path, { name: relative(process.cwd(), test.path), since: Date.now() });
  }

  onTestCaseStart(test, { fullName }) {
    this.#running.set(test.path, { name: fullName, since: Date.now() });
  }

  onTestCaseResult(test, { status, duration, fullName, failureMessages }) {
    const word = WORDS[status];
    // Tests that `--only` left out.
    if (word === undefined || (status === 'pending' && duration === undefined)) return;
    const seconds = ((duration ?? 0) / 1000).toFixed(1).padStart(7);
    say(`${word}${seconds} s  ${relative(process.cwd(), test.path)}: ${fullName}`);
    for (const message of failureMessages) say(message);
  }

  onTestFileResult(test, result) {
    this.#running.delete(test.path);
    if (result.testExecError) say(`FAILED  ${relative(process.cwd(), test.path)}: ${result.failureMessage}`);
  }

  onRunComplete() {
    clearInterval(this.#progress);
  }

  #sayWhatRuns() {
    for (const { name, since } of this.#running.values())
      say(`...    ${Math.round((Date.now() - since) / 1000)} s so far: ${name}`);
  }
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
