/** NetEase object storage (NOS): stores the files of messages, which can be downloaded by URL without authentication. */
import { mediaTypeOf } from '#simulators';
import type { Clock } from '#simulators';
import type { Faults } from '#simulators';
import type { Incoming, Outgoing } from '#simulators';
import { unguessable } from '#simulators';

export const NOS_PATH = '/nos/';

export interface FileFacts {
  name?: string;
  /** Media type, if it does not follow from the file name extension. */
  type?: string;
  expireSec?: number;
}

interface Stored {
  type: string;
  bytes: Buffer;
  until: number;
}

export class Nos {
  private readonly files = new Map<string, Stored>();

  constructor(
    private readonly baseUrl: () => string,
    private readonly clock: Clock,
  ) {}

  /** @returns the URL: without an extension, as often on the real storage, so that adapters cannot rely on one */
  put(bytes: Buffer, { name = '', type = mediaTypeOf(name), expireSec = Infinity }: FileFacts): string {
    const id = unguessable(40);
    this.files.set(id, { type, bytes, until: this.clock.now() + expireSec * 1000 });
    return `${this.baseUrl()}${NOS_PATH}${id}`;
  }

  clear(): void {
    this.files.clear();
  }

  answer(call: Pick<Incoming, 'method' | 'path'>, faults: Faults): Outgoing {
    const trouble = faults.takeTrouble();
    if (trouble === 'fails') return { status: 500, type: 'text/plain', body: 'InternalError' };
    const file = this.files.get(call.path.slice(NOS_PATH.length));
    if (!file || call.method !== 'GET' || this.clock.now() >= file.until) {
      return { status: 404, type: 'text/plain', body: 'NoSuchKey' };
    }
    const { type, bytes } = file;
    return { status: 200, type, body: bytes, breaksOff: trouble === 'breaks-off' };
  }
}
