import Sequencer from '@jest/test-sequencer';

/** Minutes each; then whatever starts everything, what starts one engine, and what starts nothing. */
const FIRST = ['/load.e2e', '/spine.e2e', '/media.e2e', '.contract.', '/pairs.e2e', '.e2e-', '.int-', ''];

/** The longest first: else one of them runs alone at the end, while half of the machine has nothing to do. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ path }) {
  return FIRST.findIndex((part) => path.includes(part));
}
