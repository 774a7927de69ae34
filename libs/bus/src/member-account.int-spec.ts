/**
 * What a hostile network can reach on the bus, on a real nats-server: every call of the JetStream API and every subject of
 * the hub, published, requested with reply subjects of others, and subscribed to, from the account of one network. The user
 * has no permissions of its own in these plays, so that the account alone is what holds.
 */
import { connect, credsAuthenticator, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { createUser, encodeUser, fmtCreds, type KeyPair } from '@nats-io/jwt';
import {
  adapterConsumers,
  ANY,
  BUCKETS,
  consumers,
  inStream,
  correlationBucket,
  mediaStream,
  mediaSubject,
  network,
  networkBucket,
  STREAMS,
  subjects,
  waitingBucket,
  type Lane,
  type Network,
} from '#protocol';
import { HubFixture } from '../../../test/support/hub-fixture.js';
import { networkImports } from './bus-accounts.js';

const [north, south] = [network('north'), network('south')];
const lane = 3 as Lane;
let hub: HubFixture;
let member: NatsConnection;
/** All that passes in the hub's account while the member attacks. */
const seenByHub: string[] = [];

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.admit(north);
  await hub.admit(south);
  member = await connectFreely(north);
  await hub.publisher.publish(`$KV.${networkBucket(south)}.private`, '"of the south"');
  await hub.publisher.publish(mediaSubject({ network: south, object: 'o'.repeat(43) }, 'info'), '{}');
  hub.link.session?.nc.subscribe('>', {
    callback: (_, { subject }: Msg) => void seenByHub.push(subject),
  });
  await hub.link.session?.nc.flush();
});
afterAll(async () => {
  await member?.close();
  await hub?.close();
});

/** With credentials of the account that carry no permissions: an adapter's own are narrower. */
async function connectFreely(of: Network): Promise<NatsConnection> {
  // The account's key never leaves the authority; only there such a user can be made.
  const authority = hub.authority as unknown as { accountOf(network: Network): KeyPair };
  const user = createUser();
  const jwt = await encodeUser('free', user, authority.accountOf(of), {});
  return connect({ servers: hub.natsUrl, authenticator: credsAuthenticator(fmtCreds(jwt, user)) });
}

const OWN_BUCKETS = [networkBucket(north), correlationBucket(north), waitingBucket(north)];
const STREAM_NAMES = [
  ...Object.values(STREAMS),
  inStream(north),
  inStream(south),
  mediaStream(north),
  mediaStream(south),
  ...[...Object.values(BUCKETS), ...OWN_BUCKETS, networkBucket(south), correlationBucket(south)].map(
    (b) => `KV_${b}`,
  ),
  ANY,
];
const CONSUMER_NAMES = [
  ...[north, south].flatMap((net) => [consumers.adapter(net), consumers.adapterOfPartition(net, lane)]),
  consumers.switchOf(south),
  ANY,
];

const OF_THE_SERVER = [
  'INFO',
  'ACCOUNT.PURGE.north',
  'STREAM.NAMES',
  'STREAM.LIST',
  'META.LEADER.STEPDOWN',
  'SERVER.REMOVE',
  'SERVER.STREAMS.MOVE',
];
const OF_A_STREAM = [
  'CREATE',
  'UPDATE',
  'INFO',
  'DELETE',
  'PURGE',
  'MSG.GET',
  'MSG.DELETE',
  'SNAPSHOT',
  'RESTORE',
  'PEER.REMOVE',
  'LEADER.STEPDOWN',
];
const OF_A_CONSUMER = [
  'CREATE',
  'DURABLE.CREATE',
  'INFO',
  'DELETE',
  'MSG.NEXT',
  'PAUSE',
  'RESET',
  'UNPIN',
  'LEADER.STEPDOWN',
];

/** Every API call × every stream × every consumer, under the hub's prefix and under the one that networks have. */
function apiSubjects(): string[] {
  const calls = [
    ...OF_THE_SERVER,
    ...STREAM_NAMES.flatMap((stream) => [
      ...OF_A_STREAM.map((verb) => `STREAM.${verb}.${stream}`),
      `CONSUMER.NAMES.${stream}`,
      `CONSUMER.LIST.${stream}`,
      `CONSUMER.CREATE.${stream}`,
      `DIRECT.GET.${stream}`,
      `DIRECT.GET.${stream}.$KV.${networkBucket(south)}.private`,
      ...CONSUMER_NAMES.flatMap((consumer) =>
        OF_A_CONSUMER.map((verb) => `CONSUMER.${verb}.${stream}.${consumer}`),
      ),
    ]),
  ];
  return ['$JS.API', 'hub.js'].flatMap((prefix) => calls.map((call) => `${prefix}.${call}`));
}

/** Every subject that the hub uses, with the network of the member, of another one, and of all. */
function hubSubjects(): string[] {
  const of = (net: Network | typeof ANY) => [
    subjects.in(net, lane),
    subjects.out(net, lane),
    subjects.report(net),
    subjects.dead(net),
    subjects.signalIn(net),
    subjects.signalOut(net),
    ...(['signon', 'signoff', 'heartbeat', 'resolve', 'link', 'media', 'renew', ANY] as const).map((verb) =>
      subjects.control(verb, net),
    ),
    subjects.ask('resolve', net),
    subjects.answer(net, 'x'),
    mediaSubject({ network: net, object: 'o'.repeat(43) }, 0),
    ...(net === ANY ? ['*'] : [networkBucket(net), correlationBucket(net)]).map(
      (bucket) => `$KV.${bucket}.x`,
    ),
    ...(net === ANY ? [ANY] : adapterConsumers(net)).map(
      (durable) => `$JS.ACK.${STREAMS.out}.${durable}.1.1.1.1.1`,
    ),
  ];
  return [
    ...of(north),
    ...of(south),
    ...of(ANY),
    subjects.directory,
    subjects.directoryChanged,
    subjects.clearingClose,
    'hub.server.storage',
    ...Object.values(BUCKETS).map((bucket) => `$KV.${bucket}.x`),
    '$O.x',
    '$JS.FC.HUB_OUT.x',
    '$JS.ACK.IN_south.switch-south.1.1.1.1.1',
    '$SYS.REQ.CLAIMS.UPDATE',
    '$SYS.REQ.SERVER.PING.JSZ',
    '$SYS.REQ.ACCOUNT.PING.JSZ',
    '_R_.x.y',
    '_INBOX.x.y',
    'hub.>',
    '>',
  ];
}

/** Where a hostile member would have the server, or a process of the hub, publish for it. */
const REPLIES = [
  '$JS.API.STREAM.DELETE.IN_south',
  '$JS.API.STREAM.PURGE.HUB_OUT',
  `$JS.API.CONSUMER.DELETE.HUB_OUT.${consumers.adapter(south)}`,
  `$KV.${BUCKETS.subscribers}.evil`,
  subjects.in(south, lane),
  subjects.signalIn(south),
  subjects.directoryChanged,
];

const own = networkImports(north, '')
  .filter(({ type }) => type === 'service')
  .map(
    ({ subject }) =>
      new RegExp(
        `^${subject.replaceAll('.', '\\.').replaceAll('$', '\\$').replaceAll('*', '[^.]+').replace('>', '.+')}$`,
      ),
  );
const isOwn = (subject: string) => own.some((pattern) => pattern.test(subject));
/** Replies on their way back, and what the server itself publishes about API calls. */
const isAnswer = (subject: string) => /^(_R_|_INBOX|\$JS\.EVENT\.ADVISORY)\./.test(subject);
/** What this test itself asks to describe the hub. */
const isOfTheTest = (subject: string) => /^\$JS\.API\.(STREAM|CONSUMER)\.LIST/.test(subject);

/** Streams to which every network publishes. */
const SHARED: string[] = [inStream(north), STREAMS.report, STREAMS.dead, mediaStream(north)];

async function stateOfHub(): Promise<Record<string, unknown>> {
  const session = hub.link.session;
  const state: Record<string, unknown> = {};
  for await (const { config, state: held } of session?.jsm.streams.list() ?? []) {
    const mayChange = SHARED.includes(config.name);
    const isOwnBucket = OWN_BUCKETS.some((bucket) => config.name === `KV_${bucket}`);
    const held_ =
      mayChange || isOwnBucket ? 'of the member too' : { messages: held.messages, last: held.last_seq };
    const durables: string[] = [];
    for await (const { name } of session?.jsm.consumers.list(config.name) ?? []) durables.push(name);
    state[config.name] = { subjects: config.subjects, held: held_, durables: durables.sort() };
  }
  return state;
}

async function sentinel(): Promise<void> {
  await member.flush();
  await hub.link.session?.nc.flush();
  // Stored after everything before it, and seen by the hub.
  await member.request(subjects.in(north, lane), 'sentinel', { timeout: 20_000 });
}

test.each([['no reply', undefined], ...REPLIES.map((reply) => [reply, reply] as const)] as const)(
  'nothing beyond the own subjects reaches the hub, with the reply to: %s',
  async (_, reply) => {
    const before = await stateOfHub();
    seenByHub.length = 0;
    for (const subject of [...apiSubjects(), ...hubSubjects()])
      for (const body of ['', '{}', '{"seq":1}'])
        member.publish(subject, body, reply === undefined ? {} : { reply });
    await sentinel();
    const foreign = seenByHub.filter(
      (subject) => !isOwn(subject) && !isAnswer(subject) && !isOfTheTest(subject),
    );
    expect(foreign).toEqual([]);
    expect(await stateOfHub()).toEqual(before);
  },
);

test('it reads nothing that is not its own', async () => {
  const secrets = ['of the south', inStream(south), south];
  const answers = await Promise.all(
    [...apiSubjects(), ...hubSubjects().filter((subject) => !isOwn(subject))]
      .filter((subject) => !subject.includes('>'))
      .map((subject) =>
        member
          .request(subject, '{"next_by_subj":"$KV.>","last_by_subj":">","seq":1}', {
            timeout: 3000,
            noMux: false,
          })
          .then(
            (reply) => ({ subject, text: reply.string() }),
            () => ({ subject, text: '' }),
          ),
      ),
  );
  const leaks = answers.filter(({ text }) => secrets.some((secret) => text.includes(secret)));
  expect(leaks).toEqual([]);
});

test('it receives nothing that is for others, with any subscription', async () => {
  const heard: string[] = [];
  const collect = (_: Error | null, message: Msg) => void heard.push(message.string());
  const listening = [...hubSubjects(), '$JS.>', '$KV.>', '_R_.>', '$SYS.>'].map((subject) =>
    member.subscribe(subject, { callback: collect }),
  );
  await member.flush();
  for (const subject of hubSubjects().filter((one) => !/[*>]/.test(one) && !one.startsWith('$SYS')))
    hub.link.session?.nc.publish(subject, `secret on ${subject}`);
  hub.link.session?.nc.publish(subjects.signalOut(north), 'sentinel');
  await hub.link.session?.nc.flush();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (!heard.includes('sentinel')) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
  for (const subscription of listening) subscription.unsubscribe();
  const foreign = heard.filter((text) => text.startsWith('secret on ') && !text.includes(`.${north}`));
  expect(foreign).toEqual([]);
});
