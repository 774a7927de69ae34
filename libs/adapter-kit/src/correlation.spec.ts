import { addressOf, CanonicalAddresses, direct, eventId, group, network, recipientIn } from '#protocol';
import { Correlation, keyOf } from './correlation.js';

const xmpp = network('xmpp');
const [alice, bob] = [addressOf(xmpp, 'alice'), addressOf(network('matrix'), '@bob:example.org')];
const loud = addressOf(xmpp, 'ALICE');
const id = eventId(xmpp, 'message', 'm1');
const key = keyOf({ author: alice, id });

/** Of another process, which stored the reference as it is here. */
function stored(ref: object) {
  const values = new Map<string, unknown>([[`m.${key}`, ref]]);
  const bucket = {
    get: (name: string) => Promise.resolve(values.get(name)),
    put: () => Promise.reject(new Error('nothing is stored here')),
  };
  const canonical = new CanonicalAddresses(() => ({ ids: 'case-insensitive' }));
  return new Correlation(xmpp, bucket, canonical);
}

test('a reference of a version before groups names the other person: it is of their direct conversation', async () => {
  const ref = await stored({ id, author: loud, peer: bob, native: ['n1'], at: 1 }).find(id, xmpp);
  expect(ref).toEqual({ id, author: alice, within: direct(alice, bob), native: ['n1'], at: 1 });
});

test('a reference of a group keeps its group', async () => {
  const room = addressOf(network('rooms'), '42');
  const ref = await stored({ id, author: alice, within: group(room), native: ['n1'], at: 1 }).find(id, xmpp);
  expect(ref && recipientIn(ref.within, ref.author)).toBe(room);
});

describe('a message of alice, which is n1 here, and an edit of it', () => {
  const here = network('matrix');
  const edit = eventId(xmpp, 'edit', 'm2');
  const editKey = keyOf({ author: alice, id: edit });
  const message = { id, author: alice, within: direct(alice, bob), native: ['n1'], at: 1 };
  const values = new Map<string, unknown>();
  const bucket = {
    get: async (name: string) => values.get(name),
    put: async (name: string, value: unknown) => void values.set(name, value),
  };
  /** Each time another process, which knows what is stored. */
  const causeOf = async (native: string) => (await new Correlation(here, bucket).findCause(native))?.id;

  beforeEach(async () => {
    values.clear();
    await new Correlation(here, bucket).store(message, ['n1']);
  });

  test('that was sent in words, as n2: what the network reports about n2 concerns the edit', async () => {
    const correlation = new Correlation(here, bucket);
    const pieces = [
      { id: 'n1', words: 0 },
      { id: 'n2', changedBy: editKey },
    ];
    await correlation.store({ ...message, native: ['n1', 'n2'], pieces }, []);
    await correlation.store({ ...message, id: edit, native: ['n2'] }, ['n2'], key);
    expect(await causeOf('n1')).toBe(id);
    expect(await causeOf('n2')).toBe(edit);
    expect((await correlation.findNative('n2'))?.id).toBe(id);
  });

  test('that the network carried out on n1: reports about n1 still concern the message', async () => {
    const pieces = [{ id: 'n1', words: 0, changedBy: editKey }];
    await new Correlation(here, bucket).store({ ...message, pieces }, []);
    expect(await causeOf('n1')).toBe(id);
  });
});
