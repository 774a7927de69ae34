/** What a gateway delivers is handed over once, however often it comes, and is answered each time. */
import { HubError } from '#protocol';
import { silentLog } from '#service';
import { Deliveries, type DeliveredFrame } from './deliveries.js';
import { RecordedEvents } from './testing/recorded-events.js';

function aDelivery(text: string, { id }: { id: string | undefined } = { id: '1' }): DeliveredFrame {
  const bytes = Buffer.from(text);
  const segment = {
    person: '8613800000001',
    service: '1069',
    alphabet: 'ascii',
    text: bytes,
    native: '',
  } as const;
  return { id, bytes, content: bytes, read: () => ({ kind: 'segment', segment }) };
}

function someDeliveries() {
  const events = new RecordedEvents();
  const deliveries = new Deliveries(silentLog);
  deliveries.start(events);
  return { events, deliveries };
}

test('one that comes again is answered again, and handed over once', async () => {
  const { deliveries, events } = someDeliveries();
  expect(await deliveries.take(aDelivery('hello'))).toBe('taken');
  expect(await deliveries.take(aDelivery('hello'))).toBe('taken');
  expect(events.texts).toEqual(['hello']);
});

test('one that comes again while the first is being stored waits for the same end', async () => {
  const { deliveries, events } = someDeliveries();
  const stored = Promise.withResolvers<void>();
  events.beforeStored = () => stored.promise;
  const answers = [deliveries.take(aDelivery('hello')), deliveries.take(aDelivery('hello'))];
  stored.resolve();
  expect(await Promise.all(answers)).toEqual(['taken', 'taken']);
  expect(events.texts).toEqual(['hello']);
});

test.each([
  ['the same number with other content', aDelivery('hello', { id: '1' }), aDelivery('goodbye', { id: '1' })],
  ['another number with the same content', aDelivery('hello', { id: '1' }), aDelivery('hello', { id: '2' })],
  ['no number', aDelivery('hello', { id: undefined }), aDelivery('hello', { id: undefined })],
])('%s is another one', async (_, first, second) => {
  const { deliveries, events } = someDeliveries();
  await deliveries.take(first);
  await deliveries.take(second);
  expect(events.texts).toHaveLength(2);
});

test('the hub is busy: so is the answer, and the next attempt is a new one', async () => {
  const { deliveries, events } = someDeliveries();
  events.beforeStored = () => Promise.reject(new HubError('91', 'the bus is away'));
  expect(await deliveries.take(aDelivery('hello'))).toBe('busy');
  events.beforeStored = () => Promise.resolve();
  expect(await deliveries.take(aDelivery('hello'))).toBe('taken');
  expect(events.texts).toEqual(['hello']);
});

test('the hub will never take it: refused', async () => {
  const { deliveries, events } = someDeliveries();
  events.beforeStored = () => Promise.reject(new HubError('93', 'blocked'));
  expect(await deliveries.take(aDelivery('hello'))).toBe('refused');
});

test('what cannot be read is handed over as it came', async () => {
  const { deliveries, events } = someDeliveries();
  const read = () => {
    throw new HubError('30', 'a report of 3 bytes');
  };
  expect(await deliveries.take({ ...aDelivery('abc'), read })).toBe('taken');
  expect(events.unreadable).toEqual([{ native: '616263', why: 'a report of 3 bytes' }]);
});

test('before the link has started everything is asked for again', async () => {
  expect(await new Deliveries(silentLog).take(aDelivery('hello'))).toBe('busy');
});
