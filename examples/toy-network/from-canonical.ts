/** Translates a message into from, to and text of a line. Pure. */
import { nativeOf, wordsOf, type MessageEvent } from '#protocol';

export function sayingOf({ data }: MessageEvent): [string, string, string] {
  return [data.from.address, nativeOf(data.to), wordsOf(data.content.body)];
}
