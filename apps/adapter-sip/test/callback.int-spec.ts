/** Calls whose caller is called back (SIP_CALLBACK), with telephones that others wrote: baresip and SIPp. */
import { Baresip, findBaresip, findSipp, freePort, freePortPair, sipp, type SippRun } from '#engines';
import { engineOrSkip } from '../../../test/support/engines.js';
import { RtpPeer, sessionAt } from '../../../test/support/rtp-peer.js';
import { telephoneHears } from '../../../test/support/recorded-sound.js';
import { until } from '../../../test/support/until.js';
import { calledBack, isCalledBack, registers } from '../simulator/testing/sipp-scenarios.js';
import { ALICE, ALICE_HERE, ANN, BEA, DOMAIN, PASSWORD, SipStage } from './stage.js';

const phone = await engineOrSkip('baresip', findBaresip);
const program = await engineOrSkip('SIPp', findSipp);
const withPhone = phone ? describe : describe.skip;
const withSipp = program ? describe : describe.skip;

const ANN_PLAYS = 440;
const BEA_PLAYS = 1000;

let stage: SipStage;

const acts = () => stage.calls.map(({ action }) => action);

withPhone('a person with baresip is called back', () => {
  let ann: Baresip;
  let alice: RtpPeer;

  beforeAll(async () => {
    stage = await SipStage.open({ SIP_DIGEST: 'md5', SIP_CALLBACK: 'phones' });
    alice = await RtpPeer.open(BEA_PLAYS);
    ann = await aPhone(ANN, ANN_PLAYS);
  });
  afterAll(async () => {
    await ann?.stop();
    await alice?.close();
    await stage?.close();
  });
  beforeEach(() => {
    stage.calls.splice(0);
  });

  const aPhone = async (user: string, plays: number): Promise<Baresip> => {
    if (!phone) throw new Error('there is no baresip');
    const baresip = await Baresip.start({
      ...phone,
      folder: stage.folderOf(user),
      account: { user, domain: DOMAIN, password: PASSWORD, server: stage.server, publishes: false },
      plays,
      records: true,
      ports: { sip: await freePortPair(), control: await freePort() },
    });
    await baresip.says(/\[1 binding/);
    return baresip;
  };
  const rings = (baresip: Baresip) =>
    until('the telephone to ring', async () => (await baresip.command('listcalls')).includes('INCOMING'));
  const isFree = (baresip: Baresip) =>
    until(
      'the telephone to be free',
      async () => !/ESTABLISHED|INCOMING|OUTGOING/.test(await baresip.command('listcalls')),
    );
  /** Ann calls Alice, and takes the call that comes back. */
  const annCallsAlice = async () => {
    await ann.command('dial', ALICE_HERE);
    await rings(ann);
    expect(acts()).toEqual([]);
    await ann.command('accept');
    const invite = await stage.untilCalled('invite');
    return { invite, call: stage.idOf(invite) };
  };

  test('first Ann rings, then Alice, then they hear each other, and Ann hangs up', async () => {
    const { invite, call } = await annCallsAlice();
    expect(invite).toMatchObject({ from: { address: `im:${ANN}@youxin` }, to: ALICE, media: 'voice' });
    expect(ann.words).toContain('480 You Are Called Back');
    await stage.inCall(ANN, { call, action: 'ringing' });
    alice.play(invite.session ?? '');
    await stage.inCall(ANN, { call, action: 'accepted', session: alice.session });
    await alice.hears(ANN_PLAYS);
    await telephoneHears(ann, BEA_PLAYS);
    await ann.command('hangup');
    expect(await stage.untilCalled('ended')).toMatchObject({ call, to: ALICE });
    expect([acts(), stage.callsNow]).toEqual([['invite', 'ended'], 0]);
  });

  test('Alice hangs up, and so does Ann', async () => {
    const { call } = await annCallsAlice();
    await stage.inCall(ANN, { call, action: 'accepted', session: alice.session });
    alice.forget();
    await alice.hears(ANN_PLAYS);
    await stage.inCall(ANN, { call, action: 'ended' });
    await isFree(ann);
  });

  test('Ann does not take it: Alice never rings, and both read of it', async () => {
    await ann.command('dial', ALICE_HERE);
    await rings(ann);
    await ann.command('hangup');
    const missed = await stage.untilCalled('cancelled');
    expect(stage.calls[0]).toMatchObject({ action: 'invite', to: ALICE });
    expect(stage.calls[0]?.session).toBeUndefined();
    expect(missed).toMatchObject({ to: ALICE });
    await ann.says(/\r\n\r\n（通话未开始：未接听回拨）/);
    expect(stage.callsNow).toBe(0);
  });

  test('Alice does not answer: Ann is hung up on, and reads so', async () => {
    const { call } = await annCallsAlice();
    await stage.inCall(ANN, { call, action: 'missed' });
    await isFree(ann);
    await ann.says(/BYE [^]*Reason: SIP;cause=480/i);
    await ann.says(/\r\n\r\n（未接听通话）/);
  });

  test('Ann gives up while Alice rings', async () => {
    const { call } = await annCallsAlice();
    await stage.inCall(ANN, { call, action: 'ringing' });
    await ann.command('hangup');
    expect(await stage.untilCalled('cancelled')).toMatchObject({ call });
  });

  test('she and Bea, who has baresip too, hear each other without the hub', async () => {
    const bea = await aPhone(BEA, BEA_PLAYS);
    try {
      await ann.command('dial', `sip:${BEA}@${DOMAIN}`);
      await rings(ann);
      expect(await bea.command('listcalls')).not.toContain('INCOMING');
      await ann.command('accept');
      await rings(bea);
      await bea.command('accept');
      await telephoneHears(ann, BEA_PLAYS);
      await telephoneHears(bea, ANN_PLAYS);
      await bea.command('hangup');
      await isFree(ann);
      expect(stage.calls).toEqual([]);
    } finally {
      await bea.stop();
    }
  });
});

withSipp('SIPp is called back', () => {
  const runs: SippRun[] = [];

  beforeAll(async () => {
    stage = await SipStage.open({ SIP_DIGEST: 'md5', SIP_CALLBACK: 'all' });
  });
  afterAll(async () => {
    for (const run of runs) run.stop();
    await Promise.all(runs.map(({ result }) => result));
    await stage.close();
  });

  test('its offer is answered with a hold, and it is offered the sound of whom it called', async () => {
    if (!program) throw new Error('there is no SIPp');
    const port = await freePort();
    const start = async (scenario: string, more: { port: number; rows?: string[][] }): Promise<SippRun> => {
      const run = sipp({
        ...program,
        folder: stage.folderOf(`sipp-${runs.length}`),
        scenario,
        transport: 'udp',
        calls: 1,
        keys: { domain: DOMAIN, recipient: ALICE_HERE },
        login: { user: ANN, password: PASSWORD },
        ...more,
      });
      runs.push(run);
      return Promise.resolve(run);
    };
    const target = { target: { host: '127.0.0.1', port: stage.port } };
    const registered = await start(registers(), { port, rows: [[ANN]], ...target });
    expect(await registered.result).toMatchObject({ code: 0, errors: '' });
    const ann = await start(isCalledBack(), { port });
    const dialled = await start(calledBack(), {
      port: await freePort(),
      rows: [[ANN, ALICE_HERE]],
      ...target,
    });
    expect(await dialled.result).toMatchObject({ code: 0, errors: '' });
    const call = stage.idOf(await stage.untilCalled('invite'));
    await stage.inCall(ANN, { call, action: 'accepted', session: sessionAt(4000) });
    const { code, errors, logs } = await ann.result;
    expect([code, errors]).toEqual([0, '']);
    expect(logs).toMatch(/held a=inactive/);
    expect(logs).toMatch(/then m=audio 4000/);
    expect(await stage.untilCalled('ended')).toMatchObject({ call });
  });
});
