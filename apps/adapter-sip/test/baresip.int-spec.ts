/** baresip, a telephone that others wrote, at the adapter: it logs in, writes, takes messages, and sees who is there. */
import { Baresip, findBaresip, freePort } from '#engines';
import { engineOrSkip } from '../../../test/support/engines.js';
import { until } from '../../../test/support/until.js';
import { ALICE, ALICE_HERE, ANN, DOMAIN, PASSWORD, SipStage } from './stage.js';

const paths = await engineOrSkip('baresip', findBaresip);
const withBaresip = paths ? describe : describe.skip;

withBaresip.each(['udp', 'tcp'] as const)('baresip over %s', (transport) => {
  let stage: SipStage;
  let baresip: Baresip;

  beforeAll(async () => {
    if (!paths) return;
    stage = await SipStage.open({ SIP_DIGEST: 'md5' });
    baresip = await Baresip.start({
      ...paths,
      folder: stage.folderOf('baresip'),
      account: { user: ANN, domain: DOMAIN, password: PASSWORD, server: stage.server, transport },
      contacts: [ALICE_HERE],
      ports: { sip: await freePort(), control: await freePort() },
    });
    await baresip.says(/\[1 binding/);
  });
  afterAll(async () => {
    await baresip?.stop();
    await stage?.close();
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
});
