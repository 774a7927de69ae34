/** Messages whose media are on their way in: stored first, in order, and never lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { addressOf, HubError, network, plainText, wordsOf, type ConversationId } from '#protocol';
import { createLog } from '#service';
import { until } from '../../../../test/support/until.js';
import type { MessageDraft, NativeAttachment } from '../drafts.contract.js';
import { unavailable, type FetchedAttachment } from './incoming.js';
import { PendingMessages } from './pending-messages.js';

const matrix = network('matrix');
const alice = { address: addressOf(matrix, '@alice:example.org') };
const withBob = 'direct:with-bob-1' as ConversationId;
const withCarol = 'direct:with-carol' as ConversationId;
const HOUR_MS = 3600_000;

const cat: NativeAttachment = {
  source: { mxc: 'mxc://example.org/cat' },
  disposition: 'attachment',
  contentType: 'image/png',
};

const saying = (text: string, media: NativeAttachment[] = [cat], sentAt = new Date()): MessageDraft => ({
  nativeId: `$${text}`,
  from: alice,
  to: addressOf(network('xmpp'), 'bob@example.org'),
  sentAt,
  content: { body: plainText(text) },
  media,
});

/** Until nothing moves any more. */
const settled = () => sleep(20);

/** What outlives the process. */
function aMemory() {
  const kept = new Map<string, unknown>();
  let held: Promise<unknown> = Promise.resolve();
  return {
    kept,
    /** Nothing is stored until the returned function is called. */
    hold: () => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      held = promise;
      return { resolve, reject };
    },
    put: async (key: string, value: unknown) => {
      await held;
      // As it is on the bus.
      kept.set(key, JSON.parse(JSON.stringify(value)));
    },
    get: (key: string) => Promise.resolve(kept.get(key)),
    keys: () => Promise.resolve([...kept.keys()].reverse()),
    delete: (key: string) => Promise.resolve(void kept.delete(key)),
  };
}

async function aborted(signal: AbortSignal): Promise<never> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  throw new HubError('91', 'the adapter is stopping');
}

/** One life of an adapter, over a memory that may be of a former one. */
function aLife(memory = aMemory()) {
  const fetched: string[] = [];
  const released: string[] = [];
  const attempts: string[] = [];
  const refusals: HubError[] = [];
  const drafts: MessageDraft[] = [];
  const gates = new Map<string, Promise<void>>();
  const pending = new PendingMessages({
    network: matrix,
    memory,
    fetch: async (native, stopping) => {
      const mxc = native.source['mxc'] ?? '';
      fetched.push(mxc);
      await Promise.race([gates.get(mxc), aborted(stopping)]);
      const part = { kind: 'external', disposition: 'attachment', contentType: 'image/png' } as const;
      return { part: { ...part, size: 7 }, degradations: [] } satisfies FetchedAttachment;
    },
    store: (draft, media) => {
      const said = wordsOf(draft.content.body);
      attempts.push(said);
      const refusal = refusals.shift();
      if (refusal) return Promise.reject(refusal);
      drafts.push(draft);
      const came = media.map(({ part }) => (part.kind === 'external' && part.failure) || 'came');
      released.push([said, ...came].join(' '));
      return Promise.resolve();
    },
    log: createLog('pending-messages', 'silent'),
  });
  /** Until it is called, this medium does not come. */
  const withhold = (mxc: string) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gates.set(mxc, promise);
    return resolve;
  };
  return { pending, memory, fetched, released, attempts, refusals, drafts, withhold };
}

const slow: NativeAttachment = { ...cat, source: { mxc: 'slow' } };

describe('alice sends a picture', () => {
  test('it is stored before its sender gets the acknowledgement', async () => {
    const { pending, memory, released } = aLife();
    pending.adapterHasStarted();
    const disk = memory.hold();
    let taken = false;
    const admitted = pending.admit(withBob, saying('cat')).then(() => (taken = true));
    await settled();
    expect([taken, memory.kept.size, released]).toEqual([false, 0, []]);
    disk.resolve();
    await admitted;
    expect(taken).toBe(true);
  });

  test('it goes out with its picture, and then nothing of it is left', async () => {
    const { pending, memory, released, drafts } = aLife();
    pending.adapterHasStarted();
    const draft = saying('cat', [cat, slow]);
    await pending.admit(withBob, draft);
    await settled();
    expect(released).toEqual(['cat came came']);
    expect(drafts).toEqual([draft]);
    expect([memory.kept.size, pending.holds(withBob)]).toEqual([0, false]);
  });

  test('later messages to bob wait behind it, messages to carol do not', async () => {
    const { pending, released, withhold } = aLife();
    pending.adapterHasStarted();
    const come = withhold('slow');
    await pending.admit(withBob, saying('one', [slow]));
    await pending.admit(withBob, saying('two', []));
    await pending.admit(withBob, saying('three'));
    await pending.admit(withCarol, saying('hello'));
    await settled();
    expect(released).toEqual(['hello came']);
    expect([pending.holds(withBob), pending.holds(withCarol)]).toEqual([true, false]);
    come();
    await settled();
    expect(released).toEqual(['hello came', 'one came', 'two', 'three came']);
    expect(pending.holds(withBob)).toBe(false);
  });

  test('the media of those that wait are fetched beside each other', async () => {
    const { pending, fetched, withhold } = aLife();
    pending.adapterHasStarted();
    withhold('slow');
    await pending.admit(withBob, saying('one', [slow]));
    await pending.admit(withBob, saying('two'));
    await settled();
    expect(fetched).toEqual(['slow', 'mxc://example.org/cat']);
  });

  test('too much behind one picture is refused, elsewhere it is not', async () => {
    const { pending, memory, withhold } = aLife();
    pending.adapterHasStarted();
    withhold('slow');
    await pending.admit(withBob, saying('one', [slow]));
    for (let at = 1; at < 1000; at++) await pending.admit(withBob, saying(`${at}`, []));
    await expect(pending.admit(withBob, saying('too many', []))).rejects.toMatchObject({ code: '65' });
    expect(memory.kept.size).toBe(1000);
    await expect(pending.admit(withCarol, saying('hello'))).resolves.toBeUndefined();
  });
});

describe('when something fails', () => {
  test('during a short bus outage it is retried, in order, and nothing is lost', async () => {
    const { pending, memory, released, attempts, refusals } = aLife();
    pending.adapterHasStarted();
    refusals.push(new HubError('91', 'the bus is away'), new HubError('91', 'the bus is away'));
    await pending.admit(withBob, saying('one'));
    await pending.admit(withBob, saying('two'));
    await settled();
    expect([attempts, released, memory.kept.size]).toEqual([['one'], [], 2]);
    await until('the second message to come', () => released.length >= 2);
    expect(attempts).toEqual(['one', 'one', 'one', 'two']);
    expect(released).toEqual(['one came', 'two came']);
    expect(memory.kept.size).toBe(0);
  });

  test('its media cannot be said on the bus: it goes without them, and says so', async () => {
    const { pending, memory, released, attempts, refusals } = aLife();
    pending.adapterHasStarted();
    refusals.push(new HubError('30', 'not an event'));
    await pending.admit(withBob, saying('one'));
    await pending.admit(withBob, saying('two'));
    await settled();
    expect(attempts).toEqual(['one', 'one', 'two']);
    expect(released).toEqual(['one 106', 'two came']);
    expect(memory.kept.size).toBe(0);
  });

  test('a message that can never be published delays no other message', async () => {
    const { pending, released, refusals } = aLife();
    pending.adapterHasStarted();
    refusals.push(new HubError('30', 'not an event'), new HubError('30', 'not an event'));
    await pending.admit(withBob, saying('one'));
    await pending.admit(withBob, saying('two'));
    await settled();
    expect(released).toEqual(['two came']);
  });

  test('it cannot be stored: its sender is notified, and it is not sent', async () => {
    const { pending, memory, released, attempts } = aLife();
    pending.adapterHasStarted();
    const disk = memory.hold();
    const admitted = pending.admit(withBob, saying('one'));
    disk.reject(new HubError('91', 'the bus is away'));
    await expect(admitted).rejects.toMatchObject({ code: '91' });
    await settled();
    expect([attempts, released, memory.kept.size, pending.holds(withBob)]).toEqual([[], [], 0, false]);
  });

  test('nor hold up what comes next', async () => {
    const { pending, memory, released, withhold } = aLife();
    pending.adapterHasStarted();
    const come = withhold('slow');
    await pending.admit(withBob, saying('one', [slow]));
    const disk = memory.hold();
    const lost = pending.admit(withBob, saying('two'));
    disk.reject(new HubError('91', 'the bus is away'));
    await expect(lost).rejects.toMatchObject({ code: '91' });
    memory.hold().resolve();
    await pending.admit(withBob, saying('three'));
    come();
    await settled();
    expect(released).toEqual(['one came', 'three came']);
  });
});

describe('after a crash', () => {
  /** What a life left that ended before any medium came. */
  async function aFormerLife(...said: [ConversationId, MessageDraft][]) {
    const { pending, memory } = aLife();
    for (const [conversation, draft] of said) await pending.admit(conversation, draft);
    pending.stop();
    await settled();
    expect(memory.kept.size).toBe(said.length);
    return memory;
  }

  test('remaining messages are resumed in order, and the network gets no request before it is connected', async () => {
    const memory = await aFormerLife(
      [withBob, saying('one')],
      [withBob, saying('two', [])],
      [withBob, saying('three')],
      [withCarol, saying('hello')],
    );
    const { pending, fetched, released, attempts } = aLife(memory);
    await pending.resumePending();
    await settled();
    expect([fetched, attempts]).toEqual([[], []]);
    expect([pending.holds(withBob), pending.holds(withCarol)]).toEqual([true, true]);
    pending.adapterHasStarted();
    await settled();
    expect(released.filter((said) => !said.startsWith('hello'))).toEqual(['one came', 'two', 'three came']);
    expect(released).toContain('hello came');
    expect(memory.kept.size).toBe(0);
  });

  test('it is the same message as before', async () => {
    const draft = saying('cat', [{ ...cat, filename: 'cat.png', meta: { voice: true } }]);
    const { pending, drafts } = aLife(await aFormerLife([withBob, draft]));
    await pending.resumePending();
    pending.adapterHasStarted();
    await settled();
    expect(drafts).toEqual([draft]);
  });

  test('new messages wait behind the remaining ones', async () => {
    const { pending, released } = aLife(await aFormerLife([withBob, saying('one')]));
    await pending.resumePending();
    await pending.admit(withBob, saying('two', []));
    await settled();
    expect(released).toEqual([]);
    pending.adapterHasStarted();
    await settled();
    expect(released).toEqual(['one came', 'two']);
  });

  test('what came more than 48 hours ago goes without its media, which nobody has kept, whenever it was said', async () => {
    const said = new Date(Date.now() - 100 * HOUR_MS);
    const memory = await aFormerLife(
      [withBob, saying('old', [cat])],
      [withBob, saying('young', [cat], said)],
    );
    const [first = ''] = [...memory.kept.keys()].toSorted();
    const old = (Date.now() - 49 * HOUR_MS).toString(36).padStart(9, '0');
    memory.kept.set(first.replace(/[^.]{9}(?=[^.]{6}$)/, old), memory.kept.get(first));
    memory.kept.delete(first);
    const { pending, released, fetched } = aLife(memory);
    await pending.resumePending();
    pending.adapterHasStarted();
    await settled();
    expect(released).toEqual(['old 107', 'young came']);
    expect(fetched).toHaveLength(1);
  });

  test('an unreadable entry is skipped', async () => {
    const memory = await aFormerLife([withBob, saying('one')]);
    memory.kept.set('waiting.direct=with-bob-1.000000000000000', { conversation: 7 });
    memory.kept.set('waiting.direct=with-bob-1.000000000000001', null);
    const { pending, released } = aLife(memory);
    await pending.resumePending();
    pending.adapterHasStarted();
    await settled();
    expect(released).toEqual(['one came']);
  });

  test('a process that is stopped waits for nothing, and leaves the message to the next process', async () => {
    const memory = aMemory();
    const { pending, released, withhold } = aLife(memory);
    pending.adapterHasStarted();
    const come = withhold('slow');
    await pending.admit(withBob, saying('one', [slow]));
    await settled();
    pending.stop();
    await settled();
    come();
    await settled();
    expect([released, memory.kept.size]).toEqual([[], 1]);
    const next = aLife(memory);
    await next.pending.resumePending();
    next.pending.adapterHasStarted();
    await settled();
    expect(next.released).toEqual(['one came']);
  });
});

test('a medium that does not come is said in words of its own', () => {
  expect(unavailable({ ...cat, filename: 'cat.png' }, '61').part).toEqual({
    kind: 'external',
    disposition: 'attachment',
    contentType: 'image/png',
    filename: 'cat.png',
    failure: '105',
  });
  expect(unavailable(cat, '96').part).toMatchObject({ failure: '107' });
});
