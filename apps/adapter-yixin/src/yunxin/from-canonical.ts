/** Events -> parameters of msg/sendMsg. Pure. */
import { leaves, placeOf, wordsOf, type MessageEvent } from '#protocol';

/** type 0 text, 4 location; the body is JSON. */
export function messageParameters(event: MessageEvent): { type: string; body: string } {
  const [part] = leaves(event.data.content.body);
  const place = part?.kind === 'single' ? placeOf(part) : undefined;
  if (place)
    return {
      type: '4',
      body: JSON.stringify({ title: place.label ?? '', lng: place.longitude, lat: place.latitude }),
    };
  return { type: '0', body: JSON.stringify({ msg: wordsOf(event.data.content.body) }) };
}
