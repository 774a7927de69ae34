/** What becomes of XMPP things without a canonical form, for docs/generated/degradation.md. */
import type { NativeThings } from '#network-manifest';
import { PHRASES } from '#protocol';

const { en } = PHRASES;

export const NATIVE_THINGS_OF_XMPP: NativeThings = {
  poll: `${en.poll('lunch?', ['noodles', 'rice']).replaceAll('\n', ' ')}; without words beside it refused (12)`,
  'live location': 'a location, if it stands in a message; as PEP a dead letter',
  call: `a call: the caller gets a link (${en.callBegins('voice', '…')}); without a call page ${en.call('video', undefined)}, and the caller gets 12`,
  'subject, name of the chat': en.subject('…'),
  mention: 'the words as they are',
  'encrypted message': 'refused (12)',
};
