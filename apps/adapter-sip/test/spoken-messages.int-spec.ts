/** A message is spoken to a telephone that others wrote (baresip), by espeak-ng, and its person presses a key, or does not. */
import { Baresip, findBaresip, findEspeak, findSipp, sipp, freePort, freePortPair } from '#engines';
import { plainText, type HubError, type MessageEvent } from '#protocol';
import { silentLog } from '#service';
import { engineOrSkip } from '../../../test/support/engines.js';
import { RtpPeer } from '../../../test/support/rtp-peer.js';
import { until } from '../../../test/support/until.js';
import { pressesByInfo, registers } from '../simulator/testing/sipp-scenarios.js';
import { SpokenMessages } from '../src/voice/spoken-messages.js';
import { ALICE, ALICE_HERE, ANN, BEA, DOMAIN, PASSWORD, SipStage } from './stage.js';

const phone = await engineOrSkip('baresip', findBaresip);
const voice = await engineOrSkip('espeak-ng', findEspeak);
const program = await engineOrSkip('SIPp', findSipp);
const withEngines = phone && voice ? describe : describe.skip;

withEngines('a message that is spoken by a call', () => {
  let stage: SipStage;
  let baresip: Baresip;

  beforeAll(async () => {
    if (!phone || !voice) return;
    const speech = { SIP_SPEECH: voice.command.join(' '), SIP_SOUND_ADDRESS: '127.0.0.1' };
    stage = await SipStage.open({ SIP_DIGEST: 'md5', ...speech });
    baresip = await Baresip.start({
      ...phone,
      folder: stage.folderOf('baresip'),
      account: { user: ANN, domain: DOMAIN, password: PASSWORD, server: stage.server, publishes: false },
      contacts: [ALICE_HERE],
      ports: { sip: await freePortPair(), control: await freePort() },
    });
    await baresip.says(/\[1 binding/);
  });

  afterAll(async () => {
    await baresip?.stop();
    await stage?.close();
  });

  const speak = (text: string) => stage.deliver(ANN, text, { resolvedby: 'voice' });
  /** With which it failed; undefined: it did not. */
  const codeOf = (delivered: Promise<unknown>) =>
    delivered.then(
      () => undefined,
      (error: HubError) => error.code,
    );
  const rings = () =>
    until('the telephone to ring', async () => (await baresip.command('listcalls')).includes('INCOMING'));
  const isFree = () =>
    until(
      'the telephone to be free',
      async () => !/ESTABLISHED|INCOMING/.test(await baresip.command('listcalls')),
    );

  test('is delivered when the person presses 1', async () => {
    const delivered = speak('火车晚点一小时');
    await rings();
    await baresip.command('accept');
    await baresip.says(/incoming rtp for 'audio' established/);
    await baresip.command('sndcode', '7');
    await baresip.command('sndcode', '1');
    await expect(delivered).resolves.toMatchObject({ basis: 'user-device' });
    await isFree();
  });

  test('is in doubt when the person hangs up before', async () => {
    const code = codeOf(speak('The train is late.'));
    await rings();
    await baresip.command('accept');
    await until('the call', async () => (await baresip.command('listcalls')).includes('ESTABLISHED'));
    await baresip.command('hangup');
    expect(await code).toBe('103');
  });

  test('has certainly failed when the person declines', async () => {
    const code = codeOf(speak('The train is late.'));
    await rings();
    await baresip.command('hangup');
    expect(await code).toBe('68');
    await isFree();
  });

  test('is spoken in one call when it is long', async () => {
    const delivered = speak('The train is an hour late, and the next one does not stop here. '.repeat(20));
    await rings();
    await baresip.command('accept');
    await baresip.says(/incoming rtp for 'audio' established/);
    await baresip.command('sndcode', '1');
    await expect(delivered).resolves.toMatchObject({ native: [expect.any(String)] });
    await isFree();
  });

  test('is refused when it is longer than what the kit hands over at once', async () => {
    await expect(speak('字'.repeat(6000))).rejects.toMatchObject({ code: '12' });
  });

  (program ? test.each : test.skip.each)([
    ['application/dtmf-relay', 'Signal=1\r\nDuration=160'],
    ['application/dtmf', '1'],
  ])('is delivered when the key comes as INFO: %s', async (type, body) => {
    if (!program) return;
    const port = await freePort();
    const start = (scenario: string, more: Partial<Parameters<typeof sipp>[0]> = {}) =>
      sipp({
        ...program,
        folder: stage.folderOf(`sipp-${port}-${scenario.length}`),
        scenario,
        port,
        calls: 1,
        ...more,
      });
    const registered = start(registers(), {
      keys: { domain: DOMAIN, recipient: ALICE_HERE },
      login: { user: BEA, password: PASSWORD },
      target: { host: '127.0.0.1', port: stage.port },
      rows: [[BEA]],
    });
    expect(await registered.result).toMatchObject({ code: 0, errors: '' });
    const telephone = start(pressesByInfo(type, body));
    await expect(stage.deliver(BEA, 'The train is late.', { resolvedby: 'voice' })).resolves.toMatchObject({
      basis: 'user-device',
    });
    expect(await telephone.result).toMatchObject({ code: 0, errors: '' });
  });
});

test('the parts of a long text are spoken one after the other, and then again', async () => {
  const telephone = await RtpPeer.open();
  const spoken: string[] = [];
  const messages = new SpokenMessages({
    // Each part is 20 ms of sound.
    speech: { of: (text) => Promise.resolve(Buffer.alloc(160, spoken.push(text))) },
    address: '127.0.0.1',
    clock: { now: Date.now, after: (_ms, work) => clearImmediate.bind(undefined, setImmediate(work)) },
    log: silentLog,
    nameOf: () => 'Alice',
    call: (_from, _to, _id, _offer, did) => {
      did({ action: 'accepted', session: telephone.session });
      return Promise.resolve({ hangUp: () => undefined });
    },
  });
  const text = 'The train is late. '.repeat(100).trim();
  const from = { address: ALICE };
  const event = { data: { from, to: ALICE, content: { body: plainText(text) } } } as unknown as MessageEvent;
  await expect(messages.deliver(event, 'key')).rejects.toMatchObject({ code: '103' });
  expect(spoken.length).toBeGreaterThan(2);
  const whole = `Hello. A message from Alice: ${text}. Press 1 if you heard this.`;
  expect(spoken.join(' ').replaceAll(/\s+/g, ' ')).toBe(whole);
  await until('all packets', () => telephone.heard === 2 * spoken.length);
  await telephone.close();
});
