/** What each record of a closed day costs. */
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';
import type { BusinessDate, DetailRecord, Money, Rating } from '#clearing';
import { awaitedLater } from '#service';

/** undefined: the record is not there, or its day is not closed. */
export async function ratedPrice(
  manager: EntityManager,
  reference: string,
  toNetwork: string,
): Promise<Money | undefined> {
  const [rated] = await manager.query<{ price: string }[]>(
    `SELECT r.price::text FROM detail_record d JOIN rated_record r USING (business_date, reference, to_network)
     WHERE d.reference = $1 AND d.to_network = $2`,
    [reference, toNetwork],
  );
  return rated && BigInt(rated.price);
}

/** Writes ratings by COPY: an insert for each row would take longer than the rest of the close. */
export class RatingWriter {
  private readonly stream: CopyStreamQuery;
  private readonly ended: Promise<void>;
  private pending = '';
  private over = false;

  constructor(
    private readonly client: PoolClient,
    private readonly date: BusinessDate,
  ) {
    this.stream = client.query(
      copyFrom(
        'COPY rated_record (business_date, reference, to_network, tariff, price, switch_fee) FROM STDIN',
      ),
    );
    this.ended = awaitedLater(
      finished(this.stream).finally(() => {
        this.over = true;
      }),
    );
  }

  add({ reference, to }: DetailRecord, { tariff, price, switchFee }: Rating): void {
    this.pending += `${this.date}\t${reference}\t${to}\t${tariff?.id ?? '\\N'}\t${price}\t${switchFee}\n`;
  }

  async flush(): Promise<void> {
    const text = this.pending;
    this.pending = '';
    if (!this.stream.write(text)) await Promise.race([once(this.stream, 'drain'), this.ended]);
  }

  async end(): Promise<void> {
    this.stream.end(this.pending);
    await this.ended;
    // Without statistics the files of the day would be read by a plan for an empty table.
    await this.client.query('ANALYZE rated_record');
  }

  /** Ends an open COPY: until then the connection can do nothing else, not even roll back. */
  abandon(): void {
    if (!this.over) this.stream.destroy();
  }
}
