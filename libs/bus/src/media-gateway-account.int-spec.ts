/** What the media gateway can do on the bus, and that it can do nothing else. */
import { createUser, encodeUser, fmtCreds, type KeyPair } from '@nats-io/jwt';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import { HubFixture, quiet } from '../../../test/support/hub-fixture.js';
import {
  BUCKETS,
  errorReply,
  HUB,
  MEMBER_API,
  mediaStream,
  mediaSubject,
  network,
  networkBucket,
  requests,
  STREAMS,
  subjects,
  type EventId,
} from '#protocol';
import { HUB_API } from './bus-accounts.js';
import { answer, ask } from './control-client.js';
import { BusConnection, type BusSession } from './bus-connection.js';
import { lastMessage } from './direct-read.js';
import { Bucket } from './bucket.js';
import { BucketReader } from './bucket-reader.js';
import { MediaStore } from './media-store.js';
import { readDirectly } from './media-reader.js';

const north = network('north');
const place = { network: north, object: 'A'.repeat(43) };
const own = networkBucket(north);
const key = Buffer.alloc(32, 7);
/** What the gateway cannot publish to, and what that would be. */
const CLOSED: [what: string, subject: string][] = [
  ['an event', subjects.in(north, 0 as never)],
  ['an event for a network', subjects.out(north, 0 as never)],
  ['an outcome', subjects.report(north)],
  ['a dead letter', subjects.dead(HUB)],
  ['an attachment', mediaSubject(place, 0)],
  ['a sign-on', subjects.control('signon', north)],
  ['a request for a number', subjects.directory],
  ['a request to close a day', subjects.clearingClose],
  ['a link', `$KV.${BUCKETS.links}.link.abc`],
  ['the registry', `$KV.${BUCKETS.registry}.secret`],
  ...[HUB_API, MEMBER_API].flatMap((api): [string, string][] => [
    ['the name of a stream', `${api}.STREAM.NAMES`],
    ['a message of any stream', `${api}.STREAM.MSG.GET.${STREAMS.out}`],
    ['an event by its subject', `${api}.DIRECT.GET.${STREAMS.out}.${subjects.out(north, 0 as never)}`],
    ['a message of the media stream by its number', `${api}.DIRECT.GET.${mediaStream(north)}`],
    ['a link by its number', `${api}.DIRECT.GET.KV_${BUCKETS.links}`],
    ['which links there are', `${api}.STREAM.INFO.KV_${BUCKETS.links}`],
    ['the registry by its key', `${api}.DIRECT.GET.KV_${BUCKETS.registry}.$KV.${BUCKETS.registry}.secret`],
    ['what an adapter remembers', `${api}.DIRECT.GET.KV_${own}.$KV.${own}.secret`],
    ['a consumer', `${api}.CONSUMER.CREATE.${STREAMS.out}`],
    ['the deletion of a stream', `${api}.STREAM.DELETE.${STREAMS.out}`],
  ]),
  ['the storage of the servers', 'hub.server.storage'],
];

let hub: HubFixture;
let link: BusConnection;
let gateway: BusSession;
const refused: string[] = [];

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.admit('north');
  link = await BusConnection.open(
    {
      url: hub.natsUrl,
      creds: await hub.authority.mediaGatewayCredentials(),
      name: 'media-gateway',
      importsApi: true,
    },
    quiet,
  );
  link.onPermissionViolation((subject) => refused.push(subject));
  if (!link.session) throw new Error('no session');
  gateway = link.session;
});

afterAll(async () => {
  await link?.close();
  await hub?.close();
});

/** @returns the subjects that the server refused, once it has answered everything that was sent before */
async function refusedOf(work: () => void): Promise<string[]> {
  refused.length = 0;
  work();
  await gateway.nc.flush();
  // The error of a permission comes before the answer to the flush; the listener runs in the next turns.
  await new Promise((resolve) => setImmediate(resolve));
  return [...refused];
}

test('reads a link by its key and an attachment block by block', async () => {
  const links = new Bucket(hub.link, hub.publisher, BUCKETS.links);
  await links.put('link.abc', { part: 'of a link' });
  await new MediaStore(hub.link).write(place, key, content(600_000));
  const reader = new BucketReader(link, BUCKETS.links, 'single');
  expect(await reader.get('link.abc')).toEqual({ part: 'of a link' });
  expect(await reader.get('link.none')).toBeUndefined();
  await links.delete('link.abc');
  expect(await reader.get('link.abc')).toBeUndefined();

  const store = new MediaStore(link, readDirectly);
  expect(await store.info(place)).toEqual({ size: 600_000, blocks: 3 });
  expect(await store.info({ ...place, object: 'B'.repeat(43) })).toBeUndefined();
  const read: Buffer[] = [];
  for await (const block of store.read(place, key, 262_140, 262_150)) read.push(block);
  expect(Buffer.concat(read)).toEqual(Buffer.alloc(11, 1));
});

test('a reply that it sends to another subject does not arrive: no event, no outcome, no reply to another request', async () => {
  const foreign = [
    subjects.in(north, 0 as never),
    subjects.out(north, 0 as never),
    subjects.report(north),
    subjects.dead(north),
    subjects.control('signon', north),
    `$KV.${BUCKETS.registry}.secret`,
    '_INBOX.of-somebody-else',
    '$JS.API.STREAM.DELETE.HUB_OUT',
  ];
  const heard: string[] = [];
  hub.link.session?.nc.subscribe('>', {
    callback: (_, { subject, data }) => {
      if (foreign.includes(subject) || data.length > 1000) heard.push(subject);
    },
  });
  await hub.link.session?.nc.flush();
  for (const reply of foreign)
    gateway.nc.publish(`${MEMBER_API}.DIRECT.GET.${mediaStream(north)}.${mediaSubject(place, 0)}`, '', {
      reply,
    });
  // The sentinel: asked for later, answered, and only to the gateway.
  expect(await lastMessage(gateway, mediaStream(north), mediaSubject(place, 'info'))).not.toBeNull();
  await hub.link.session?.nc.flush();
  expect(heard.filter((subject) => foreign.includes(subject))).toEqual([]);
  expect((await hub.link.session?.jsm.streams.info(STREAMS.out))?.state.messages).toBe(0);
});

test('the account holds by itself: a user of it without any permissions reaches nothing of the hub', async () => {
  // The account's key never leaves the authority; only there such a user can be made.
  const authority = hub.authority as unknown as { mediaGateway: KeyPair };
  const user = createUser();
  const jwt = await encodeUser('free', user, authority.mediaGateway, {});
  const free = await connect({
    servers: hub.natsUrl,
    authenticator: credsAuthenticator(fmtCreds(jwt, user)),
  });
  const seenByHub: string[] = [];
  const seenByFree: string[] = [];
  hub.link.session?.nc.subscribe('>', { callback: (_, { subject }) => void seenByHub.push(subject) });
  free.subscribe('>', { callback: (_, { subject }) => void seenByFree.push(subject) });
  await Promise.all([hub.link.session?.nc.flush(), free.flush()]);

  for (const [, subject] of CLOSED) free.publish(subject, '{}');
  hub.link.session?.nc.publish(subjects.out(north, 0 as never), 'for north');
  // The sentinels, one each way: what is allowed is seen, after everything before it.
  const wanted = `DIRECT.GET.${mediaStream(north)}.${mediaSubject(place, 'info')}`;
  const reply = await free.request(`${MEMBER_API}.${wanted}`, '', { timeout: 5000 });
  expect(JSON.parse(reply.string())).toMatchObject({ size: 600_000 });
  await Promise.all([hub.link.session?.nc.flush(), free.flush()]);

  expect(seenByHub).toContain(`${HUB_API}.${wanted}`);
  expect(seenByHub.filter((subject) => CLOSED.some(([, closed]) => closed === subject))).toEqual([
    subjects.out(north, 0 as never),
  ]);
  // Of its own publications each once, and of the hub's none: the one event of that subject is its own.
  expect(seenByFree.filter((subject) => subject === subjects.out(north, 0 as never))).toHaveLength(1);
  await free.close();
});

test.each(CLOSED)('is refused %s', async (_, subject) => {
  expect(await refusedOf(() => gateway.nc.publish(subject, '{}'))).toEqual([subject]);
});

test.each(['>', 'hub.>', subjects.out(north, 0 as never), '$KV.>', '$JS.>'])(
  'hears nothing on %s',
  async (subject) => {
    const ended = new Promise<Error | null>((resolve) => {
      gateway.nc.subscribe(subject, { callback: (error) => resolve(error) });
    });
    expect((await ended)?.message).toContain('Permissions Violation for Subscription');
  },
);

describe('calls', () => {
  const command = {
    do: 'tell',
    call: 'c'.repeat(27) as EventId,
    side: 'caller',
    action: 'cancelled',
  } as const;
  const signal = { call: command.call, side: 'caller', action: 'ended' } as const;

  test('it answers commands and asks signals', async () => {
    await answer(
      link,
      subjects.callCommand,
      () => Promise.resolve({ code: '00', url: 'https://a' }),
      errorReply,
    );
    await gateway.nc.flush();
    expect(await ask(hub.link, requests.gatewayCommand(), { network: 'north', command })).toEqual({
      code: '00',
      url: 'https://a',
    });
    await answer(hub.link, subjects.callSignal, () => Promise.resolve({ code: '00' }), errorReply);
    expect(await ask(link, requests.gatewaySignal(), { network: 'north', signal })).toEqual({ code: '00' });
  });

  test('a signal whose reply it sends elsewhere arrives nowhere: the hub answers a mapped subject', async () => {
    const foreign = subjects.in(north, 0 as never);
    const heard: string[] = [];
    hub.link.session?.nc.subscribe(foreign, { callback: (_, { subject }) => void heard.push(subject) });
    await hub.link.session?.nc.flush();
    gateway.nc.publish(subjects.callSignal, JSON.stringify({ network: 'north', signal }), { reply: foreign });
    // The sentinel: asked for later, and answered.
    await ask(link, requests.gatewaySignal(), { network: 'north', signal });
    await hub.link.session?.nc.flush();
    expect(heard).toEqual([]);
  });

  test('of a command it can answer once, and only where the hub asked', async () => {
    const replies: string[] = [];
    const seen: string[] = [];
    const foreign = [subjects.in(north, 0 as never), subjects.report(north)];
    const spies = foreign.map((subject) =>
      hub.link.session?.nc.subscribe(subject, { callback: (_, message) => void seen.push(message.subject) }),
    );
    gateway.nc.subscribe(subjects.callCommand, {
      queue: 'answer',
      callback: (_, message) => {
        replies.push(message.reply ?? '');
        message.respond('{"code":"00"}');
        message.respond('{"code":"00"}');
        for (const subject of foreign) gateway.nc.publish(subject, '{}');
      },
    });
    await gateway.nc.flush();
    const asked = () => ask(hub.link, requests.gatewayCommand(), { network: 'north', command });
    // The queue has two listeners: one of some requests comes here.
    for (let at = 0; replies.length === 0 && at < 100; at++) await asked();
    await gateway.nc.flush();
    await hub.link.session?.nc.flush();
    expect(replies[0]).toMatch(/^_R_\./);
    expect(seen).toEqual([]);
    for (const spy of spies) spy?.unsubscribe();
  });
});

test('still reads after all of that', async () => {
  expect(await lastMessage(gateway, mediaStream(north), mediaSubject(place, 'info'))).not.toBeNull();
});

/** Bytes with value 1. */
async function* content(size: number): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.alloc(size, 1));
}
