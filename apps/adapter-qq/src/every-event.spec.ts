/**
 * Nothing disappears: every event that QQ sends ends as an event on the bus, as words for who sent it, as a record of what was
 * not carried, or is delivered again; and what it became is written back as what it was.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { MessageDraft, OutgoingAttachment } from '#adapter-kit';
import { HubError, type Address, type MessageEvent } from '#protocol';
import { treeOfBody, writePlain } from '#text';
import { HubDouble, type HubDoubleOptions } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { ONEBOT_11 } from './onebot/dialect11.js';
import { ONEBOT_12 } from './onebot/dialect12.js';
import { qqSettings } from './qq.config.js';
import { qqAdapter } from './qq.module.js';
import { answersAll } from './testing/answering-qq.js';

interface Recorded {
  what: string;
  /** null: it says nothing of a person. */
  leads: string | null;
  event: Record<string, unknown>;
  becomes?: object;
  /**
   * What the same content becomes on its way to a person. OneBot: the segments of the words. Official: the calls of the API with
   * their bodies, for a message of alice of the network far.
   */
  back?: object[];
}
const recorded = (profile: string) =>
  (
    JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', `${profile}.json`), 'utf8')) as {
      events: Recorded[];
    }
  ).events;

const adapters: ReturnType<typeof qqAdapter>[] = [];
afterEach(async () => {
  for (const adapter of adapters.splice(0)) await adapter.stop();
});

/** An account whose person has talked with somebody of another network. */
async function anAccount(profile: string, options: HubDoubleOptions = {}) {
  const double = new HubDouble({ talked: true, ...options });
  const closed = { QQ_URL: 'http://127.0.0.1:9', QQ_TOKEN_URL: 'http://127.0.0.1:9' };
  const secrets = { QQ_TOKEN: 't', QQ_SECRET: 's', QQ_APP_ID: '1' };
  const settings = qqSettings.parse({ QQ_PROFILE: profile, QQ_TRANSPORT: 'http', ...closed, ...secrets });
  const adapter = qqAdapter(settings, double.log);
  adapters.push(adapter);
  await adapter.start(double.hub);
  const traceOf = (json: unknown) =>
    double.traceOf(() => adapter.webhook({ native: JSON.stringify(json) ?? '', json }));
  return { adapter, double, traceOf };
}

describe.each(['onebot11', 'onebot12', 'official'])('%s', (profile) => {
  const RECORDED = recorded(profile);

  test.each(RECORDED)('$what: $leads', async ({ event, leads, becomes, back }) => {
    const { double, traceOf } = await anAccount(profile);
    expect((await traceOf(event)) ?? null).toBe(leads);
    const draft = double.submitted.at(-1);
    const json = JSON.parse(JSON.stringify(draft ?? {})) as object;
    if (becomes) expect(json).toMatchObject(becomes);
    if (!back || !draft || profile === 'official') return;
    const dialect = profile === 'onebot12' ? ONEBOT_12 : ONEBOT_11;
    expect(dialect.words(writePlain(treeOfBody(draft.content.body)), undefined)).toEqual(back);
  });

  test.each([
    ['no JSON', undefined],
    ['a list', []],
    ['a number', 7],
    ['an object without a type', { id: '1' }],
  ])('%s is recorded as unreadable', async (_, json) => {
    expect(await (await anAccount(profile)).traceOf(json)).toBe('not carried: unreadable');
  });

  test('a message that the hub refuses permanently is recorded, and its sender is notified', async () => {
    const { double, traceOf } = await anAccount(profile, { refuses: new HubError('30', 'not an event') });
    expect(await traceOf(RECORDED[0]?.event)).toBe('not carried: refused');
    expect(double.sent).toHaveLength(1);
  });

  test('a message that could not be stored now is delivered again', async () => {
    const { traceOf } = await anAccount(profile, { refuses: new HubError('91', 'the bus is away') });
    expect(await traceOf(RECORDED[0]?.event)).toBe('delivered again');
  });

  test('a recorded event leaves a trace after any mutation, or is one of those that say nothing', async () => {
    const { traceOf } = await anAccount(profile);
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...RECORDED),
        fc.array(CHANGE, { maxLength: 4 }),
        async (one, changes) => {
          const event = structuredClone(one.event);
          for (const change of changes) mutate(event, change);
          const trace = await traceOf(event);
          const silent = isSilent(profile, event);
          expect({ event, trace: silent ? 'silent' : trace }).toEqual({
            event,
            trace: expect.any(String) as string,
          });
          seen.add(trace ?? 'silent');
        },
      ),
      { numRuns: 1500 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining(['event', 'words', 'not carried: event', 'not carried: unreadable', 'silent']),
    );
  });
});

test.each(recorded('official').filter(({ back }) => back))(
  'back: official, $what',
  async ({ event, back }) => {
    const { adapter, double, traceOf } = await anAccount('official', { sends: true });
    const calls = answersAll(adapter.profile.http);
    await traceOf(event);
    const { content, from, media } = double.submitted.at(-1) as MessageDraft;
    const data = { from: { address: alice }, to: from.address, content };
    const message = { id: 'A'.repeat(27), data } as unknown as MessageEvent;
    const context = { idempotencyKey: KEY, uncertain: true, delayedSince: undefined, target: undefined };
    const [medium] = media ?? [];
    const deliver = () =>
      medium
        ? adapter.deliverAttachment(message, outgoing(medium.contentType), context)
        : adapter.deliver(message, context);
    await deliver();
    expect(calls).toEqual(back);
    // Another attempt makes the same calls: QQ knows a message by `msg_id` and `msg_seq`.
    await deliver();
    expect(calls).toEqual([...(back ?? []), ...(back ?? [])]);
  },
);

const alice = 'im:alice@far' as Address;
const KEY = 'K'.repeat(30);

/** As the kit gives a medium, converted to what QQ takes. */
function outgoing(contentType: string): OutgoingAttachment {
  const [kind = ''] = contentType.split('/');
  const as = kind === 'audio' ? 'voice' : (kind as 'image' | 'video');
  const file = { blob: () => Promise.resolve(new Blob(['content'])) };
  return { as, file, part: {} } as unknown as OutgoingAttachment;
}

const ODD = fc.oneof(
  fc.constantFrom<unknown>(null, '', '0', -1, 1e300, true, [], {}, 'text', '\ud800', 'x'.repeat(6000)),
  fc.constantFrom<unknown>('[CQ:face,id=14]', '[CQ:image', '<faceType=1,faceId="', 'private', 'message'),
  fc.jsonValue({ maxDepth: 1 }),
);
const CHANGE = fc.record({
  depth: fc.nat({ max: 3 }),
  field: fc.nat(),
  value: fc.option(ODD, { nil: undefined }),
});
type Change = typeof CHANGE extends fc.Arbitrary<infer One> ? One : never;

/** Replaces or removes a field, at some depth. */
function mutate(event: Record<string, unknown>, { depth, field, value }: Change): void {
  let at = event;
  for (let down = 0; down < depth; down++) {
    const inside = Object.values(at).filter((one) => typeof one === 'object' && one !== null);
    const next = inside[field % Math.max(inside.length, 1)];
    if (next === undefined) break;
    at = next as Record<string, unknown>;
  }
  const name = Object.keys(at)[field % Math.max(Object.keys(at).length, 1)] ?? 'type';
  if (value === undefined) delete at[name];
  else at[name] = structuredClone(value);
}

/** What only keeps a connection, and what the account itself wrote. */
function isSilent(profile: string, event: Record<string, unknown>): boolean {
  if (profile === 'official') return event['op'] !== 0 || event['t'] === 'READY';
  if (profile === 'onebot12') {
    const self = event['self'] as { user_id?: unknown } | undefined;
    return event['type'] === 'meta' || (event['user_id'] !== undefined && event['user_id'] === self?.user_id);
  }
  const own = event['post_type'] === 'message' && String(event['user_id']) === String(event['self_id']);
  return own || ['meta_event', 'message_sent'].includes(String(event['post_type']));
}
