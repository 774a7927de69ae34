/** baresip, a telephone that others wrote, and a softphone of ours, both at Kamailio: they write to each other and see each other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Baresip, findBaresip, findKamailio, freePort, freePortPair, kamailio, type Child } from '#engines';
import { engineOrSkip } from '../../../test/support/engines.js';
import { until } from '../../../test/support/until.js';
import { SipSimulator } from './index.js';
import { serverScript } from './testing/kamailio-script.js';
import { shown } from './testing/shown.js';

const DOMAIN = 'youxin.test';
const PASSWORD = 'sesame';

const phone = await engineOrSkip('baresip', findBaresip);
const server = await engineOrSkip('Kamailio', findKamailio);
const withBoth = phone && server ? describe : describe.skip;

withBoth('baresip and a softphone', () => {
  let proxy: Child;
  let sip: SipSimulator;
  let baresip: Baresip;
  let folder: string;
  const alice = () => sip.person('alice');

  beforeAll(async () => {
    if (!phone || !server) return;
    folder = mkdtempSync(join(tmpdir(), 'hutong-baresip-'));
    const port = await freePort();
    const script = serverScript({ domain: DOMAIN, password: PASSWORD });
    proxy = kamailio({ ...server, folder: join(folder, 'kamailio'), port, script });
    await proxy.start();
    const registrar = `127.0.0.1:${port}`;
    sip = await SipSimulator.open({ domain: DOMAIN, registrar, password: PASSWORD });
    await alice().whenRegistered();
    baresip = await Baresip.start({
      ...phone,
      folder: join(folder, 'baresip'),
      account: { user: 'bob', domain: DOMAIN, password: PASSWORD, server: registrar },
      contacts: [`sip:alice@${DOMAIN}`],
      ports: { sip: await freePortPair(), control: await freePort() },
    });
    await baresip.says(/200 OK[^\n]*\[1 binding/);
  });
  afterAll(async () => {
    await baresip?.stop();
    await sip?.close();
    await proxy?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  test('what baresip writes is shown', async () => {
    await baresip.command('message', '你好, Alice');
    await shown(alice(), { kind: 'text', from: 'bob', text: '你好, Alice' });
  });

  test('baresip takes what the softphone writes, without CPIM, which it does not know', async () => {
    await alice().act({ do: 'write', to: 'bob', text: '你好, Bob' });
    await shown(alice(), { kind: 'sent', text: '你好, Bob', state: '200' });
    // It has no screen: what it got, and that it took it, is in its trace.
    await baresip.says(/text\/plain[^]*\r\n\r\n你好, Bob[^]*SIP\/2.0 200 OK/);
  });

  test('they see whether the other is there', async () => {
    await alice().act({ do: 'add', who: 'bob' });
    await baresip.command('presence_online');
    await shown(alice(), { kind: 'presence', from: 'bob', state: 'online' });
    await baresip.command('presence_offline');
    await until('his absence', () => alice().contacts()[0]?.state === 'offline');
    await alice().act({ do: 'appear', state: 'online' });
    await baresip.says(/NOTIFY [^]*<basic>open/);
    expect(await baresip.command('contacts')).toMatch(/Online.*alice/);
  });
});
