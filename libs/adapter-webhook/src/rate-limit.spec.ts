import { memoryDouble } from '../../bot-contacts/src/testing/memory-double.js';
import { RateLimit, type Rate } from './rate-limit.js';

const PER_MINUTE: Rate = { messages: 3, ms: 60_000 };
const PER_HOUR: Rate = { messages: 5, ms: 3_600_000 };

/** When a message that is refused at first may be sent. */
async function sentAt(limit: RateLimit, person: string, from: number): Promise<number> {
  for (let now = from; ;) {
    const wait = await limit.take(person, now).then(
      () => 0,
      (error: { code: string; retryAfterMs: number }) => {
        expect(error.code).toBe('65');
        return error.retryAfterMs;
      },
    );
    if (wait === 0) return now;
    now += wait;
  }
}

describe('a platform that takes three a minute and five an hour for one person, and drops the rest', () => {
  test('the fourth waits until the first is a minute old, and little longer', async () => {
    const limit = new RateLimit(memoryDouble(), [PER_MINUTE, PER_HOUR]);
    for (const at of [0, 10, 20]) await limit.take('ann', at);
    await limit.take('ben', 30_000);
    const at = await sentAt(limit, 'ann', 30_000);
    expect(at).toBeGreaterThanOrEqual(60_020);
    expect(at).toBeLessThan(60_000 + 2000 + 100);
  });

  test('the sixth waits for an hour', async () => {
    const limit = new RateLimit(memoryDouble(), [PER_MINUTE, PER_HOUR]);
    let now = 0;
    for (let n = 0; n < 5; n++) now = await sentAt(limit, 'ann', now);
    expect(now).toBeLessThan(70_000);
    expect(await sentAt(limit, 'ann', now)).toBeGreaterThanOrEqual(3_600_000);
  });

  test('two processes count together, and one that was restarted goes on counting', async () => {
    const memory = memoryDouble();
    const [one, other] = [new RateLimit(memory, [PER_MINUTE]), new RateLimit(memory, [PER_MINUTE])];
    await one.take('ann', 0);
    await other.take('ann', 10);
    await one.take('ann', 20);
    await expect(other.take('ann', 30)).rejects.toMatchObject({ code: '65' });
    await expect(new RateLimit(memory, [PER_MINUTE]).take('ann', 40)).rejects.toMatchObject({ code: '65' });
  });

  test('never more in any minute or hour, however they come', async () => {
    const limit = new RateLimit(memoryDouble(), [PER_MINUTE, PER_HOUR]);
    const sent: number[] = [];
    for (let n = 0; n < 40; n++)
      sent.push(await sentAt(limit, 'ann', (sent.at(-1) ?? 0) + ((n * 7919) % 50_000)));
    const most = (ms: number) =>
      Math.max(...sent.map((from) => sent.filter((at) => at >= from && at < from + ms).length));
    expect(most(PER_MINUTE.ms)).toBe(PER_MINUTE.messages);
    expect(most(PER_HOUR.ms)).toBe(PER_HOUR.messages);
  });

  test('an entry that is not of this form counts as none', async () => {
    const broken = {
      change: (_: string, work: (value: unknown) => Promise<unknown>) => work({ x: 1 }).then(() => undefined),
    };
    await expect(new RateLimit(broken, [PER_MINUTE]).take('ann', 0)).resolves.toBeUndefined();
  });

  test('where no limit is known, nothing is counted', async () => {
    const untouched = { change: () => Promise.reject(new Error('must not be called')) };
    await expect(new RateLimit(untouched, []).take('ann')).resolves.toBeUndefined();
  });
});
