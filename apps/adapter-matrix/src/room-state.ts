/** Changes of a room that concern the remote person, as words. Pure. */
import { PHRASES } from '#protocol';
import { stringAt, wordsIn } from './extensible-events.js';
import { contentBefore, type MatrixEvent } from './matrix.events.js';

/** @returns undefined for a change that does not concern the remote person */
export function roomStateWords(event: MatrixEvent): string | undefined {
  const { type, content } = event;
  switch (type) {
    case 'm.room.name':
      return PHRASES.en.roomName(stringAt(content, ['name']) ?? '');
    case 'm.room.topic':
      return PHRASES.en.subject(wordsIn(content['m.topic'])?.plain ?? stringAt(content, ['topic']) ?? '');
    case 'm.room.avatar':
      return PHRASES.en.roomPicture;
    case 'm.room.pinned_events':
      return count(content) > count(contentBefore(event)) ? PHRASES.en.pinned : PHRASES.en.unpinned;
    default:
      return undefined;
  }
}

function count(content: Record<string, unknown> | undefined): number {
  const pinned = content?.['pinned'];
  return Array.isArray(pinned) ? pinned.length : 0;
}
