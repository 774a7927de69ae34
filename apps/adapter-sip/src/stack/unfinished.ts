import { runInBackground, type Log } from '#service';

/** How many messages of one connection are in work: whoever sends more is not read until some are done. */
export class Unfinished {
  private count = 0;
  private relieved: PromiseWithResolvers<void> | undefined;

  constructor(
    private readonly most: number,
    private readonly log: Log,
  ) {}

  /** @returns undefined: read on. Otherwise read again when the promise has resolved */
  begin(work: Promise<void>): Promise<void> | undefined {
    this.count++;
    runInBackground('SIP message of a connection', this.log, () => work.finally(() => this.done()));
    if (this.count < this.most) return undefined;
    this.relieved ??= Promise.withResolvers<void>();
    return this.relieved.promise;
  }

  private done(): void {
    this.count--;
    if (this.count >= this.most) return;
    this.relieved?.resolve();
    this.relieved = undefined;
  }
}
