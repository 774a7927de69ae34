/** A message that this network sent is found by its id without an entry of its own, by any process, with all that its entry said. */
import { addressOf, network, plainText, subjects, type EventId } from '#protocol';
import { Correlation } from './correlation.js';
import type { MessageDraft } from './drafts.contract.js';
import { EventWriter } from './event-writer.js';
import { Ingress } from './ingress.js';

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

/** A bus in memory: the last message on each subject. */
function aBus() {
  const stored = new Map<string, Uint8Array>();
  const bucket = {
    put: (key: string, value: unknown) => {
      stored.set(key, Buffer.from(JSON.stringify(value)));
      return Promise.resolve();
    },
    get: (key: string) => {
      const found = stored.get(key);
      return Promise.resolve(found && (JSON.parse(Buffer.from(found).toString()) as unknown));
    },
  };
  const publisher = {
    publish: (subject: string, content: Uint8Array | string) => {
      stored.set(subject, Buffer.from(content));
      return Promise.resolve({ seq: stored.size, duplicate: false });
    },
  };
  const events = { find: (id: EventId) => Promise.resolve(stored.get(subjects.event(north, id))) };
  const pending = { holds: () => false, admit: () => Promise.reject(new Error('no attachments')) };
  /** @param reads whether the credentials permit to read events */
  const process = (reads = true) => {
    const correlation = new Correlation(north, bucket, undefined, reads ? events : undefined);
    const writer = new EventWriter(north, publisher);
    return { correlation, ingress: new Ingress({ network: north, writer, correlation, pending }) };
  };
  return { stored, process };
}

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
