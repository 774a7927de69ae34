/** What a network cannot show, or not any more, is put in words by the kit, after it has looked whose message it is. */
import {
  addressOf,
  direct,
  EMPTY,
  HUB_VOICE,
  levels,
  network,
  plainText,
  telAddress,
  wordsOf,
  type E164,
  type EventId,
  type MessageEvent,
  type NoticeEvent,
  type ReceiptEvent,
} from '#protocol';
import { aMessage } from '../../protocol/test/a-message.js';
import type { AnyAdapter } from './adapter.contract.js';
import { Connectivity } from './connectivity.js';
import type { Delivered } from './delivered.contract.js';
import { Correlation } from './correlation.js';
import { Delivery } from './delivery.js';
import type { AttachmentPreparer } from './message-pieces.js';

const MINUTE_MS = 60_000;
const first = aMessage('first words');

const NO_MEDIA: AttachmentPreparer = {
  prepare: () => Promise.reject(new Error('there are no media in these plays')),
  instead: () => Promise.reject(new Error('there are no media in these plays')),
  pauseTransfersForText: () => undefined,
  ofText: () => Promise.reject(new Error('there are no media in these plays')),
};

/** A network that recalls for two minutes and edits for an hour. */
function aNetwork() {
  const seen: string[] = [];
  const taken = (what: string, event: MessageEvent): Promise<Delivered> => {
    seen.push(`${what} ${wordsOf(event.data.content.body)}`.trim());
    return Promise.resolve({ native: [`n${seen.length}`] });
  };
  const adapter: AnyAdapter = {
    network: network('matrix'),
    capabilities: () => ({
      version: '1',
      language: 'en',
      features: levels(0, { text: 2, edit: 2, recall: 2, read: 2 }),
      limits: { recallAgeMs: 2 * MINUTE_MS, editAgeMs: 60 * MINUTE_MS, textLength: 40 },
    }),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    connectivity: new Connectivity(true),
    deliver: (event) => taken('text', event),
    deliverEdit: (event) => taken('edit', event),
    deliverRecall: (event) => taken('recall', event),
  };
  const kept = new Map<string, unknown>();
  const correlation = new Correlation(adapter.network, {
    put: (key, value) => Promise.resolve(void kept.set(key, value)),
    get: (key) => Promise.resolve(kept.get(key)),
  });
  const delivery = new Delivery({
    adapter,
    capabilities: () => adapter.capabilities(),
    correlation,
    attachments: NO_MEDIA,
  });
  const crossed = (ageMs: number) =>
    correlation.store(
      {
        id: first.id,
        author: first.data.from.address,
        within: direct(first.data.from.address, first.data.to),
        native: ['n0'],
        at: Date.now() - ageMs,
      },
      ['n0'],
    );
  const deliver = (content: MessageEvent['data']['content'], from = first.data.from) =>
    delivery.deliver(
      aMessage(JSON.stringify(content), {
        time: new Date().toISOString(),
        data: { ...first.data, sentAt: new Date().toISOString(), from, content },
      }),
      false,
      () => false,
    );
  return { seen, crossed, deliver, delivery, correlation, adapter };
}

test('a notice of the hub is shown as a message, in the language of the network', async () => {
  const { seen, delivery } = aNetwork();
  const { data, ...event } = aMessage('', { time: new Date().toISOString() });
  const notice: NoticeEvent = {
    ...event,
    type: 'im.hutong.notice.v1',
    data: {
      from: { address: HUB_VOICE },
      to: data.to,
      text: { en: '123456 is your code', zh: '验证码 123456' },
    },
  };
  await delivery.deliver(notice, false, () => false);
  expect(seen).toEqual(['text 123456 is your code']);
});

test('limits that hold for one message come before those of the network', async () => {
  const { seen, deliver, adapter } = aNetwork();
  const text = 'a word '.repeat(20).trim();
  adapter.limitsFor = ({ data }) => (wordsOf(data.content.body) === text ? { textLength: 200 } : undefined);
  await deliver({ body: plainText(text) });
  expect(seen).toEqual([`text ${text}`]);
  await deliver({ body: plainText(`${text}!`) });
  expect(seen.length).toBeGreaterThan(3);
});

describe('late events', () => {
  const late = aMessage('late', { expirytime: new Date(Date.now() - MINUTE_MS).toISOString() });

  test('is expired', async () => {
    const { delivery } = aNetwork();
    await expect(delivery.deliver(late, true, () => false)).rejects.toMatchObject({ code: '68' });
  });

  test('is delivered, if it was, and only its acknowledgement was lost', async () => {
    const { delivery, crossed, seen } = aNetwork();
    await crossed(MINUTE_MS);
    const again = { ...late, id: first.id };
    expect(await delivery.deliver(again, true, () => false)).toMatchObject({ native: ['n0'] });
    expect(seen).toEqual([]);
  });
});

describe('alice changes what she said', () => {
  const edit = { replaces: first.id, body: plainText('better') };
  const recall = { replaces: first.id, body: EMPTY };

  test('in time: it is changed', async () => {
    const { seen, crossed, deliver } = aNetwork();
    await crossed(MINUTE_MS);
    await deliver(edit);
    await deliver(recall);
    expect(seen).toEqual(['edit better', 'recall']);
  });

  test('a recall after three minutes and an edit after a day arrive as text, and the outcome says so', async () => {
    const { seen, crossed, deliver } = aNetwork();
    await crossed(3 * MINUTE_MS);
    const { degradations } = await deliver(recall);
    expect(degradations).toEqual([
      { feature: 'recall', level: 0, rule: 'too old to change, sent as words', by: 'matrix' },
    ]);
    await crossed(24 * 60 * MINUTE_MS);
    await deliver(edit);
    expect(seen).toEqual(['text (recalled an earlier message)', 'text (edited) better']);
  });

  test.each([
    ['a recall', recall],
    ['an edit', edit],
    [
      'a reaction',
      { inReplyTo: first.id, body: EMPTY, reactions: { add: ['👍'], remove: [], current: ['👍'] } },
    ],
  ])(
    '%s that arrives as text: what the network reports about the text concerns the change',
    async (_, change) => {
      const { crossed, deliver, correlation } = aNetwork();
      await crossed(24 * 60 * MINUTE_MS);
      const { native, stored } = await deliver(change);
      await stored;
      const cause = await correlation.findCause(native[0] ?? '');
      expect(cause?.id).toBe(aMessage(JSON.stringify(change)).id);
      expect((await correlation.findCause('n0'))?.id).toBe(first.id);
    },
  );

  test('a reaction arrives as text, because this network has no reactions', async () => {
    const { seen, crossed, deliver } = aNetwork();
    await crossed(0);
    await deliver({
      inReplyTo: first.id,
      body: EMPTY,
      reactions: { add: ['👍'], remove: [], current: ['👍'] },
    });
    expect(seen).toEqual(['text (reacted 👍)']);
  });

  test('a person cannot edit or recall a message of somebody else, not even as text', async () => {
    const { seen, crossed, deliver } = aNetwork();
    await crossed(0);
    const mallory = { address: aMessage().data.to };
    await expect(deliver(recall, mallory)).rejects.toMatchObject({ code: '25' });
    await expect(deliver({ ...edit, replaces: 'never-crossed' as EventId })).rejects.toMatchObject({
      code: '25',
    });
    expect(seen).toEqual([]);
  });

  test('a long text comes in pieces, in order', async () => {
    const { seen, deliver } = aNetwork();
    await deliver({ body: plainText('one two three four five six seven eight nine ten') });
    expect(seen).toEqual(['text one two three four five six seven eight', 'text nine ten']);
  });
});

describe('receipts', () => {
  const [bob, alice] = [first.data.to, first.data.from.address];

  /** Alice wrote three messages to bob, and sees which receipts are shown for them. */
  async function threeMessages(peer = bob) {
    const { delivery, correlation, adapter } = aNetwork();
    const shown: string[][] = [];
    adapter.deliverReceipt = (_, targets) =>
      Promise.resolve(void shown.push(targets.map(({ native }) => native[0] ?? '')));
    const ids = ['one', 'two', 'three'].map((text) => aMessage(text).id);
    for (const [at, id] of ids.entries())
      await correlation.store(
        { id, author: alice, within: direct(alice, peer), native: [`n${at + 1}`], at: 1000 + at },
        [`n${at + 1}`],
      );
    const reads = (which: number, from = bob) => {
      const data = {
        from: { address: from },
        to: alice,
        status: 'read',
        messages: [ids[which - 1]],
        upTo: true,
      };
      const event = { ...first, type: 'im.hutong.receipt.v1', id: aMessage(`read ${which}`).id };
      return delivery.deliver(
        { ...event, data: { ...data, basis: 'user-device', at: first.time } } as unknown as ReceiptEvent,
        false,
        () => false,
      );
    };
    return { reads, shown };
  }

  test('"read" goes forward only', async () => {
    const { reads, shown } = await threeMessages();
    for (const which of [2, 1, 3, 2]) await reads(which);
    expect(shown).toEqual([['n2'], ['n3']]);
  });

  test('nobody reads what was written to somebody else', async () => {
    const { reads, shown } = await threeMessages();
    await reads(1, addressOf(network('xmpp'), 'mallory'));
    expect(shown).toEqual([]);
  });

  test('a person who was addressed by telephone number reads under their own address', async () => {
    const { reads, shown } = await threeMessages(telAddress('+8613800138000' as E164));
    await reads(1);
    expect(shown).toEqual([['n1']]);
  });
});
