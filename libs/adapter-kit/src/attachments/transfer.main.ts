/**
 * Child process of an adapter, at low priority: moves files between the local disk and the media store, so that texts are
 * not delayed. (A thread would share memory and garbage collector with the adapter.) Ends with its adapter.
 */
import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { BusConnection, MediaStore, type BusConnectionOptions } from '#bus';
import { scaleAvatar } from '#media';
import { HubError, toHubError, type MediaPlace, type ResultCode } from '#protocol';
import { awaitedLater, createLog, fileContent, helpIfAsked, runInBackground } from '#service';
import { TextPriority } from './text-priority.js';

type StoreTask = { place: MediaPlace; key: Uint8Array; path: string } & (
  { direction: 'in' } | { direction: 'out'; maxBytes: number }
);
/** Scales an untrusted image to an avatar. In this process, so that a fault of the decoder cannot harm the adapter. */
type ScaleTask = { direction: 'scale'; path: string; to: string };
export type TransferTask = StoreTask | ScaleTask;

/** An error is sent as its code and detail: HubError objects do not survive the message channel. */
export type TransferResult = { size: number; sha256: string } | { code: ResultCode; detail: string };

/** Messages of the adapter: first the bus and the transfer rate, then tasks, and `textFlows` when a text was processed. */
export type TransferOrder =
  { bus: BusConnectionOptions; bytesPerMs: number } | { n: number; task: TransferTask } | { textFlows: true };
export interface TransferAnswer {
  n: number;
  result: TransferResult;
}

helpIfAsked(
  'transfer.main.js: moves files between the disk and the media store. An adapter starts this as its child process.\n',
);

// The adapter stops this process. Signals that a terminal sends to all processes are ignored, so that transfers finish.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

let log = createLog('media', 'error');
let store: Promise<MediaStore>;
let textPriority: TextPriority;
process.on('message', (order: TransferOrder) => {
  if ('bus' in order) {
    log = createLog(order.bus.name, 'error');
    textPriority = new TextPriority(order.bytesPerMs);
    store = awaitedLater(BusConnection.open(order.bus, log).then((link) => new MediaStore(link)));
  } else if ('textFlows' in order) {
    textPriority.pauseTransfersForText();
  } else {
    const { n, task } = order;
    runInBackground('transfer', log, async () => {
      const result = await transfer(task);
      process.send?.({ n, result } satisfies TransferAnswer);
    });
  }
});

async function transfer(task: TransferTask): Promise<TransferResult> {
  try {
    switch (task.direction) {
      case 'in':
        return await storeFile(task);
      case 'out':
        return await fetchFile(task, task.maxBytes);
      case 'scale':
        return await scaleAvatar(task.path, task.to);
    }
  } catch (thrown) {
    const { code, detail } = toHubError(thrown);
    return { code, detail };
  }
}

async function storeFile({ place, key, path }: StoreTask): Promise<TransferResult> {
  await (await store).write(place, Buffer.from(key), textPriority.of(fileContent(path)));
  return { size: 0, sha256: '' };
}

async function fetchFile({ place, key, path }: StoreTask, maxBytes: number): Promise<TransferResult> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    await using file = await open(path, 'wx', 0o600);
    for await (const block of textPriority.of((await store).read(place, Buffer.from(key)))) {
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
