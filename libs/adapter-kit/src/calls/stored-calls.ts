/**
 * The calls of a network in its bucket `waiting`, for all processes of its adapter: `call.<side>.<key>`, until the call is over
 * and everybody knows; and `begun.<id>`, the link that a caller got, so that the same native call is begun once.
 */
import type { Bucket } from '#bus';
import type { CallSide, EventId } from '#protocol';
import { LentCall } from './lent-call.js';

export type CallBucket = Pick<Bucket, 'get' | 'put' | 'change' | 'delete' | 'keys'>;

export class StoredCalls {
  constructor(private readonly bucket: CallBucket) {}

  /** @throws HubError 91 */
  async get(side: CallSide, key: EventId): Promise<LentCall | undefined> {
    return LentCall.safeParse(await this.bucket.get(keyOf({ side, key }))).data;
  }

  /** @returns the call as it is stored: an earlier one of the same key stays. @throws HubError 91 */
  async create(call: LentCall): Promise<LentCall> {
    let stored = call;
    await this.bucket.change(keyOf(call), (value) => {
      const before = LentCall.safeParse(value).data;
      stored = before ?? call;
      return Promise.resolve(before ? undefined : call);
    });
    return stored;
  }

  /**
   * @param work undefined: the call stays as it is
   * @returns the call as it is then. undefined: there is no such call. @throws HubError 91
   */
  async change(
    of: Pick<LentCall, 'side' | 'key'>,
    work: (call: LentCall) => LentCall | undefined,
  ): Promise<LentCall | undefined> {
    let stored: LentCall | undefined;
    await this.bucket.change(keyOf(of), (value) => {
      const before = LentCall.safeParse(value).data;
      const next = before && work(before);
      stored = next ?? before;
      return Promise.resolve(next);
    });
    return stored;
  }

  remove(of: Pick<LentCall, 'side' | 'key'>): Promise<void> {
    return this.bucket.delete(keyOf(of));
  }

  /** Reads every call of the network. @throws HubError 91 */
  async all(): Promise<LentCall[]> {
    const found: LentCall[] = [];
    for (const key of await this.bucket.keys('call.*.*')) {
      const call = LentCall.safeParse(await this.bucket.get(key)).data;
      if (call) found.push(call);
    }
    return found;
  }

  /** The link that the caller got. @throws HubError 91 */
  async linkOf(call: EventId): Promise<string | undefined> {
    const url = await this.bucket.get(`begun.${call}`);
    return typeof url === 'string' ? url : undefined;
  }

  keepLink({ call, url }: Pick<LentCall, 'call' | 'url'>): Promise<void> {
    return this.bucket.put(`begun.${call}`, url);
  }
}

function keyOf({ side, key }: Pick<LentCall, 'side' | 'key'>): string {
  return `call.${side}.${key}`;
}
