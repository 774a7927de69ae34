/** Translates events into parameters of msg/sendMsg. Pure. */
import type { OutgoingAttachment } from '#adapter-kit';
import { leaves, mapLink, PHRASES, placeOf, type MediaKind, type MessageEvent } from '#protocol';
import { plainWords } from '#text';

const MEDIA_TYPE: Record<MediaKind, string> = { image: '1', voice: '2', video: '3', file: '6' };

/** Message with an uploaded file. @param md5 in hex */
export function mediaParameters(
  { file, as }: OutgoingAttachment,
  url: string,
  md5: string,
): { type: string; body: string } {
  const { width, height, durationMs } = file.facts.meta;
  const ext = /\.([A-Za-z0-9]{1,8})$/.exec(file.filename)?.[1] ?? '';
  const body = {
    name: file.filename,
    md5,
    url,
    ext,
    size: file.size,
    ...(width && height ? { w: width, h: height } : {}),
    ...(durationMs === undefined ? {} : { dur: durationMs }),
  };
  return { type: MEDIA_TYPE[as], body: JSON.stringify(body) };
}

/** Type 0 is text, 4 a location; the body is JSON. */
export function messageParameters(event: MessageEvent): { type: string; body: string } {
  const parts = leaves(event.data.content.body);
  const [part] = parts;
  const place = parts.length === 1 && part?.kind === 'single' ? placeOf(part) : undefined;
  if (place)
    return {
      type: '4',
      body: JSON.stringify({ title: place.label ?? '', lng: place.longitude, lat: place.latitude }),
    };
  // A location inside a text becomes text: one message has one type.
  const words = parts.flatMap((one) => {
    const found = one.kind === 'single' ? placeOf(one) : undefined;
    return found ? [PHRASES.zh.location(found.label, mapLink(found))] : [];
  });
  return {
    type: '0',
    body: JSON.stringify({ msg: [plainWords(event.data.content.body), ...words].filter(Boolean).join('\n') }),
  };
}
