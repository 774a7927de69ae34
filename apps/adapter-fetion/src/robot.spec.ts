/** Li writes addresses to the robot: right ones, mistyped ones, and one more than the operator granted accounts for. */
import { pino } from 'pino';
import type { Hub, MessageDraft } from '#adapter-kit';
import { addressOf, network, type Address, type ResolveReply } from '#protocol';
import type { FetionConnection } from './fetion.connection.js';
import { Ghosts } from './ghosts.js';
import type { People, Person } from './people.js';
import { Robot } from './robot.js';
import type { Account } from './sign-in.js';

const LI = {
  native: '13800138000',
  sid: '793400001',
  uri: 'sip:793400001@fetion.com.cn',
  userId: '5',
} as Person;
const KNOWN = ['im:alice@xmpp', 'im:amy@xmpp'];

/** @param accounts granted for ghosts */
function fetion(accounts: number) {
  const kept = new Map<string, unknown>();
  const memory = {
    put: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    get: (key: string) => Promise.resolve(kept.get(key)),
    change: async (key: string, work: (value: unknown) => Promise<unknown>) => {
      const value = await work(kept.get(key));
      if (value !== undefined) kept.set(key, value);
    },
    keys: () => Promise.resolve([]),
  };
  const submitted: MessageDraft[] = [];
  const told: string[] = [];
  const lines: string[] = [];
  const hub = {
    log: pino({ level: 'error' }, { write: (line: string) => void lines.push(line) }),
    memory,
    recent: memory,
    canonical: (address: Address) => address,
    peers: () => [network('xmpp')],
    resolve: (address: Address): Promise<ResolveReply> =>
      Promise.resolve({ code: KNOWN.includes(address) ? '00' : '14' }),
    notCarried: () => undefined,
    submitMessage: (draft: MessageDraft) => Promise.resolve(void submitted.push(draft)),
  } as unknown as Hub;
  const session = {
    connected: true,
    run: () => Promise.resolve(),
    service: () => Promise.resolve({}),
    request: (_method: string, _headers: unknown, body: string) => Promise.resolve(void told.push(body)),
  } as unknown as FetionConnection;
  const pool = Array.from({ length: accounts }, (_, at) => ({ mobile: `1390000000${at}` }) as Account);
  const ghosts = new Ghosts(hub, pool, () => session);
  const people = { party: () => ({ address: addressOf(network('fetion'), LI.native) }) } as unknown as People;
  const robot = new Robot({ network: network('fetion'), hub, session, ghosts, people });
  let id = 0;
  const write = (text: string) => robot.read(LI, `m${++id}`, text, new Date());
  return { robot, write, ghosts, told, submitted, lines };
}

test('a mistyped address uses no ghost number, however often it is written, and li is notified', async () => {
  const { robot, write, ghosts, told, submitted } = fetion(1);
  for (const mistyped of [
    '@alcie@xmpp hello',
    '@alice@xmmp hello',
    '@alice@xmpp.org hello',
    '@@xmpp hello',
    '@13800138001 hello',
  ])
    await write(mistyped);
  await robot.added(LI, '@alcie@xmpp');
  expect(ghosts.all()).toEqual([]);
  expect(submitted).toEqual([]);
  expect(told.length).toBeGreaterThanOrEqual(6);
  // The one number that was granted is still there for the right address.
  await write('@alice@xmpp hello');
  expect(ghosts.all().map(({ remote }) => remote)).toEqual(['im:alice@xmpp']);
});

test('when the pool is used up, the robot forwards the text, li is notified once, and a log line is written for the operator', async () => {
  const { write, ghosts, told, submitted, lines } = fetion(1);
  await write('@alice@xmpp hello');
  await write('@amy@xmpp hello');
  await write('@amy@xmpp are you there?');
  expect(submitted.map(({ to }) => to)).toEqual(['im:alice@xmpp', 'im:amy@xmpp', 'im:amy@xmpp']);
  expect(ghosts.all().map(({ remote }) => remote)).toEqual(['im:alice@xmpp']);
  expect(told.filter((words) => words.includes('amy (xmpp) 暂时没有自己的飞信号码'))).toHaveLength(1);
  expect(lines.join('\n')).toContain('grant more in FETION_ACCOUNTS');
});
