/** Reads events and outcomes that this network has published. The kit finds in them what it would otherwise store beside them. */
import {
  ANY,
  inStream,
  MEMBER_API,
  STREAMS,
  subjects,
  type DeliveryKey,
  type EventId,
  type Network,
} from '#protocol';
import { ownEventsCall, ownOutcomesCall } from './bus-accounts.js';
import type { BusConnection } from './bus-connection.js';
import { factsOf } from './credentials-file.js';
import { lastMessage } from './direct-read.js';
import { patiently } from './patient-read.js';

/** The methods throw HubError 91 when the bus cannot be read for 15 s. */
export class OwnRecords {
  constructor(
    private readonly connection: BusConnection,
    private readonly network: Network,
  ) {}

  /** The newest event on the subject of its id. undefined: there is none. */
  async event(id: EventId): Promise<Uint8Array | undefined> {
    const stream = inStream(this.network);
    const last_by_subj = subjects.event(this.network, id);
    const found = await patiently(this.connection, stream, ({ jsm }) =>
      jsm.streams.getMessage(stream, { last_by_subj }),
    );
    return found?.data;
  }

  /** The newest outcome of a delivered event. undefined: there is none. */
  outcomeOf(key: DeliveryKey): Promise<Uint8Array | undefined> {
    return this.outcome(subjects.delivered(this.network, key, ANY));
  }

  /** The newest outcome with a native id. @param digest of the native id */
  outcomeWith(digest: string): Promise<Uint8Array | undefined> {
    return this.outcome(subjects.delivered(this.network, ANY, digest));
  }

  private async outcome(subject: string): Promise<Uint8Array | undefined> {
    const stream = STREAMS.report;
    const found = await patiently(this.connection, stream, (session) =>
      lastMessage(session, stream, subject),
    );
    return found?.data;
  }
}

/** @param creds of the bus; those of earlier releases do not permit to read events and outcomes. Absent: the bus permits everything */
export function mayReadOwnRecords(creds: string | undefined, network: Network): boolean {
  if (creds === undefined) return true;
  const { publishes } = factsOf(creds);
  return [ownEventsCall(network), ownOutcomesCall(network)].every((call) =>
    publishes.includes(`${MEMBER_API}.${call}`),
  );
}
