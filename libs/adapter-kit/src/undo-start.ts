/** Closes what an adapter has opened that then did not start: the process continues if it hosts other adapters. */
import { tolerate, type Log } from '#service';

/** What exists so far; the part is absent if the start did not come so far. */
export interface OpenedParts {
  adapter: { network: string; stop(): Promise<void> };
  connection: { close(): Promise<void> };
  publisher?: { close(): void };
  pipeline?: { close(): Promise<void> };
  pending?: { stop(): void };
  late?: { stop(): Promise<void> };
  early?: { stop(): Promise<void> };
  windows?: { stop(): Promise<void> };
  calls?: { stop(): Promise<void> };
  withdrawals?: { stop(): Promise<void> } | undefined;
  sole?: { end(): Promise<void> } | undefined;
}

/** In the order of `AdapterRuntime.stop`. A part that cannot be closed is logged, and the others are closed. */
export async function undoStart(opened: OpenedParts, log: Log): Promise<void> {
  const {
    adapter,
    connection,
    publisher,
    pipeline,
    pending,
    late,
    early,
    windows,
    calls,
    withdrawals,
    sole,
  } = opened;
  const steps = [
    () => pending?.stop(),
    () => late?.stop(),
    () => early?.stop(),
    () => windows?.stop(),
    () => calls?.stop(),
    () => withdrawals?.stop(),
    () => adapter.stop(),
    () => sole?.end(),
    () => publisher?.close(),
    () => pipeline?.close(),
    () => connection.close(),
  ];
  for (const step of steps) await tolerate('stop of an adapter that did not start', log, step);
}
