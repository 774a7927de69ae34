/** Kamailio, a server that others wrote, as the trunk: it asks for our password, stays in between, and has telephones behind it. */
import { findKamailio, findSipp, freePort, kamailio, sipp, type Child, type SippRun } from '#engines';
import { addressOf, network } from '#protocol';
import { engineOrSkip } from '../../../test/support/engines.js';
import { until } from '../../../test/support/until.js';
import { SipSimulator } from '../simulator/index.js';
import { serverScript } from '../simulator/testing/kamailio-script.js';
import { calledBack, calls, isCalled, isCalledBack } from '../simulator/testing/sipp-scenarios.js';
import { shown } from '../simulator/testing/shown.js';
import { sessionAt } from '../../../test/support/rtp-peer.js';
import { ALICE, ALICE_HERE, DOMAIN, keyOf, PASSWORD, SipStage } from './stage.js';

const TRUNK = 'trunk.test';
/** A telephone behind the trunk, one for which the trunk keeps messages, and one that is switched off. */
const [PHONE, KEPT, OFF] = ['+8613800138000', '+8613800138001', '+8613800138002'];

/** A telephone of the old kind behind the trunk, which only calls and is called. */
const OLD = '+8613800138003';

const paths = await engineOrSkip('Kamailio', findKamailio);
const sippPaths = await engineOrSkip('SIPp', findSipp);
const withKamailio = paths ? describe : describe.skip;

withKamailio('Kamailio as the trunk', () => {
  let stage: SipStage;
  let trunk: Child;
  let telephones: SipSimulator;
  let oldPort: number;
  let trunkPort: number;
  const phone = () => telephones.person(PHONE);

  beforeAll(async () => {
    if (!paths) return;
    const [port, ours] = [await freePort(), await freePort()];
    [oldPort, trunkPort] = [await freePort(), port];
    stage = await SipStage.open({
      SIP_PORT: String(ours),
      SIP_TRUNK_HOST: '127.0.0.1',
      SIP_TRUNK_PORT: String(port),
      SIP_TRUNK_DOMAIN: TRUNK,
      SIP_TRUNK_USER: 'hutong',
      SIP_TRUNK_PASSWORD: PASSWORD,
      SIP_TRUNK_CALLS: '2',
      SIP_TRUNK_CALLER: '+861012345678',
    });
    trunk = kamailio({
      ...paths,
      folder: stage.folderOf('kamailio'),
      port,
      script: serverScript({
        domain: TRUNK,
        password: PASSWORD,
        onMessage: `if ($rU == "${KEPT}") { sl_send_reply("202", "Accepted"); exit; }
          if ($rU == "${OLD}") { $du = "sip:127.0.0.1:${oldPort}"; t_relay(); exit; }`,
        elsewhere: { domain: DOMAIN, port: ours },
      }),
    });
    await trunk.start();
    telephones = await SipSimulator.open({
      domain: TRUNK,
      registrar: `127.0.0.1:${port}`,
      password: PASSWORD,
    });
    await phone().whenRegistered();
  });
  afterAll(async () => {
    await telephones?.close();
    await stage?.adapter.stop();
    await trunk?.stop();
    await stage?.close();
  });

  test('a message for a number goes there after the login, and its telephone shows it', async () => {
    await stage.deliver(PHONE, '你好, telephone');
    await shown(phone(), { kind: 'text', from: ALICE_HERE, text: '你好, telephone', id: keyOf(1) });
  });

  test('the receipt of the telephone comes back through the trunk', async () => {
    await until('the receipt', () => stage.double.outcomes.length > 0);
    expect(stage.double.outcomes[0]).toMatchObject({
      of: { native: keyOf(1) },
      report: { stage: 'delivered' },
    });
  });

  test('what the trunk only keeps (202) is handed on, and not more', async () => {
    await expect(stage.deliver(KEPT, 'for later')).resolves.toMatchObject({
      stage: 'submitted',
      basis: 'network',
    });
  });

  test('a telephone that is switched off is a refusal', async () => {
    await expect(stage.deliver(OFF, 'anybody?')).rejects.toMatchObject({ name: 'HubError' });
  });

  test('what a telephone writes comes from its number, and is accepted with 202', async () => {
    await phone().act({ do: 'write', to: ALICE_HERE, text: '你好, Alice' });
    await shown(phone(), { kind: 'sent', text: '你好, Alice', state: '202' });
    expect(stage.written).toEqual([
      { from: addressOf(network('youxin'), PHONE), to: ALICE, text: '你好, Alice' },
    ]);
  });

  test('our account is registered there: what is for it comes to us, who have nobody of that name', async () => {
    const account = `sip:hutong@${TRUNK}`;
    const status = () => phone().timeline.findLast(({ target }) => target === account)?.state;
    await until('the registration', async () => {
      await phone().act({ do: 'write', to: account, text: 'to the account' });
      return status() !== '480';
    });
    expect(status()).toBe('404');
  });

  test('a telephone that subscribes is told through the trunk, which stays in between', async () => {
    await phone().act({ do: 'add', who: ALICE_HERE });
    await stage.contact(PHONE, 'accept');
    await stage.showPresence(PHONE, 'away');
    await shown(phone(), { kind: 'presence', from: ALICE_HERE, state: 'away' });
  });

  const withSipp = sippPaths ? test : test.skip;
  const oldTelephone = (scenario: string, more: Partial<Parameters<typeof sipp>[0]> = {}): SippRun => {
    if (!sippPaths) throw new Error('there is no SIPp');
    const folder = stage.folderOf(`sipp-${oldPort}-${scenario.length}`);
    return sipp({ ...sippPaths, folder, scenario, port: oldPort, calls: 1, ...more });
  };

  withSipp(
    'a call to a number goes there after the login, shows our number, and ends through the trunk',
    async () => {
      const telephone = oldTelephone(isCalled('P-Asserted-Identity: <sip:[+]861012345678@trunk.test>'));
      const call = await stage.call(OLD, sessionAt(4000));
      expect(await stage.untilCalled('ringing')).toMatchObject({ call, to: ALICE });
      expect((await stage.untilCalled('accepted')).session).toContain('m=audio');
      await stage.inCall(OLD, { call, action: 'ended' });
      expect(await telephone.result).toMatchObject({ code: 0, errors: '' });
    },
  );

  withSipp('a telephone calls through the trunk, is answered, and hangs up', async () => {
    const answered = stage
      .untilCalled('invite')
      .then((draft) =>
        stage.inCall(OLD, { call: stage.idOf(draft), action: 'accepted', session: sessionAt(4000) }),
      );
    const telephone = oldTelephone(calls(), {
      keys: { domain: TRUNK },
      login: { user: OLD, password: PASSWORD },
      target: { host: '127.0.0.1', port: trunkPort },
      rows: [[OLD, ALICE_HERE]],
    });
    await answered;
    expect(await telephone.result).toMatchObject({ code: 0, errors: '' });
    expect(await stage.untilCalled('ended')).toMatchObject({
      from: { address: addressOf(network('youxin'), OLD) },
      to: ALICE,
    });
  });

  withSipp('a telephone that calls through the trunk is called back there, after the login', async () => {
    stage.calls.splice(0);
    await stage.restart({ SIP_CALLBACK: 'trunk' });
    const telephone = oldTelephone(isCalledBack());
    const dialled = oldTelephone(calledBack(), {
      port: await freePort(),
      keys: { domain: TRUNK },
      login: { user: OLD, password: PASSWORD },
      target: { host: '127.0.0.1', port: trunkPort },
      rows: [[OLD, ALICE_HERE]],
    });
    expect(await dialled.result).toMatchObject({ code: 0, errors: '' });
    const call = stage.idOf(await stage.untilCalled('invite'));
    await stage.inCall(OLD, { call, action: 'accepted', session: sessionAt(4000) });
    expect(await telephone.result).toMatchObject({ code: 0, errors: '' });
    expect(await stage.untilCalled('ended')).toMatchObject({ call });
  });
});
