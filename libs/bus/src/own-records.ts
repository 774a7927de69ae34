/** Reads events and outcomes that this network has published. The kit finds in them what it would otherwise store beside them. */
import { NoRespondersError, RequestError } from '@nats-io/transport-node';
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
import { leaderHas } from './leader-read.js';
import { patiently } from './patient-read.js';

/** In the subject of a question to the leader, in place of what it does not ask for. Nothing is stored there. */
const ASKED = 'asked';

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

  /** The newest outcome of a delivered event. undefined: there is none, or the replica that answered does not have it yet. */
  outcomeOf(key: DeliveryKey): Promise<Uint8Array | undefined> {
    return this.outcome(subjects.delivered(this.network, key, ANY));
  }

  /** The newest outcome with a native id, in the same way. @param digest of the native id */
  outcomeWith(digest: string): Promise<Uint8Array | undefined> {
    return this.outcome(subjects.delivered(this.network, ANY, digest));
  }

  /** The same as `outcomeOf` after the leader of the stream was asked. undefined: there is none. */
  certainOutcomeOf(key: DeliveryKey): Promise<Uint8Array | undefined> {
    return this.certainOutcome(
      subjects.delivered(this.network, key, ANY),
      subjects.delivered(this.network, key, ASKED),
    );
  }

  /** The same as `outcomeWith` after the leader of the stream was asked. undefined: there is none. */
  certainOutcomeWith(digest: string): Promise<Uint8Array | undefined> {
    return this.certainOutcome(
      subjects.delivered(this.network, ANY, digest),
      subjects.delivered(this.network, ASKED, digest),
    );
  }

  private async outcome(subject: string): Promise<Uint8Array | undefined> {
    const found = await patiently(this.connection, STREAMS.report, (session) =>
      lastMessage(session, STREAMS.report, subject),
    );
    return found?.data;
  }

  private async certainOutcome(filter: string, asked: string): Promise<Uint8Array | undefined> {
    const found = await patiently(this.connection, STREAMS.report, async (session) => {
      if (!(await leaderHas(session, asked, filter))) return undefined;
      const message = await lastMessage(session, STREAMS.report, filter);
      // Tried again: the replica gets it from the leader, or another one answers.
      if (!message) throw new Error('a replica of the stream lags behind its leader');
      return message;
    });
    return found?.data;
  }
}

/**
 * The records of a network that may read them. Where it may not, it may not publish outcomes to be found either.
 * @param creds of the bus; absent: the bus permits everything
 * @returns undefined: the credentials, or the accounts in the configuration of the server, are of an earlier release
 */
export async function openOwnRecords(
  connection: BusConnection,
  network: Network,
  creds: string | undefined,
): Promise<OwnRecords | undefined> {
  const subject = subjects.delivered(network, ANY, 'any');
  const isAnswered = () =>
    patiently(connection, STREAMS.report, (session) =>
      lastMessage(session, STREAMS.report, subject).then(() => true, saysNobodyAnswers),
    );
  const { log } = connection;
  if (!mayReadOwnRecords(creds, network)) {
    log.info(
      { network },
      'credentials of an earlier release: references are stored beside events and outcomes',
    );
  } else if (!(await isAnswered())) {
    log.warn(
      { network },
      'outcomes cannot be read: references are stored beside events and outcomes. Write the configuration of nats-server again (bus-setup)',
    );
  } else return new OwnRecords(connection, network);
  return undefined;
}

/** The hub's account does not export the call. @returns false @throws every other error */
function saysNobodyAnswers(error: unknown): false {
  if (error instanceof NoRespondersError) return false;
  if (error instanceof RequestError && error.isNoResponders()) return false;
  throw error;
}

/** @param creds of the bus; those of earlier releases do not permit to read events and outcomes. Absent: the bus permits everything */
export function mayReadOwnRecords(creds: string | undefined, network: Network): boolean {
  if (creds === undefined) return true;
  const { publishes } = factsOf(creds);
  return [ownEventsCall(network), ownOutcomesCall(network)].every((call) =>
    publishes.includes(`${MEMBER_API}.${call}`),
  );
}
