/** Reads the tables of the trace. Only the recorder writes them. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CheckpointRow, nativeHash, NativeRefRow } from '#database';
import type { Network } from '#protocol';

@Injectable()
export class TraceRepository {
  constructor(private readonly database: DataSource) {}

  /** Oldest first. */
  checkpoints(eventId: string): Promise<CheckpointRow[]> {
    return this.database
      .getRepository(CheckpointRow)
      .find({ where: { eventId }, order: { at: 'ASC', id: 'ASC' } });
  }

  /** @returns the newest event with this native id in the network */
  async eventOf(network: Network, native: string): Promise<string | undefined> {
    const [newest] = await this.database
      .getRepository(NativeRefRow)
      .find({ where: { network, nativeHash: nativeHash(native) }, order: { at: 'DESC' }, take: 1 });
    return newest?.eventId;
  }
}
