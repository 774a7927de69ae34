import {
  addressOf,
  conversationId,
  eventId,
  group,
  network,
  plainText,
  type EventId,
  type Limits,
  type MessageEvent,
} from '#protocol';
import { bob, message } from '../../../../test/support/switch-events.js';
import { SenderLimits } from './sender-limits.js';
import { limitsFor } from './sender-rules.js';

const [xmpp, matrix] = [network('xmpp'), network('matrix')];
const NOON = Date.parse('2026-11-22T12:00:00Z');
const after = (seconds: number) => new Date(NOON + seconds * 1000);
const HOUSE = { recipientsPerDay: 100, sameWordsPerMinute: 3 };

let number = 0;
function from(sender: string, to: string, text = `words ${number}`): MessageEvent {
  return message({
    id: eventId(xmpp, 'message', `m${number++}`),
    data: {
      ...message().data,
      from: { address: addressOf(xmpp, sender) },
      to: addressOf(matrix, to),
      content: { body: plainText(text) },
    },
  });
}

function allowed(limits: SenderLimits, events: MessageEvent[], agreed: Limits | undefined, at: Date): number {
  return events.filter((event) => limits.reserve(event, agreed, at) === undefined).length;
}

const many = (count: number, event: (n: number) => MessageEvent) =>
  Array.from({ length: count }, (_, n) => event(n));

describe('limits', () => {
  test('of one sender: a minute’s worth at once, and the rest as the minute passes', () => {
    const limits = new SenderLimits(HOUSE);
    const agreed = { perSenderPerMinute: 6 };
    expect(
      allowed(
        limits,
        many(10, () => from('ann', 'bea')),
        agreed,
        after(0),
      ),
    ).toBe(6);
    expect(limits.reserve(from('ann', 'bea'), agreed, after(1))).toBe(
      'over the limit: 6 messages a minute of one sender; again in 9 s',
    );
    expect(limits.reserve(from('ann', 'bea'), agreed, after(10))).toBeUndefined();
    expect(limits.reserve(from('cat', 'bea'), agreed, after(1))).toBeUndefined();
  });

  test('of one sender, by destination: traffic of one agreement does not use the limit of another', () => {
    const limits = new SenderLimits(HOUSE);
    expect(
      allowed(
        limits,
        many(10, () => from('ann', 'bea')),
        { perSenderPerMinute: 6 },
        after(0),
      ),
    ).toBe(6);
    const elsewhere = many(10, () => from('ann', 'bea')).map((event) => ({
      ...event,
      data: { ...event.data, to: addressOf(network('fetion'), 'bea') },
    }));
    expect(allowed(limits, elsewhere, { perSenderPerMinute: 600 }, after(0))).toBe(10);
  });

  test('of a pair of networks: all senders together', () => {
    const limits = new SenderLimits(HOUSE);
    const agreed = { perSecond: 5 };
    expect(
      allowed(
        limits,
        many(8, (n) => from(`s${n}`, 'bea')),
        agreed,
        after(0),
      ),
    ).toBe(5);
    expect(limits.reserve(from('ann', 'bea'), agreed, after(0))).toContain(
      '5 messages a second, xmpp>matrix',
    );
    expect(
      allowed(
        limits,
        many(8, (n) => from(`s${n}`, 'bea')),
        agreed,
        after(1),
      ),
    ).toBe(5);
  });

  test('of new people: known correspondents, and people who wrote first, are not new', () => {
    const limits = new SenderLimits(HOUSE);
    const agreed = { newContactsPerDay: 2 };
    expect(
      allowed(
        limits,
        many(5, (n) => from('ann', `new${n}`)),
        agreed,
        after(0),
      ),
    ).toBe(2);
    expect(limits.reserve(from('ann', 'new0'), agreed, after(1))).toBeUndefined();
    const first = message({
      id: 'wrote-first-00' as EventId,
      data: { ...message().data, from: { address: bob }, to: addressOf(xmpp, 'ann') },
    });
    expect(limits.reserve(first, undefined, after(1))).toBeUndefined();
    const answer = from('ann', 'x');
    expect(
      limits.reserve({ ...answer, data: { ...answer.data, to: bob } }, agreed, after(2)),
    ).toBeUndefined();
    expect(limits.reserve(from('ann', 'new9'), agreed, after(2))).toContain('2 new people a day');
  });

  test('of people a day, known correspondents included; the next day begins at zero', () => {
    const limits = new SenderLimits({ ...HOUSE, recipientsPerDay: 4 });
    expect(
      allowed(
        limits,
        many(6, (n) => from('ann', `p${n}`)),
        undefined,
        after(0),
      ),
    ).toBe(4);
    expect(limits.reserve(from('ann', 'p9'), undefined, after(0))).toBe(
      'over the limit: 4 people a day; again in 43200 s',
    );
    expect(limits.reserve(from('ann', 'p0'), undefined, after(0))).toBeUndefined();
    expect(limits.reserve(from('ann', 'p9'), undefined, after(12 * 3600))).toBeUndefined();
  });

  test('of the same words to many people; case and spacing make no other words', () => {
    const limits = new SenderLimits(HOUSE);
    const texts = ['Buy my pills now', 'buy  my pills now', 'BUY MY PILLS NOW', 'buy my pills now '];
    expect(
      allowed(
        limits,
        many(4, (n) => from('ann', `p${n}`, texts[n])),
        undefined,
        after(0),
      ),
    ).toBe(3);
    expect(limits.reserve(from('ann', 'p9', texts[0]), undefined, after(30))).toBe(
      'over the limit: the same words to 3 people a minute; again in 30 s',
    );
    // The same text may be sent again to people who have received it, by other senders, and later by this sender.
    expect(limits.reserve(from('ann', 'p0', texts[0]), undefined, after(30))).toBeUndefined();
    expect(limits.reserve(from('cat', 'p9', texts[0]), undefined, after(30))).toBeUndefined();
    expect(limits.reserve(from('ann', 'p9', texts[0]), undefined, after(60))).toBeUndefined();
  });

  test('short words are everybody’s', () => {
    const limits = new SenderLimits(HOUSE);
    expect(
      allowed(
        limits,
        many(50, (n) => from('ann', `p${n}`, '新年快乐')),
        undefined,
        after(0),
      ),
    ).toBe(50);
  });

  test('an event that comes again gets the same answer, and counts once', () => {
    const limits = new SenderLimits(HOUSE);
    const agreed = { perSenderPerMinute: 2 };
    const [one, two, three] = many(3, () => from('ann', 'bea')) as [MessageEvent, MessageEvent, MessageEvent];
    for (let again = 0; again < 5; again++) expect(limits.reserve(one, agreed, after(0))).toBeUndefined();
    expect(limits.reserve(two, agreed, after(0))).toBeUndefined();
    const refused = limits.reserve(three, agreed, after(0));
    expect(refused).toBeDefined();
    expect(limits.reserve(three, agreed, after(3600))).toBe(refused);
  });

  test('a group is nobody’s new contact, and counts as one recipient of the day', () => {
    const limits = new SenderLimits({ ...HOUSE, recipientsPerDay: 2 });
    const inGroup = (name: string): MessageEvent => {
      const event = from('ann', name);
      return { ...event, subject: conversationId(group(event.data.to)) };
    };
    const agreed = { newContactsPerDay: 1 };
    const events = [from('ann', 'bea'), inGroup('room'), inGroup('room'), inGroup('hall')];
    expect(events.map((event) => limits.reserve(event, agreed, after(0)))).toEqual([
      undefined,
      undefined,
      undefined,
      expect.stringContaining('2 people a day'),
    ]);
  });

  test('a backlog of the switch does not count against senders: the time is that of storage on the bus', () => {
    const limits = new SenderLimits(HOUSE);
    const hour = many(60, () => from('ann', 'bea'));
    const refused = hour.filter(
      (event, minute) => limits.reserve(event, { perSenderPerMinute: 1 }, after(60 * minute)) !== undefined,
    );
    expect(refused).toEqual([]);
  });

  test('without an agreement on limits, an ordinary chat is not limited', () => {
    const limits = new SenderLimits(HOUSE);
    expect(
      allowed(
        limits,
        many(1000, () => from('ann', 'bea')),
        undefined,
        after(0),
      ),
    ).toBe(1000);
  });
});

describe('a network about which too many complain', () => {
  test('keeps a tenth of the agreed limit', () => {
    expect(limitsFor({ perSecond: 200, perSenderPerMinute: 30, newContactsPerDay: 20 }, 'throttled')).toEqual(
      {
        perSecond: 20,
        perSenderPerMinute: 3,
        newContactsPerDay: 2,
      },
    );
  });

  test('has limits then, even if none were agreed', () => {
    const limits = new SenderLimits(HOUSE);
    const left = limitsFor(undefined, 'throttled');
    expect(
      allowed(
        limits,
        many(20, () => from('ann', 'bea')),
        left,
        after(0),
      ),
    ).toBe(6);
  });

  test('keeps all of it while it is only warned', () => {
    expect(limitsFor({ perSecond: 5 }, 'warned')).toEqual({ perSecond: 5 });
    expect(limitsFor(undefined, 'normal')).toBeUndefined();
  });
});
