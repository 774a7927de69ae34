/** The contract suite: XMPP on Prosody as a plain XEP-0114 component. */
import { findProsody } from '#engines';
import { engineOrSkip } from '../../../test/support/engines.js';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { onProsody, onXmpp } from './xmpp.home.js';

const prosodyPaths = await engineOrSkip('Prosody', findProsody);

keepsTheContract(
  'adapter-xmpp on Prosody, a plain XEP-0114 component',
  prosodyPaths,
  onXmpp,
  (hub, { root }) => onProsody(hub, root, undefined),
);
