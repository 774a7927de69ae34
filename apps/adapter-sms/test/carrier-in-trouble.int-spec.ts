/**
 * The real adapter before a simulated carrier, in each of the four protocols, with a hub in memory: conversations by number, long
 * texts, reports at any time, and a carrier in trouble: it asks to slow down, breaks links, repeats, loses and reverses.
 */
import { createHash } from 'node:crypto';
import { pino } from 'pino';
import type { Delivered, DeliveryContext, Hub, MessageRef } from '#adapter-kit';
import { freePort } from '#engines';
import { network, plainText, toHubError, type Address, type MessageEvent } from '#protocol';
import { sleep } from '#service';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { amount } from '../../../test/support/amounts.js';
import { until } from '../../../test/support/until.js';
import {
  numberOf,
  type Handset,
  type SmsOptions,
  type SmsProtocol,
  type SmsSimulator,
} from '../simulator/index.js';
import { SmsAdapter } from '../src/sms.adapter.js';
import { smsSettings, type SmsSettings } from '../src/sms.config.js';
import { openLink } from '../src/sms.connection.js';
import { CODE, openCarrier, settingsOf } from './sms.home.js';

const log = pino({ level: 'silent' });
const alice = 'im:alice@far' as Address;
const bob = 'im:bob@far' as Address;
/** Messages to one of `PEOPLE` people each. */
const MESSAGES = amount({ test: 300, torture: 30_000 });
const PEOPLE = 40;

let keys = 0;
const aKey = () => createHash('sha256').update(`message ${keys++}`).digest('base64url').slice(0, 40);

interface Stage {
  carrier: SmsSimulator;
  adapter: SmsAdapter;
  double: HubDouble;
  /** What was sent, by native id. */
  crossed: Record<string, MessageRef>;
  say: (text: string, to: Handset, from?: Address, key?: string) => Promise<Delivered>;
}

/** Sends at most once, as the kit does: what the gateway did not accept may be sent again, what is in doubt is not. */
function once(hub: Hub): Hub {
  const attempts = new Map<string, Promise<Delivered>>();
  const atMostOnce = (key: string, send: () => Promise<Delivered>) => {
    const known = attempts.get(key);
    if (known) return known;
    const attempt = send();
    attempts.set(key, attempt);
    attempt.catch((thrown: unknown) => {
      if (toHubError(thrown).code !== '103') attempts.delete(key);
    });
    return attempt;
  };
  return { ...hub, atMostOnce };
}

async function open(
  protocol: SmsProtocol,
  options: Partial<SmsOptions> = {},
  more: NodeJS.ProcessEnv = {},
): Promise<Stage> {
  const listen = protocol === 'sgip' ? await freePort() : 0;
  const service = listen > 0 ? { servicePort: listen } : {};
  const carrier = await openCarrier(protocol, { retryMs: 20, ...service, ...options });
  const given = settingsOf(protocol, { host: '127.0.0.1', port: String(carrier.carrierPort), listen });
  const settings: SmsSettings = smsSettings.parse({ ...given, ...more });
  const crossed: Record<string, MessageRef> = {};
  const double = new HubDouble({ talked: true, crossed });
  const adapter = new SmsAdapter(network('sms'), settings, openLink(settings, log));
  await adapter.start(once(double.hub));
  await adapter.connectivity.untilConnected();
  const say: Stage['say'] = async (text, to, from = alice, idempotencyKey = aKey()) => {
    const address = `im:${to.native}@sms` as Address;
    const data = { from: { address: from }, to: address, content: { body: plainText(text) } };
    const context: DeliveryContext = {
      idempotencyKey,
      target: undefined,
      uncertain: true,
      delayedSince: undefined,
    };
    const delivered = await adapter.deliver({ id: 'E'.repeat(27), data } as unknown as MessageEvent, context);
    const ref = { id: idempotencyKey, author: from, within: {}, native: delivered.native, at: 0 } as never;
    for (const native of delivered.native) crossed[native] = ref;
    return delivered;
  };
  return { carrier, adapter, double, crossed, say };
}

describe.each(['smpp', 'cmpp', 'sgip', 'smgp'] as const)('%s', (protocol) => {
  const stages: Stage[] = [];
  const opened = async (...more: [Partial<SmsOptions>?, NodeJS.ProcessEnv?]) => {
    const stage = await open(protocol, ...more);
    stages.push(stage);
    return { ...stage, ann: stage.carrier.person(numberOf('ann')) };
  };
  afterEach(async () => {
    for (const { adapter, carrier } of stages.splice(0)) {
      await adapter.stop();
      await carrier.close();
    }
  });
  const reads = ({ timeline }: Handset) => timeline.map(({ text }) => text);
  const wrote = ({ double }: Stage) =>
    double.submitted.map(({ to, content }) => [to, (content as { body: { content?: string } }).body.content]);
  const outcomeOf = ({ double }: Stage, { native }: Delivered) =>
    double.outcomes.flatMap(({ of, report }) =>
      of.native !== undefined && native.includes(of.native) ? [report] : [],
    );

  test('a plain reply to the thread of each friend goes to that friend', async () => {
    const stage = await opened();
    const { ann, say } = stage;
    await say('from alice', ann);
    await say('from bob', ann, bob);
    const [first, second] = ann.timeline.map(({ from }) => from);
    expect([first, second]).toEqual([`${CODE}01`, `${CODE}02`]);
    await ann.act({ do: 'write', to: second ?? '', text: 'to bob' });
    await ann.act({ do: 'write', to: first ?? '', text: 'to alice' });
    await stage.carrier.idle();
    expect(wrote(stage)).toEqual([
      [bob, 'to bob'],
      [alice, 'to alice'],
    ]);
  });

  test('long texts in both directions are one text each, in any order of their segments', async () => {
    const stage = await opened({}, { SMS_REFERENCE_BITS: protocol === 'cmpp' ? '16' : '8' });
    const { ann, say, carrier } = stage;
    const long = '长👩‍👩‍👧'.repeat(60);
    const { native } = await say(long, ann);
    expect(native.length).toBeGreaterThan(5);
    await until('the text', () => ann.timeline.length > 0);
    expect(reads(ann)).toEqual([`[1 alice · far] ${long}`]);
    carrier.faults.reverseParts();
    await ann.act({ do: 'write', to: CODE, text: long });
    await carrier.idle();
    expect(wrote(stage)).toEqual([[alice, long]]);
  });

  test('a text whose last segment is lost arrives with a gap', async () => {
    const stage = await opened({}, { SMS_JOIN_MS: '100' });
    stage.carrier.faults.losePart();
    await stage.ann.act({ do: 'write', to: CODE, text: '失'.repeat(100) });
    await until('it', () => wrote(stage).length === 1);
    expect(wrote(stage)[0]?.[1]).toMatch(/^失+\[…\]$/);
  });

  test('each segment is reported once, also when reports come before the answers', async () => {
    const stage = await opened();
    stage.carrier.faults.reportFirst(2);
    const delivered = await stage.say('报'.repeat(150), stage.ann);
    await until('the reports', () => outcomeOf(stage, delivered).length === delivered.native.length);
    await stage.carrier.idle();
    expect(outcomeOf(stage, delivered).map(({ stage: reached }) => reached)).toEqual(
      delivered.native.map(() => 'delivered'),
    );
  });

  test('one segment that fails is reported as failed', async () => {
    const stage = await opened();
    stage.carrier.faults.failReport('UNDELIV');
    const delivered = await stage.say('败'.repeat(150), stage.ann);
    await until('the reports', () => outcomeOf(stage, delivered).length === delivered.native.length);
    const failures = outcomeOf(stage, delivered).filter(({ stage: reached }) => reached === 'failed');
    expect(failures).toMatchObject([{ basis: 'network' }]);
  });

  test('what a gateway repeats is one message', async () => {
    const stage = await opened();
    stage.carrier.faults.duplicate(2);
    await stage.ann.act({ do: 'write', to: CODE, text: 'once' });
    await stage.ann.act({ do: 'write', to: CODE, text: '长'.repeat(100) });
    await stage.carrier.idle();
    expect(new Set(stage.double.submitted.map(({ nativeId }) => nativeId)).size).toBe(2);
  });

  test('a flood, flow control and broken links: nothing is lost, and nothing is doubled but what is in doubt', async () => {
    const stage = await opened();
    const { carrier, adapter, say } = stage;
    const people = Array.from({ length: PEOPLE }, (_, n) => carrier.person(numberOf(`person ${n}`)));
    carrier.faults.throttleEach(50);
    const doubtful = new Set<string>();
    let done = 0;
    /** As the kit: tried again until it is accepted or in doubt. */
    const deliver = async (n: number) => {
      const [person, key, text] = [people[n % PEOPLE] as Handset, aKey(), `message ${n}`];
      for (;;) {
        try {
          await say(text, person, alice, key);
          break;
        } catch (thrown) {
          const { code, verdict } = toHubError(thrown);
          if (verdict !== 'retry') {
            expect(code).toBe('103');
            doubtful.add(text);
            break;
          }
          await adapter.connectivity.untilConnected();
          await sleep(5);
        }
      }
      if (++done === Math.floor(MESSAGES / 4) || done === Math.floor(MESSAGES / 2)) carrier.disconnect();
    };
    await Promise.all(Array.from({ length: MESSAGES }, (_, n) => deliver(n)));
    await carrier.idle();
    const read = people.flatMap(reads).map((text) => text?.replace(/^\[.*\] /, ''));
    for (let n = 0; n < MESSAGES; n++) {
      const text = `message ${n}`;
      const times = read.filter((one) => one === text).length;
      expect({ text, times }).toEqual({ text, times: doubtful.has(text) ? Math.min(times, 1) : 1 });
    }
    expect(doubtful.size).toBeLessThan(MESSAGES / 4);
  });
});
