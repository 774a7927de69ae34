/** A message -> from, to and text of a line. Pure. */
import { nativeOf, wordsOf, type MessageEvent } from '#protocol';

export function sayingOf({ data }: MessageEvent, delayedSince: Date | undefined): [string, string, string] {
  const late = delayedSince ? `(sent ${delayedSince.toISOString()}) ` : '';
  return [data.from.address, nativeOf(data.to), late + wordsOf(data.content.body)];
}
