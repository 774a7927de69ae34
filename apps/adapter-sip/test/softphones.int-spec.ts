/** The simulated softphones, written from the same RFCs by other hands, at the adapter: each checks the other. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, localTls } from '#engines';
import { until } from '../../../test/support/until.js';
import { SipSimulator, type SipOptions } from '../simulator/index.js';
import { shown } from '../simulator/testing/shown.js';
import { RtpPeer, sessionAt } from '../../../test/support/rtp-peer.js';
import { ALICE, ALICE_HERE, ANN, DOMAIN, keyOf, PASSWORD, SipStage } from './stage.js';

let certificates: string;
beforeAll(() => (certificates = mkdtempSync(join(tmpdir(), 'hutong-sip-tls-'))));
afterAll(() => rmSync(certificates, { recursive: true, force: true }));

/** Where the phones connect, besides the port of UDP and TCP. */
async function doorFor(transport: 'udp' | 'tcp' | 'tls' | 'ws'): Promise<Door> {
  if (transport === 'udp' || transport === 'tcp') return { settings: {} };
  const port = await freePort();
  if (transport === 'ws') return { settings: { SIP_WS_PORT: String(port) }, port };
  const { authorityFile, certificateFile, keyFile } = await localTls(certificates, ['127.0.0.1']);
  const files = { SIP_TLS_CERT: certificateFile, SIP_TLS_KEY: keyFile };
  const ca = readFileSync(authorityFile, 'utf8');
  return { settings: { SIP_TLS_PORT: String(port), ...files }, port, ca: { ca } };
}

interface Door {
  settings: NodeJS.ProcessEnv;
  port?: number;
  ca?: { ca: string };
}

const isTrue = () => true;
const isFalse = () => false;

describe.each([
  ['udp', 'md5'],
  ['udp', 'sha-256'],
  ['tcp', 'sha-256'],
  ['tls', 'sha-256'],
  ['ws', 'md5'],
] as const)('over %s, with %s', (transport, digest) => {
  let stage: SipStage;
  let sip: SipSimulator;
  const ann = () => sip.person(ANN);
  const write = (text: string) => ann().act({ do: 'write', to: ALICE_HERE, text });

  const start = async (options: Partial<SipOptions> = {}) => {
    const { settings, port, ca } = await doorFor(transport);
    stage = await SipStage.open({ SIP_DIGEST: digest, ...settings });
    const registrar = `127.0.0.1:${port ?? stage.port}`;
    const common = { domain: DOMAIN, registrar, password: PASSWORD, transport, ...ca };
    sip = await SipSimulator.open({ ...common, t1: 100, retryMs: 20, ...options });
    await ann().whenRegistered();
  };
  beforeEach(() => start());
  afterEach(async () => {
    await sip.close();
    await stage.close();
  });

  const call = (how: 'begin' | 'accept' | 'decline' | 'end') =>
    ann().act({ do: 'call', who: ALICE_HERE, how });
  const callIs = (state: string, text?: string) =>
    shown(ann(), { kind: 'call', from: ALICE_HERE, state, ...(text ? { text } : {}) });

  test('it calls, talks with who answers, and is hung up on; then it is called, and hangs up', async () => {
    const ear = await RtpPeer.open();
    await call('begin');
    const outgoing = stage.idOf(await stage.untilCalled('invite'));
    await stage.inCall(ANN, { call: outgoing, action: 'ringing' });
    await callIs('ringing');
    await stage.inCall(ANN, { call: outgoing, action: 'accepted', session: ear.session });
    await ear.hears();
    await until('sound', () => ann().calls.heard > 10);
    await stage.inCall(ANN, { call: outgoing, action: 'ended' });
    await callIs('over', 'ended');

    const incoming = await stage.call(ANN, ear.session);
    await callIs('incoming');
    ear.forget();
    await call('accept');
    expect(await stage.untilCalled('accepted')).toMatchObject({ call: incoming });
    await ear.hears();
    await call('end');
    expect(await stage.untilCalled('ended')).toMatchObject({ call: incoming, to: ALICE });
    await ear.close();
  });

  test('a call that is declined, given up, or missed', async () => {
    await stage.call(ANN, sessionAt(4000));
    await callIs('incoming');
    await call('decline');
    await stage.untilCalled('declined');
    await call('begin');
    await stage.inCall(ANN, { call: stage.idOf(await stage.untilCalled('invite')), action: 'ringing' });
    await callIs('ringing');
    await call('end');
    await stage.untilCalled('cancelled');
    const missed = await stage.call(ANN, sessionAt(4000));
    await stage.untilCalled('ringing', 2);
    await stage.inCall(ANN, { call: missed, action: 'cancelled' });
    await callIs('over', 'missed');
    await shown(ann(), { kind: 'text', from: ALICE_HERE, text: '（未接来电）' });
  });

  test('words go both ways, long ones too', async () => {
    const long = '长'.repeat(3000);
    await write('你好');
    await write(long);
    expect(stage.written.map(({ text, to }) => [to, text])).toEqual([
      [ALICE, '你好'],
      [ALICE, long],
    ]);
    await shown(ann(), { kind: 'sent', text: long, state: '202' });
    await stage.deliver(ANN, long);
    await shown(ann(), { kind: 'text', from: ALICE_HERE, text: long, id: keyOf(1) });
  });

  test('a request that comes twice is one message', async () => {
    sip.faults.retransmit();
    await write('the same bytes');
    sip.faults.duplicate();
    await write('another transaction');
    await write('last');
    expect(stage.written.map(({ text }) => text)).toEqual(['the same bytes', 'another transaction', 'last']);
  });

  test('the words of one person keep their order', async () => {
    const texts = Array.from({ length: 50 }, (_, at) => `word ${at}`);
    await Promise.all(texts.map(write));
    expect(stage.written.map(({ text }) => text)).toEqual(texts);
  });

  test('who writes is told, and what was read', async () => {
    await ann().act({ do: 'type', to: ALICE_HERE, on: true });
    await until('that she writes', () => stage.typing.length > 0);
    await stage.deliver(ANN, 'read me');
    await shown(ann(), { kind: 'text', text: 'read me' });
    await ann().act({ do: 'read', to: ALICE_HERE, target: keyOf(1) });
    await until('that she has read it', () =>
      stage.double.outcomes.some(({ report }) => report.stage === 'read'),
    );
  });

  test('presence goes both ways once both have agreed, with moods', async () => {
    await ann().act({ do: 'add', who: ALICE_HERE });
    await until('the answer to be open', () => ann().contacts()[0]?.state === 'pending');
    await stage.contact(ANN, 'request');
    await stage.contact(ANN, 'accept');
    await shown(ann(), { kind: 'accepted', from: ALICE_HERE });
    await stage.showPresence(ANN, 'away');
    await shown(ann(), { kind: 'presence', from: ALICE_HERE, state: 'away' });
    await ann().act({ do: 'appear', state: 'busy', mood: '开会 <till five>' });
    await until('her presence', () =>
      stage.presences.some(({ statusText }) => statusText === '开会 <till five>'),
    );
    await ann().act({ do: 'appear', state: 'offline' });
    await until('her absence', () => stage.presences.at(-1)?.availability === 'offline');
  });

  test('a phone that refuses, and one that says nothing', async () => {
    sip.faults.refuse(486, 1, 'Busy Here');
    await expect(stage.deliver(ANN, 'busy?')).rejects.toMatchObject({ name: 'HubError' });
    await stage.deliver(ANN, 'now?');
    await shown(ann(), { kind: 'text', text: 'now?' });
    expect(ann().timeline.some(({ text }) => text === 'busy?')).toBe(false);
  });

  test('after a restart of the adapter nothing has to be done', async () => {
    await stage.restart();
    // A phone whose connection has ended comes back by itself.
    await until('the phone to come back', () => stage.deliver(ANN, 'still there?').then(isTrue, isFalse));
    await shown(ann(), { kind: 'text', text: 'still there?' });
    await write('yes');
    expect(stage.written.at(-1)?.text).toBe('yes');
  });

  test('who is not registered cannot be reached', async () => {
    await ann().act({ do: 'appear', state: 'offline' });
    await expect(stage.deliver(ANN, 'anybody?')).rejects.toMatchObject({ name: 'HubError' });
    await ann().act({ do: 'appear', state: 'online' });
    await stage.deliver(ANN, 'welcome back');
    await shown(ann(), { kind: 'text', text: 'welcome back' });
  });
});

test('an answer that is lost is given again when the request comes again', async () => {
  const stage = await SipStage.open();
  const sip = await SipSimulator.open({ domain: DOMAIN, registrar: stage.server, password: PASSWORD });
  await sip.person(ANN).whenRegistered();
  sip.faults.loseAnswer();
  await stage.deliver(ANN, 'once');
  expect(sip.person(ANN).timeline.filter(({ text }) => text === 'once')).toHaveLength(1);
  await sip.close();
  await stage.close();
});
