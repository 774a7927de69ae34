/** What an aggregator submits to our centre: which id each message gets, and when the aggregator knows it. */
import { pino } from 'pino';
import { HubError } from '#protocol';
import { RecordedEvents } from '../testing/recorded-events.js';
import { IncomingMessages } from './incoming.js';
import { shownId } from './message-ids.js';
import { COMMAND, readId, requestPdu, writeMessage, type SmppPdu } from './smpp.pdu.js';

function aCentre() {
  const heard = new RecordedEvents();
  const form = { standard: 'gsm7', long: 'udh' } as const;
  const log = pino({ level: 'silent' });
  const incoming = new IncomingMessages({ form, receiptIds: 'text', givesReceipts: true, log }, heard);
  const answers: SmppPdu[] = [];
  const submits = (text: string, sequence: number, connection = 1) => {
    const kind = { ton: 1, npi: 1 };
    const parties = { from: '8613800138000', fromKind: kind, to: '10690001', toKind: kind };
    const rest = { esmClass: 0, registered: 1, coding: 0, text: Buffer.from(text), tags: new Map() };
    const frame = requestPdu(COMMAND.submit, writeMessage({ ...parties, ...rest }))(sequence);
    return incoming.take({ frame, answer: (pdu) => void answers.push(pdu) }, connection);
  };
  return { heard, incoming, answers, submits };
}

test('each message is answered with its own id, though two under way have one sequence number', async () => {
  const { heard, incoming, answers, submits } = aCentre();
  const stored = Promise.withResolvers<void>();
  heard.beforeStored = () => stored.promise;
  const both = [submits('one', 5), submits('two', 5)];
  stored.resolve();
  await Promise.all(both);
  const ids = heard.segments.map(({ id = '' }) => id);
  expect(answers.map(readId).toSorted()).toEqual(ids.map(shownId).toSorted());
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) await incoming.answered(id);
});

test('a message that comes again with its number gets the same answer', async () => {
  const { heard, answers, submits } = aCentre();
  await submits('one', 5);
  await submits('one', 5);
  expect(heard.segments).toHaveLength(1);
  expect(answers.map(readId)).toEqual([1, 2].map(() => shownId(heard.segments[0]?.id ?? '')));
});

test('what was not stored has no id for the aggregator before it comes again', async () => {
  const { heard, incoming, submits } = aCentre();
  const submitted: (string | undefined)[] = [];
  heard.beforeStored = (id) => {
    submitted.push(id);
    return submitted.length > 1 ? Promise.resolve() : Promise.reject(new HubError('91', 'the bus is away'));
  };
  await submits('one', 5);
  await expect(incoming.answered(submitted[0] ?? '')).rejects.toMatchObject({ code: '91' });
  await submits('one', 6);
  await incoming.answered(submitted[0] ?? '');
  expect(submitted[1]).toBe(submitted[0]);
});
