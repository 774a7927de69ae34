/**
 * The calls of a network in its bucket `waiting`, for all processes of its adapter: `call.<side>.<key>`, until the call is over
 * and everybody knows; and `begun.<id>`, the link that a caller got, so that the same native call is begun once.
 */
import type { Bucket } from '#bus';
import type { CallSide, EventId } from '#protocol';
import { GatewayCall } from './gateway-call.js';

export type CallBucket = Pick<Bucket, 'get' | 'put' | 'change' | 'delete' | 'keys'>;

export class StoredCalls {
  constructor(private readonly bucket: CallBucket) {}

  /** @throws HubError 91 */
  async get(side: CallSide, key: EventId): Promise<GatewayCall | undefined> {
    return GatewayCall.safeParse(await this.bucket.get(keyOf({ side, key }))).data;
  }

  /** @returns the call as it is stored: an earlier one of the same key stays. @throws HubError 91 */
  async create(call: GatewayCall): Promise<GatewayCall> {
    let stored = call;
    await this.bucket.change(keyOf(call), (value) => {
      const before = GatewayCall.safeParse(value).data;
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
    of: Pick<GatewayCall, 'side' | 'key'>,
    work: (call: GatewayCall) => GatewayCall | undefined,
  ): Promise<GatewayCall | undefined> {
    let stored: GatewayCall | undefined;
    await this.bucket.change(keyOf(of), (value) => {
      const before = GatewayCall.safeParse(value).data;
      const next = before && work(before);
      stored = next ?? before;
      return Promise.resolve(next);
    });
    return stored;
  }

  remove(of: Pick<GatewayCall, 'side' | 'key'>): Promise<void> {
    return this.bucket.delete(keyOf(of));
  }

  /** Reads every call of the network. @throws HubError 91 */
  async all(): Promise<GatewayCall[]> {
    const found: GatewayCall[] = [];
    for (const key of await this.bucket.keys('call.*.*')) {
      const call = GatewayCall.safeParse(await this.bucket.get(key)).data;
      if (call) found.push(call);
    }
    return found;
  }

  /** The link that the caller got. @throws HubError 91 */
  async linkOf(call: EventId): Promise<string | undefined> {
    const url = await this.bucket.get(`begun.${call}`);
    return typeof url === 'string' ? url : undefined;
  }

  keepLink({ call, url }: Pick<GatewayCall, 'call' | 'url'>): Promise<void> {
    return this.bucket.put(`begun.${call}`, url);
  }
}

function keyOf({ side, key }: Pick<GatewayCall, 'side' | 'key'>): string {
  return `call.${side}.${key}`;
}
