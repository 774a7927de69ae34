/** The contract suite: XMPP on Prosody with our link module. */
import { findProsody } from '#engines';
import { engineOrSkip } from '../support/engines.js';
import { keepsTheContract } from './keeps-the-contract.js';
import { onProsody, onXmpp, plugins } from './xmpp-homes.js';

const prosodyPaths = await engineOrSkip('Prosody', findProsody);

keepsTheContract('adapter-xmpp on Prosody, with mod_hutong_link', prosodyPaths, onXmpp, (hub, { root }) =>
  onProsody(hub, root, plugins),
);
