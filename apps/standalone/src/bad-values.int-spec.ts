/**
 * What is not JSON, not of its schema, too deep or too large, stored in every bucket that is watched and sent to every subject that is
 * listened to outside the streams: it is refused and counted, the last good value stays in force, and the next good one counts. A
 * rejection that nobody handles fails the test during which it happens (Jest listens for it).
 */
import { pino } from 'pino';
import { z } from 'zod';
import { answer, ask, Bucket, BusConnection, OrderedPublisher, sharedSecret } from '#bus';
import {
  addressOf,
  BUCKETS,
  consentKey,
  encodeEvent,
  errorReply,
  HubError,
  LIVENESS_KEY,
  network,
  registryKeys,
  requests,
  subjects,
  type DirectoryEntry,
  type E164,
  type Party,
} from '#protocol';
import { metricsRegistry } from '#service';
import { LivenessBoard } from '../../console/src/networks/liveness.js';
import { LivenessNotice } from '../../console/src/networks/liveness-notice.js';
import type { ConsoleBus } from '../../console/src/core/console-bus.js';
import { EphemeralEvents } from '../../../libs/adapter-kit/src/ephemeral-events.js';
import { HubFixture, until } from '../../../test/support/hub-fixture.js';
import { full, typing } from '../../../test/support/switch-events.js';
import { AbsenceView } from '../../switch/src/registry/absence-view.js';
import { ConsentView } from '../../switch/src/registry/consent-view.js';
import { DirectoryClient } from '../../switch/src/registry/directory.client.js';
import { Directory } from '../../switch/src/registry/directory.js';
import { LocalViews } from '../../switch/src/registry/local-views.js';
import { RegistryView } from '../../switch/src/registry/registry-view.js';
import { ViewUpdates } from '../../switch/src/registry/view-updates.js';
import { SignalsService } from '../../switch/src/signals/signals.service.js';

const [xmpp, matrix] = [network('xmpp'), network('matrix')];
const ann = addressOf(xmpp, 'ann@example.org');
const number = '+8613800138000' as E164;
const DEPTH = 100_000;
/** With the headers of a message just below what the bus takes. */
const LARGE = 1_000_000;

const BAD: [what: string, bytes: Uint8Array][] = [
  ['no bytes', Buffer.alloc(0)],
  ['text that is not JSON', Buffer.from('{"version":')],
  ['JSON of another type', Buffer.from('42')],
  ['JSON of another shape', Buffer.from('{"version":"one","members":{"a":[]}}')],
  ['JSON of great depth', Buffer.from('['.repeat(DEPTH) + ']'.repeat(DEPTH))],
  ['1 MB', Buffer.from(JSON.stringify('x'.repeat(LARGE)))],
  ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
];

interface Line {
  level: number;
  bucket?: string;
  key?: string;
  revision?: number;
}
const lines: Line[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line) as Line) });

let hub: HubFixture;
let link: BusConnection;
/** As a switch on that connection has them. */
let views: LocalViews;
let publisher: OrderedPublisher;

/** A process of the hub. */
async function aProcess(): Promise<[BusConnection, OrderedPublisher]> {
  const creds = await hub.authority.hubCredentials('switch');
  const opened = await BusConnection.open({ url: hub.natsUrl, creds, name: 'switch' }, log);
  return [opened, await OrderedPublisher.on(opened)];
}

async function store(bucket: string, key: string, bytes: Uint8Array): Promise<void> {
  await hub.link.session?.js.publish(`$KV.${bucket}.${key}`, bytes);
}

/** The local copies of a switch on this connection, kept up to date until it closes. */
async function viewsOf(on: BusConnection): Promise<LocalViews> {
  const registry = new RegistryView(log);
  const consents = new ConsentView(log, registry);
  const directory = new Directory(new DirectoryClient(on));
  const absences = new AbsenceView(on, log);
  await new ViewUpdates(on, registry, consents, directory).onModuleInit();
  await absences.onModuleInit();
  await until('all is known', () => registry.known && consents.known);
  absences.onModuleDestroy();
  return new LocalViews(registry, consents, directory, absences);
}

function say(subject: string, bytes: Uint8Array): void {
  hub.link.session?.nc.publish(subject, bytes);
}

async function counted(name: string, label: string, value: string): Promise<number> {
  const metric = await metricsRegistry.getSingleMetric(name)?.get();
  return metric?.values.find(({ labels }) => labels[label] === value)?.value ?? 0;
}
const refusedIn = (bucket: string) => counted('hutong_bad_values_total', 'bucket', bucket);
const refusedOf = (kind: string) => counted('hutong_bad_messages_total', 'kind', kind);

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.admit('xmpp', full);
  await hub.admit('matrix', full);
  [link, publisher] = await aProcess();
  views = await viewsOf(link);
});

afterAll(async () => {
  publisher?.close();
  await link?.close();
  await hub?.close();
});

/** A value that is watched: how a good one is written, and whether it is in force. */
interface Watched {
  name: string;
  bucket: string;
  key: string;
  good: (n: number) => unknown;
  inForce: (n: number) => boolean;
}

describe('a bad value in a bucket that the switch watches', () => {
  const watched: Watched[] = [];

  beforeAll(() => {
    const { registry, consents, absences } = views;
    const since = (n: number) => new Date(n * 1000).toISOString();
    watched.push(
      {
        name: 'registry',
        bucket: BUCKETS.registry,
        key: registryKeys.phase,
        good: (n) => ({ version: 1000 + n, content: { kind: 'phase', phase: { phase: 'mesh' } } }),
        inForce: (n) => registry.current.version === 1000 + n,
      },
      {
        name: 'consents',
        bucket: BUCKETS.subscribers,
        key: consentKey(ann),
        good: (n) => ({ address: ann, reach: 'nobody', contacts: [], blocked: [addressOf(matrix, `b${n}`)] }),
        inForce: (n) => consents.get(ann)?.blocked[0] === addressOf(matrix, `b${n}`),
      },
      {
        name: 'liveness',
        bucket: BUCKETS.registry,
        key: LIVENESS_KEY,
        good: (n) => ({
          [matrix]: { state: 'signed_off', since: since(n), heardAt: 1, connectedAt: 1, signedOffAt: 2 },
        }),
        inForce: (n) => absences.of(matrix)?.since === since(n),
      },
    );
  });

  test.each(['registry', 'consents', 'liveness'])(
    'of the %s is refused with an alarm; the good ones before and behind it are in force',
    async (name) => {
      const { bucket, key, good, inForce } = watched.find((one) => one.name === name) as Watched;
      const inBytes = (n: number) => Buffer.from(JSON.stringify(good(n)));
      let n = 1;
      for (const [what, bytes] of BAD) {
        await store(bucket, key, inBytes(++n));
        await until(`the good value before ${what}`, () => inForce(n));
        const before = await refusedIn(bucket);
        lines.length = 0;
        await store(bucket, key, bytes);
        await until(`${what} is counted`, async () => (await refusedIn(bucket)) === before + 1);
        expect(inForce(n)).toBe(true);
        expect(lines).toContainEqual(
          expect.objectContaining({ level: 50, bucket, key, revision: expect.any(Number) as number }),
        );
      }
      await store(bucket, key, inBytes(++n));
      await until('the good value behind all of them', () => inForce(n));
    },
  );

  test.each(BAD)('%s that is still stored does not keep a switch from starting', async (_, bytes) => {
    const other = addressOf(matrix, 'other');
    await store(BUCKETS.subscribers, consentKey(ann), bytes);
    await store(BUCKETS.registry, LIVENESS_KEY, bytes);
    await store(BUCKETS.registry, registryKeys.routes(matrix), bytes);
    const consent = { address: other, reach: 'nobody', contacts: [], blocked: [ann] };
    await store(BUCKETS.subscribers, consentKey(other), Buffer.from(JSON.stringify(consent)));
    const [again, publishing] = await aProcess();
    const { registry, consents } = await viewsOf(again);
    expect(registry.current.members.get(matrix)?.status).toBe('live');
    expect(consents.get(other)).toEqual(consent);
    publishing.close();
    await again.close();
  });

  test.each(BAD)('%s is read as nothing good, and counted, where a value is looked up', async (_, bytes) => {
    const bucket = new Bucket(link, publisher, BUCKETS.links);
    const Good = z.object({ good: z.literal(true) });
    const before = await refusedIn(BUCKETS.links);
    await store(BUCKETS.links, 'looked-up', bytes);
    const found = Good.safeParse(await bucket.get('looked-up'));
    expect(found.success).toBe(false);
    await store(BUCKETS.links, 'looked-up', Buffer.from('{"good":true}'));
    expect(Good.parse(await bucket.get('looked-up'))).toEqual({ good: true });
    expect((await refusedIn(BUCKETS.links)) - before).toBeLessThanOrEqual(1);
  });

  test.each(BAD)('a secret that is %s is made anew, and is the same for all who start', async (_, bytes) => {
    const bucket = new Bucket(link, publisher, BUCKETS.registry);
    await store(BUCKETS.registry, 'secret', bytes);
    const made = await sharedSecret(bucket);
    expect(made).toHaveLength(32);
    expect(await sharedSecret(bucket)).toEqual(made);
  });
});

describe('a bad value in the bucket that the console watches', () => {
  test.each(BAD)('%s: what the console knew stays known, and is written over it', async (_, bytes) => {
    const registry = new Bucket(link, publisher, BUCKETS.registry);
    await registry.put(LIVENESS_KEY, {});
    const board = new LivenessBoard();
    const bus = { link, registry } as Partial<ConsoleBus> as ConsoleBus;
    const notice = new LivenessNotice(board, bus, log);
    await notice.onApplicationBootstrap();
    board.beat({ network: matrix, instance: 'one', build: '1', capabilities: full, nativeConnected: true });
    const Known = z.object({ [matrix]: z.object({ state: z.literal('on') }) });
    const isKnown = async () => Known.safeParse(await registry.get(LIVENESS_KEY)).success;
    await until('it is known', isKnown);
    await store(BUCKETS.registry, LIVENESS_KEY, bytes);
    await until('it is known again', isKnown);
    notice.onModuleDestroy();
  });
});

describe('a bad message to a subject that is listened to', () => {
  const heard: string[] = [];
  const shown: string[] = [];
  const asked: unknown[] = [];
  let directory: Directory;

  beforeAll(async () => {
    await answer(
      link,
      subjects.control('resolve', xmpp),
      (body) => {
        asked.push(body);
        if (body === undefined) return Promise.reject(new HubError('30', 'no JSON'));
        return Promise.resolve({ code: '00' });
      },
      errorReply,
    );
    ({ directory } = views);
    await new SignalsService(link, publisher, views, log).onModuleInit();
    hub.link.session?.nc.subscribe(subjects.signalOut(matrix), {
      callback: (_, message) => void heard.push(message.string()),
    });
    const adapter = { showTyping: ({ id }: { id: string }) => Promise.resolve(void shown.push(id)) };
    const profiles = { party: (party: Party) => Promise.resolve(party) };
    await new EphemeralEvents({
      network: xmpp,
      connection: link,
      adapter,
      profiles,
      isShared: false,
      log,
    }).start();
    await link.session?.nc.flush();
    await hub.link.session?.nc.flush();
  });

  test.each(BAD)(
    '%s is no change of the directory: everything is asked for anew, and the next change is heard',
    async (_, bytes) => {
      const entries = (directory as unknown as { entries: Map<E164, DirectoryEntry> }).entries;
      const before = await refusedOf('directory change');
      entries.set(number, { links: [] });
      say(subjects.directoryChanged, bytes);
      await until('it is forgotten', () => directory.known(number) === undefined);
      expect(await refusedOf('directory change')).toBe(before + 1);
      entries.set(number, { links: [] });
      say(subjects.directoryChanged, Buffer.from(JSON.stringify({ number })));
      await until('it is forgotten again', () => directory.known(number) === undefined);
      expect(await refusedOf('directory change')).toBe(before + 1);
    },
  );

  test.each(BAD)('%s is no signal for the switch: the next one crosses', async (_, bytes) => {
    const before = await refusedOf('signal');
    const told = heard.length;
    say(subjects.signalIn(xmpp), bytes);
    say(subjects.signalIn(xmpp), Buffer.from(encodeEvent(typing())));
    await until('the good one crosses', () => heard.length === told + 1);
    expect(await refusedOf('signal')).toBe(before + 1);
  });

  test.each(BAD)('%s is no signal for an adapter: the next one is shown', async (_, bytes) => {
    const before = await refusedOf('signal');
    const told = shown.length;
    say(subjects.signalOut(xmpp), bytes);
    say(subjects.signalOut(xmpp), Buffer.from(encodeEvent(typing())));
    await until('the good one is shown', () => shown.length === told + 1);
    expect(await refusedOf('signal')).toBe(before + 1);
  });

  test.each(BAD)(
    '%s is answered where a request is expected, and so is the next request',
    async (_, bytes) => {
      const Reply = z.object({ code: z.string() });
      const reply = await hub.link.session?.nc.request(subjects.control('resolve', xmpp), bytes, {
        timeout: 5000,
      });
      expect(Reply.safeParse(reply?.json()).success).toBe(true);
      expect(await ask(hub.link, requests.resolve(xmpp), { address: ann })).toEqual({ code: '00' });
      expect(asked.at(-1)).toEqual({ address: ann });
    },
  );
});
