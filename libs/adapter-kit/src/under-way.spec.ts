import { HubError, plainText, type MessageEvent } from '#protocol';
import type { Reconciling } from './abilities.contract.js';
import { UnderWay } from './under-way.js';

const event = { data: { content: { body: plainText('hello') } } } as unknown as MessageEvent;

/** A network that can be asked whether it has a message. */
const asked: unknown[] = [];
const network: Reconciling = {
  reconcile: (...question) => Promise.resolve((asked.push(question), { found: 'not-sent' })),
};

test('the network is asked about the event whose delivery is under way', async () => {
  const underWay = new UnderWay(network);
  await underWay.during('key', event, async () => {
    await expect(underWay.reconciling('key')?.()).resolves.toEqual({ found: 'not-sent' });
  });
  expect(asked).toEqual([[event, 'key']]);
});

test('it is not asked about a delivery that has ended, also when it has failed', async () => {
  const underWay = new UnderWay(network);
  const failed = underWay.during('key', event, () => Promise.reject(new HubError('91', 'away')));
  await expect(failed).rejects.toMatchObject({ code: '91' });
  expect(underWay.reconciling('key')).toBeUndefined();
});

test('a network that cannot be asked is not asked', async () => {
  const underWay = new UnderWay({});
  await underWay.during('key', event, async () => expect(underWay.reconciling('key')).toBeUndefined());
});

describe('what is delivered now', () => {
  test('has ended when all of it has, also what failed', async () => {
    const underWay = new UnderWay({});
    const [one, other] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = underWay.during('one', event, () => one.promise);
    const second = underWay.during('other', event, () => other.promise).catch(() => undefined);
    const order: string[] = [];
    const waiting = underWay.ended(60_000).then((was) => order.push(`ended ${was}`));
    one.resolve();
    await first;
    order.push('the first');
    other.reject(new HubError('91', 'away'));
    await second;
    order.push('the second');
    await waiting;
    expect(order).toEqual(['the first', 'the second', 'ended true']);
  });

  test('is not waited for longer than allowed', async () => {
    const underWay = new UnderWay({});
    const never = Promise.withResolvers<void>();
    const stuck = underWay.during('stuck', event, () => never.promise);
    expect(await underWay.ended(1)).toBe(true);
    never.resolve();
    await stuck;
  });

  test('is nothing: nobody waits', async () => {
    expect(await new UnderWay({}).ended(60_000)).toBe(false);
  });
});
