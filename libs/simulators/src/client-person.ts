/** What people of all simulated messengers have: a client that shows what it receives, and files that it sends. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { mediaTypeOf } from './media-types.js';
import type { Act, Person, Sight } from './person.js';
import { Timeline } from './timeline.js';

export const SAMPLE = Buffer.from('a small file');

export abstract class ClientPerson implements Person {
  abstract readonly native: string;
  abstract readonly name: string;
  protected readonly seen = new Timeline();

  get timeline(): readonly Sight[] {
    return this.seen.sights;
  }

  onSight(listener: (sight: Sight) => void): () => void {
    return this.seen.on(listener);
  }

  abstract act(act: Act): Promise<{ id: string }>;
  abstract contacts(): { native: string; name: string; state: string }[];
}

/** The file of an act, or a small sample. @param path of a file on this machine */
export async function fileToSend(path: string | undefined, sampleName = 'sample.bin') {
  const name = path === undefined ? sampleName : basename(path);
  const bytes = path === undefined ? SAMPLE : await readFile(path);
  return { name, bytes, type: mediaTypeOf(name) };
}
