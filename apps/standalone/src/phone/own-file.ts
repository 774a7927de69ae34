/** A file of this machine that the user sends as an image or a voice note. */
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { inspect } from '#media';
import { sizeInWords } from './show.js';
import type { PhoneWords } from './words.js';

export const MAX_FILE_BYTES = 100 * 1024 * 1024;

/** @returns an absolute path: `~` and quotes, as terminals put them around a file that is dragged there, are read */
export function pathOf(typed: string, folder: string): string {
  const [, quoted] = /^(?:'([^']*)'|"([^"]*)")$/.exec(typed)?.filter((part) => part !== undefined) ?? [];
  const plain = quoted ?? typed.replace(/\\ /g, ' ');
  return resolve(folder, plain.replace(/^~(?=\/|$)/, homedir()));
}

/** @throws Error in the words of the phone, for a file that cannot be sent so */
export async function checkFile(path: string, what: 'image' | 'voice', words: PhoneWords): Promise<void> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new Error(words.noFile(path));
    throw new Error(words.unreadable(path, error.code ?? error.message));
  });
  if (!facts.isFile()) throw new Error(words.notAFile(path));
  if (facts.size === 0) throw new Error(words.emptyFile(path));
  if (facts.size > MAX_FILE_BYTES)
    throw new Error(words.fileTooLarge(path, sizeInWords(facts.size), sizeInWords(MAX_FILE_BYTES)));
  const { contentType } = await inspect(path, facts.size, undefined).catch((error: NodeJS.ErrnoException) => {
    throw new Error(words.unreadable(path, error.code ?? error.message));
  });
  if (what === 'image' && !contentType.startsWith('image/'))
    throw new Error(words.notAPicture(path, contentType));
  if (what === 'voice' && !contentType.startsWith('audio/'))
    throw new Error(words.notAVoiceNote(path, contentType));
}
