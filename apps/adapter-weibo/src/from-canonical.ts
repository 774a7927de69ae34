/** Words -> the text of one message. Pure. */
import { microblogFaces } from '#emoji';
import { TEXT_UNITS } from './weibo.config.js';

/** Clients show names of faces as pictures. A message that they would make too long keeps its emoji. */
export function textOf(piece: string): string {
  const withFaces = microblogFaces.toShortcuts(piece);
  return withFaces.length <= TEXT_UNITS ? withFaces : piece;
}
