/** The contract suite: XMPP on Prosody 0.12 with our link module. */
import { findProsody } from '#engines';
import { engineOrSkip } from '../support/engines.js';
import { keepsTheContract } from './keeps-the-contract.js';
import { onProsody, onXmpp, plugins } from './xmpp-homes.js';

const oldProsodyPaths = await engineOrSkip('Prosody 0.12', (say) => findProsody(say, 'bookworm'));

keepsTheContract(
  'adapter-xmpp on Prosody 0.12, with mod_hutong_link',
  oldProsodyPaths,
  onXmpp,
  (hub, { root }) => onProsody(hub, root, plugins),
);
