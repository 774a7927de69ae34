/** Reads events that this network has sent, from its own stream. */
import { inStream, MEMBER_API, subjects, type EventId, type Network } from '#protocol';
import { ownEventsCall } from './bus-accounts.js';
import type { BusConnection } from './bus-connection.js';
import { factsOf } from './credentials-file.js';
import { patiently } from './patient-read.js';

export class OwnEvents {
  constructor(
    private readonly connection: BusConnection,
    private readonly network: Network,
  ) {}

  /** The newest event on the subject of its id. undefined: there is none. @throws HubError 91 when the bus cannot be read for 15 s */
  async find(id: EventId): Promise<Uint8Array | undefined> {
    const stream = inStream(this.network);
    const last_by_subj = subjects.event(this.network, id);
    const found = await patiently(this.connection, stream, ({ jsm }) =>
      jsm.streams.getMessage(stream, { last_by_subj }),
    );
    return found?.data;
  }
}

/** @param creds of the bus; those of earlier releases do not permit to read events. Absent: the bus permits everything */
export function mayReadOwnEvents(creds: string | undefined, network: Network): boolean {
  return creds === undefined || factsOf(creds).publishes.includes(`${MEMBER_API}.${ownEventsCall(network)}`);
}
