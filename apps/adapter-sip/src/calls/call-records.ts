/**
 * The open calls in the memory of the network, so that the next process ends those that a crash has left: on the other side, where
 * somebody still listens, and on our phones. The keys are numbered places, as many as there may be calls at once.
 */
import { z } from 'zod';
import type { CallDraft, Memory } from '#adapter-kit';
import { Address, CallMedia, CallSide, EventId, toHubError } from '#protocol';
import { backoff, runInBackground, sleep, tolerate, type Log } from '#service';
import { requestWithin, type Dialog } from '../stack/dialog.js';
import type { Line } from './line.js';
import { MOST_CALLS } from './open-calls.js';

const KEY = 'open-call.';
const TASK = 'open call in the memory';
const ATTEMPTS = 10;
/** Requests within a dialog after it was stored, at most: offers, each with a few attempts. */
const MOST_UNSTORED = 100;

/** A dialog, and where its phone is: `Line.place`. */
export interface PlacedDialog {
  place: string;
  dialog: Dialog;
}

const OpenCall = z.object({
  /** Id of the invitation. */
  call: EventId,
  native: z.string().max(1000),
  own: Address,
  peer: Address,
  media: CallMedia,
  side: CallSide.describe('Of our person'),
  /** Absent: it rings. */
  end: z.custom<PlacedDialog>((value) => typeof value === 'object' && value !== null).optional(),
});
export type OpenCall = z.infer<typeof OpenCall>;

export interface CallRecord {
  /** Resolves when it is stored, or cannot be. */
  keep(call: OpenCall): Promise<void>;
  /** The call is over, and everybody knows. */
  clear(): Promise<void>;
}

export interface CallRecordsOptions {
  memory: Pick<Memory, 'put' | 'entries'>;
  submit: (draft: CallDraft) => Promise<EventId>;
  /** To the phone of one of our people whose call began in another process. undefined: it is gone */
  lineTo: (own: Address, end: PlacedDialog) => Line | undefined;
  log: Log;
}

export class CallRecords {
  private readonly free = Array.from({ length: MOST_CALLS }, (_, at) => MOST_CALLS - 1 - at);

  constructor(private readonly options: CallRecordsOptions) {}

  /** Of a call that is not stored yet. */
  open(): CallRecord {
    let place: number | undefined;
    return {
      keep: async (call) => {
        // There is one for each call that is open.
        place ??= this.free.pop();
        if (place !== undefined) await this.put(place, call);
      },
      clear: async () => {
        if (place === undefined) return;
        const cleared = place;
        place = undefined;
        await this.put(cleared, {});
        this.free.push(cleared);
      },
    };
  }

  /** Before the first call: reads what another process has left. @returns ends these calls, each as often as it takes */
  async left(): Promise<(stopping: AbortSignal) => Promise<void>> {
    const found: { place: number; call: OpenCall }[] = [];
    for await (const [key, value] of this.options.memory.entries(`${KEY}*`)) {
      const call = OpenCall.safeParse(value).data;
      if (call) found.push({ place: Number(key.slice(KEY.length)), call });
    }
    for (const { place } of found) this.free.splice(this.free.indexOf(place), 1);
    return async (stopping) => {
      await Promise.all(found.map(({ place, call }) => this.end(place, call, stopping)));
    };
  }

  private async end(place: number, call: OpenCall, stopping: AbortSignal): Promise<void> {
    const { log } = this.options;
    const { end, own } = call;
    log.info({ call: call.call, answered: end !== undefined }, 'a call of a process that is gone ends');
    if (end) runInBackground('BYE', log, () => this.hangUp(own, end));
    if (!(await this.told(call, stopping))) return;
    await this.put(place, {});
    this.free.push(place);
  }

  private async hangUp(own: Address, end: PlacedDialog): Promise<void> {
    const line = this.options.lineTo(own, end);
    const localSequence = end.dialog.localSequence + MOST_UNSTORED;
    await line?.request(requestWithin({ ...end.dialog, localSequence }, 'BYE'));
  }

  private async told(
    { end, call, native, own, peer, media, side }: OpenCall,
    stopping: AbortSignal,
  ): Promise<boolean> {
    const action = end ? 'ended' : side === 'caller' ? 'cancelled' : 'missed';
    const draft = { native, from: { address: own }, to: peer, media, action, call } as const;
    for (let attempt = 1; !stopping.aborted; attempt++)
      try {
        await this.options.submit(draft);
        return true;
      } catch (thrown) {
        const { verdict, code, detail } = toHubError(thrown);
        if (verdict !== 'retry' || attempt === ATTEMPTS) {
          this.options.log.warn({ call, code, reason: detail }, 'the end of a call was not told');
          return verdict !== 'retry';
        }
        await sleep(backoff(attempt, 500, 30_000), stopping);
      }
    return false;
  }

  private async put(place: number, value: OpenCall | Record<string, never>): Promise<void> {
    await tolerate(TASK, this.options.log, () => this.options.memory.put(`${KEY}${place}`, value));
  }
}
