/**
 * Files between this machine's disk and the media store, in a process of its own at low priority: text comes first. (A thread
 * would share its memory and its collector with the adapter.) Ends with the adapter that started it.
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
/** A picture of a stranger into an avatar: here, so that what a decoder does with it harms no adapter. */
type ScaleTask = { direction: 'scale'; path: string; to: string };
export type TransferTask = StoreTask | ScaleTask;

/** Errors do not keep their codes from process to process. */
export type TransferResult = { size: number; sha256: string } | { code: ResultCode; detail: string };

/** What the adapter sends: first where the bus is and how fast files may move beside text, then tasks, and that text flows. */
export type TransferOrder =
  { bus: BusConnectionOptions; bytesPerMs: number } | { n: number; task: TransferTask } | { textFlows: true };
export interface TransferAnswer {
  n: number;
  result: TransferResult;
}

helpIfAsked(
  'transfer.main.js: moves files between the disk and the media store. An adapter starts this as its child process.\n',
);

// The adapter stops us: what a terminal sends to all of them must not come before that.
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
