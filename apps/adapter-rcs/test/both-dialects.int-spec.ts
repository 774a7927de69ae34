/**
 * Both interfaces: the real adapter before a simulated platform, with a hub in memory. Files, recalls, the way by SMS, and a platform
 * in trouble: it limits the rate, ends its token, repeats notifications in any order, answers nothing.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  ADAPTER,
  createAdapterHttp,
  FirstUse,
  type Delivered,
  type DeliveryContext,
  type Hub,
} from '#adapter-kit';
import { MediaFile } from '#media';
import { addressOf, network, plainText, PHRASES, toHubError, type MessageEvent } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { seededRandom } from '../../../test/support/amounts.js';
import { until } from '../../../test/support/until.js';
import { CHATBOT, numberOf, RcsSimulator } from '../simulator/index.js';
import { RcsAdapter } from '../src/rcs.adapter.js';
import { rcsSettings } from '../src/rcs.config.js';
import { RcsNotificationController } from '../src/rcs.webhook.js';
import { SECRETS, settingsOf } from './rcs.home.js';

let keys = 0;
const aKey = () => createHash('sha256').update(`message ${keys++}`).digest('base64url').slice(0, 40);

/** As the bucket on the bus: of two that create a key, the first wins. */
function firstUse(): FirstUse {
  const stored = new Map<string, unknown>();
  const create = (key: string, value: unknown) =>
    Promise.resolve(void (stored.has(key) || stored.set(key, value)));
  return new FirstUse({ get: (key) => Promise.resolve(stored.get(key)), create });
}

describe.each(['xml', 'json'] as const)('%s', (dialect) => {
  const double = new HubDouble({ talked: true });
  let rcs: RcsSimulator;
  let adapter: RcsAdapter;
  let http: NestFastifyApplication;
  let folder: string;

  const ann = () => rcs.person(numberOf('ann'));
  const shown = () => ann().timeline.flatMap(({ text }) => (text === undefined ? [] : [text]));
  const eventOf = (text: string, id = aKey()) => {
    const to = addressOf(network('rcs'), ann().native);
    const data = { from: { address: 'im:alice@far' }, to, content: { body: plainText(text) } };
    return { id, data } as unknown as MessageEvent;
  };
  const context = (idempotencyKey = aKey()): DeliveryContext => ({
    idempotencyKey,
    target: undefined,
    uncertain: true,
    delayedSince: undefined,
  });
  const say = (text: string) => adapter.deliver(eventOf(text), context());
  const outcomeOf = (native: string | undefined) =>
    double.outcomes.find(({ of }) => 'native' in of && of.native === native)?.report;
  const texts = () => double.submitted.map(({ content }) => JSON.stringify(content?.body));
  const arrived = (text: string) => until(`"${text}"`, () => texts().some((body) => body?.includes(text)));
  const recall = (native: string) =>
    adapter.deliverRecall(eventOf(''), {
      ...context(),
      piece: { id: native },
      target: { native: [native] },
    } as never);

  async function aPicture(): Promise<MediaFile> {
    const path = join(folder, aKey());
    await writeFile(path, 'a picture');
    const sha256 = createHash('sha256').update('a picture').digest('hex');
    return new MediaFile(path, { contentType: 'image/jpeg', size: 9, sha256, filename: 'far.jpg', meta: {} });
  }
  const show = async (key = aKey()) =>
    adapter.deliverAttachment(
      eventOf('look'),
      { file: await aPicture(), as: 'image', part: {} as never },
      context(key),
    );

  /** Sends at most once, as the kit does: what the network did not accept may be sent again, what is in doubt is asked about. */
  function hub(): Hub {
    const attempts = new Map<string, Promise<Delivered>>();
    const attempt = async (key: string, send: () => Promise<Delivered>): Promise<Delivered> => {
      try {
        return await send();
      } catch (thrown) {
        const { code } = toHubError(thrown);
        if (code !== '103') attempts.delete(key);
        const known = code === '103' ? await adapter.reconcile({} as MessageEvent, key) : undefined;
        if (known?.found === 'sent') return known.delivered;
        throw thrown;
      }
    };
    const atMostOnce = (key: string, send: () => Promise<Delivered>) => {
      const known = attempts.get(key) ?? attempt(key, send);
      attempts.set(key, known);
      return known;
    };
    return { ...double.hub, atMostOnce };
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-test-'));
    rcs = await RcsSimulator.open({ dialect, ...SECRETS, retryMs: 50 });
    const settings = rcsSettings.parse(settingsOf(dialect, rcs.url));
    adapter = new RcsAdapter(network('rcs'), { ...settings, RCS_WAIT_MS: 2000 }, double.log);
    const runtime = { check: () => ({}), firstUse: firstUse() };
    ({ http } = await createAdapterHttp({
      module: {
        module: class {},
        controllers: [RcsNotificationController],
        providers: [{ provide: ADAPTER, useValue: adapter }],
        exports: [ADAPTER],
      },
      settings: {},
      runtime: () => runtime,
      log: double.log,
    }));
    await http.listen(0, '127.0.0.1');
    await adapter.start(hub());
    await rcs.connect(`${await http.getUrl()}/notify`);
    await until('the platform is reached', () => adapter.connectivity.connected);
  });
  afterAll(async () => {
    await adapter.stop();
    await rcs.close();
    await http.close();
    await rm(folder, { recursive: true });
  });

  test('what a person writes arrives, and what is written to them is shown, delivered and read', async () => {
    await ann().act({ do: 'write', to: CHATBOT, text: 'hello from ann' });
    await arrived('hello from ann');
    const { native, stage } = await say('hello ann');
    expect(stage).toBe('submitted');
    expect(shown().at(-1)).toContain('hello ann');
    await until('its delivery', () => outcomeOf(native[0]) !== undefined);
    await ann().act({ do: 'read', to: CHATBOT, target: native[0] ?? '' });
    await until('its reading', () => double.outcomes.at(-1)?.report.stage === 'read');
  });

  test('a file crosses in both directions', async () => {
    const { native, carries } = await show();
    expect(carries).toEqual(['words', 'medium']);
    expect(native).toHaveLength(2);
    const { media } = ann().timeline.findLast(({ kind }) => kind === 'media') ?? {};
    expect(await (await fetch(media?.url ?? '')).text()).toBe('a picture');
    await ann().act({ do: 'send', to: CHATBOT, what: 'file', fields: {} });
    await until('her file', () => double.submitted.at(-1)?.media !== undefined);
    const [medium] = double.submitted.at(-1)?.media ?? [];
    const parts: Uint8Array[] = [];
    for await (const part of await adapter.openAttachment(medium?.source ?? {}, AbortSignal.timeout(5000)))
      parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe('a small file');
  });

  test('a message that no telephone has yet is recalled; a later recall is said in words', async () => {
    ann().off = true;
    const [waiting = ''] = (await say('never seen')).native;
    await recall(waiting);
    ann().turnOn();
    expect(shown().join()).not.toContain('never seen');
    const [seen = ''] = (await say('seen')).native;
    await recall(seen);
    expect(shown().at(-1)).toContain(PHRASES.zh.recalled);
  });

  test('a telephone without 5G messages gets an SMS, of which the sender is notified', async () => {
    ann().has5g = false;
    const { native } = await say('by another way');
    ann().has5g = true;
    expect(ann().timeline.at(-1)).toMatchObject({
      state: 'sms',
      text: expect.stringContaining('by another way') as string,
    });
    await until('the word of the platform', () => outcomeOf(native[0]) !== undefined);
    expect(outcomeOf(native[0])).toEqual({ stage: 'delivered', basis: 'network', code: '104' });
  });

  test('a number that does not exist is reported later', async () => {
    const event = eventOf('to nobody');
    event.data.to = addressOf(network('rcs'), '10000000000');
    const { native } = await adapter.deliver(event, context());
    await until('the failure', () => outcomeOf(native[0]) !== undefined);
    expect(outcomeOf(native[0])).toMatchObject({ stage: 'failed', basis: 'network', code: '14' });
  });

  test('over the rate of the platform a message waits, and is shown once', async () => {
    rcs.faults.refuse(429);
    const [event, key] = [eventOf('not too fast'), aKey()];
    await expect(adapter.deliver(event, context(key))).rejects.toMatchObject({ code: '65' });
    await adapter.deliver(event, context(key));
    await adapter.deliver(event, context(key));
    expect(shown().filter((text) => text.includes('not too fast'))).toHaveLength(1);
  });

  test('a request without an answer is sent once: known by its status, or in doubt', async () => {
    rcs.faults.silence('taken');
    const [event, key] = [eventOf('only once'), aKey()];
    const first = adapter.deliver(event, context(key));
    if (dialect === 'json') await expect(first).resolves.toMatchObject({ stage: 'submitted' });
    else await expect(first).rejects.toMatchObject({ code: '103' });
    await adapter.deliver(event, context(key)).catch(() => undefined);
    expect(shown().filter((text) => text.includes('only once'))).toHaveLength(1);
    rcs.faults.silence('lost');
    await expect(say('lost')).rejects.toMatchObject({ code: '103' });
  });

  test('notifications with a wrong proof are refused, and come again', async () => {
    rcs.faults.wrongSignature();
    await ann().act({ do: 'write', to: CHATBOT, text: 'proven at last' });
    await arrived('proven at last');
  });

  test('notifications five times in any order are the same messages and outcomes', async () => {
    await rcs.idle();
    const known = rcs.notifier.acknowledged.filter(({ body }) => !body.includes('hello from ann'));
    for (const n of [1, 2, 3]) await ann().act({ do: 'write', to: CHATBOT, text: `line ${n}` });
    await arrived('line 3');
    await rcs.idle();
    const random = seededRandom();
    const fresh = rcs.notifier.acknowledged.filter((notice) => !known.includes(notice));
    const again = [1, 2, 3, 4].flatMap(() => fresh).map((notice) => ({ notice, at: random() }));
    for (const { notice } of again.toSorted((one, other) => one.at - other.at))
      expect([200, 204]).toContain(await rcs.post(notice));
    const lines = double.submitted.filter(({ content }) => JSON.stringify(content?.body).includes('line '));
    expect(lines).toHaveLength(15);
    // The bus stores one event for each native id.
    expect(new Set(lines.map(({ nativeId }) => nativeId)).size).toBe(3);
  });

  if (dialect === 'json') {
    test('a token that ends in the middle is renewed, and the message is shown once', async () => {
      const given = rcs.json?.tokensGiven ?? 0;
      rcs.json?.endToken();
      await Promise.all([say('without a token 1'), say('without a token 2')]);
      for (const n of [1, 2])
        expect(shown().filter((text) => text.includes(`without a token ${n}`))).toHaveLength(1);
      expect(rcs.json?.tokensGiven).toBe(given + 1);
    });

    test('over the quota of a day the sender reads 102', async () => {
      rcs.faults.refuse(30001);
      await expect(say('too much')).rejects.toMatchObject({ code: '102' });
    });
  } else
    test('a file is refused after its review, or still in it: uploaded once', async () => {
      const review = rcs.xml;
      if (!review) throw new Error('no interface in XML');
      review.review = 'refused';
      await expect(show()).rejects.toMatchObject({ code: '106' });
      review.review = 'passed';
      rcs.notifier.hold();
      const key = aKey();
      await expect(show(key)).rejects.toMatchObject({ code: '91' });
      rcs.notifier.release();
      await rcs.idle();
      const uploads = review.uploads;
      await show(key);
      expect(review.uploads).toBe(uploads);
    });
});
