/** Translates a line of the toy network into a message draft. Pure. */
import { addressOf, parseAddress, plainText, type Address, type Network } from '#protocol';
import type { MessageDraft } from '#adapter-kit';

/** @throws HubError 30 if "to" is not an address */
export function draftOf(network: Network, id: string, from: string, to: string, text: string): MessageDraft {
  parseAddress(to);
  return {
    nativeId: id,
    from: { address: addressOf(network, from), displayName: from },
    to: to as Address,
    sentAt: new Date(),
    content: { body: plainText(text) },
  };
}
