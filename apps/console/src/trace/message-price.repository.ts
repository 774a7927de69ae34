/** Reads what one message costs, from its detail record and, once its business day is closed, from its rating. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Network } from '#protocol';

export interface PriceRow {
  business_date: string | null;
  class: string | null;
  /** bigint as text. */
  units: string;
  /** Millionths of a yuan; bigint as text. */
  price: string | null;
  switch_fee: string | null;
  tariff: string | null;
}

@Injectable()
export class MessagePriceRepository {
  constructor(private readonly database: DataSource) {}

  /** @param reader network of an operator, who sees what the clearing files of their network contain; null: sees all */
  async of(event: string, from: Network, to: Network, reader: string | null): Promise<PriceRow | undefined> {
    const [row] = await this.database.query<PriceRow[]>(
      `SELECT d.business_date::text, d.class, coalesce(d.units, 0)::text AS units, r.price::text, r.switch_fee::text, r.tariff
       FROM detail_record d LEFT JOIN rated_record r USING (business_date, reference, to_network)
       WHERE d.reference = $1 AND d.from_network = $2 AND d.to_network = $3
         AND ($4::text IS NULL OR d.from_network = $4 OR (d.to_network = $4 AND NOT d.at_switch))`,
      [event, from, to, reader],
    );
    return row;
  }
}
