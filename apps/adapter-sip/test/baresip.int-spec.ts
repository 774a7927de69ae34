/** baresip, a telephone that others wrote, at the adapter: it logs in, writes, takes messages, and sees who is there. */
import { Baresip, findBaresip, freePort, freePortPair } from '#engines';
import { engineOrSkip } from '../../../test/support/engines.js';
import { until } from '../../../test/support/until.js';
import { RtpPeer } from '../../../test/support/rtp-peer.js';
import { ALICE, ALICE_HERE, ANN, DOMAIN, PASSWORD, SipStage } from './stage.js';

const paths = await engineOrSkip('baresip', findBaresip);
const withBaresip = paths ? describe : describe.skip;

withBaresip.each(['udp', 'tcp'] as const)('baresip over %s', (transport) => {
  let stage: SipStage;
  let baresip: Baresip;
  let ear: RtpPeer;

  beforeAll(async () => {
    if (!paths) return;
    ear = await RtpPeer.open();
    stage = await SipStage.open({ SIP_DIGEST: 'md5' });
    baresip = await Baresip.start({
      ...paths,
      folder: stage.folderOf('baresip'),
      account: { user: ANN, domain: DOMAIN, password: PASSWORD, server: stage.server, transport },
      contacts: [ALICE_HERE],
      ports: { sip: await freePortPair(), control: await freePort() },
    });
    await baresip.says(/\[1 binding/);
  });
  afterAll(async () => {
    await baresip?.stop();
    await stage?.close();
    await ear?.close();
  });

  test('what it writes reaches the hub', async () => {
    await baresip.command('message', '你好, Alice');
    await stage.untilWritten(1);
    expect(stage.written).toEqual([{ from: `im:${ANN}@youxin`, to: ALICE, text: '你好, Alice' }]);
    await baresip.says(/SIP\/2\.0 202 [^]*MESSAGE/);
  });

  test('it takes what comes from the hub, as plain words, which are all that it knows', async () => {
    await expect(stage.deliver(ANN, '你好, Ann')).resolves.toMatchObject({ basis: 'user-device' });
    await baresip.says(/From: [^\n]*alice@far[^]*text\/plain[^]*\r\n\r\n你好, Ann/);
  });

  test('its person is seen by whom they subscribed to, and sees them', async () => {
    await stage.contact(ANN, 'accept');
    await stage.contact(ANN, 'request');
    await baresip.command('presence_online');
    await until('her presence', () =>
      stage.presences.some(
        ({ of, availability }) => of === `im:${ANN}@youxin` && availability === 'available',
      ),
    );
    await stage.showPresence(ANN, 'available');
    await baresip.says(/NOTIFY [^]*<basic>open/);
    expect(await baresip.command('contacts')).toMatch(/Online.*alice/);
    await baresip.command('presence_offline');
    await until('her absence', () => stage.presences.at(-1)?.availability === 'offline');
  });

  test('it calls, is answered, plays its tone to whom it called, and hangs up', async () => {
    await baresip.command('dial', ALICE_HERE);
    const { session, ...invite } = await stage.untilCalled('invite');
    expect(invite).toMatchObject({ from: { address: `im:${ANN}@youxin` }, to: ALICE, media: 'voice' });
    expect(session).toContain('m=audio');
    const call = stage.idOf(invite);
    await stage.inCall(ANN, { call, action: 'ringing' });
    await baresip.says(/SIP\/2\.0 180/);
    await stage.inCall(ANN, { call, action: 'accepted', session: ear.session });
    await ear.hears();
    await baresip.command('hangup');
    expect(await stage.untilCalled('ended')).toMatchObject({ call, to: ALICE });
  });

  test('it is called, rings, accepts, and is hung up on', async () => {
    const call = await stage.call(ANN, ear.session);
    expect(await stage.untilCalled('ringing')).toMatchObject({ call, to: ALICE });
    ear.forget();
    await baresip.command('accept');
    expect((await stage.untilCalled('accepted')).session).toContain('m=audio');
    await ear.hears();
    await stage.inCall(ANN, { call, action: 'ended' });
    await until('the end', async () => !(await baresip.command('listcalls')).includes('ESTABLISHED'));
  });

  test('whom it does not want to talk with is told so, and who gives up is missed', async () => {
    const first = await stage.call(ANN, ear.session);
    await stage.untilCalled('ringing', 2);
    await baresip.command('hangup');
    expect(await stage.untilCalled('declined')).toMatchObject({ call: first });
    const second = await stage.call(ANN, ear.session);
    await stage.untilCalled('ringing', 3);
    await stage.inCall(ANN, { call: second, action: 'cancelled' });
    await baresip.says(/CANCEL sip:[^]*SIP\/2\.0 487/);
    await baresip.says(/\r\n\r\n（未接来电）/);
  });
});
