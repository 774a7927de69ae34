/** Which business day takes a record. */
import type { EntityManager } from 'typeorm';
import { dayAfter, type BusinessDate } from '#clearing';

/**
 * For each date the day that takes its records: the date itself, or the next day that is open. The days stay open until this
 * transaction commits, because a close must seal them first. They are locked in the order of dates, against deadlocks.
 */
export async function openDays(
  manager: EntityManager,
  wanted: ReadonlySet<BusinessDate>,
): Promise<Map<BusinessDate, BusinessDate>> {
  const taken = new Map<BusinessDate, BusinessDate>();
  for (const date of [...wanted].sort()) {
    let open = date;
    while (!(await isOpen(manager, open))) open = dayAfter(open);
    taken.set(date, open);
  }
  return taken;
}

async function isOpen(manager: EntityManager, date: BusinessDate): Promise<boolean> {
  await manager.query('INSERT INTO business_day (date) VALUES ($1) ON CONFLICT DO NOTHING', [date]);
  const rows = await manager.query<unknown[]>(
    'SELECT 1 FROM business_day WHERE date = $1 AND sealed_at IS NULL FOR SHARE',
    [date],
  );
  return rows.length > 0;
}
