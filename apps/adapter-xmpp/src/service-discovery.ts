/** Answers to queries about ghosts and domains: service discovery, capabilities, vCard, ping. */
import { createHash } from 'node:crypto';
import { xml, type Element } from '@xmpp/component';
import { addressOf, type Address, type Network } from '#protocol';
import { ghostJid } from './jids.js';
import { NS } from './namespaces.js';

/** Clients offer a call to whoever has all of these. A ghost answers the proposal with the link of a call page. */
const CALLS = [
  `${NS.jingleMessage}0`,
  `${NS.callInvite}0`,
  NS.jingle,
  NS.rtp,
  `${NS.rtp.slice(0, -1)}audio`,
  NS.ice,
  NS.dtls,
];

const GHOST_FEATURES = [
  NS.discoInfo,
  NS.receipts,
  NS.markers,
  NS.states,
  NS.correct,
  NS.retract,
  NS.reactions,
  NS.reply,
  NS.fallback,
  NS.ids,
  NS.ping,
  NS.vcard,
  // Servers tell ghosts of changes (XEP-0163 §4.3.2).
  `${NS.avatarMetadata}+notify`,
  `${NS.nick}+notify`,
  `${NS.vcard4Node}+notify`,
  ...CALLS,
].sort();
const DOMAIN_FEATURES = [NS.discoInfo, NS.discoItems, NS.gateway, NS.ping, NS.vcard].sort();
const NODE = 'https://hutong.im/ghost';

/** XEP-0115 §5.1. */
function verification(): string {
  const text = ['client/web//Hutong<', ...GHOST_FEATURES.map((feature) => `${feature}<`)].join('');
  return createHash('sha1').update(text).digest('base64');
}
const VERIFICATION = verification();

export function ghostCaps(): Element {
  return xml('c', { xmlns: NS.caps, hash: 'sha-1', node: NODE, ver: VERIFICATION });
}

export interface Asked {
  network: Network;
  /** undefined: the domain itself. */
  ghost: { name: string; address: Address } | undefined;
  componentDomain: string;
}

/** @returns the payload of the answer, or undefined when this query is not answered */
export function answerQuery(
  type: string | undefined,
  query: Element,
  { network, ghost, componentDomain }: Asked,
): Element | undefined {
  if (query.is('query', NS.gateway) && !ghost) return addressPrompt(type, query, network, componentDomain);
  if (type !== 'get') return undefined;
  switch (query.getNS()) {
    case NS.discoInfo:
      return discoInfo(query.attrs['node'], network, ghost !== undefined);
    case NS.discoItems:
      return xml('query', { xmlns: NS.discoItems });
    case NS.vcard:
      return ghost
        ? vcard(ghost.name, ghost.address, network)
        : xml('vCard', { xmlns: NS.vcard }, xml('FN', {}, `Hutong: ${network}`));
    case NS.ping:
      return xml('ping', { xmlns: NS.ping });
    default:
      return undefined;
  }
}

/** XEP-0100 §6: a client asks what to type for a person of the network, and gets the JID for what was typed. */
function addressPrompt(
  type: string | undefined,
  query: Element,
  network: Network,
  componentDomain: string,
): Element | undefined {
  if (type === 'get')
    return xml(
      'query',
      { xmlns: NS.gateway },
      xml('desc', {}, `Type the id that the person has on ${network}.`),
      xml('prompt', {}, `Id on ${network}`),
    );
  const typed = query.getChildText('prompt')?.trim();
  if (type !== 'set' || !typed) return undefined;
  const { jid, digest } = ghostJid(addressOf(network, typed), componentDomain);
  // A name that is too long has a JID only after an event of that person.
  return digest === undefined ? xml('query', { xmlns: NS.gateway }, xml('jid', {}, jid)) : undefined;
}

function discoInfo(node: string | undefined, network: Network, isGhost: boolean): Element | undefined {
  if (node !== undefined && node !== `${NODE}#${VERIFICATION}`) return undefined;
  const identity = isGhost
    ? xml('identity', { category: 'client', type: 'web', name: 'Hutong' })
    : xml('identity', { category: 'gateway', type: network, name: `Hutong: ${network}` });
  const features = isGhost ? GHOST_FEATURES : DOMAIN_FEATURES;
  return xml(
    'query',
    { xmlns: NS.discoInfo, ...(node ? { node } : {}) },
    identity,
    ...features.map((feature) => xml('feature', { var: feature })),
  );
}

function vcard(name: string, address: string, network: Network): Element {
  return xml(
    'vCard',
    { xmlns: NS.vcard },
    xml('FN', {}, name),
    xml('NICKNAME', {}, name),
    xml('ORG', {}, xml('ORGNAME', {}, network)),
    xml('URL', {}, address),
  );
}
