/** Kamailio, a server that others wrote, as the trunk: it asks for our password, stays in between, and has telephones behind it. */
import { findKamailio, freePort, kamailio, type Child } from '#engines';
import { addressOf, network } from '#protocol';
import { engineOrSkip } from '../../../test/support/engines.js';
import { until } from '../../../test/support/until.js';
import { SipSimulator } from '../simulator/index.js';
import { serverScript } from '../simulator/testing/kamailio-script.js';
import { shown } from '../simulator/testing/shown.js';
import { ALICE, ALICE_HERE, DOMAIN, keyOf, PASSWORD, SipStage } from './stage.js';

const TRUNK = 'trunk.test';
/** A telephone behind the trunk, one for which the trunk keeps messages, and one that is switched off. */
const [PHONE, KEPT, OFF] = ['+8613800138000', '+8613800138001', '+8613800138002'];

const paths = await engineOrSkip('Kamailio', findKamailio);
const withKamailio = paths ? describe : describe.skip;

withKamailio('Kamailio as the trunk', () => {
  let stage: SipStage;
  let trunk: Child;
  let telephones: SipSimulator;
  const phone = () => telephones.person(PHONE);

  beforeAll(async () => {
    if (!paths) return;
    const [port, ours] = [await freePort(), await freePort()];
    stage = await SipStage.open({
      SIP_PORT: String(ours),
      SIP_TRUNK_HOST: '127.0.0.1',
      SIP_TRUNK_PORT: String(port),
      SIP_TRUNK_DOMAIN: TRUNK,
      SIP_TRUNK_USER: 'hutong',
      SIP_TRUNK_PASSWORD: PASSWORD,
    });
    trunk = kamailio({
      ...paths,
      folder: stage.folderOf('kamailio'),
      port,
      script: serverScript({
        domain: TRUNK,
        password: PASSWORD,
        onMessage: `if ($rU == "${KEPT}") { sl_send_reply("202", "Accepted"); exit; }`,
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
});
