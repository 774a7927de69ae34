/** One message on a network that shows an attachment and its words as separate native messages, the words first. */
import type { Delivered } from './delivered.contract.js';

/** @param medium its result code, stage and conversation are those of the message */
export function mediumAfterWords(words: Pick<Delivered, 'native'>, medium: Delivered): Delivered {
  return {
    ...medium,
    native: [...words.native, ...medium.native],
    carries: [...words.native.map(() => 'words' as const), ...medium.native.map(() => 'medium' as const)],
  };
}
