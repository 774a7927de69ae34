/** Softphones at a server: they register, write, ask for receipts and watch each other. */
import type { Act } from '#simulators';
import { SipSimulator, type SipOptions } from './index.js';
import { LittleServer } from './testing/little-server.js';
import { shown } from './testing/shown.js';

const PASSWORD = 'open sesame';

let server: LittleServer;
let sip: SipSimulator;
const alice = () => sip.person('alice');
const bob = () => sip.person('bob');

async function setUp(options: Partial<SipOptions> = {}): Promise<void> {
  sip = await SipSimulator.open({
    domain: 'youxin.test',
    registrar: server.address,
    password: PASSWORD,
    t1: 100,
    t2: 400,
    ...options,
  });
  await Promise.all([alice().whenRegistered(), bob().whenRegistered()]);
}

const write = (text: string): Act => ({ do: 'write', to: 'bob', text });

beforeEach(async () => (server = await LittleServer.open({ password: PASSWORD })));
afterEach(async () => {
  await sip.close();
  await server.close();
});

describe.each(['udp', 'tcp'] as const)('over %s', (transport) => {
  test('a message arrives, and comes to be delivered and read', async () => {
    await setUp({ transport });
    const { id } = await alice().act(write('你好, Bob'));
    await shown(alice(), { kind: 'sent', id, state: '202' });
    const seen = await shown(bob(), { kind: 'text', from: 'alice', text: '你好, Bob' });
    expect(seen.id).toBe(id);
    await shown(alice(), { kind: 'delivered', from: 'bob', target: id });
    await bob().act({ do: 'read', to: 'alice', target: id });
    await shown(alice(), { kind: 'read', target: id });
  });

  test('who writes, and who stops, is shown', async () => {
    await setUp({ transport });
    await alice().act({ do: 'type', to: 'bob', on: true });
    await shown(bob(), { kind: 'typing', from: 'alice', state: 'active' });
    await alice().act({ do: 'type', to: 'bob', on: false });
    await shown(bob(), { kind: 'typing', state: 'idle' });
  });

  test('presence is published and shown, with its mood', async () => {
    await setUp({ transport });
    await bob().act({ do: 'add', who: 'alice' });
    await alice().act({ do: 'appear', state: 'away', mood: '开会 <again>' });
    await shown(bob(), { kind: 'presence', from: 'alice', state: 'away', text: '开会 <again>' });
    expect(bob().contacts()).toEqual([{ native: 'alice', name: 'alice', state: 'away' }]);
    await alice().act({ do: 'appear', state: 'online' });
    await shown(bob(), { kind: 'presence', state: 'online' });
  });

  test('a message of 3000 characters arrives', async () => {
    await setUp({ transport });
    const text = '长'.repeat(3000);
    await alice().act(write(text));
    await shown(bob(), { kind: 'text', text });
  });

  test('after the server has forgotten everybody they come back, with presence and subscriptions', async () => {
    await setUp({ transport });
    await bob().act({ do: 'add', who: 'alice' });
    server.forget();
    sip.connect(server.address);
    await alice().act({ do: 'appear', state: 'busy' });
    await shown(bob(), { kind: 'presence', from: 'alice', state: 'busy' });
    await alice().act(write('again'));
    await shown(bob(), { text: 'again' });
  });
});

test.each(['MD5', 'SHA-256'] as const)(
  'they answer a challenge with %s, and a nonce that gets old',
  async (algorithm) => {
    await server.close();
    server = await LittleServer.open({ password: PASSWORD, algorithm, nonceUses: 3 });
    await setUp();
    for (const text of ['1', '2', '3', '4', '5', '6']) await alice().act(write(text));
    await shown(bob(), { text: '6' });
    expect(alice().timeline.filter(({ kind }) => kind === 'failed')).toEqual([]);
  },
);

test('whoever has the wrong password is not registered, and says why', async () => {
  await setUp({ passwords: { mallory: 'guessed' } });
  await expect(sip.person('mallory').whenRegistered()).rejects.toThrow('401 Unauthorized');
});

test('who is offline gets nothing, and the sender is told', async () => {
  await setUp();
  await bob().act({ do: 'appear', state: 'offline' });
  await alice().act(write('are you there?'));
  await shown(alice(), { kind: 'failed', state: '480', text: 'are you there?' });
});

describe('faults', () => {
  test('a retransmission and a second way are one message', async () => {
    await setUp();
    sip.faults.retransmit();
    await alice().act(write('twice the same bytes'));
    sip.faults.duplicate();
    await alice().act(write('in two transactions'));
    await alice().act(write('last'));
    await shown(bob(), { text: 'last' });
    expect(
      bob()
        .timeline.filter(({ kind }) => kind === 'text')
        .map(({ text }) => text),
    ).toEqual(['twice the same bytes', 'in two transactions', 'last']);
    expect(bob().inbox.repeats).toBe(1);
  });

  test('an answer that is lost is given again', async () => {
    await setUp();
    sip.faults.loseAnswer();
    await alice().act(write('heard only once'));
    await alice().act(write('next'));
    await shown(bob(), { text: 'next' });
    expect(bob().timeline.filter(({ text }) => text === 'heard only once')).toHaveLength(1);
  });

  test('a phone that says nothing shows a message, or does not', async () => {
    await setUp();
    sip.faults.silence('lost');
    await alice().act(write('lost'));
    sip.faults.silence('taken');
    await alice().act(write('taken'));
    await shown(bob(), { kind: 'text', text: 'taken' });
    expect(bob().timeline.some(({ text }) => text === 'lost')).toBe(false);
  });

  test('a receipt can say that the delivery failed', async () => {
    await setUp();
    sip.faults.failReceipt();
    const { id } = await alice().act(write('no room'));
    await shown(alice(), { kind: 'failed', target: id, state: 'failed' });
  });

  test('bytes that come one by one are one message', async () => {
    await setUp({ transport: 'tcp' });
    sip.faults.splitFrames = true;
    await alice().act(write('slowly'));
    await shown(bob(), { text: 'slowly' });
  });
});
