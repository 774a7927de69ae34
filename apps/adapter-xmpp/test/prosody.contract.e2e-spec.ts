/** The contract suite: XMPP on Prosody with our link module. */
import { findProsody } from '#engines';
import { engineOrSkip } from '../../../test/support/engines.js';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { onProsody, onXmpp, plugins } from './xmpp.home.js';

const prosodyPaths = await engineOrSkip('Prosody', findProsody);

keepsTheContract('adapter-xmpp on Prosody, with mod_hutong_link', prosodyPaths, onXmpp, (hub, { root }) =>
  onProsody(hub, root, plugins),
);
