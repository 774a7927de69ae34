/** Kamailio, a server that others wrote, is the registrar, proxy and presence server of the softphones. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findKamailio, freePort, kamailio, type Child } from '#engines';
import { engineOrSkip } from '../../../test/support/engines.js';
import { SipSimulator } from './index.js';
import { serverScript } from './testing/kamailio-script.js';
import { shown } from './testing/shown.js';

const DOMAIN = 'youxin.test';
const PASSWORD = 'open sesame';

const paths = await engineOrSkip('Kamailio', findKamailio);
const withKamailio = paths ? describe : describe.skip;

withKamailio.each([
  ['udp', 'MD5'],
  ['tcp', 'SHA-256'],
] as const)('Kamailio over %s, with %s', (transport, algorithm) => {
  let server: Child;
  let sip: SipSimulator;
  let folder: string;
  let registrar: string;
  const alice = () => sip.person('alice');
  const bob = () => sip.person('bob');

  beforeAll(async () => {
    if (!paths) return;
    folder = mkdtempSync(join(tmpdir(), 'hutong-kamailio-'));
    const port = await freePort();
    server = kamailio({
      ...paths,
      folder,
      port,
      script: serverScript({ domain: DOMAIN, password: PASSWORD, algorithm }),
    });
    await server.start();
    registrar = `sip:127.0.0.1:${port}`;
    sip = await SipSimulator.open({ domain: DOMAIN, registrar, password: PASSWORD, transport });
    await Promise.all([alice().whenRegistered(), bob().whenRegistered()]);
  });
  afterAll(async () => {
    await sip?.close();
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  test('a message arrives, and comes to be delivered and read', async () => {
    const { id } = await alice().act({ do: 'write', to: 'bob', text: '你好, Bob' });
    await shown(bob(), { kind: 'text', id, from: 'alice', text: '你好, Bob' });
    await shown(alice(), { kind: 'delivered', target: id });
    await bob().act({ do: 'read', to: 'alice', target: id });
    await shown(alice(), { kind: 'read', target: id });
  });

  test('presence is published and shown', async () => {
    await bob().act({ do: 'add', who: 'alice' });
    await alice().act({ do: 'appear', state: 'away', mood: '开会' });
    await shown(bob(), { kind: 'presence', from: 'alice', state: 'away', text: '开会' });
    await alice().act({ do: 'appear', state: 'online' });
    await shown(bob(), { kind: 'presence', from: 'alice', state: 'online' });
  });

  test('whoever has left cannot be reached', async () => {
    await bob().act({ do: 'appear', state: 'offline' });
    await alice().act({ do: 'write', to: 'bob', text: 'gone?' });
    await shown(alice(), { kind: 'failed', state: '480' });
    await bob().act({ do: 'appear', state: 'online' });
    await alice().act({ do: 'write', to: 'bob', text: 'back!' });
    await shown(bob(), { text: 'back!' });
  });

  test('a server that is started again gets to know them again', async () => {
    await server.stop();
    await server.start();
    sip.people().forEach(({ registration }) => registration.renew());
    await Promise.all([alice().whenRegistered(), bob().whenRegistered()]);
    await bob().act({ do: 'write', to: 'alice', text: 'after the restart' });
    await shown(alice(), { kind: 'text', text: 'after the restart' });
    await alice().act({ do: 'appear', state: 'busy' });
    await shown(bob(), { kind: 'presence', state: 'busy' });
  });

  test('who knows no password is not let in', async () => {
    const stranger = await SipSimulator.open({
      domain: DOMAIN,
      registrar,
      password: 'guessed',
    });
    await expect(stranger.person('mallory').whenRegistered()).rejects.toThrow('401');
    await stranger.close();
  });
});
