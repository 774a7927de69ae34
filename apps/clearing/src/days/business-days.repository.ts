/** The business days that exist, and which of them are open. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BusinessDate } from '#clearing';

@Injectable()
export class BusinessDaysRepository {
  constructor(private readonly database: DataSource) {}

  async exists(date: BusinessDate): Promise<boolean> {
    const rows = await this.database.query<unknown[]>('SELECT 1 FROM business_day WHERE date = $1', [date]);
    return rows.length > 0;
  }

  /** The newest day that is not after this one. */
  async latest(until: BusinessDate): Promise<BusinessDate | undefined> {
    const [last] = await this.database.query<{ date: BusinessDate | null }[]>(
      'SELECT max(date)::text AS date FROM business_day WHERE date <= $1',
      [until],
    );
    return last?.date ?? undefined;
  }

  /** A day that exists already stays as it is. */
  async add(dates: readonly BusinessDate[]): Promise<void> {
    await this.database.query(
      'INSERT INTO business_day (date) SELECT unnest($1::date[]) ON CONFLICT DO NOTHING',
      [dates],
    );
  }

  /** Oldest first. */
  async openBefore(date: BusinessDate): Promise<BusinessDate[]> {
    const rows = await this.database.query<{ date: BusinessDate }[]>(
      `SELECT date::text FROM business_day WHERE state = 'open' AND date < $1 ORDER BY date`,
      [date],
    );
    return rows.map((row) => row.date);
  }
}
