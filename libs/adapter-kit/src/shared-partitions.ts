/**
 * Shares the partitions of a network among the processes of its adapter. Each process waits at the consumers of all partitions;
 * the server lets one of them read each, and another one continues when that one ends. The console lists the processes in the
 * answer to every heartbeat: a process that reads a partition of another one hands it over. The list only balances the load:
 * without the console everything is read, by whichever process the server chose.
 */
import type { LaneConsumer } from '#bus';
import { runInBackground, type Log } from '#service';

type Partition = Pick<LaneConsumer, 'isOwner' | 'handOver'>;

/** Whether a partition belongs to the process in place number `place` of `count`. */
export function belongsTo(place: number, count: number, partition: number): boolean {
  return partition % count === place;
}

export class SharedPartitions {
  private readonly leaving = new Set<Partition>();

  /** @param partitions by their number */
  constructor(
    private readonly instance: string,
    private readonly partitions: readonly Partition[],
    private readonly log: Log,
  ) {}

  /** @param instances the processes that work now, in the same order for all of them */
  balance(instances: readonly string[]): void {
    if (instances.length === 0) return;
    // -1: only the others are connected to the network, so nothing belongs to this process.
    const place = instances.indexOf(this.instance);
    for (const [number, partition] of this.partitions.entries()) {
      const isForeign = !belongsTo(place, instances.length, number);
      if (isForeign && partition.isOwner && !this.leaving.has(partition)) this.handOver(partition);
    }
  }

  private handOver(partition: Partition): void {
    this.leaving.add(partition);
    runInBackground('partition handed over', this.log, () =>
      partition.handOver().finally(() => this.leaving.delete(partition)),
    );
  }
}
