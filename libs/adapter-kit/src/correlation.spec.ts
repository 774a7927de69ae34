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
