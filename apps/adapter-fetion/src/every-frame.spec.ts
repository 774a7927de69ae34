/**
 * Nothing disappears: whatever a Fetion server pushes ends as an event on the bus, as words for who sent it, as a refusal
 * that the sender's client sees, or as a record of what was not carried. The protocol's own frames are known one by one.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { InboundQueue, type Hub, type MessageDraft, type NotCarried } from '#adapter-kit';
import { addressOf, HubError, network, type EventId } from '#protocol';
import type { FetionConnection } from './fetion.connection.js';
import { Inbound, type Owner } from './inbound.js';
import type { People } from './people.js';
import type { Robot } from './robot.js';
import { sidOf } from './sign-in.js';
import type { Frame, Header } from './sipc-frame.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

interface Recorded {
  what: string;
  head: string;
  headers: string[];
  body: string;
}
const RECORDED = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'frames.json'), 'utf8'),
) as Recorded[];

function frameOf({ head, headers, body }: Recorded): Frame {
  const [method = '', target = ''] = head.split(' ');
  return {
    start: { kind: 'request', method, target },
    headers: headers.map((line): Header => [
      line.slice(0, line.indexOf(':')),
      line.slice(line.indexOf(':') + 2),
    ]),
    body,
  };
}

const sue = addressOf(network('far'), 'sue');

/** A session of Sue's ghost, or of the robot. */
function aSession(owner: Owner = { remote: sue }, refuses?: HubError) {
  const said: MessageDraft[] = [];
  const notCarried: NotCarried[] = [];
  const told: string[] = [];
  const answers: number[] = [];
  const signs: string[] = [];
  const log = pino({ level: 'silent' });
  const hub = {
    log,
    inbound: new InboundQueue(),
    submitMessage: (draft: MessageDraft) =>
      refuses ? Promise.reject(refuses) : Promise.resolve((said.push(draft), 'id' as EventId)),
    submitContact: ({ action }: { action: string }) => Promise.resolve(void signs.push(action)),
    notCarried: (input: NotCarried) => void notCarried.push(input),
    typing: () => void signs.push('typing'),
    presence: () => void signs.push('presence'),
    probe: () => undefined,
  } as unknown as Hub;
  const person = { native: '793400001', sid: '793400001', uri: 'sip:793400001@fetion.com.cn', userId: '5' };
  const people = {
    ofUri: (uri: string) =>
      sidOf(uri) !== undefined || /^tel:1\d{10}$/.test(uri)
        ? Promise.resolve(person)
        : Promise.reject(new HubError('30', 'not the URI of a person')),
    known: () => undefined,
    renamed: () => undefined,
    party: () => ({ address: addressOf(network('fetion'), person.native) }),
  } as unknown as People;
  const robot = {
    read: () => Promise.resolve(void signs.push('read by the robot')),
    added: () => Promise.resolve(void signs.push('added')),
  } as unknown as Robot;
  const session = {
    account: { mobile: '13900000001' },
    answer: (_frame: Frame, code = 200) => void answers.push(code),
    request: (_method: string, _headers: Header[], body: string) => Promise.resolve(void told.push(body)),
    hangUp: () => void signs.push('hung up'),
    pushedOut: () => void signs.push('pushed out'),
  } as unknown as FetionConnection;
  const inbound = new Inbound(hub, people, robot);
  const take = (frame: Frame) => inbound.take(session, owner, frame);
  const traces = () =>
    said.length + notCarried.length + signs.length + answers.filter((code) => code !== 200).length;
  return { take, traces, said, notCarried, told, answers, signs };
}

/** They say nothing to anybody: steps of a call, presence in groups, the account's own mailbox. */
const OF_THE_PROTOCOL = [
  'an acknowledgement',
  'a question for abilities',
  'the end of a chat',
  'presence in a group',
  'a mailbox',
];

test.each(RECORDED.map((recorded): [string, Recorded] => [recorded.what, recorded]))(
  '%s leaves a trace',
  async (what, recorded) => {
    const ghost = aSession();
    await ghost.take(frameOf(recorded));
    if (OF_THE_PROTOCOL.includes(what)) expect(ghost.traces()).toBe(0);
    else expect(ghost.traces()).toBeGreaterThan(0);
    const robot = aSession('robot');
    await robot.take(frameOf(recorded));
    if (recorded.head.startsWith('M ')) expect(robot.traces()).toBe(1);
  },
);

const frame = (method: string, headers: Header[], body = ''): Frame => ({
  start: { kind: 'request', method, target: '7' },
  headers,
  body,
});
const ALICE: Header = ['F', 'sip:793400001@fetion.com.cn;p=1919'];

describe('unknown frames', () => {
  test.each<[string, Frame, string]>([
    ['an unknown content', frame('M', [ALICE, ['C', 'image/fetion']], '<img src="x"/>'), 'image/fetion）'],
    [
      'words that are packed',
      frame('M', [ALICE, ['C', 'text/plain'], ['E', 'gzip']], 'xx'),
      'text/plain, gzip）',
    ],
    ['no words', frame('M', [ALICE, ['C', 'text/plain']]), 'text/plain）'],
    [
      'XML in words',
      frame('M', [ALICE, ['C', 'application/xml']], '<poll><q>周五？</q></poll>'),
      'application/xml）周五？',
    ],
  ])('%s arrives as text', async (_, native, words) => {
    const { take, said } = aSession();
    await take(native);
    const body = said[0]?.content.body;
    expect(body?.kind === 'single' && body.content.endsWith(words)).toBe(true);
  });

  test('a method is refused, which its sender sees, and recorded', async () => {
    const { take, answers, notCarried } = aSession();
    await take(frame('ZZ', [ALICE], 'x'));
    expect(answers).toEqual([405]);
    expect(notCarried).toMatchObject([{ kind: 'method', native: expect.stringContaining('ZZ 7') as string }]);
  });

  test('a message from no person is acknowledged and recorded', async () => {
    const { take, answers, notCarried, told } = aSession();
    await take(frame('M', [['F', 'sip:service@fetion.com.cn']], 'your bill'));
    expect([answers, notCarried.map(({ kind }) => kind), told]).toEqual([[200], ['refused'], []]);
  });

  test('the text of a group message is not kept', async () => {
    const { take, notCarried } = aSession();
    await take(frame('M', [['F', 'sip:PG1@fetion.com.cn;p=1']], 'between us'));
    expect(notCarried).toMatchObject([{ kind: 'group-message' }]);
    expect(notCarried[0]?.native).not.toContain('between us');
  });

  test('one event that is not known does not hold up the next', async () => {
    const { take, notCarried, signs } = aSession();
    const known = `<event type="SyncUserInfo"><buddy action="remove" user-id="5" uri="${ALICE[1]}"/></event>`;
    await take(frame('BN', [['N', 'x']], `<events><event type="Poll"/>${known}</events>`));
    expect(notCarried).toMatchObject([{ kind: 'event' }]);
    expect(signs).toEqual(['remove']);
  });
});

describe('a message that the hub refuses', () => {
  test('permanently: is acknowledged and recorded, and its sender is notified', async () => {
    const { take, answers, notCarried, told } = aSession(undefined, new HubError('30', 'not an event'));
    await take(frame('M', [ALICE, ['C', 'text/plain']], 'hi'));
    expect([answers, notCarried.length, told.length]).toEqual([[200], 1, 1]);
    expect(told[0]).toContain('30');
  });

  test('now: the session hangs up, and the server gives it again', async () => {
    const { take, answers, signs } = aSession(undefined, new HubError('91', 'the bus is away'));
    await take(frame('M', [ALICE, ['C', 'text/plain']], 'hi'));
    expect([answers, signs]).toEqual([[], ['hung up']]);
  });
});

test('a recorded frame with content leaves a trace after any mutation', async () => {
  const speaking = RECORDED.filter(({ head }) => /^(?:M|IN|I|BN) /.test(head));
  const odd = fc.constantFrom(
    '',
    ' ',
    '0',
    'null',
    'sip:PG1@fetion.com.cn',
    'tel:13800000002',
    'text/html',
    '&',
    '<',
    ']]>',
    '<!DOCTYPE x>',
    '\u0000',
    '\ud800',
    '9'.repeat(40),
    'Fri, 31 Dec 9999 00:00:00 GMT',
  );
  const change = fc.record({
    how: fc.constantFrom('method', 'drop', 'header', 'body', 'insert', 'cut'),
    at: fc.nat(),
    value: odd,
  });
  const seen = new Set<string>();
  const [ghost, robot] = [aSession(), aSession('robot')];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...speaking),
      fc.array(change, { maxLength: 3 }),
      fc.boolean(),
      async (recorded, changes, toRobot) => {
        const native = changes.reduce(mutate, frameOf(recorded));
        const session = toRobot ? robot : ghost;
        const before = session.traces();
        await session.take(native);
        const quiet = isQuiet(native, toRobot);
        expect({ native, trace: session.traces() > before || quiet }).toEqual({ native, trace: true });
        for (const { kind } of session.notCarried) seen.add(kind);
      },
    ),
    { numRuns: FUZZ_RUNS },
  );
  expect([...seen].sort()).toEqual(
    expect.arrayContaining(['event', 'group-message', 'info', 'method', 'refused']),
  );
});

/** Frames that need no trace: of the protocol itself, typing to the robot, presence of unknown people, and contact requests to the robot. */
function isQuiet({ start, headers, body }: Frame, toRobot: boolean): boolean {
  if (start.kind !== 'request') return true;
  const name = headers.find(([header]) => header === 'N')?.[1] ?? '';
  if (start.method === 'IN') return toRobot && body.includes('>input<');
  if (start.method !== 'BN') return ['A', 'O', 'B'].includes(start.method);
  return name.startsWith('PG') || /MobileMailBoxChanged|PresenceChanged|SyncUserInfo/.test(body);
}

function mutate(native: Frame, { how, at, value }: { how: string; at: number; value: string }): Frame {
  const { headers, body, start } = native;
  const place = at % (body.length + 1);
  switch (how) {
    case 'method':
      return {
        ...native,
        start: start.kind === 'request' ? { ...start, method: ['M', 'IN', 'ZZ', 'X'][at % 4] ?? 'M' } : start,
      };
    case 'drop':
      return { ...native, headers: headers.filter((_, index) => index !== at % headers.length) };
    case 'header':
      return {
        ...native,
        headers: headers.map(([name, was], index): Header => [
          name,
          index === at % headers.length ? value : was,
        ]),
      };
    case 'body':
      return { ...native, body: value };
    case 'insert':
      return { ...native, body: body.slice(0, place) + value + body.slice(place) };
    default:
      return { ...native, body: body.slice(0, place) };
  }
}
