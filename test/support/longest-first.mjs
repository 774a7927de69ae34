import { relative } from 'node:path';
import Sequencer from '@jest/test-sequencer';
import { expectedSeconds, rememberedSeconds } from './file-seconds.mjs';

/** The longest first: both workers end together, instead of one that waits while the other runs a long file. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const remembered = rememberedSeconds();
    const seconds = ({ path }) => expectedSeconds(relative(process.cwd(), path), remembered);
    return [...tests].sort((one, other) => seconds(other) - seconds(one) || (one.path < other.path ? -1 : 1));
  }
}
