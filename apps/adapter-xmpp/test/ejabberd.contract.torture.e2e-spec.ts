/** The contract suite: XMPP on ejabberd. */
import { findEjabberd } from '#engines';
import { engineOrSkip } from '../../../test/support/engines.js';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { onEjabberd, onXmpp } from './xmpp.home.js';

const ejabberdPaths = await engineOrSkip('ejabberd', findEjabberd);

keepsTheContract('adapter-xmpp on ejabberd', ejabberdPaths, onXmpp, (hub, { root }) => onEjabberd(hub, root));
