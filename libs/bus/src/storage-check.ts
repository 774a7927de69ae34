/**
 * Verifies that every nats-server of the bus writes to disk before it acknowledges. With the default of nats-server (a write
 * to disk every two minutes) a power cut destroys acknowledged messages and the stream (docs/decisions/0015-durability.md).
 * The server's monitoring answers: the system account exports one request, to the hub's account only.
 */
import { createInbox, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { parseJson } from '#protocol';
import { sleep, StartRefused, type Log } from '#service';
import type { BusConnection } from './bus-connection.js';
import { HUB_STORAGE, SERVER_STORAGE } from './storage-account.js';

/** How long to wait for the other servers of a cluster, ms. */
const GATHER_MS = 2000;
/** A server that has just started may not answer yet. */
const ATTEMPTS = 10;
const ATTEMPT_EVERY_MS = 500;
const MAX_SERVERS = 100;

export type StorageVerdict =
  | { kind: 'safe'; servers: string[] }
  /** Servers that acknowledge before they write. */
  | { kind: 'unsafe'; servers: string[] }
  | { kind: 'unverified'; why: string };

const ServerStorage = z.object({
  server: z.object({ id: z.string(), name: z.string() }),
  data: z.object({
    config: z.object({ sync_always: z.boolean().optional() }).optional(),
    meta_cluster: z.object({ cluster_size: z.int() }).optional(),
  }),
});
type ServerStorage = z.infer<typeof ServerStorage>;

/** Asks all servers once. A server of the cluster that is away is asked at the next session. */
export async function storageVerdict(nc: NatsConnection): Promise<StorageVerdict> {
  const answers = await gather(nc);
  if (answers.length === 0)
    return {
      kind: 'unverified',
      why: `nobody answers on ${HUB_STORAGE}: the operator of this bus exports no ${SERVER_STORAGE} to the hub's account`,
    };
  const unknown = answers.filter(({ data }) => data.config === undefined);
  if (unknown.length > 0) return { kind: 'unverified', why: `no JetStream on ${names(unknown).join(', ')}` };
  const unsafe = answers.filter(({ data }) => data.config?.sync_always !== true);
  if (unsafe.length > 0) return { kind: 'unsafe', servers: names(unsafe) };
  if (!answers.some(({ server }) => server.id === nc.info?.server_id))
    return { kind: 'unverified', why: `no answer from ${nc.info?.server_name ?? 'the connected server'}` };
  return { kind: 'safe', servers: names(answers) };
}

/** Collects one answer of each server; an answer says how many servers the cluster has. */
async function gather(nc: NatsConnection): Promise<ServerStorage[]> {
  const inbox = createInbox();
  const subscription = nc.subscribe(inbox, { max: MAX_SERVERS });
  const timer = setTimeout(() => subscription.unsubscribe(), GATHER_MS);
  const answers = new Map<string, ServerStorage>();
  try {
    nc.publish(HUB_STORAGE, '', { reply: inbox });
    for await (const message of subscription) {
      // Status 503: no subscriber on the subject.
      if (message.headers?.code === 503) break;
      const answer = ServerStorage.safeParse(parseJson(message.data));
      if (!answer.success) continue;
      answers.set(answer.data.server.id, answer.data);
      const size = Math.max(...[...answers.values()].map(({ data }) => data.meta_cluster?.cluster_size ?? 1));
      if (answers.size >= size) break;
    }
  } finally {
    clearTimeout(timer);
    subscription.unsubscribe();
  }
  return [...answers.values()];
}

function names(answers: ServerStorage[]): string[] {
  return answers.map(({ server }) => server.name).sort();
}

/** Checks the storage of the bus for one process, in every session. */
export class StorageCheck {
  private verdict: StorageVerdict = { kind: 'unverified', why: 'not asked yet' };

  private constructor(
    private readonly isUnsafeAllowed: boolean,
    private readonly log: Log,
  ) {}

  /**
   * Checks now and at every later session, before anything is published in it.
   * @param isUnsafeAllowed BUS_UNSAFE=1: an unsafe server is a warning
   * @throws StartRefused when a server acknowledges before it writes, or this cannot be verified
   */
  static async on(connection: BusConnection, isUnsafeAllowed: boolean): Promise<StorageCheck> {
    const check = new StorageCheck(isUnsafeAllowed, connection.log);
    await connection.onSession(({ nc, ended }) => check.require(nc, ended));
    return check;
  }

  /** Every server is known to write before it acknowledges. */
  get isDurable(): boolean {
    return this.verdict.kind === 'safe';
  }

  private async require(nc: NatsConnection, ended: AbortSignal): Promise<void> {
    this.verdict = await storageVerdict(nc);
    for (let attempt = 1; this.verdict.kind === 'unverified' && attempt < ATTEMPTS; attempt++) {
      await sleep(ATTEMPT_EVERY_MS, ended);
      if (ended.aborted) throw new Error('the session ended before the servers were asked');
      this.verdict = await storageVerdict(nc);
    }
    const { verdict } = this;
    if (verdict.kind === 'safe') return;
    const text = refusal(verdict);
    if (!this.isUnsafeAllowed) throw new StartRefused(text);
    this.log.warn({ verdict }, `BUS_UNSAFE=1: started although ${text}`);
  }
}

function refusal(verdict: Exclude<StorageVerdict, { kind: 'safe' }>): string {
  const anyway = 'To run without this protection, set BUS_UNSAFE=1 (docs/operations.md, "Durability").';
  switch (verdict.kind) {
    case 'unsafe':
      return `nats-server ${verdict.servers.join(', ')} acknowledges messages before they are on disk: a power cut loses them. Set "sync_interval: always" in the jetstream block of nats-server.conf and restart it. ${anyway}`;
    case 'unverified':
      return `it cannot be verified that nats-server writes to disk before it acknowledges (${verdict.why}). Generate the server's configuration with bus-setup of this release, which exports the request and sets "sync_interval: always". ${anyway}`;
  }
}
