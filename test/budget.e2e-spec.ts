/**
 * One message that asks for a receipt, from network to network through every part that reads or writes it, on a bus in
 * memory: what is stored, and what is validated, is what docs/budget.md says.
 */
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { MediaGrants, type BusMessage, type LaneReader, type OrderedPublisher } from '#bus';
import {
  addressOf,
  correlationBucket,
  countValidations,
  levels,
  network,
  plainText,
  type Network,
} from '#protocol';
import { routed, ending } from '../apps/clearing/src/records/record-legs.js';
import { toCheckpoints } from '../apps/recorder/src/trace/checkpoints.js';
import { LaneWorker } from '../apps/switch/src/lanes/lane-worker.js';
import { SenderLimits } from '../apps/switch/src/limits/sender-limits.js';
import { SENDER_RULES } from '../apps/switch/src/limits/sender-rules.js';
import { ConsentView } from '../apps/switch/src/registry/consent-view.js';
import { Directory } from '../apps/switch/src/registry/directory.js';
import { ReportWorker } from '../apps/switch/src/reports/report-worker.js';
import type { NextStep } from '../apps/switch/src/reports/next-step.js';
import { Connectivity } from '../libs/adapter-kit/src/connectivity.js';
import { Correlation } from '../libs/adapter-kit/src/correlation.js';
import { Delivery } from '../libs/adapter-kit/src/delivery.js';
import { Egress } from '../libs/adapter-kit/src/egress.js';
import { EventWriter } from '../libs/adapter-kit/src/event-writer.js';
import type { AnyAdapter } from '../libs/adapter-kit/src/adapter.contract.js';
import { Ingress } from '../libs/adapter-kit/src/ingress.js';
import { LateOutcomes } from '../libs/adapter-kit/src/late-outcomes.js';
import { Outcomes } from '../libs/adapter-kit/src/outcomes.js';
import { until } from './support/until.js';
import { meshOf } from './support/mesh-registry.js';

const [north, south] = [network('north'), network('south')];
const quiet = pino({ level: 'silent' });
const BUDGET = readFileSync(new URL('../docs/budget.md', import.meta.url), 'utf8');

/** What counts as stored, by its subject. */
const STORED: [row: string, subject: RegExp][] = [
  ['the event, `hub.in.<network>`, by the adapter of the sender', /^hub\.in\.north\./],
  ['the event, `hub.out.<network>`, by the switch', /^hub\.out\.south\./],
  ['the outcome, `hub.report.<network>`, by the adapter of the recipient', /^hub\.report\.south/],
  ['the receipt, `hub.out.<network>`, by the switch', /^hub\.out\.north\./],
];
/** The design allows so many. */
const MOST = 4;
const VALIDATED = [
  'adapter of the sender',
  'switch',
  'adapter of the recipient',
  'recorder',
  'clearing',
] as const;
type Part = (typeof VALIDATED)[number];

/** Everything that was published, in order. A message is handed to its readers by the test. */
class MemoryBus {
  readonly messages: BusMessage[] = [];
  readonly acknowledged = new Set<number>();

  readonly publisher = {
    publish: (subject: string, content: Uint8Array | string) => {
      const seq = this.messages.length + 1;
      this.messages.push({
        subject,
        data: Buffer.from(content),
        seq,
        deliveries: 1,
        storedAt: new Date(),
        ack: () => void this.acknowledged.add(seq),
        retry: () => {
          throw new Error(`${subject} was put back`);
        },
        working: () => undefined,
      });
      return Promise.resolve({ seq, duplicate: false });
    },
    drained: () => Promise.resolve(),
  } as Partial<OrderedPublisher> as OrderedPublisher;

  bucket(name: string) {
    const put = async (key: string, value: unknown) => {
      await this.publisher.publish(`$KV.${name}.${key}`, JSON.stringify(value));
    };
    return {
      put,
      get: () => Promise.resolve(undefined),
      delete: (key: string) => put(key, null),
      keys: () => Promise.resolve([]),
    };
  }

  async message(subject: RegExp): Promise<BusMessage> {
    const found = () => this.messages.find((message) => subject.test(message.subject));
    await until(`a message on ${subject}`, () => found() !== undefined);
    return found() as BusMessage;
  }
}

/** The kit of one network that gives each message an id of its own. */
function kitOf(slug: Network, bus: MemoryBus) {
  const adapter: AnyAdapter = {
    network: slug,
    capabilities: () => ({
      version: '1',
      language: 'en',
      features: levels(0, { text: 2, delivered: 2 }),
      limits: {},
    }),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    connectivity: new Connectivity(true),
    deliver: () => Promise.resolve({ native: ['given by the network'] }),
    deliverReceipt: () => Promise.resolve(),
  };
  const bucket = bus.bucket(correlationBucket(slug));
  const none = () => Promise.resolve(undefined);
  const records = {
    event: none,
    outcomeOf: none,
    outcomeWith: none,
    certainOutcomeOf: none,
    certainOutcomeWith: none,
  };
  const correlation = new Correlation(slug, bucket, undefined, records);
  const attachments = { pauseTransfersForText: () => undefined } as never;
  const delivery = new Delivery({
    adapter,
    capabilities: () => adapter.capabilities(),
    correlation,
    attachments,
  });
  const { publisher } = bus;
  const capabilities = () => adapter.capabilities();
  const late = new LateOutcomes(slug, bucket, publisher, correlation);
  const outcomes = new Outcomes({ network: slug, publisher, late, capabilities });
  const windows = { mustBeFirst: () => Promise.resolve(), keep: () => Promise.resolve(false) };
  const egress = new Egress({ network: slug, adapter, delivery, outcomes, windows, publisher, log: quiet });
  const writer = new EventWriter(slug, publisher);
  const pending = { holds: () => false, admit: () => Promise.reject(new Error('no attachments')) };
  return { egress, ingress: new Ingress({ network: slug, writer, correlation, pending }) };
}

function switchOn(bus: MemoryBus): { lane: LaneReader; reports: LaneReader } {
  const registry = meshOf([north, south], quiet);
  const consents = new ConsentView(quiet, registry);
  consents.known = true;
  const directory = new Directory({ find: () => Promise.reject(new Error('nobody has a number')) });
  const absences = { of: () => undefined, waiting: () => 0, added: () => undefined };
  const { publisher } = bus;
  const lane = new LaneWorker({
    views: { registry, consents, directory, absences },
    limits: new SenderLimits(SENDER_RULES),
    publisher,
    grants: new MediaGrants(Buffer.alloc(32)),
    log: quiet,
  });
  const fallback = { take: () => Promise.resolve(false) } as unknown as NextStep;
  return { lane, reports: new ReportWorker(registry, fallback, publisher, quiet) };
}

/** Sends the message through every part. @returns what was stored, and how often each part validated */
async function crossing(): Promise<{ stored: BusMessage[]; validations: Record<Part, number> }> {
  const bus = new MemoryBus();
  const [sender, recipient] = [kitOf(north, bus), kitOf(south, bus)];
  const theSwitch = switchOn(bus);
  const validations = Object.fromEntries(VALIDATED.map((part) => [part, 0])) as Record<Part, number>;
  const as = async <T>(part: Part, work: () => T): Promise<Awaited<T>> => {
    countValidations(() => validations[part]++);
    const result = await work();
    countValidations(undefined);
    return result;
  };
  const read = (part: Part, reader: LaneReader, message: BusMessage) =>
    as(part, async () => {
      reader.read(message);
      await until(`${part} to acknowledge`, () => bus.acknowledged.has(message.seq));
    });
  const hash = (text: string) => text;

  await as('adapter of the sender', () =>
    sender.ingress.submitMessage({
      nativeId: 'native-1',
      from: { address: addressOf(north, 'ann') },
      to: addressOf(south, 'bob'),
      sentAt: new Date(),
      content: { body: plainText('hello') },
      requestStatus: ['delivered'],
    }),
  );
  const accepted = await bus.message(/^hub\.in\.north\./);
  await read('switch', theSwitch.lane, accepted);
  await as('recorder', () => toCheckpoints(accepted));
  const routedMessage = await bus.message(/^hub\.out\.south\./);
  await read('adapter of the recipient', recipient.egress, routedMessage);
  await as('recorder', () => toCheckpoints(routedMessage));
  await as('clearing', () => routed(routedMessage, hash));
  const outcome = await bus.message(/^hub\.report\.south/);
  await read('switch', theSwitch.reports, outcome);
  await as('recorder', () => toCheckpoints(outcome));
  await as('clearing', () => ending(outcome, hash));
  const receipt = await bus.message(/^hub\.out\.north\./);
  await read('adapter of the sender', sender.egress, receipt);
  await as('recorder', () => toCheckpoints(receipt));
  await as('clearing', () => routed(receipt, hash));
  for (const { egress } of [sender, recipient]) await egress.drain(0);
  return { stored: bus.messages, validations };
}

const rowOf = (what: string, count: number) => `| ${what} | ${count} |`;

test('a message is stored as often as docs/budget.md says: four times, and nothing that is not listed', async () => {
  const { stored } = await crossing();
  const counts = STORED.map(
    ([, subject]) => stored.filter((message) => subject.test(message.subject)).length,
  );
  expect(stored).toHaveLength(counts.reduce((sum, count) => sum + count, 0));
  expect(stored.length).toBeLessThanOrEqual(MOST);
  for (const [at, [what]] of STORED.entries()) expect(BUDGET).toContain(rowOf(what, counts[at] ?? 0));
});

test('it is validated once where a member’s bytes enter a process, and nowhere else', async () => {
  const { validations } = await crossing();
  for (const part of VALIDATED) expect(BUDGET).toContain(rowOf(part, validations[part]));
  expect(validations['adapter of the recipient']).toBe(0);
});
