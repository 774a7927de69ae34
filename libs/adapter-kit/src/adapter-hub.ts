import { ask, type Bucket, type BusConnection, type OrderedPublisher } from '#bus';
import {
  HubError,
  networkOf,
  ResolveReply,
  subjects,
  type Address,
  type CanonicalAddresses,
  type Network,
  type Party,
} from '#protocol';
import { LruCache, type Log } from '#service';
import type { Hub } from './adapter.contract.js';
import { inCanonicalForm } from './canonical-drafts.js';
import { sendAtMostOnce } from './at-most-once.js';
import type { Correlation } from './correlation.js';
import type { Ingress } from './ingress.js';
import type { IncomingAttachments } from './attachments/incoming.js';
import type { AttachmentPipeline } from './attachments/attachment-pipeline.js';
import type { LateOutcomes } from './late-outcomes.js';
import { recordNotCarried } from './not-carried.js';
import type { RemoteProfiles } from './profiles/remote-profiles.js';
import type { OwnProfiles } from './profiles/own-profiles.js';
import type { SignOn } from './sign-on.js';
import type { EphemeralEvents } from './ephemeral-events.js';

interface Parts {
  link: BusConnection;
  log: Log;
  publisher: OrderedPublisher;
  memory: Bucket;
  recent: Bucket;
  correlation: Correlation;
  signOn: SignOn;
  canonical: CanonicalAddresses;
  signals: EphemeralEvents;
  ingress: Ingress;
  pipeline: AttachmentPipeline;
  incoming: IncomingAttachments;
  late: LateOutcomes;
  profiles: { own: OwnProfiles; remote: RemoteProfiles };
}

/** What an adapter is given: each line a piece of the kit under the name that the contract has for it. */
export function hubFor(network: Network, parts: Parts): Hub {
  const {
    canonical,
    ingress,
    signals,
    correlation,
    signOn,
    link,
    log,
    publisher,
    memory,
    recent,
    pipeline,
    incoming,
  } = parts;
  const { profiles } = parts;
  /** With what is known about the sender. An echo comes under the address of a ghost, of which this network knows nothing. */
  const withSender = async <Draft extends { from: Party; to: Address }>(told: Draft): Promise<Draft> => {
    const draft = inCanonicalForm(told, canonical);
    if (networkOf(draft.from.address) !== network) return draft;
    return { ...draft, from: await profiles.own.party(draft.from) };
  };
  /** By who asks, too: somebody else may be told something else. */
  const resolved = new LruCache<string, ResolveReply>({ max: 10_000, ttl: 30_000 });
  const remembered = new LruCache<string, Address>({ max: 10_000 });
  return {
    log,
    memory,
    recent,
    attachments: {
      download: (url, signal) => pipeline.downloader.open(url, signal),
      thumbnail: (file, side, maxBytes) => pipeline.converter.thumbnail(file, side, maxBytes),
      take: async (content, about) => (await incoming.take(content, about)).part,
      keep: (file) => pipeline.keep(file),
      read: (part, from, to) => pipeline.read(part, from, to),
    },
    peers: () => signOn.peers(),
    onPeers: (listener) => signOn.onPeers(listener),
    canonical: (address) => canonical.of(address),
    submitMessage: async (draft) => {
      if (!draft.media?.length) pipeline.pauseTransfersForText();
      return ingress.message(await withSender(draft));
    },
    submitReceipt: async (draft) => ingress.receipt(await withSender(draft)),
    submitContact: async (draft) => ingress.contact(await withSender(draft)),
    learn: (address, profile) => profiles.own.learn(canonical.of(address), profile),
    submitOutcome: (event, end) => parts.late.end(event, end),
    notCarried: (input) => recordNotCarried(network, publisher, log, input),
    typing: (from, to, state, ttlMs) => {
      const said = inCanonicalForm({ from, to }, canonical);
      signals.typing(said.from, said.to, state, ttlMs);
    },
    presence: (from, to, availability, statusText) =>
      signals.presence({
        ...inCanonicalForm({ from, to }, canonical),
        availability,
        ...(statusText ? { statusText } : {}),
      }),
    probe: (from, to) =>
      signals.presence({
        ...inCanonicalForm({ from, to }, canonical),
        availability: 'unknown',
        probe: true,
      }),
    rememberGhost: async (digest, address) => {
      if (remembered.has(digest)) return;
      await memory.put(`ghost.${digest}`, address);
      remembered.set(digest, address);
    },
    rememberedGhost: async (digest) => {
      const address =
        remembered.get(digest) ?? ((await memory.get(`ghost.${digest}`)) as Address | undefined);
      if (!address) throw new HubError('14', 'nobody of that name has been here');
      return address;
    },
    atMostOnce: (key, send, uncertain) => sendAtMostOnce(recent, log, key, send, uncertain),
    find: (id, author) => correlation.find(id, author),
    findNative: (native) => correlation.findNative(native),
    resolve: async (asked, from) => {
      const address = canonical.orRefused(asked);
      if (typeof address === 'object') return address;
      const question = `${from ?? ''} ${address}`;
      const known = resolved.get(question);
      // The name may have changed since; an event told it.
      if (known?.party)
        return { ...known, party: await profiles.remote.party({ address: known.party.address }) };
      if (known) return known;
      const told = await ask(
        link,
        subjects.control('resolve', network),
        { address, ...(from ? { from } : {}) },
        ResolveReply,
        5000,
      );
      const { party } = told;
      const reply = party ? { ...told, party: await profiles.remote.party(party) } : told;
      if (reply.code === '00' || reply.code === '14') resolved.set(question, reply);
      return reply;
    },
  };
}
