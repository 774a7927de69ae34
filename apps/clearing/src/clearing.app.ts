/** Clearing as one app: the ledger, the days, and the request to close one. */
import { answer, BusLink, StorageCheck, untilTopologyStands } from '#bus';
import { businessDays } from '#clearing';
import { databaseInTime, DatabasePulse } from '#database';
import { subjects, toHubError } from '#protocol';
import { busCredentials, busTls, type Log, type Refuse } from '#service';
import type { ClearingSettings } from './clearing.config.js';
import { DayKeeper, type CloseReply } from './day-keeper.js';
import { partyHash } from './halves.js';
import { ledgerHasRead, startLedger } from './ledger.js';

export interface ClearingApp {
  check(): Record<string, boolean>;
  close(): Promise<void>;
}

export async function startClearing(
  settings: ClearingSettings,
  log: Log,
  onRefusal: Refuse,
): Promise<ClearingApp> {
  const database = await databaseInTime(settings.DATABASE_URL, log);
  const pulse = new DatabasePulse(database);
  const link = await BusLink.open(
    {
      url: settings.NATS_URL,
      creds: busCredentials(settings),
      tls: busTls(settings),
      name: 'clearing',
      onRefusal,
    },
    log,
  );
  await StorageCheck.on(link, settings.BUS_UNSAFE === '1');
  await link.onSession((session) => untilTopologyStands(session, log));
  const days = businessDays(settings.CLEARING_CUTOVER, settings.CLEARING_ZONE);
  const hash = partyHash(settings.CLEARING_PARTY_KEY);
  const stopLedger = await startLedger(link, { database, days, hash, log });
  const hasRead = (until: Date) => ledgerHasRead(link, until);
  const keeper = new DayKeeper(database, days, settings.CLEARING_GRACE_SECONDS * 1000, hasRead, log);
  await answer(
    link,
    subjects.clearingClose,
    (body) => keeper.answer(body),
    (error): CloseReply => {
      const { code, detail } = toHubError(error);
      log.warn({ code, reason: detail }, 'a day was not closed');
      return { code, detail };
    },
  );
  keeper.start();
  return {
    check: () => ({ bus: link.connected, database: pulse.alive }),
    close: async () => {
      keeper.stop();
      pulse.stop();
      await stopLedger();
      await link.close();
      await database.destroy();
    },
  };
}
