/** Kamailio, a server that others wrote, as the proxy behind the trunk: our account there, and people of its domain. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findKamailio, freePort, kamailio, type Child } from '#engines';
import type { DeliveryContext } from '#adapter-kit';
import { plainText, type Address, type MessageEvent } from '#protocol';
import { engineOrSkip } from '../../../test/support/engines.js';
import { SipSimulator } from '../simulator/index.js';
import { serverScript } from '../simulator/testing/kamailio-script.js';
import { shown } from '../simulator/testing/shown.js';
import { anAdapter, type AdapterDouble } from './adapter-double.js';
import { until } from './until.js';

const DOMAIN = 'elsewhere.test';
const PASSWORD = 'open sesame';
const SUE = 'im:sue@far' as Address;
const BOB = 'im:bob%40elsewhere.test@youxin' as Address;

const paths = await engineOrSkip('Kamailio', findKamailio);
const withKamailio = paths ? describe : describe.skip;

/** Whoever has our account may write for people abroad. */
withKamailio.each([
  ['UDP', 'MD5'],
  ['TCP', 'SHA-256'],
] as const)('a trunk to Kamailio over %s, with %s', (transport, algorithm) => {
  let server: Child;
  let bobs: SipSimulator;
  let home: AdapterDouble;
  let folder: string;

  beforeAll(async () => {
    if (!paths) return;
    folder = mkdtempSync(join(tmpdir(), 'sip-trunk-'));
    const port = await freePort();
    const script = serverScript({ domain: DOMAIN, password: PASSWORD, algorithm });
    server = kamailio({ ...paths, folder, port, script });
    await server.start();
    bobs = await SipSimulator.open({
      domain: DOMAIN,
      registrar: `sip:127.0.0.1:${port}`,
      password: PASSWORD,
    });
    await bobs.person('bob').whenRegistered();
    home = await anAdapter(folder, {
      SIP_TRUNK_HOST: '127.0.0.1',
      SIP_TRUNK_PORT: String(port),
      SIP_TRUNK_TRANSPORT: transport,
      SIP_TRUNK_DOMAIN: DOMAIN,
      SIP_TRUNK_USER: 'hutong',
      SIP_TRUNK_PASSWORD: PASSWORD,
      SIP_TRUNK_ROUTE: `<sip:127.0.0.1:${port};lr>`,
    });
  });

  afterAll(async () => {
    await home?.stop();
    await bobs?.close();
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const toBob = (text: string, idempotencyKey: string) => {
    const data = { from: { address: SUE, displayName: 'Sue' }, to: BOB, sentAt: new Date().toISOString() };
    const event = { data: { ...data, content: { body: plainText(text) } } } as unknown as MessageEvent;
    const context = { idempotencyKey, uncertain: false } as DeliveryContext;
    return home.adapter.deliver(event, context);
  };

  test('our account is registered there', async () => {
    await until(() => home.adapter.trunkIsRegistered);
  });

  test('a message goes through it to a person of its domain, who sees from whom', async () => {
    await until(() => home.adapter.trunkIsRegistered);
    const delivered = await toBob('你好, Bob', 'key-1');
    expect(delivered).toMatchObject({ native: ['key-1'], basis: 'network' });
    await shown(bobs.person('bob'), { kind: 'text', text: '你好, Bob', name: 'Sue (far)' });
  });

  test('whom the proxy does not know cannot be reached now', async () => {
    await bobs.person('bob').act({ do: 'appear', state: 'offline' });
    await expect(toBob('gone?', 'key-2')).rejects.toMatchObject({ code: '91' });
  });
});
