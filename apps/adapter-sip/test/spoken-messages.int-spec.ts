/** A message is spoken to a telephone that others wrote (baresip), by espeak-ng, and its person presses a key, or does not. */
import { Baresip, findBaresip, findEspeak, freePort, freePortPair } from '#engines';
import type { HubError } from '#protocol';
import { engineOrSkip } from '../../../test/support/engines.js';
import { until } from '../../../test/support/until.js';
import { ALICE_HERE, ANN, DOMAIN, PASSWORD, SipStage } from './stage.js';

const phone = await engineOrSkip('baresip', findBaresip);
const voice = await engineOrSkip('espeak-ng', findEspeak);
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

  test('is refused when it is too long for anybody to listen to', async () => {
    await expect(speak('字'.repeat(1100))).rejects.toMatchObject({ code: '12' });
  });
});
