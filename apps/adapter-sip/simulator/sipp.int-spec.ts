/** SIPp, a program that others wrote, and the softphones: it asks for digests, sends messages and takes them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSipp, freePort, sipp, type SippOptions } from '#engines';
import { engineOrSkip } from '../../../test/support/engines.js';
import { SipSimulator, type SipOptions } from './index.js';
import { LittleServer } from './testing/little-server.js';
import { letsIn, takes, writes } from './testing/sipp-scenarios.js';
import { shown } from './testing/shown.js';

const DOMAIN = 'youxin.test';
const ALICE = { user: 'alice', password: 'open sesame' };
const MESSAGES = 20;

const paths = await engineOrSkip('SIPp', findSipp);
const withSipp = paths ? describe : describe.skip;

withSipp('SIPp', () => {
  let port: number;
  let folder: string;
  let sip: SipSimulator;
  const alice = () => sip.person(ALICE.user);

  const play = (scenario: string, more: Partial<SippOptions> = {}) => {
    if (!paths) throw new Error('there is no SIPp');
    const own = mkdtempSync(join(folder, 'run-'));
    return sipp({ ...paths, folder: own, scenario, port, calls: 1, ...more }).result;
  };
  const open = (options: Partial<SipOptions>) =>
    SipSimulator.open({
      domain: DOMAIN,
      registrar: `sip:127.0.0.1:${port}`,
      password: ALICE.password,
      receipts: false,
      keepAliveMs: 600_000,
      ...options,
    });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hutong-sipp-'));
    port = await freePort();
  });
  afterEach(async () => {
    await sip.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['udp', 'tcp'] as const)('what it sends over %s is shown', async (transport) => {
    const server = await LittleServer.open({ password: ALICE.password });
    sip = await open({ registrar: server.address });
    await alice().whenRegistered();
    const texts = Array.from({ length: MESSAGES }, (_, at) => `你好 ${at}`);
    const done = await play(writes(200), {
      target: { host: '127.0.0.1', port: sip.phonePort },
      transport,
      calls: MESSAGES,
      rate: 100,
      keys: { domain: DOMAIN },
      rows: texts.map((text) => ['bob', `sip:alice@${DOMAIN}`, text]),
    });
    await server.close();
    expect(done).toMatchObject({ code: 0, errors: '' });
    const seen = alice().timeline.filter(({ from }) => from === 'bob');
    expect(new Set(seen.map(({ text }) => text))).toEqual(new Set(texts));
    expect(seen).toHaveLength(MESSAGES);
  });

  test('it lets a phone in by its digest, and takes its messages', async () => {
    const registration = play(letsIn('REGISTER', ALICE, true, ['[last_Contact:];expires=600']));
    sip = await open({});
    await alice().whenRegistered();
    expect(await registration).toMatchObject({ code: 0, errors: '' });
    // The phone goes on telling its presence until somebody hears it.
    const publication = await play(letsIn('PUBLISH', ALICE, false, ['SIP-ETag: 1', 'Expires: 600']));
    expect(publication).toMatchObject({ code: 0, errors: '' });

    const login = play(letsIn('MESSAGE', ALICE, false, []));
    await alice().act({ do: 'write', to: 'bob', text: 'it is me' });
    expect(await login).toMatchObject({ code: 0, errors: '' });
    await shown(alice(), { kind: 'sent', text: 'it is me', state: '200' });

    const taken = play(takes('^words 你好 [0-9]+$'), { calls: MESSAGES });
    for (let at = 0; at < MESSAGES; at++)
      await alice().act({ do: 'write', to: 'bob', text: `words 你好 ${at}` });
    const { code, errors, logs } = await taken;
    expect([code, errors]).toEqual([0, '']);
    expect(logs.match(/words 你好 \d+/g)).toHaveLength(MESSAGES);
  });
});
