/** A lane in which some recipients are numbers: the directory is slow, or away, and the order holds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { MediaGrants, type BusMessage, type OrderedPublisher } from '#bus';
import {
  pathOf,
  addressOf,
  decodeEvent,
  directConversation,
  encodeEvent,
  eventId,
  HubError,
  laneOf,
  LANES,
  network,
  plainText,
  subjects,
  telAddress,
  wordsOf,
  type Address,
  type DirectoryEntry,
  type E164,
  type Lane as PartitionNumber,
} from '#protocol';
import { SENDER_RULES } from '../limits/sender-rules.js';
import { SenderLimits } from '../limits/sender-limits.js';
import { ConsentView } from '../registry/consent-view.js';
import { Directory } from '../registry/directory.js';
import { LaneWorker } from './lane-worker.js';
import { until } from '../../../../test/support/until.js';
import { meshOf } from '../../../../test/support/mesh-registry.js';

const [north, south] = [network('north'), network('south')];
const ann = addressOf(north, 'ann');
const [slow, quick] = ['+8613800138000', '+8613900139000'] as E164[] as [E164, E164];
/** Words that make something fail on the way. */
const [TOO_LARGE, AT_FAULT] = ['larger on its way out', 'at fault'];
const quiet = pino({ level: 'silent' });

class Lane {
  readonly stored: string[] = [];
  readonly acked: number[] = [];
  readonly asked: E164[] = [];
  readonly pending = new Map<E164, (answer: DirectoryEntry | HubError) => void>();
  private seq = 0;
  readonly worker: LaneWorker;

  constructor() {
    const registry = meshOf([north, south], quiet);
    const consents = new ConsentView(quiet, registry);
    consents.known = true;
    const directory = new Directory({
      find: (number) => {
        this.asked.push(number);
        return new Promise((resolve, reject) =>
          this.pending.set(number, (answer) =>
            answer instanceof HubError ? reject(answer) : resolve(answer),
          ),
        );
      },
    });
    const publisher = {
      publish: (subject: string, json: string) => {
        if (json.includes(TOO_LARGE)) return Promise.reject(new HubError('61', 'more than the bus takes'));
        if (subject.startsWith('hub.out.')) {
          const event = decodeEvent(Buffer.from(json));
          if (event.type === 'im.hutong.message.v1')
            this.stored.push(`${wordsOf(event.data.content.body)} -> ${event.data.to}`);
        } else {
          const { code, reason } = JSON.parse(json) as { code?: string; reason?: string };
          this.stored.push(code === undefined ? `buried ${reason}` : `report ${code}`);
        }
        return Promise.resolve({ seq: 1, duplicate: false });
      },
    } as Partial<OrderedPublisher> as OrderedPublisher;
    const absences = { of: () => undefined, waiting: () => 0, added: () => undefined };
    const limits = new SenderLimits(SENDER_RULES);
    limits.reserve = (event) => {
      if (encodeEvent(event).includes(AT_FAULT)) throw new TypeError('a fault of ours');
      return undefined;
    };
    this.worker = new LaneWorker({
      views: { registry, consents, directory, absences },
      limits,
      publisher,
      grants: new MediaGrants(Buffer.alloc(32)),
      log: quiet,
    });
  }

  /** @param lane of the subject. Absent: that of the conversation */
  says(text: string, to: Address, lane = laneOf(directConversation(ann, to))): void {
    const seq = ++this.seq;
    const now = new Date().toISOString();
    const json = encodeEvent({
      specversion: '1.0',
      id: eventId(north, 'message', text),
      source: '/network/north',
      type: 'im.hutong.message.v1',
      time: now,
      subject: directConversation(ann, to),
      datacontenttype: 'application/json',
      path: pathOf(north),
      data: { from: { address: ann }, to, sentAt: now, content: { body: plainText(text) } },
    });
    const message: BusMessage = {
      subject: subjects.in(north, lane),
      data: Buffer.from(json),
      seq,
      deliveries: 1,
      storedAt: new Date(),
      ack: () => void this.acked.push(seq),
      retry: () => void this.stored.push(`put back ${seq}`),
      working: () => undefined,
    };
    this.worker.read(message);
  }

  async answers(number: E164, answer: DirectoryEntry | HubError): Promise<void> {
    await settled();
    this.pending.get(number)?.(answer);
    await settled();
  }
}

const settled = () => sleep(20);
const at = (name: string): DirectoryEntry => ({ links: [addressOf(south, name)] });

test('messages to a number wait for one look-up and go in their order; everybody else goes on', async () => {
  const lane = new Lane();
  lane.says('one', telAddress(slow));
  lane.says('two', telAddress(slow));
  lane.says('for sue', addressOf(south, 'sue'));
  lane.says('for quick', telAddress(quick));
  lane.says('three', telAddress(slow));
  await lane.answers(quick, at('quick'));
  expect(lane.stored).toEqual(['for sue -> im:sue@south', 'for quick -> im:quick@south']);
  await lane.answers(slow, at('slow'));
  lane.says('four', telAddress(slow));
  await settled();
  expect(lane.stored.slice(2)).toEqual(
    ['one', 'two', 'three', 'four'].map((text) => `${text} -> im:slow@south`),
  );
  expect(lane.asked).toEqual([slow, quick]);
  expect(lane.acked.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a directory that does not answer holds its conversations, and nothing of them is lost or overtaken', async () => {
  const lane = new Lane();
  lane.says('one', telAddress(slow));
  await lane.answers(slow, new HubError('91', 'no answer'));
  lane.says('two', telAddress(slow));
  lane.says('for sue', addressOf(south, 'sue'));
  await settled();
  expect(lane.stored).toEqual(['for sue -> im:sue@south']);
  expect(lane.acked).toEqual([3]);
  await until('the directory to be asked again', () => lane.asked.filter((who) => who === slow).length >= 2);
  await lane.answers(slow, at('slow'));
  expect(lane.stored.slice(1)).toEqual(['one -> im:slow@south', 'two -> im:slow@south']);
  expect(lane.acked).toEqual([3, 1, 2]);
});

test('a partition that starts again drops the events that it held, because they are redelivered', async () => {
  const lane = new Lane();
  lane.says('one', telAddress(slow));
  await settled();
  lane.worker.becomeOwner();
  await lane.answers(slow, at('slow'));
  expect([lane.stored, lane.acked]).toEqual([[], []]);
  lane.says('one', telAddress(slow));
  await settled();
  expect(lane.stored).toEqual(['one -> im:slow@south']);
});

test('an event that the bus refuses, or on which a step fails, ends visibly, and the partition continues', async () => {
  const lane = new Lane();
  lane.says(TOO_LARGE, addressOf(south, 'sue'));
  lane.says(AT_FAULT, addressOf(south, 'sue'));
  lane.says('for sue', addressOf(south, 'sue'));
  await settled();
  expect(lane.stored.toSorted()).toEqual(['buried 96', 'for sue -> im:sue@south', 'report 61', 'report 96']);
  expect(lane.acked).toHaveLength(3);
});

test('an event in the wrong partition ends with 30 and becomes a dead letter, also if it waits for the directory', async () => {
  const lane = new Lane();
  const sue = addressOf(south, 'sue');
  const wrong = (to: Address) => ((laneOf(directConversation(ann, to)) + 1) % LANES) as PartitionNumber;
  lane.says('misplaced', sue, wrong(sue));
  lane.says('to a number', telAddress(slow), wrong(telAddress(slow)));
  await lane.answers(slow, at('slow'));
  lane.says('for sue', sue);
  await settled();
  expect(lane.stored).toEqual([
    'buried 30',
    'report 30',
    'buried 30',
    'report 30',
    'for sue -> im:sue@south',
  ]);
  expect(lane.acked).toHaveLength(3);
});

test('more than a lane may hold end visibly, so that the others get through', async () => {
  const lane = new Lane();
  for (let n = 0; n < 450; n++) lane.says(`${n}`, telAddress(slow));
  lane.says('for sue', addressOf(south, 'sue'));
  await settled();
  expect(lane.stored.filter((line) => line === 'report 91')).toHaveLength(50);
  expect(lane.stored).toContain('for sue -> im:sue@south');
  await lane.answers(slow, at('slow'));
  expect(lane.acked).toHaveLength(451);
});
