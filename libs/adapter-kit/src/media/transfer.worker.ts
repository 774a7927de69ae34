/**
 * Files between this machine's disk and the media store, in a thread of its own with a connection of its own: sealing, parsing
 * and copying hundreds of megabytes would make every text wait.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { BusLink, MediaStore, type BusLinkOptions } from '#bus';
import { HubError, toHubError, type MediaPlace, type ResultCode } from '#protocol';
import { createLog } from '#service';

export type TransferTask = { place: MediaPlace; key: Uint8Array; path: string } & (
  { direction: 'in' } | { direction: 'out'; maxBytes: number }
);

/** Errors do not keep their codes from thread to thread. */
export type TransferResult = { size: number; sha256: string } | { code: ResultCode; detail: string };

// On Linux this is said of the calling thread alone: text comes first.
setPriority(0, constants.priority.PRIORITY_LOW);

const options = (workerData as { bus: BusLinkOptions }).bus;
const store = BusLink.open(options, createLog(options.name, 'error')).then((link) => new MediaStore(link));

export default async function transfer(task: TransferTask): Promise<TransferResult> {
  try {
    return await (task.direction === 'in' ? storeFile(task) : fetchFile(task, task.maxBytes));
  } catch (thrown) {
    const { code, detail } = toHubError(thrown);
    return { code, detail };
  }
}

async function storeFile({ place, key, path }: TransferTask): Promise<TransferResult> {
  await (await store).write(place, Buffer.from(key), createReadStream(path));
  return { size: 0, sha256: '' };
}

async function fetchFile({ place, key, path }: TransferTask, maxBytes: number): Promise<TransferResult> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    await using file = await open(path, 'wx', 0o600);
    for await (const block of (await store).read(place, Buffer.from(key))) {
      size += block.length;
      if (size > maxBytes) throw new HubError('105', `more than ${maxBytes} bytes`);
      hash.update(block);
      await file.write(block);
    }
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return { size, sha256: hash.digest('hex') };
}
