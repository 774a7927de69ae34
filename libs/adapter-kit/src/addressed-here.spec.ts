import { addressOf, directConversation, network } from '#protocol';
import { aMessage } from '../../protocol/test/a-message.js';
import { mustBeAddressedHere } from './addressed-here.js';

const matrix = network('matrix');
const message = aMessage();
const { from, to } = message.data;

test('a message in the conversation of its two people is accepted by the network of its recipient', () => {
  expect(() => mustBeAddressedHere(message, matrix)).not.toThrow();
});

test('and by no other network', () => {
  expect(() => mustBeAddressedHere(message, network('xmpp'))).toThrow(
    expect.objectContaining({ code: '30', detail: 'addressed to a person of matrix, and delivered to xmpp' }),
  );
});

test('a message in the conversation of others is refused', () => {
  const subject = directConversation(from.address, addressOf(matrix, '@carl:example.org'));
  expect(() => mustBeAddressedHere({ ...message, subject }, matrix)).toThrow(
    expect.objectContaining({
      code: '30',
      detail: `the conversation ${subject} is not that of ${from.address} and ${to}`,
    }),
  );
});
