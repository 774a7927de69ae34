/** The way in of the XMPP adapter between a server and a bus that are both made up: what goes in, and everything that comes out. */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Element } from '@xmpp/component';
import {
  InboundQueue,
  type Hub,
  type LateReport,
  type MessageDraft,
  type MessageRef,
  type NotCarried,
  type Reacting,
  type ReactionChange,
  type ReceiptDraft,
} from '#adapter-kit';
import { addressOf, direct, eventId, HubError, network, type Address, type EventId } from '#protocol';
import { Contacts } from '../../apps/adapter-xmpp/src/contacts.js';
import { Excerpts } from '../../apps/adapter-xmpp/src/excerpts.js';
import { Ghosts } from '../../apps/adapter-xmpp/src/ghosts.js';
import { Inbound } from '../../apps/adapter-xmpp/src/inbound.js';
import { People } from '../../apps/adapter-xmpp/src/people.js';
import { ReactionState } from '../../libs/adapter-kit/src/reaction-state.js';
import { References } from '../../apps/adapter-xmpp/src/references.js';
import type { XmppConnection } from '../../apps/adapter-xmpp/src/xmpp.connection.js';

export const { parse } = createRequire(import.meta.url)('ltx') as { parse: (text: string) => Element };

const XMPP = network('xmpp');
const MATRIX = network('matrix');
export const ALICE = addressOf(XMPP, 'alice@localhost');
export const BOB = addressOf(MATRIX, 'bob');
export const DOMAIN = 'hub.localhost';

/** The stanzas in the adapter's fixtures, by name. */
export function recordedStanzas(): [name: string, stanza: Element][] {
  const file = join(import.meta.dirname, '..', '..', 'apps', 'adapter-xmpp', 'fixtures', 'stanzas.xml');
  const cases = parse(readFileSync(file, 'utf8').replace(/^<!--[^]*?-->/, '')).getChildren('case');
  return cases.map((one) => {
    const [stanza] = one.getChildElements();
    if (!stanza) throw new Error(`${one.attrs['name']} holds no stanza`);
    return [String(one.attrs['name']), stanza];
  });
}

/** What became of a stanza. */
export type Trace =
  | { to: 'bus'; what: 'message'; draft: MessageDraft; id: EventId }
  | { to: 'bus'; what: 'receipt'; draft: ReceiptDraft }
  | { to: 'bus'; what: 'outcome'; native: string; report: LateReport }
  | { to: 'bus'; what: 'contact' | 'typing' | 'presence' | 'probe' | 'profile' | 'hung up'; said: unknown }
  | { to: 'sender'; stanza: Element }
  | { to: 'dead letters'; input: NotCarried };

export class XmppInbound {
  readonly traces: Trace[] = [];
  readonly references: References;
  /** The link that a caller gets. undefined: there are no call pages. */
  callPage: string | undefined;
  /** People who do not exist. */
  readonly nobodies = new Set<Address>();
  private readonly refs = new Map<string, MessageRef>();
  private readonly natives = new Map<string, MessageRef>();
  private readonly kept = new Map<string, unknown>();
  private readonly connection: EventEmitter;

  /**
   * @param wire a stream to a server; without one, what goes to the sender is among the traces
   * @param change of the hub that the adapter gets
   */
  constructor(wire?: XmppConnection, change = (hub: Hub) => hub) {
    this.connection = wire ?? new EventEmitter();
    const hub = change(this.hub());
    const ghosts = new Ghosts(hub, DOMAIN);
    this.references = new References(hub);
    const send = wire
      ? (stanza: Element) => wire.send(stanza)
      : (stanza: Element) => void this.traces.push({ to: 'sender', stanza });
    if (!wire) Object.assign(this.connection, { send, redial: () => undefined, confirm: () => undefined });
    const contacts = new Contacts(
      hub,
      ghosts,
      (_, stanza) => send(stanza),
      (_, stanza) => Promise.resolve(send(stanza)),
    );
    new Inbound({
      network: XMPP,
      componentDomain: DOMAIN,
      connection: this.connection as unknown as XmppConnection,
      ghosts,
      contacts,
      excerpts: new Excerpts(),
      references: this.references,
      hub,
      people: new People(XMPP, hub, () => Promise.reject(new HubError('91', 'nobody is asked here'))),
    });
  }

  push(stanza: Element | string): void {
    this.connection.emit('stanza', typeof stanza === 'string' ? parse(stanza) : stanza);
  }

  /** @returns what this stanza left behind */
  async receive(stanza: Element | string): Promise<Trace[]> {
    const from = this.traces.length;
    this.push(stanza);
    // Everything here answers at once: when the queue of the process is empty, all is done.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    return this.traces.slice(from);
  }

  /** The ghost of bob said something to alice, under this stanza id. */
  bobSaid(stanzaId: string, id = eventId(MATRIX, 'message', stanzaId)): EventId {
    this.remember({ id, author: BOB, within: direct(BOB, ALICE), native: [stanzaId], at: 0 }, [stanzaId]);
    this.references.shown(BOB, ALICE, id);
    return id;
  }

  private remember(ref: MessageRef, names: string[]): void {
    this.refs.set(ref.id, ref);
    for (const name of names) this.natives.set(name, ref);
  }

  private hub(): Hub {
    const memory = {
      put: (key: string, value: unknown) => Promise.resolve(void this.kept.set(key, value)),
      get: (key: string) => Promise.resolve(this.kept.get(key)),
    };
    const reactions = new ReactionState(XMPP, memory);
    const log = {
      info: () => undefined,
      warn: () => undefined,
      debug: () => undefined,
      error: () => undefined,
    };
    const told =
      (what: 'typing' | 'presence' | 'probe') =>
      (...said: unknown[]) =>
        void this.traces.push({ to: 'bus', what, said });
    return {
      log,
      memory,
      recent: memory,
      inbound: new InboundQueue(),
      submitMessage: (draft: MessageDraft) => {
        const id = eventId(XMPP, 'message', draft.identity ?? draft.nativeId);
        const author = draft.from.address;
        this.traces.push({ to: 'bus', what: 'message', draft, id });
        if (draft.content.replaces === undefined && draft.content.reactions === undefined)
          this.remember(
            { id, author, within: direct(author, draft.to), native: [draft.nativeId], at: 0 },
            draft.references ?? [],
          );
        return Promise.resolve(id);
      },
      submitReceipt: (draft: ReceiptDraft) => {
        this.traces.push({ to: 'bus', what: 'receipt', draft });
        return Promise.resolve(eventId(XMPP, 'receipt', draft.nativeId));
      },
      submitOutcome: ({ native }: { native: string }, report: LateReport) =>
        Promise.resolve(void this.traces.push({ to: 'bus', what: 'outcome', native, report })),
      calls: {
        begin: ({ native }: { native: string }) =>
          Promise.resolve(
            this.callPage === undefined
              ? undefined
              : { call: eventId(XMPP, 'call', native), url: this.callPage },
          ),
        hungUp: (of: object) => {
          if (this.callPage === undefined) return Promise.resolve(false);
          this.traces.push({ to: 'bus', what: 'hung up', said: of });
          return Promise.resolve(true);
        },
      },
      reactionsAfter: (reacting: Reacting, change: ReactionChange) => reactions.after(reacting, change),
      submitContact: (draft: { nativeId: string; action: string }) => {
        this.traces.push({ to: 'bus', what: 'contact', said: draft.action });
        return Promise.resolve(eventId(XMPP, 'contact', draft.nativeId));
      },
      learn: (...said: unknown[]) => void this.traces.push({ to: 'bus', what: 'profile', said }),
      canonical: (address: Address) => address,
      notCarried: (input: NotCarried) => void this.traces.push({ to: 'dead letters', input }),
      typing: told('typing'),
      presence: told('presence'),
      probe: told('probe'),
      find: (id: EventId) => Promise.resolve(this.refs.get(id)),
      findNative: (native: string) => Promise.resolve(this.natives.get(native)),
      resolve: (address: Address) =>
        Promise.resolve(this.nobodies.has(address) ? { code: '14' } : { code: '00', party: { address } }),
      rememberGhost: () => Promise.resolve(),
      rememberedGhost: () => Promise.reject(new HubError('14', 'nobody of that name has been here')),
    } as unknown as Hub;
  }
}
