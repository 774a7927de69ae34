/**
 * The real adapter before a simulated WeChat, with a hub in memory: pairing, the long poll and its faults, what WeChat refuses, and
 * what is stored. A kill is an adapter that is stopped without having stored, and another one with the same memory.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Delivered, DeliveryContext, Hub, Memory, MessageDraft } from '#adapter-kit';
import { MediaFile } from '#media';
import { addressOf, HubError, network, plainText, type MessageEvent, type TypingEvent } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { memoryDouble } from '../../../libs/bot-contacts/src/testing/memory-double.js';
import { until } from '../../../test/support/until.js';
import { CHANNEL, WeixinSimulator, type WeixinOptions } from '../simulator/index.js';
import { WeixinAdapter } from '../src/weixin.adapter.js';
import { closedSettings } from '../src/testing/recorded.js';

const HOUR_MS = 3600_000;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function aService(options: WeixinOptions = {}) {
  const weixin = await WeixinSimulator.open({ holdMs: 300, ...options });
  closing.push(() => weixin.close());
  return { weixin, kept: new Map<string, unknown>(), ann: weixin.person('ann') };
}

/** Everybody writes to alice of the network far. */
function talkIn(key: string): unknown {
  if (!key.startsWith('talk.')) return undefined;
  return { people: [{ address: 'im:alice@far' }], recent: [0], chosen: 0 };
}

type Service = Awaited<ReturnType<typeof aService>>;

/** An adapter of the service. @param breaks is called before a message is stored; what it throws is thrown */
async function anAdapter({ weixin, kept }: Service, breaks: (draft: MessageDraft) => void = () => undefined) {
  const double = new HubDouble();
  const memory = memoryDouble(kept);
  const download = async (url: string) => (await fetch(url)).body;
  const hub = {
    ...double.hub,
    memory: {
      ...memory,
      get: async (key) => (await memory.get(key)) ?? talkIn(key),
      change: (key, work) => memory.change(key, (stored) => work(stored ?? talkIn(key))),
    } satisfies Memory,
    attachments: { download },
    atMostOnce: (_key: string, send: () => Promise<Delivered>) => send(),
    submitMessage: async (draft: MessageDraft) => {
      breaks(draft);
      return double.hub.submitMessage(draft);
    },
  } as unknown as Hub;
  const settings = closedSettings({
    WEIXIN_QR_URL: weixin.url,
    WEIXIN_API_URL: weixin.url,
    WEIXIN_CDN_URL: weixin.store.url,
  });
  const adapter = new WeixinAdapter(network('weixin'), settings, double.log);
  await adapter.start(hub);
  closing.push(() => adapter.stop());
  return { adapter, double, texts: () => textsOf(double) };
}

function textsOf({ submitted }: HubDouble): string[] {
  return submitted.map(({ content }) => (content.body as { content?: string }).content ?? '');
}

async function pair(service: Service, adapter: WeixinAdapter): Promise<void> {
  const { id, show = '' } = await adapter.pair({ act: 'begin' });
  await service.ann.act({ do: 'add', who: show });
  await until('the pairing', async () => (await adapter.pair({ act: 'show', id })).state === 'paired');
  await until('the poll', () => service.ann.bot?.isStarted === true);
}

const says = ({ ann }: Service, text: string) => ann.act({ do: 'write', to: CHANNEL, text });
const address = ({ ann }: Service) => addressOf(network('weixin'), ann.native);

let keys = 0;
function deliver(service: Service, adapter: WeixinAdapter, text: string, key = `key-${++keys}`) {
  const event = {
    id: 'e',
    data: { from: { address: 'im:alice@far' }, to: address(service), content: { body: plainText(text) } },
  } as unknown as MessageEvent;
  const context: DeliveryContext = {
    idempotencyKey: key,
    target: undefined,
    uncertain: true,
    delayedSince: undefined,
  };
  return { words: () => adapter.deliver(event, context), event, context };
}
const shown = ({ ann }: Service) => ann.timeline.map(({ text }) => /\] (.*)$/s.exec(text ?? '')?.[1] ?? '');

describe('pairing', () => {
  test('a person scans the code, writes, and is answered', async () => {
    const service = await aService();
    const { adapter, texts } = await anAdapter(service);
    expect(await adapter.resolve(address(service)).catch((error: HubError) => error.code)).toBe('14');
    await pair(service, adapter);
    await says(service, 'hello');
    await until('the text', () => texts().includes('hello'));
    await deliver(service, adapter, 'and to you').words();
    expect(shown(service)).toEqual(['and to you']);
    expect(await adapter.resolve(address(service))).toMatchObject({ code: '00' });
  });

  test('WeChat asks for digits: wrong ones are asked for again', async () => {
    const service = await aService({ digits: '123456' });
    const { adapter } = await anAdapter(service);
    const { id, show = '' } = await adapter.pair({ act: 'begin' });
    await service.ann.act({ do: 'add', who: show });
    await until(
      'the question',
      async () => (await adapter.pair({ act: 'show', id })).state === 'code-needed',
    );
    expect(await adapter.pair({ act: 'enter', id, code: '000000' })).toMatchObject({ state: 'scanned' });
    await until(
      'the question again',
      async () => (await adapter.pair({ act: 'show', id })).state === 'code-needed',
    );
    await adapter.pair({ act: 'enter', id, code: '123456' });
    await until('the pairing', async () => (await adapter.pair({ act: 'show', id })).state === 'paired');
  });

  test('a code that expires is replaced; the rest of a login may be at another host of WeChat', async () => {
    const service = await aService();
    service.weixin.login.options.redirect = new URL(service.weixin.url).host;
    const { adapter } = await anAdapter(service);
    const { id, show = '' } = await adapter.pair({ act: 'begin' });
    service.weixin.login.expire();
    await until('another code', async () => (await adapter.pair({ act: 'show', id })).show !== show);
    await service.ann.act({ do: 'add', who: (await adapter.pair({ act: 'show', id })).show ?? '' });
    await until('the pairing', async () => (await adapter.pair({ act: 'show', id })).state === 'paired');
  });

  test.each([
    ['the rest of a login', { redirect: 'weixin.qq.com.example.org' }],
    ['messages and the token', { api: 'https://ilink.weixin.qq.com.example.org' }],
  ])('a host that is not of WeChat gets nothing: %s', async (_what, options) => {
    const service = await aService();
    Object.assign(service.weixin.login.options, options);
    const { adapter } = await anAdapter(service);
    const { id, show = '' } = await adapter.pair({ act: 'begin' });
    await service.ann.act({ do: 'add', who: show });
    await until('the end', async () => (await adapter.pair({ act: 'show', id })).state === 'ended');
  });

  test('who has a contact of this hub keeps it', async () => {
    const service = await aService();
    const { adapter } = await anAdapter(service);
    await pair(service, adapter);
    const { id, show = '' } = await adapter.pair({ act: 'begin' });
    await service.ann.act({ do: 'add', who: show });
    await until('the end', async () => (await adapter.pair({ act: 'show', id })).state === 'known');
  });

  test('a pairing that nobody knows is said so', async () => {
    const { adapter } = await anAdapter(await aService());
    await expect(adapter.pair({ act: 'show', id: 'x' })).rejects.toMatchObject({ code: '14' });
  });
});

describe('the long poll', () => {
  test('the same answer five times, and a repeated message, are the same native messages', async () => {
    const service = await aService();
    const { adapter, double } = await anAdapter(service);
    await pair(service, adapter);
    service.weixin.faults.duplicate();
    await says(service, 'once');
    await until('it', () => double.submitted.length > 0);
    service.weixin.api.sameAgain = 5;
    await until('the repetitions', () => service.weixin.api.sameAgain === 0);
    await says(service, 'last');
    await until('the last', () => textsOf(double).includes('last'));
    // The hub knows an event by the native id.
    const events = new Map(double.submitted.map(({ nativeId, content }) => [nativeId, content.body]));
    expect([...events.values()].map((body) => (body as { content: string }).content)).toEqual([
      'once',
      'last',
    ]);
    expect(double.submitted.length).toBeGreaterThan(5);
  });

  test('a kill before the cursor is stored: the next process reads the rest, and loses nothing', async () => {
    const service = await aService();
    let stops = true;
    const first = await anAdapter(service, ({ content }) => {
      if (stops && (content.body as { content: string }).content === 'two')
        throw new HubError('91', 'the bus is away');
    });
    await pair(service, first.adapter);
    await says(service, 'one');
    await until('the first', () => first.texts().includes('one'));
    await says(service, 'two');
    await says(service, 'three');
    await first.adapter.stop();
    stops = false;
    const second = await anAdapter(service);
    await until('the rest', () => second.texts().includes('three'));
    expect([...new Set([...first.texts(), ...second.texts()])].filter((text) => text !== 'three')).toEqual([
      'one',
      'two',
    ]);
  });

  test('while nothing can be stored the batch is kept, and not asked for again', async () => {
    const service = await aService({ repeats: false });
    let away = 1;
    const { adapter, texts } = await anAdapter(service, () => {
      if (away-- > 0) throw new HubError('91', 'the bus is away');
    });
    await pair(service, adapter);
    await says(service, 'kept');
    await until('it', () => texts().includes('kept'));
  });
});

describe('the end of a session', () => {
  test('senders read 101, the operator has a record, and the person is told when they have paired again', async () => {
    const service = await aService();
    const { adapter, double, texts } = await anAdapter(service);
    await pair(service, adapter);
    await says(service, 'before');
    await until('it', () => texts().includes('before'));
    service.ann.bot?.end();
    await until('the record', () => double.notCarried.some(({ kind }) => kind === 'session-over'));
    await expect(deliver(service, adapter, 'meanwhile').words()).rejects.toMatchObject({ code: '101' });
    // Another process knows it too.
    await adapter.stop();
    const next = await anAdapter(service);
    await expect(deliver(service, next.adapter, 'meanwhile').words()).rejects.toMatchObject({ code: '101' });
    await pair(service, next.adapter);
    await says(service, 'back');
    await until('the words', () => service.ann.timeline.some(({ text }) => text?.includes('中断')));
    await says(service, 'here');
    await deliver(service, next.adapter, 'welcome').words();
    expect(shown(service).at(-1)).toBe('welcome');
    expect(service.ann.timeline).toHaveLength(2);
  });

  test('words about the end that WeChat refuses are said when the person writes again', async () => {
    const service = await aService();
    const { adapter, double, texts } = await anAdapter(service);
    await pair(service, adapter);
    service.ann.bot?.end();
    await until('the record', () => double.notCarried.length > 0);
    await pair(service, adapter);
    service.weixin.faults.refuse(429);
    await says(service, 'back');
    await until('the refusal', () => service.weixin.api.calls.includes('sendmessage'));
    await until('it', () => texts().includes('back'));
    await until('the words', async () => {
      await says(service, 'still here');
      return service.ann.timeline.length > 0;
    });
    expect(service.ann.timeline.map(({ text }) => text?.includes('中断'))).toEqual([true]);
  });

  test('a contact may not write before the person has written to it: known without asking WeChat', async () => {
    const service = await aService();
    const { adapter } = await anAdapter(service);
    await pair(service, adapter);
    await expect(deliver(service, adapter, 'too early').words()).rejects.toMatchObject({ code: '101' });
    expect(service.weixin.api.calls).not.toContain('sendmessage');
  });

  test('a scan elsewhere ends it in the middle of sending', async () => {
    const service = await aService({ holdMs: 20_000 });
    const { adapter } = await anAdapter(service);
    await pair(service, adapter);
    await says(service, 'hello');
    await deliver(service, adapter, 'one').words();
    service.ann.bot?.end();
    await expect(deliver(service, adapter, 'two').words()).rejects.toMatchObject({ code: '101' });
    expect(shown(service)).toEqual(['one']);
  });
});

describe('what WeChat refuses', () => {
  async function aConversation(options: WeixinOptions = {}) {
    const service = await aService(options);
    const { adapter, texts } = await anAdapter(service);
    await pair(service, adapter);
    await says(service, 'hello');
    await until('it', () => texts().includes('hello'));
    return { service, adapter };
  }

  test('429 and a rate text: tried again later with the same id', async () => {
    const { service, adapter } = await aConversation();
    const words = deliver(service, adapter, 'slowly').words;
    for (const refusal of [429, -2]) {
      service.weixin.faults.refuse(refusal);
      await expect(words()).rejects.toMatchObject({ code: '65', retryAfterMs: 60_000 });
    }
    await words();
    expect(shown(service)).toEqual(['slowly']);
  });

  test('a lost answer: the repeated message is shown once', async () => {
    const { service, adapter } = await aConversation();
    const words = deliver(service, adapter, 'once').words;
    for (const silence of ['taken', 'lost'] as const) {
      service.weixin.faults.silence(silence);
      await expect(words()).rejects.toMatchObject({ code: '91' });
    }
    await words();
    expect(shown(service)).toEqual(['once']);
  });

  test('the eleventh message reads 102, and after 24 hours every one', async () => {
    const { service, adapter } = await aConversation();
    for (let n = 1; n <= 10; n++) await deliver(service, adapter, `${n}`).words();
    await expect(deliver(service, adapter, '11').words()).rejects.toMatchObject({ code: '102' });
    await says(service, 'go on');
    await until('room', () => service.ann.received === 0);
    await deliver(service, adapter, '12').words();
    service.weixin.clock.advance(24 * HOUR_MS);
    await expect(deliver(service, adapter, '13').words()).rejects.toMatchObject({ code: '102' });
    expect(shown(service).at(-1)).toBe('12');
  });

  test('taken without an id: nobody knows what became of it', async () => {
    const { service, adapter } = await aConversation();
    service.weixin.api.swallowed = 1;
    await expect(deliver(service, adapter, 'x').words()).rejects.toMatchObject({ code: '103' });
  });

  test('typing is shown, with one ticket for all', async () => {
    const { service, adapter } = await aConversation();
    for (const state of ['composing', 'paused'] as const)
      await adapter.showTyping({ data: { to: address(service), state } } as unknown as TypingEvent);
    expect(service.ann.timeline.map(({ kind, state }) => [kind, state])).toEqual([
      ['typing', 'composing'],
      ['typing', 'paused'],
    ]);
    expect(service.weixin.api.calls.filter((name) => name === 'getconfig')).toHaveLength(1);
  });
});

describe('attachments', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weixin-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function aReport() {
    const path = join(folder, 'report.pdf');
    await writeFile(path, 'the content');
    const facts = { contentType: 'application/pdf', size: 11, sha256: '', filename: 'report.pdf', meta: {} };
    return { file: new MediaFile(path, facts), as: 'file' as const, part: {} as never };
  }

  test('to WeChat, when its upload is the first call that is told of the end of the session', async () => {
    const service = await aService({ holdMs: 20_000 });
    const { adapter, double, texts } = await anAdapter(service);
    await pair(service, adapter);
    await says(service, 'hello');
    await until('it', () => texts().includes('hello'));
    // The long poll, which waits, is not told.
    if (service.ann.bot) service.ann.bot.isOver = true;
    const { event, context } = deliver(service, adapter, 'look');
    const sending = adapter.deliverAttachment(event, await aReport(), context);
    await expect(sending).rejects.toMatchObject({ code: '101' });
    expect(double.notCarried.map(({ kind }) => kind)).toEqual(['session-over']);
    expect(service.ann.timeline).toEqual([]);
  });

  test.each([true, false])(
    'to WeChat, where it names the whole address of an upload: %s',
    async (namesAddress) => {
      const service = await aService();
      service.weixin.store.namesAddress = namesAddress;
      const { adapter, texts } = await anAdapter(service);
      await pair(service, adapter);
      await says(service, 'hello');
      await until('it', () => texts().includes('hello'));
      const { event, context } = deliver(service, adapter, 'look');
      const medium = await aReport();
      for (let attempt = 0; attempt < 2; attempt++) await adapter.deliverAttachment(event, medium, context);
      const [words, file, ...more] = service.ann.timeline;
      expect(more).toEqual([]);
      expect([words?.text, file?.media?.name]).toEqual(['[1 alice · far] look', 'report.pdf']);
      expect(await (await fetch(file?.media?.url ?? '')).text()).toBe('the content');
    },
  );

  test('from WeChat', async () => {
    const service = await aService();
    const { adapter, double } = await anAdapter(service);
    await pair(service, adapter);
    const path = join(folder, 'note.silk');
    await writeFile(path, Buffer.concat([Buffer.from('\u0002#!SILK_V3'), Buffer.alloc(100, 7)]));
    const act = { do: 'send', to: CHANNEL, what: 'voice', fields: { seconds: '2' }, file: path } as const;
    await service.ann.act(act);
    await until('it', () => double.submitted.length > 0);
    const [medium] = double.submitted[0]?.media ?? [];
    expect(medium).toMatchObject({ contentType: 'audio/silk', meta: { voice: true, durationMs: 2000 } });
    const parts: Uint8Array[] = [];
    const signal = AbortSignal.timeout(5000);
    for await (const part of await adapter.openAttachment(medium?.source ?? {}, signal)) parts.push(part);
    expect(Buffer.concat(parts).subarray(1, 10).toString()).toBe('#!SILK_V3');
  });
});

test('nothing that is stored can be read without the key', async () => {
  const service = await aService();
  const { adapter, texts } = await anAdapter(service);
  await pair(service, adapter);
  await says(service, 'hello');
  await until('it', () => texts().includes('hello'));
  const token = service.ann.bot?.token ?? '?';
  await until('the cursor', () => [...service.kept.keys()].some((key) => key.startsWith('paired.')));
  const stored = JSON.stringify([...service.kept]);
  expect(stored).not.toContain(token);
  expect(stored).not.toContain([...(service.ann.bot?.contexts ?? ['?'])][0]);
});
