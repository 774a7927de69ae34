/** Events -> parameters of msg/sendMsg. Pure. */
import { leaves, mapLink, PHRASES, placeOf, wordsOf, type MessageEvent } from '#protocol';

/** type 0 text, 4 location; the body is JSON. */
export function messageParameters(event: MessageEvent): { type: string; body: string } {
  const parts = leaves(event.data.content.body);
  const [part] = parts;
  const place = parts.length === 1 && part?.kind === 'single' ? placeOf(part) : undefined;
  if (place)
    return {
      type: '4',
      body: JSON.stringify({ title: place.label ?? '', lng: place.longitude, lat: place.latitude }),
    };
  // A place among words is said in words too: one message has one type.
  const words = parts.flatMap((one) => {
    const found = one.kind === 'single' ? placeOf(one) : undefined;
    return found ? [PHRASES.zh.location(found.label, mapLink(found))] : [];
  });
  return {
    type: '0',
    body: JSON.stringify({ msg: [wordsOf(event.data.content.body), ...words].filter(Boolean).join('\n') }),
  };
}
