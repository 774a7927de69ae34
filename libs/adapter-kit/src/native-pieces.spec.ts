/** Which native message of a message is meant: also of those that earlier versions stored, and of a sender's own. */
import { addressOf, direct, network, type EventId } from '#protocol';
import type { MessageRef } from './delivered.contract.js';
import {
  coversMessage,
  firstNative,
  lastNative,
  nativePieces,
  withDelivered,
  withPiece,
} from './native-pieces.js';

const ann = addressOf(network('xmpp'), 'ann@example.org');
const stored: MessageRef = {
  id: 'message-of-ann' as EventId,
  author: ann,
  within: direct(ann, addressOf(network('matrix'), '@bob:example.org')),
  native: ['one', 'two', 'three'],
  at: 0,
};

test('a reference of an earlier version has ids only: each is a piece of the words', () => {
  expect(nativePieces(stored)).toEqual([
    { id: 'one', words: 0 },
    { id: 'two', words: 1 },
    { id: 'three', words: 2 },
  ]);
});

test('replies point to the first that is there, marks to the last, and only that one means the whole', () => {
  const ref = withPiece(withPiece(stored, 'one', { gone: true }), 'three', { gone: true });
  expect([firstNative(ref), lastNative(ref)]).toEqual(['two', 'two']);
  expect(['one', 'two', 'three'].map((id) => coversMessage(stored, id))).toEqual([false, false, true]);
  expect(coversMessage(stored, 'an edit of it')).toBe(true);
});

test('when all are gone, a reference still names one', () => {
  const gone = stored.native.reduce((ref, id) => withPiece(ref, id, { gone: true }), stored);
  expect([firstNative(gone), lastNative(gone)]).toEqual(['one', 'one']);
});

test('of several native messages of a sender, each carries what it carries', () => {
  const carries = ['medium', 'medium', 'words'] as const;
  const album = { native: ['cat', 'dog', 'text'], carries: [...carries] };
  const ref = withDelivered({ ...stored, native: [] }, album, { words: true, medium: true });
  expect(ref.pieces).toEqual([
    { id: 'cat', medium: 0 },
    { id: 'dog', medium: 1 },
    { id: 'text', words: 0 },
  ]);
});

test('what is delivered again under the same id is no further native message', () => {
  const again = withDelivered(stored, { native: ['three'] }, { words: true, medium: false });
  expect(again.native).toEqual(stored.native);
  expect(again.pieces).toHaveLength(3);
});
