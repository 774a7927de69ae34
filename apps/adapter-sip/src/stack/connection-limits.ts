/** How many connections peers may have, and for how long without a word: those of one address must not take all places. */
import type { Socket } from 'node:net';

export interface ConnectionLimits {
  connections: number;
  /** Of these, how many one address may have. */
  ofAddress: number;
  /** Who has sent no whole message by then occupies a place for nothing, ms. */
  firstMessageMs: number;
  /** Longer than a registration lasts: a phone that is still there has registered again, ms. */
  idleMs: number;
}

/** Many phones share the address of a network or of a proxy. */
export const USUAL_CONNECTIONS: ConnectionLimits = {
  connections: 5000,
  ofAddress: 1000,
  firstMessageMs: 30_000,
  idleMs: 3_900_000,
};

export class PlacesOfAddresses {
  /** Connections that are open, by address; bounded by `connections`. */
  private readonly taken = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** Until the socket is closed. @returns false: its address has all of its places */
  take(socket: Socket): boolean {
    const { remoteAddress: address = '' } = socket;
    const taken = this.taken.get(address) ?? 0;
    if (taken >= this.most) return false;
    this.taken.set(address, taken + 1);
    socket.once('close', () => this.leave(address));
    return true;
  }

  private leave(address: string): void {
    const left = (this.taken.get(address) ?? 0) - 1;
    if (left > 0) this.taken.set(address, left);
    else this.taken.delete(address);
  }
}
