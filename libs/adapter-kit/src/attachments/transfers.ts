/** Sends tasks to the transfer process (transfer.main.ts), and starts it when needed. */
import { fork, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import pLimit from 'p-limit';
import type { BusConnectionOptions } from '#bus';
import { HubError, type MediaPlace } from '#protocol';
import { TEXT_PAUSE_MS } from './text-priority.js';
import type { TransferAnswer, TransferOrder, TransferResult, TransferTask } from './transfer.main.js';

const AT_ONCE = 8;
const MAIN = new URL(`./transfer.main${extname(import.meta.filename)}`, import.meta.url);
/** Minimum interval of `textFlows` messages to the process, ms. */
const NOTIFY_MS = TEXT_PAUSE_MS / 4;
const ENDED: TransferResult = { code: '91', detail: 'the process that moves files ended' };

export class Transfers {
  private child: ChildProcess | undefined;
  private counter = 0;
  private readonly waiting = new Map<number, (result: TransferResult) => void>();
  private readonly limit = pLimit(AT_ONCE);
  private notifiedAt = 0;
  private niceIsMissing = false;

  /**
   * @param bytesPerMs transfer rate while texts are processed
   * @param niceness of the process; 0: as this one
   */
  constructor(
    private readonly bus: BusConnectionOptions,
    private readonly bytesPerMs: number,
    private readonly niceness: number,
  ) {}

  pauseTransfersForText(): void {
    const now = performance.now();
    if (this.waiting.size === 0 || now - this.notifiedAt < NOTIFY_MS) return;
    this.notifiedAt = now;
    this.child?.send({ textFlows: true } satisfies TransferOrder);
  }

  /** Stores a file under `place`. An object that exists already is not written again. @throws HubError 91 */
  async store(place: MediaPlace, key: Buffer, path: string): Promise<void> {
    await this.run({ direction: 'in', place, key, path });
  }

  /** @throws HubError 105, 107, 108, 91 */
  fetch(
    place: MediaPlace,
    key: Buffer,
    path: string,
    maxBytes: number,
  ): Promise<{ size: number; sha256: string }> {
    return this.run({ direction: 'out', place, key, path, maxBytes });
  }

  /** Scales an image to an avatar and writes it to `to`. @throws HubError 105, 106 when it is no usable image, 91 */
  scale(path: string, to: string): Promise<{ size: number; sha256: string }> {
    return this.run({ direction: 'scale', path, to });
  }

  close(): void {
    this.child?.kill('SIGKILL');
  }

  private async run(task: TransferTask): Promise<{ size: number; sha256: string }> {
    const result = await this.limit(() => this.ask(task));
    if ('code' in result) throw new HubError(result.code, result.detail);
    return result;
  }

  private ask(task: TransferTask): Promise<TransferResult> {
    const child = (this.child ??= this.start());
    const n = ++this.counter;
    return new Promise((resolve) => {
      this.waiting.set(n, resolve);
      child.send({ n, task } satisfies TransferOrder, (error) => {
        if (error) this.answered(n, ENDED);
      });
    });
  }

  /** Called for the first task, and for the next task after the process died. */
  private start(): ChildProcess {
    const plain = { execPath: process.execPath, execArgv: process.execArgv };
    // `nice` starts the process, because Linux has a priority per thread and new threads inherit it.
    const words = ['-n', String(this.niceness), process.execPath, ...process.execArgv];
    const isPlain = this.niceIsMissing || this.niceness === 0;
    const child = fork(MAIN, {
      ...(isPlain ? plain : { execPath: 'nice', execArgv: words }),
      serialization: 'advanced',
    });
    const bus = { ...this.bus, name: `${this.bus.name}-media` };
    child.send({ bus, bytesPerMs: this.bytesPerMs } satisfies TransferOrder);
    child.on('message', ({ n, result }: TransferAnswer) => this.answered(n, result));
    child.on('error', () => {
      // The child process was never spawned, so no `exit` event will follow.
      if (child.pid !== undefined) return;
      this.niceIsMissing = true;
      this.ended();
    });
    child.on('exit', () => {
      // Ignore the exit of a process that was already replaced.
      if (this.child === child || this.child === undefined) this.ended();
    });
    return child;
  }

  private ended(): void {
    this.child = undefined;
    for (const n of this.waiting.keys()) this.answered(n, ENDED);
  }

  private answered(n: number, result: TransferResult): void {
    this.waiting.get(n)?.(result);
    this.waiting.delete(n);
  }
}
