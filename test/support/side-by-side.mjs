import { relative } from 'node:path';
import Sequencer from '@jest/test-sequencer';
import { expectedCores, expectedSeconds, rememberedSeconds } from './file-seconds.mjs';
import { schedule } from './schedule.mjs';

const CORES = 2;

/** Starts the files in the order of `schedule`. */
export default class SideBySide extends Sequencer {
  constructor(options) {
    super(options);
    this.workers = options.globalConfig.maxWorkers;
  }

  sort(tests) {
    const remembered = rememberedSeconds();
    const files = tests.map((test) => {
      const path = relative(process.cwd(), test.path);
      return { test, path, seconds: expectedSeconds(path, remembered), cores: expectedCores(path) };
    });
    return schedule(files, this.workers, CORES).map(({ test }) => test);
  }
}
