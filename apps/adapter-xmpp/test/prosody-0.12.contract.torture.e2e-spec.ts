/** The contract suite: XMPP on Prosody 0.12 with our link module. */
import { findProsody } from '#engines';
import { engineOrSkip } from '../../../test/support/engines.js';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { onProsody, onXmpp, plugins } from './xmpp.home.js';

const oldProsodyPaths = await engineOrSkip('Prosody 0.12', (say) => findProsody(say, 'bookworm'));

keepsTheContract(
  'adapter-xmpp on Prosody 0.12, with mod_hutong_link',
  oldProsodyPaths,
  onXmpp,
  (hub, { root }) => onProsody(hub, root, plugins),
);
