/** What becomes of Matrix things without a canonical form, for docs/generated/degradation.md. */
import type { NativeThings } from '#network-manifest';
import { PHRASES } from '#protocol';
import { writePlain } from '#text';
import { readHtml } from '#text/html-reader';
import { nameInUserId } from './text-content.js';

const { en } = PHRASES;

/** As Matrix clients write it. */
function fromHtml(html: string): string {
  const tree = readHtml(html, { spoiler: en.spoiler, nameOf: nameInUserId });
  return tree ? writePlain(tree) : html;
}

const MENTION = '<a href="https://matrix.to/#/@_hutong_chat_amy=40localhost:example.org">amy</a>, look';
const EMOJI = '<img data-mx-emoticon src="mxc://example.org/x" alt=":party:"> done';

export const NATIVE_THINGS_OF_MATRIX: NativeThings = {
  poll: `${en.poll('lunch?', ['noodles', 'rice']).replaceAll('\n', ' ')}; answers and its end in words`,
  'live location': `${en.liveLocation(undefined)}, and a location every ten minutes`,
  call: `a call: the caller gets a link (${en.callBegins('voice', '…')}); without a call page, and from MatrixRTC, ${en.call('video', undefined)}`,
  'subject, name of the chat': `${en.subject('…')}, ${en.roomName('…')}`,
  spoiler: fromHtml('<span data-mx-spoiler="film">he wakes up</span>'),
  mention: fromHtml(MENTION),
  'custom emoji': fromHtml(EMOJI),
  'encrypted message': 'refused (12), as a notice in the room',
};
