import {
  conversationKind,
  HubError,
  isInItsConversation,
  networkOf,
  type DurableEvent,
  type Network,
} from '#protocol';

/**
 * The switch sends a network only what is addressed to its people. Anything else would show a person a conversation of others.
 * @throws HubError 30 if the recipient of a direct conversation is of another network, or the conversation is not that of the addresses
 */
export function mustBeAddressedHere(event: DurableEvent, network: Network): void {
  const { subject, data } = event;
  const addressed = networkOf(data.to);
  if (conversationKind(subject) === 'direct' && addressed !== network)
    throw new HubError('30', `addressed to a person of ${addressed}, and delivered to ${network}`);
  if (!isInItsConversation(event))
    throw new HubError(
      '30',
      `the conversation ${subject} is not that of ${data.from.address} and ${data.to}`,
    );
}
