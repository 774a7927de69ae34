/** Hands files to the thread that moves them. */
import { extname } from 'node:path';
import { Piscina } from 'piscina';
import type { BusLinkOptions } from '#bus';
import { HubError, type MediaPlace } from '#protocol';
import type { TransferResult, TransferTask } from './transfer.worker.js';

const AT_ONCE = 8;

export class Transfers {
  private readonly thread: Piscina<TransferTask, TransferResult>;

  constructor(bus: BusLinkOptions) {
    this.thread = new Piscina({
      filename: new URL(`./transfer.worker${extname(import.meta.filename)}`, import.meta.url).href,
      workerData: { bus: { ...bus, name: `${bus.name}-media` } },
      minThreads: 1,
      maxThreads: 1,
      concurrentTasksPerWorker: AT_ONCE,
    });
  }

  /** Stores a file; one of the same content is there already. @throws HubError 91 */
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

  async close(): Promise<void> {
    await this.thread.destroy();
  }

  private async run(task: TransferTask): Promise<{ size: number; sha256: string }> {
    const result = await this.thread.run(task);
    if ('code' in result) throw new HubError(result.code, result.detail);
    return result;
  }
}
