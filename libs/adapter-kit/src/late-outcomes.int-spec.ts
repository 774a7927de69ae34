/** Outcomes that a network reports late, on a real bus: across restarts, crashes between two writes, and two processes at once. */
import { readFileSync } from 'node:fs';
import { openOwnRecords } from '#bus';
import {
  addressOf,
  decodeOutcome,
  direct,
  directConversation,
  eventId,
  network,
  STREAMS,
  type EventId,
  type Outcome,
} from '#protocol';
import { adapterMemory } from '../../../test/support/adapter-memory.js';
import { HubFixture, until } from '../../../test/support/hub-fixture.js';
import { Correlation } from './correlation.js';
import type { MessageRef } from './delivered.contract.js';
import { LateOutcomes, type LateReport, type OutcomeStore } from './late-outcomes.js';

const HOUR_MS = 3600_000;
const sms = network('sms');
const far = network('far');
const sue = addressOf(far, 'sue');
const ann = addressOf(sms, '+8613800138000');

const ARRIVED: LateReport = { stage: 'delivered', basis: 'operator-word' };
const BOUNCED: LateReport = { stage: 'failed', basis: 'network', code: '14', detail: 'no such number' };

let hub: HubFixture;
let creds: string;
/** As the bus stored them. */
const stored: Outcome[] = [];

beforeAll(async () => {
  hub = await HubFixture.open();
  creds = await hub.admit(sms);
  const reports = await hub.link.session?.js.consumers.get(STREAMS.report);
  await reports?.consume({ callback: (message) => void stored.push(decodeOutcome(message.data)) });
});
afterAll(() => hub?.close());

interface ProcessOptions {
  now?: () => number;
  /** Key of the bucket to which this process cannot write any more: it crashes before. */
  crashesBefore?: string;
}

/** One more process of the adapter, with the rights of the network. */
async function aProcess({ now, crashesBefore }: ProcessOptions = {}): Promise<LateOutcomes> {
  const { connection, publisher, recent } = await adapterMemory(hub, sms, creds);
  const records = await openOwnRecords(connection, sms, readFileSync(creds, 'utf8'));
  expect(records).toBeDefined();
  const store: OutcomeStore = {
    get: (key) => recent.get(key),
    delete: (key) => recent.delete(key),
    keys: (filter) => recent.keys(filter),
    put: (key, value) =>
      key === crashesBefore ? Promise.reject(new Error('crashed')) : recent.put(key, value),
  };
  return new LateOutcomes(sms, store, publisher, new Correlation(sms, recent, undefined, records), now);
}

/** The end of a delivery of one event. */
function anEnd(text: string, stage: 'submitted' | 'delivered' = 'submitted'): Outcome {
  const id = eventId(far, 'message', text);
  return {
    event: id,
    conversation: directConversation(sue, ann),
    kind: 'message',
    by: 'adapter',
    stage,
    basis: 'network',
    code: '00',
    from: { address: sue },
    to: ann,
    native: [`native of ${text}`],
    at: new Date().toISOString(),
  };
}

const eventOf = ({ event }: Outcome) => ({ id: event, author: far });

let sentinels = 0;

/** What the bus stored of an event, in order. A sentinel that is stored now proves that nothing else is on its way. */
async function told(event: EventId): Promise<string[]> {
  const sentinel = anEnd(`sentinel ${++sentinels}`, 'delivered');
  await (await aProcess()).ended(sentinel, false);
  await until('the sentinel', () => stored.some((one) => one.event === sentinel.event));
  return stored.filter((one) => one.event === event).map(({ stage, code }) => `${stage} ${code}`);
}

test('the next process carries out a report about a message that the first one submitted', async () => {
  const end = anEnd('across a restart');
  await (await aProcess()).ended(end, false, HOUR_MS);
  await (await aProcess()).report(eventOf(end), ARRIVED);
  expect(await told(end.event)).toEqual(['submitted 00', 'delivered 00']);
  const outcome = stored.find(({ event, stage }) => event === end.event && stage === 'delivered');
  expect(outcome).toMatchObject({
    to: ann,
    from: { address: sue },
    native: end.native,
    basis: 'operator-word',
  });
});

test('a report that came before its delivery had ended is carried out by the next process, which ends it', async () => {
  const end = anEnd('reported early');
  await (await aProcess()).report(eventOf(end), BOUNCED);
  expect(await told(end.event)).toEqual([]);
  await (await aProcess()).ended(end, true);
  expect(await told(end.event)).toEqual(['failed 14']);
});

test('a crash between the outcome and its entry: the network repeats its report, and the bus stores the outcome once', async () => {
  const end = anEnd('crash of a report');
  await (await aProcess()).ended(end, false, HOUR_MS);
  const crashing = await aProcess({ crashesBefore: `late.${far}.${end.event}` });
  await expect(crashing.report(eventOf(end), ARRIVED)).rejects.toThrow('crashed');
  expect(await (await aProcess()).report(eventOf(end), ARRIVED)).toBe(true);
  expect(await (await aProcess()).report(eventOf(end), ARRIVED)).toBe(false);
  expect(await told(end.event)).toEqual(['submitted 00', 'delivered 00']);
});

test('a crash before a submitted message is recorded: its delivery is repeated, and nothing is told twice', async () => {
  const end = anEnd('crash of a delivery');
  const crashing = await aProcess({ crashesBefore: `open.${far}.${end.event}` });
  await expect(crashing.ended(end, false, HOUR_MS)).rejects.toThrow('crashed');
  expect(await told(end.event)).toEqual([]);
  const next = await aProcess();
  await next.ended(end, true, HOUR_MS);
  await next.ended(end, true, HOUR_MS);
  expect(await told(end.event)).toEqual(['submitted 00']);
});

test('two processes get the same report at once: the bus stores one outcome', async () => {
  const end = anEnd('two processes');
  const [one, other] = [await aProcess(), await aProcess()];
  await one.ended(end, false, HOUR_MS);
  await Promise.all([one.report(eventOf(end), ARRIVED), other.report(eventOf(end), ARRIVED)]);
  expect(await told(end.event)).toEqual(['submitted 00', 'delivered 00']);
});

test('two processes get the reports of three parts of a message at once: the bus stores one outcome of it', async () => {
  const end = { ...anEnd('in parts'), native: ['part 1', 'part 2', 'part 3'] };
  const [one, other] = [await aProcess(), await aProcess()];
  await one.ended(end, false, HOUR_MS);
  await one.report(eventOf(end), ARRIVED, 'part 2');
  await Promise.all([
    one.report(eventOf(end), ARRIVED, 'part 1'),
    other.report(eventOf(end), ARRIVED, 'part 3'),
  ]);
  expect(await told(end.event)).toEqual(['submitted 00', 'delivered 00']);
});

test('the time limit ends: two processes close the outcome as unknown at once, and the bus stores that once', async () => {
  const end = anEnd('overdue');
  await (await aProcess()).ended(end, false, HOUR_MS);
  const later = { now: () => Date.now() + HOUR_MS };
  const [one, other] = [await aProcess(later), await aProcess(later)];
  await Promise.all([one.closeOverdue(), other.closeOverdue()]);
  expect(await told(end.event)).toEqual(['submitted 00', 'unknown 103']);
  expect(await (await aProcess(later)).closeOverdue()).toBe(0);
  // The network remembers after its own time limit: the outcome does not go back.
  expect(await (await aProcess(later)).report(eventOf(end), ARRIVED)).toBe(false);
});

test('a failure of a message whose only record is the outcome of its delivery: the next process names the sender', async () => {
  const end = anEnd('its own reference', 'delivered');
  const ref: MessageRef = {
    id: end.event,
    author: sue,
    within: direct(sue, ann),
    native: end.native ?? [],
    at: Date.parse(end.at),
  };
  await (await aProcess()).ended(end, false, undefined, ref);
  expect(await (await aProcess()).report(eventOf(end), BOUNCED)).toBe(true);
  expect(await told(end.event)).toEqual(['delivered 00', 'failed 14']);
  const failed = stored.find(({ event, stage }) => event === end.event && stage === 'failed');
  expect(failed).toMatchObject({ from: { address: sue }, to: ann, detail: 'no such number' });
});
