/** Authenticates the calls of the app's server and rejects replays. */
import type { Incoming } from '#simulators';
import { ActionError } from './action-error.js';
import { requestCheckSum } from './checksum.js';

const VALID_MS = 300_000;

export class Gate {
  private readonly used = new Map<string, number>();

  constructor(
    private readonly appKey: string,
    private readonly appSecret: string,
  ) {}

  /** @throws ActionError 414 for a wrong or expired checksum, 431 for a replay */
  check(call: Pick<Incoming, 'header'>): void {
    const [nonce, curTime, checkSum] = [
      call.header('Nonce'),
      call.header('CurTime'),
      call.header('CheckSum'),
    ];
    if (call.header('AppKey') !== this.appKey) throw new ActionError(414, 'bad http header: AppKey');
    if (!nonce || nonce.length > 128) throw new ActionError(414, 'bad http header: Nonce');
    if (checkSum !== requestCheckSum(this.appSecret, nonce, curTime)) {
      throw new ActionError(414, 'bad http header: CheckSum');
    }
    const age = Math.abs(Date.now() - Number(curTime) * 1000);
    if (!(age <= VALID_MS)) throw new ActionError(414, 'bad http header: CurTime');
    this.once(`${nonce} ${curTime}`);
  }

  private once(key: string): void {
    const now = Date.now();
    for (const [old, at] of this.used) {
      if (now - at <= VALID_MS) break;
      this.used.delete(old);
    }
    if (this.used.has(key)) throw new ActionError(431, 'http repeat');
    this.used.set(key, now);
  }
}
