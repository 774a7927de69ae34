/** SIPp, a program that others wrote, in the place of phones: it logs in by digest, writes, and takes messages, many at once. */
import { findSipp, freePort, sipp, type SippOptions, type SippResult, type SippRun } from '#engines';
import { amount } from '../../../test/support/amounts.js';
import { engineOrSkip } from '../../../test/support/engines.js';
import {
  calls,
  givesUp,
  holds,
  isBusy,
  isCalled,
  registers,
  takes,
  writes,
} from '../simulator/testing/sipp-scenarios.js';
import { sessionAt } from '../../../test/support/rtp-peer.js';
import { ALICE, ALICE_HERE, ANN, DOMAIN, PASSWORD, SipStage } from './stage.js';

const MESSAGES = amount({ test: 20, torture: 2000 });
const CALLS = amount({ test: 3, torture: 200 });
/** Messages in a second. */
const RATE = 200;

const paths = await engineOrSkip('SIPp', findSipp);
const withSipp = paths ? describe : describe.skip;

withSipp.each(['udp', 'tcp'] as const)('SIPp as phones, over %s', (transport) => {
  let stage: SipStage;
  let port: number;
  const runs: SippRun[] = [];

  beforeEach(async () => {
    stage = await SipStage.open({ SIP_DIGEST: 'md5' });
    port = await freePort();
  });
  afterEach(async () => {
    for (const run of runs) run.stop();
    await Promise.all(runs.splice(0).map(({ result }) => result));
    await stage.close();
  });

  const start = (scenario: string, more: Partial<SippOptions> = {}): SippRun => {
    if (!paths) throw new Error('there is no SIPp');
    const folder = stage.folderOf(`sipp-${runs.length}`);
    const run = sipp({ ...paths, folder, scenario, port, transport, calls: 1, ...more });
    runs.push(run);
    return run;
  };
  const play = (scenario: string, more: Partial<SippOptions> = {}): Promise<SippResult> =>
    start(scenario, more).result;
  /** A phone of Ann, which is registered already. */
  const aPhone = async (scenario: string, calls: number): Promise<SippRun> => {
    const done = await play(registers(), { ...asAnn, target: target(), rows: [[ANN]] });
    expect(done).toMatchObject({ code: 0, errors: '' });
    const phone = start(scenario, { calls, timeout: 120 });
    if (transport === 'tcp') await phone.ready();
    return phone;
  };
  const asAnn = {
    keys: { domain: DOMAIN, recipient: ALICE_HERE },
    login: { user: ANN, password: PASSWORD },
  };
  const target = () => ({ host: '127.0.0.1', port: stage.port });

  test(`${MESSAGES} messages of a person, ${RATE} in a second: each arrives once, and is accepted`, async () => {
    const texts = Array.from({ length: MESSAGES }, (_, at) => `你好 ${at}`);
    // A connection is proven once, after the first challenge.
    const challenge = transport === 'udp' ? 407 : undefined;
    if (transport === 'tcp')
      expect(await play(registers(), { ...asAnn, target: target(), rows: [[ANN]] })).toMatchObject({
        code: 0,
      });
    const done = await play(writes(202, challenge ?? 407), {
      ...asAnn,
      target: target(),
      calls: MESSAGES,
      rate: RATE,
      rows: texts.map((text) => [ANN, ALICE_HERE, text]),
    });
    expect(done).toMatchObject({ code: 0, errors: '' });
    expect(stage.written).toHaveLength(MESSAGES);
    expect(new Set(stage.written.map(({ text }) => text))).toEqual(new Set(texts));
    expect(stage.written[0]).toMatchObject({ from: `im:${ANN}@youxin`, to: ALICE });
  });

  test(`${MESSAGES} messages to a person: its phone takes each`, async () => {
    const phone = await aPhone(takes('to ann [0-9]+'), MESSAGES);
    const sent = Array.from({ length: MESSAGES }, (_, at) => stage.deliver(ANN, `to ann ${at}`));
    await Promise.all(sent);
    const { code, errors, logs } = await phone.result;
    expect([code, errors]).toEqual([0, '']);
    const shown = logs.match(/to ann \d+/g) ?? [];
    expect(shown).toHaveLength(MESSAGES);
    expect(new Set(shown).size).toBe(MESSAGES);
  });

  test('a phone that refuses is believed', async () => {
    const phone = await aPhone(takes('.*', '603 Decline'), 1);
    await expect(stage.deliver(ANN, 'no?')).rejects.toThrow();
    expect(await phone.result).toMatchObject({ code: 0, errors: '' });
  });

  test('whoever has another password is not let in', async () => {
    const wrong = { ...asAnn, login: { user: ANN, password: 'guessed' } };
    const done = await play(registers(), { ...wrong, target: target(), rows: [[ANN]] });
    expect(done.code).toBe(1);
    expect(done.errors).toContain('401');
  });

  /** Alice does the same in each call of Ann, and a call that is over makes place for the next. */
  const aliceInEachCall = (action: 'ringing' | 'accepted'): void => {
    stage.onCall(({ action: done, ...draft }) => {
      const accepted = action === 'accepted' ? { session: sessionAt(4000) } : {};
      if (done === 'invite') void stage.inCall(ANN, { call: stage.idOf(draft), action, ...accepted });
    });
  };

  // A connection is proven once, and then no challenge comes for which the scenario waits.
  const most = transport === 'udp' ? CALLS : 1;

  test(`${most} calls of a person are answered, held, and hung up on`, async () => {
    aliceInEachCall('accepted');
    const rows = Array.from({ length: most }, () => [ANN, ALICE_HERE]);
    const done = await play(calls(...holds()), { ...asAnn, target: target(), calls: most, limit: 3, rows });
    expect(done).toMatchObject({ code: 0, errors: '' });
    expect(done.logs.match(/held a=recvonly/g)).toHaveLength(most);
    await stage.untilCalled('ended', most);
    expect(stage.callsNow).toBe(0);
  });

  test('a person who gives up while it rings has cancelled', async () => {
    aliceInEachCall('ringing');
    const done = await play(givesUp(), { ...asAnn, target: target(), rows: [[ANN, ALICE_HERE]] });
    expect(done).toMatchObject({ code: 0, errors: '' });
    expect(await stage.untilCalled('cancelled')).toMatchObject({ to: ALICE });
  });

  test(`${CALLS} calls to a person ring, are accepted, and are hung up on`, async () => {
    const phone = await aPhone(isCalled(), CALLS);
    for (let nth = 1; nth <= CALLS; nth++) {
      const call = await stage.call(ANN, sessionAt(4000));
      const accepted = await stage.untilCalled('accepted', nth);
      expect(accepted).toMatchObject({ call, session: expect.stringContaining('m=audio') as string });
      await stage.inCall(ANN, { call, action: 'ended' });
    }
    expect(await phone.result).toMatchObject({ code: 0, errors: '' });
    expect(stage.calls.filter(({ action }) => action === 'ringing')).toHaveLength(CALLS);
  });

  test('a phone that is busy declines', async () => {
    const phone = await aPhone(isBusy('486 Busy Here'), 1);
    const call = await stage.call(ANN, sessionAt(4000));
    expect(await stage.untilCalled('declined')).toMatchObject({ call });
    expect(await phone.result).toMatchObject({ code: 0, errors: '' });
  });
});
