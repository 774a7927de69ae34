/**
 * A message that this network sent, or that was delivered to it, is found by its id and by its native id without an entry of its
 * own, by any process, with all that its entry said.
 */
import type { OrderedPublisher } from '#bus';
import {
  addressOf,
  ANY,
  deliveryKey,
  direct,
  conversationId,
  eventId,
  levels,
  network,
  plainText,
  subjects,
  type DeliveryKey,
  type EventId,
  type MessageEvent,
  type Network,
} from '#protocol';
import { Connectivity } from './connectivity.js';
import { Correlation } from './correlation.js';
import type { AnyAdapter } from './adapter.contract.js';
import type { Delivered } from './delivered.contract.js';
import { Delivery } from './delivery.js';
import type { MessageDraft } from './drafts.contract.js';
import { EventWriter } from './event-writer.js';
import { Ingress } from './ingress.js';
import { LateOutcomes, type LateReport } from './late-outcomes.js';
import { Outcomes } from './outcomes.js';

const north = network('north');
const [ann, bob] = [addressOf(north, 'ann'), addressOf(network('south'), 'bob')];
const draft: MessageDraft = {
  nativeId: 'm1',
  conversation: 'room',
  from: { address: ann, displayName: 'Ann' },
  to: bob,
  sentAt: new Date(),
  content: { body: plainText('hello') },
};

/** A bus in memory: the last message on each subject, and each message id once. */
function aBus(slug: Network = north) {
  const stored = new Map<string, Uint8Array>();
  const ids = new Set<string>();
  /** `lags`: the replica that answers reads does not have the outcomes that its leader has. */
  const fault: { of?: RegExp | undefined; lags?: boolean } = {};
  const bucket = {
    put: (key: string, value: unknown) => {
      stored.set(key, Buffer.from(JSON.stringify(value)));
      return Promise.resolve();
    },
    get: (key: string) => {
      const found = stored.get(key);
      return Promise.resolve(found && (JSON.parse(Buffer.from(found).toString()) as unknown));
    },
    delete: (key: string) => bucket.put(key, null),
    keys: () => Promise.resolve([]),
  };
  const publisher = {
    publish: (subject: string, content: Uint8Array | string, msgId = subject) => {
      if (fault.of?.test(subject)) return Promise.reject(new Error('the bus is away'));
      const duplicate = ids.has(msgId);
      ids.add(msgId);
      if (!duplicate) stored.set(subject, Buffer.from(content));
      return Promise.resolve({ seq: stored.size, duplicate });
    },
  };
  /** The value on the only subject that matches. */
  const last = (pattern: string) => {
    const subject = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`);
    return Promise.resolve([...stored].find(([one]) => subject.test(one))?.[1]);
  };
  const follower = (pattern: string) => (fault.lags ? Promise.resolve(undefined) : last(pattern));
  const records = {
    event: (id: EventId) => last(subjects.event(slug, id)),
    outcomeOf: (key: DeliveryKey) => follower(subjects.delivered(slug, key, ANY)),
    outcomeWith: (digest: string) => follower(subjects.delivered(slug, ANY, digest)),
    certainOutcomeOf: (key: DeliveryKey) => last(subjects.delivered(slug, key, ANY)),
    certainOutcomeWith: (digest: string) => last(subjects.delivered(slug, ANY, digest)),
  };
  const pending = { holds: () => false, admit: () => Promise.reject(new Error('no attachments')) };
  /** @param reads whether the credentials permit to read events and outcomes */
  const process = (reads = true) => {
    const correlation = new Correlation(slug, bucket, undefined, reads ? records : undefined);
    const writer = new EventWriter(slug, publisher);
    return { correlation, ingress: new Ingress({ network: slug, writer, correlation, pending }) };
  };
  return { stored, fault, bucket, publisher, process };
}

describe('a message that this network sent', () => {
  test('a message is stored once, and another process finds it by its id and by its native id', async () => {
    const { stored, process } = aBus();
    const first = process();
    const id = await first.ingress.submitMessage(draft);
    expect([...stored.keys()]).toEqual([subjects.event(north, id)]);
    const known = await first.correlation.find(id, north);
    const read = await process().correlation.find(id, north);
    expect(read).toEqual({ ...known, at: expect.any(Number) as number });
    expect(read).toMatchObject({ author: ann, native: ['m1'], conversation: 'room' });
    expect(await process().correlation.findNative('m1')).toEqual(read);
  });

  test.each([
    ['several native messages', { natives: [{ id: 'm1', carries: 'medium' as const }] }],
    ['another identity', { identity: 'the same in every copy' }],
    ['further native ids', { references: ['m1', 'm2'] }],
  ])('a message with %s has an entry, which another process finds', async (_what, more) => {
    const { stored, process } = aBus();
    const first = process();
    const id = await first.ingress.submitMessage({ ...draft, ...more });
    expect([...stored.keys()]).toContain(`m.${id}`);
    expect(await process().correlation.find(id, north)).toEqual(await first.correlation.find(id, north));
  });

  test('an edit is no message to which others refer', async () => {
    const { stored, process } = aBus();
    const original = await process().ingress.submitMessage(draft);
    const content = { body: plainText('hello again'), replaces: original };
    const edit = await process().ingress.submitMessage({ ...draft, nativeId: 'm2', content });
    expect(stored.size).toBe(2);
    expect(await process().correlation.find(edit, north)).toBeUndefined();
  });

  test('a report about it concerns it, and so does a report about an edit of it', async () => {
    const { process } = aBus();
    const original = await process().ingress.submitMessage(draft);
    const content = { body: plainText('hello again'), replaces: original };
    const edit = await process().ingress.submitMessage({ ...draft, nativeId: 'm2', content });
    const message = await process().correlation.find(original, north);
    expect(message?.native).toEqual(['m1']);
    for (const id of [original, edit]) expect(await process().correlation.findReported(id)).toEqual(message);
    expect(await process().correlation.findReported(eventId(north, 'message', 'of another'))).toBeUndefined();
  });

  test('credentials of an earlier release do not permit to read events: the message has an entry, which newer ones find', async () => {
    const { stored, process } = aBus();
    const id = await process(false).ingress.submitMessage(draft);
    expect([...stored.keys()]).toContain(`m.${id}`);
    const known = await process(false).correlation.find(id, north);
    expect(await process().correlation.find(id, north)).toEqual(known);
  });

  test('an event that cannot be read is no reference', async () => {
    const { stored, process } = aBus();
    const id = await process().ingress.submitMessage(draft);
    stored.set(subjects.event(north, id), Buffer.from('{'));
    expect(await process().correlation.find(id, north)).toBeUndefined();
  });
});

describe('a message that was delivered to this network', () => {
  const south = network('south');
  const event: MessageEvent = {
    specversion: '1.0',
    id: eventId(north, 'message', 'm1'),
    source: '/network/north',
    type: 'im.hutong.message.v1',
    time: '2026-11-28T10:00:00.000Z',
    subject: conversationId(direct(ann, bob)),
    datacontenttype: 'application/json',
    path: 'north,south' as MessageEvent['path'],
    data: {
      from: { address: ann },
      to: bob,
      sentAt: '2026-11-28T10:00:00.000Z',
      content: { body: plainText('hello') },
    },
  };
  const key = deliveryKey(north, event.id);

  /** A network that answers as told. @returns what a process of its adapter does with the event */
  function theSouth(answer: Delivered = { native: ['s1'], conversation: 'room' }) {
    const bus = aBus(south);
    const sent: string[] = [];
    const adapter: AnyAdapter = {
      network: south,
      capabilities: () => ({
        version: '1',
        language: 'en',
        features: levels(0, { text: 2, edit: 2 }),
        limits: {},
        lateOutcomes: { stages: ['delivered', 'failed'] },
      }),
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
      connectivity: new Connectivity(true),
      deliver: (_event, { idempotencyKey }) => {
        sent.push(idempotencyKey);
        return Promise.resolve(answer);
      },
      deliverEdit: () => Promise.resolve({ native: ['s2'] }),
    };
    const process = (reads = true) => {
      const { correlation } = bus.process(reads);
      const capabilities = () => adapter.capabilities();
      const attachments = { pauseTransfersForText: () => undefined } as never;
      const delivery = new Delivery({ adapter, capabilities, correlation, attachments });
      const late = new LateOutcomes(south, bus.bucket, bus.publisher, correlation);
      const publisher = bus.publisher as unknown as OrderedPublisher;
      const outcomes = new Outcomes({ network: south, publisher, late, capabilities });
      const attempt = async (uncertain: boolean, of = event) => {
        const result = await delivery.deliver(of, uncertain, () => false);
        return { ended: () => Promise.all([result.stored, outcomes.delivered(of, result)]) };
      };
      const deliver = async (uncertain = false, of = event) => {
        await (await attempt(uncertain, of)).ended();
      };
      const find = () => correlation.find(event.id, north);
      return { correlation, late, attempt, deliver, find };
    };
    const entries = () => [...bus.stored.keys()].filter((name) => /^[mn]\./.test(name));
    const outcomesStored = () => [...bus.stored.keys()].filter((name) => name.startsWith('hub.report.'));
    return { ...bus, sent, process, entries, outcomesStored };
  }

  test('is stored as its outcome, and another process finds it by its id and by its native id', async () => {
    const { stored, process } = theSouth();
    const first = process();
    await first.deliver();
    expect(stored.size).toBe(1);
    const known = await first.find();
    const read = await process().find();
    expect(read).toMatchObject({
      id: event.id,
      author: ann,
      within: direct(ann, bob),
      native: ['s1'],
      conversation: 'room',
    });
    expect(read).toMatchObject({
      within: known?.within,
      native: known?.native,
      conversation: known?.conversation,
    });
    expect(await process().correlation.findNative('s1')).toEqual(read);
    expect(await process().correlation.findDelivered('s1')).toEqual(read);
  });

  test('is not sent again when its outcome was stored, and the acknowledgement was lost', async () => {
    const { sent, process, outcomesStored } = theSouth();
    await process().deliver();
    await process().deliver(true);
    expect(sent).toEqual([key]);
    expect(outcomesStored()).toHaveLength(1);
  });

  test('is not sent again when the replica that is read does not have its outcome yet', async () => {
    const { sent, fault, process } = theSouth();
    await process().deliver();
    fault.lags = true;
    await process().deliver(true);
    expect(sent).toEqual([key]);
    expect(await process().correlation.findNative('s1')).toMatchObject({ id: event.id });
    expect(await process().correlation.findDelivered('s1')).toMatchObject({ id: event.id });
  });

  test('is sent again under the same key when the process ended before its outcome was stored', async () => {
    const { sent, process } = theSouth();
    await process().attempt(false);
    expect(await process().find()).toBeUndefined();
    await process().deliver(true);
    expect(sent).toEqual([key, key]);
    expect(await process().find()).toMatchObject({ native: ['s1'] });
  });

  test('whose outcome could not be stored is not sent again by the same process, and is stored at the next attempt', async () => {
    const { sent, fault, process } = theSouth();
    const first = process();
    fault.of = /^hub\.report/;
    await expect(first.deliver()).rejects.toThrow('the bus is away');
    fault.of = undefined;
    await first.deliver(true);
    expect(sent).toEqual([key]);
    expect(await process().correlation.findNative('s1')).toMatchObject({ id: event.id });
  });

  test('whose outcome an earlier release had stored where it is no reference gets an entry', async () => {
    const { process, entries } = theSouth();
    await process(false).deliver();
    const before = entries();
    expect(before).toHaveLength(2);
    await process().deliver(true);
    expect(entries()).toEqual(before);
    const lost = theSouth();
    await lost.process(false).deliver();
    for (const name of lost.entries()) lost.stored.delete(name);
    await lost.process().deliver(true);
    expect(lost.entries()).toHaveLength(2);
    expect(await lost.process().correlation.findNative('s1')).toMatchObject({ id: event.id });
  });

  test('a report that comes before its outcome is stored changes nothing in this: the outcome of the report is the reference', async () => {
    const { process, outcomesStored } = theSouth();
    const first = process();
    const { ended } = await first.attempt(false);
    const bounced: LateReport = { stage: 'failed', basis: 'network', code: '14', detail: 'no such number' };
    await first.late.report({ id: event.id, author: north }, bounced);
    expect(outcomesStored()).toEqual([]);
    await ended();
    expect(outcomesStored()).toHaveLength(1);
    const found = await process().find();
    expect(found).toMatchObject({ native: ['s1'] });
    expect(found).not.toHaveProperty('code');
  });

  test('a later outcome leaves the reference as it is', async () => {
    const { process, outcomesStored } = theSouth({ native: ['s1'], stage: 'submitted' });
    const first = process();
    await first.deliver();
    await first.late.report({ id: event.id, author: north }, { stage: 'delivered', basis: 'operator-word' });
    expect(outcomesStored()).toContain(subjects.report(south));
    expect(await process().find()).toMatchObject({ native: ['s1'], submitted: true });
  });

  test('an edit says something newer than the outcome, and keeps the native id', async () => {
    const { process, entries } = theSouth();
    await process().deliver();
    const content = { body: plainText('hello again'), replaces: event.id };
    const edit = { ...event, id: eventId(north, 'message', 'm2'), data: { ...event.data, content } };
    await process().deliver(false, edit);
    expect(entries()).toContain(`m.${key}`);
    expect(await process().find()).toMatchObject({
      native: ['s1'],
      pieces: [{ id: 's1', changedBy: edit.id }],
    });
    for (const native of ['s1', 's2'])
      expect(await process().correlation.findNative(native)).toMatchObject({ id: event.id });
  });

  test.each<[string, Delivered, RegExp]>([
    ['with several native messages has entries', { native: ['s1', 's2'] }, /^m\./],
    ['without a native id is found by its id', { native: [] }, /^hub\.report\.south\./],
  ])('%s', async (_what, answer, place) => {
    const { stored, process } = theSouth(answer);
    await process().deliver();
    expect([...stored.keys()].some((name) => place.test(name))).toBe(true);
    expect(await process().find()).toMatchObject({ native: answer.native });
  });

  test('a code of the delivery, and whose word it is, are part of the reference', async () => {
    const { process } = theSouth({ native: ['s1'], code: '104', basis: 'operator-word' });
    const first = process();
    await first.deliver();
    expect(await process().find()).toMatchObject({ code: '104', basis: 'operator-word' });
  });
});
