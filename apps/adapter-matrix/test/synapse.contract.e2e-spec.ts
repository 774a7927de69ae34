/** The contract suite: Matrix on Synapse. */
import { everything } from '#adapter-contract';
import { findSynapse } from '#engines';
import { matrixCapabilities } from '../src/matrix.capabilities.js';
import { engineOrSkip } from '../../../test/support/engines.js';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { onSynapse } from './matrix.home.js';

const synapsePaths = await engineOrSkip('Synapse', findSynapse);

keepsTheContract(
  'adapter-matrix on Synapse',
  synapsePaths,
  {
    ...everything(matrixCapabilities(50)),
    invites: true,
    hasNoLateFailure:
      'only an invitation that nobody answers, or that is declined, fails late: T59 plays the first, once, and the case before it the second',
  },
  (hub, { root }) => onSynapse(hub, root),
);
