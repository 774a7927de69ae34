/** An event of the open interface -> content. Pure. */
import {
  bodyOf,
  cardPart,
  EMPTY,
  locationPart,
  markdownText,
  plainText,
  type EventId,
  type Content,
  type LeafPart,
} from '#protocol';
import type { OpenEvent } from './open.schema.js';

export type Said = Extract<OpenEvent, { kind: 'message' | 'edit' | 'recall' | 'reaction' }>;

/** The reactions of a reaction are added by the adapter, which knows those before. @param target the message to which it refers. @param media its attachments. The adapter looks both up. */
export function contentOf(event: Said, target: EventId | undefined, media: LeafPart[]): Content {
  switch (event.kind) {
    case 'message':
      return { body: bodyOf([...media, ...partsOf(event)]), ...(target ? { inReplyTo: target } : {}) };
    case 'edit':
      return { body: bodyOf([...media, ...partsOf(event)]), replaces: target };
    case 'recall':
      return { body: EMPTY, replaces: target };
    case 'reaction':
      return { body: EMPTY, inReplyTo: target };
  }
}

function partsOf(event: Extract<Said, { kind: 'message' | 'edit' }>): LeafPart[] {
  const { text, format, place, card } = event;
  return [
    ...(text === undefined ? [] : [format === 'markdown' ? markdownText(text) : plainText(text)]),
    ...(place ? [locationPart(place)] : []),
    ...(card ? [cardPart(card)] : []),
  ];
}
