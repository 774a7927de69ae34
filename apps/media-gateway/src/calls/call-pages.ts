/** The open call pages of this process, in memory: by the token of their links, and by network, call and side. */
import { Injectable } from '@nestjs/common';
import { HubError, type CallSide } from '#protocol';
import { metrics } from '#service';
import type { CallPage } from './call-page.js';

export const MOST_PAGES = 10_000;
export const MOST_OF_A_NETWORK = 1000;

@Injectable()
export class CallPages {
  /** Bounded by MOST_PAGES. */
  private readonly byToken = new Map<string, CallPage>();
  /** Bounded by MOST_PAGES. */
  private readonly byCall = new Map<string, CallPage>();
  /** Number of pages by network; bounded by MOST_PAGES. */
  private readonly counts = new Map<string, number>();

  find(network: string, call: string, side: CallSide): CallPage | undefined {
    return this.byCall.get(keyOf(network, call, side));
  }

  ofToken(token: string): CallPage | undefined {
    return this.byToken.get(token);
  }

  get all(): CallPage[] {
    return [...this.byToken.values()];
  }

  /** @throws HubError 65 */
  checkRoomFor(network: string): void {
    if (this.byToken.size >= MOST_PAGES) throw new HubError('65', 'too many call pages are open');
    if ((this.counts.get(network) ?? 0) >= MOST_OF_A_NETWORK)
      throw new HubError('65', `${network} has too many open call pages`);
  }

  add(page: CallPage): void {
    const { network, call, side } = page.call;
    this.byToken.set(page.token, page);
    this.byCall.set(keyOf(network, call, side), page);
    this.counts.set(network, (this.counts.get(network) ?? 0) + 1);
    metrics.callsOpen.set(this.byToken.size);
  }

  remove(page: CallPage): void {
    const { network, call, side } = page.call;
    if (!this.byToken.delete(page.token)) return;
    this.byCall.delete(keyOf(network, call, side));
    const left = (this.counts.get(network) ?? 1) - 1;
    if (left === 0) this.counts.delete(network);
    else this.counts.set(network, left);
    metrics.callsOpen.set(this.byToken.size);
  }
}

function keyOf(network: string, call: string, side: CallSide): string {
  return `${network} ${call} ${side}`;
}
