/**
 * Chooses how the adapter of each network reads: through one consumer, or through one for each partition, which its processes
 * share. The change is made when every live process of the adapter wants it, so that no event is delivered twice.
 */
import { Injectable } from '@nestjs/common';
import { adapterConsumer, partitionConsumers } from '#bus';
import { SILENT_AFTER_MS, type Network } from '#protocol';
import { ConsoleBus } from '../core/console-bus.js';
import { LivenessBoard } from './liveness.js';

@Injectable()
export class OutboundConsumers {
  /** Value: the partitions have consumers, as this console found or made it. */
  private readonly arranged = new Map<Network, boolean>();
  private readonly since = Date.now();

  constructor(
    private readonly bus: ConsoleBus,
    private readonly liveness: LivenessBoard,
  ) {}

  /** Called at every heartbeat. */
  async arrange(network: Network): Promise<void> {
    const { sharing, single } = this.liveness.processesOf(network);
    const { session } = this.bus.link;
    if (!session || (sharing.length > 0 && single.length > 0)) return;
    const wanted = sharing.length > 0;
    if (this.arranged.get(network) === wanted) return;
    const [partitions, whole] = [partitionConsumers(network), [adapterConsumer(network)]];
    const [before, after] = wanted ? [whole, partitions] : [partitions, whole];
    // A console that has just started does not know every process yet. What nobody has read from can be replaced at once.
    const hearsAll = Date.now() - this.since > SILENT_AFTER_MS;
    if (await this.bus.inventory.replace(session, before, after, hearsAll ? 'read' : 'unread'))
      this.arranged.set(network, wanted);
  }
}
