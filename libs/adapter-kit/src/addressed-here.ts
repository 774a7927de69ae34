import { directConversation, HubError, networkOf, type DurableEvent, type Network } from '#protocol';

const DIRECT = 'direct:';

/**
 * The switch sends a network only what is addressed to its people. Anything else would show a person a conversation of others.
 * @throws HubError 30 if the recipient is of another network, or a direct conversation is not that of sender and recipient
 */
export function mustBeAddressedHere({ subject, data: { from, to } }: DurableEvent, network: Network): void {
  const addressed = networkOf(to);
  if (addressed !== network)
    throw new HubError('30', `addressed to a person of ${addressed}, and delivered to ${network}`);
  if (subject.startsWith(DIRECT) && subject !== directConversation(from.address, to))
    throw new HubError('30', `the conversation ${subject} is not that of ${from.address} and ${to}`);
}
