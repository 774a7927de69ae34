/**
 * Every interface and every way in: the real adapter before a simulated QQ, with a hub in memory. What people write arrives,
 * what is written to them is shown once, and a lost connection or a lost answer doubles nothing.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  ADAPTER,
  createAdapterHttp,
  type Delivered,
  type DeliveryContext,
  FirstUse,
  type Hub,
} from '#adapter-kit';
import { MediaFile } from '#media';
import { addressOf, network, plainText, type MessageEvent } from '#protocol';
import { RefusalLog, WrongProofs } from '#service';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { until } from '../../../test/support/until.js';
import { ACCOUNT, QqSimulator, type QqOptions } from '../simulator/index.js';
import type { QqAdapter } from '../src/qq.adapter.js';
import { qqSettings } from '../src/qq.config.js';
import { QqCallbackController } from '../src/qq.callback.js';
import { qqAdapter } from '../src/qq.module.js';
import { APP, settingsOf, type Transport } from './qq.home.js';

const WAYS: [QqOptions['profile'], Transport][] = [
  ['onebot11', 'ws'],
  ['onebot11', 'reverse-ws'],
  ['onebot11', 'http'],
  ['onebot12', 'ws'],
  ['onebot12', 'reverse-ws'],
  ['onebot12', 'http'],
  ['official', 'ws'],
  ['official', 'http'],
];
const KEY = createHash('sha256').update('a message').digest('base64url').slice(0, 40);

/** Sends everything that the adapter sends at most once, and downloads from anywhere. */
function passing(double: HubDouble): Hub {
  const download = async (url: string) => {
    const { body } = await fetch(url);
    if (!body) throw new Error(`no content at ${url}`);
    return body;
  };
  const atMostOnce = (_key: string, send: () => Promise<Delivered>) => send();
  return { ...double.hub, atMostOnce, attachments: { download } } as unknown as Hub;
}

describe.each(WAYS)('%s over %s', (profile, transport) => {
  const double = new HubDouble({ talked: true });
  let qq: QqSimulator;
  let adapter: QqAdapter;
  let http: NestFastifyApplication;
  let folder: string;

  const ann = () => qq.person(qq.nativeOf('ann'));
  const texts = () => ann().timeline.flatMap(({ text }) => (text === undefined ? [] : [text]));
  const eventOf = (text: string) =>
    ({
      id: KEY,
      time: new Date().toISOString(),
      data: {
        from: { address: 'im:alice@far' },
        to: addressOf(network('qq'), ann().native),
        content: { body: plainText(text) },
      },
    }) as unknown as MessageEvent;
  const context = (key = KEY): DeliveryContext => ({
    idempotencyKey: key,
    target: undefined,
    uncertain: true,
    delayedSince: undefined,
  });
  const arrived = (text: string) =>
    until(`"${text}"`, () =>
      double.submitted.some(({ content }) => JSON.stringify(content).includes(JSON.stringify(text))),
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-test-'));
    qq = await QqSimulator.open({ profile, token: 'access-token', ...APP, reconnectMs: 50, retryMs: 50 });
    adapter = qqAdapter(qqSettings.parse(settingsOf(profile, transport, qq.url)), double.log);
    const runtime = { check: () => ({}), firstUse: { claim: () => Promise.resolve('') } };
    ({ http } = await createAdapterHttp({
      module: {
        module: class {},
        controllers: [QqCallbackController],
        providers: [{ provide: ADAPTER, useValue: adapter }],
        exports: [ADAPTER],
      },
      settings: {},
      runtime: () => runtime,
      log: double.log,
    }));
    await http.listen(0, '127.0.0.1');
    const refusals = new RefusalLog(double.log);
    const proofs = new WrongProofs({ place: 'http', log: double.log });
    await adapter.start(passing(double));
    adapter.attach(http.getHttpServer(), { refusals, proofs, firstUse: new FirstUse({} as never) });
    const url = await http.getUrl();
    if (transport === 'reverse-ws') await qq.connect(`${url.replace('http', 'ws')}/onebot`);
    if (transport === 'http') await qq.connect(`${url}/callback`);
    await until('the adapter listens', () => qq.listening > 0 && adapter.connectivity.connected);
  });
  afterAll(async () => {
    await adapter.stop();
    await qq.close();
    await http.close();
    await rm(folder, { recursive: true });
  });

  test('what a person writes arrives', async () => {
    await ann().act({ do: 'write', to: ACCOUNT, text: 'hello from ann' });
    await arrived('hello from ann');
  });

  test('what is written to her is shown, and is taken back', async () => {
    const { native } = await adapter.deliver(eventOf('hello ann'), context());
    expect(texts().at(-1)).toContain('hello ann');
    const piece = { id: native[0] ?? '' };
    await adapter.deliverRecall(eventOf(''), { ...context(), piece } as never);
    expect(ann().timeline.at(-1)?.kind).toBe('recall');
  });

  test('a picture and a voice note of others are shown', async () => {
    for (const [as, type, content] of [
      ['image', 'image/jpeg', 'a picture'],
      ['voice', 'audio/silk', '\x02#!SILK_V3 a voice'],
    ] as const) {
      const path = join(folder, as);
      await writeFile(path, content);
      const sha256 = createHash('sha256').update(content).digest('hex');
      const file = new MediaFile(path, { contentType: type, size: content.length, sha256, meta: {} });
      await adapter.deliverAttachment(
        eventOf('look'),
        { file, as, part: {} as never },
        context(`${KEY}${as}`.slice(-40)),
      );
      const { media } = ann().timeline.findLast(({ kind }) => kind === 'media') ?? {};
      expect(await (await fetch(media?.url ?? '')).text()).toBe(content);
    }
  });

  test('the content of her voice note is fetched', async () => {
    await ann().act({ do: 'send', to: ACCOUNT, what: 'voice', fields: {} });
    await until('her voice note', () => double.submitted.at(-1)?.media !== undefined);
    const [medium] = double.submitted.at(-1)?.media ?? [];
    const parts: Uint8Array[] = [];
    for await (const part of await adapter.openAttachment(medium?.source ?? {}, AbortSignal.timeout(5000)))
      parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe('a small file');
  });

  test('a message without an answer is in doubt, or comes again and is shown once', async () => {
    await ann().act({ do: 'write', to: ACCOUNT, text: 'before the silence' });
    await arrived('before the silence');
    qq.faults.silence('taken');
    const attempt = () => adapter.deliver(eventOf('only once'), context(KEY.toLowerCase()));
    await expect(attempt()).rejects.toMatchObject({ code: profile === 'official' ? '91' : '103' });
    if (profile === 'official') await attempt();
    expect(texts().filter((text) => text.includes('only once'))).toHaveLength(1);
  });

  test('after a lost connection what she writes arrives', async () => {
    qq.cut();
    await until('the connection is back', () => qq.listening > 0 && adapter.connectivity.connected);
    await ann().act({ do: 'write', to: ACCOUNT, text: 'after the cut' });
    await arrived('after the cut');
  });

  if (profile === 'official')
    test('a bot answers five times, and for an hour', async () => {
      await ann().act({ do: 'write', to: ACCOUNT, text: 'a window opens' });
      await arrived('a window opens');
      for (let n = 0; n < 5; n++)
        await adapter.deliver(eventOf(`answer ${n}`), context(`${KEY.slice(0, 30)}${n}`));
      const sixth = adapter.deliver(eventOf('a sixth'), context(`${KEY.slice(0, 30)}6`));
      await expect(sixth).rejects.toMatchObject({ code: '102' });
      await ann().act({ do: 'write', to: ACCOUNT, text: 'another opens' });
      await arrived('another opens');
      qq.chat.clock.advance(3_601_000);
      const late = adapter.deliver(eventOf('too late'), context(`${KEY.slice(0, 30)}7`));
      await expect(late).rejects.toMatchObject({ code: '101' });
    });
});
