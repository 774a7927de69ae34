/** Sign-on and heartbeat: reports to the console that this adapter runs and what it can do; learns which networks are live. */
import { randomUUID } from 'node:crypto';
import {
  HEARTBEAT_MS,
  requests,
  type Capabilities,
  type IdFolding,
  type Network,
  type SignOn as SignOnBody,
} from '#protocol';
import { ask, type BusConnection } from '#bus';
import { guarded, runInBackground, StartRefused, tolerate, type Log, type Refuse } from '#service';

import { EventFailureLog } from './event-failures.js';

export interface SignOnOptions {
  network: Network;
  connection: BusConnection;
  /** What is declared with sign-on and with every heartbeat. */
  capabilities: () => Capabilities;
  /** Whether the native network can be reached now. */
  nativeConnected: () => boolean;
  /** This process reads the consumers of the partitions, and shares them with others. */
  sharesPartitions: boolean;
  /** Release of the adapter, for the console. */
  build: string;
  /** Ends the process. undefined: BUS_UNSAFE=1, an unsafe bus is accepted. */
  onRefusal: Refuse | undefined;
  log: Log;
}

export class SignOn {
  readonly instance = `${process.pid}-${randomUUID().slice(0, 8)}`;
  private timer: NodeJS.Timeout | undefined;
  private signedOn = false;
  private known: Network[] = [];
  private foldings: ReadonlyMap<Network, IdFolding> = new Map();
  private readonly listeners: ((peers: Network[]) => void)[] = [];
  private instances: (all: string[]) => void = () => undefined;

  private readonly failures: EventFailureLog;

  constructor(private readonly options: SignOnOptions) {
    this.failures = new EventFailureLog(options.network, options.log);
  }

  get isSignedOn(): boolean {
    return this.signedOn;
  }

  peers(): Network[] {
    return this.known;
  }

  /** The folding rule for ids of another network, as of the last heartbeat. undefined: it declares none, or no heartbeat was answered yet. */
  foldingOf(network: Network): IdFolding | undefined {
    return this.foldings.get(network);
  }

  onPeers(listener: (peers: Network[]) => void): void {
    this.listeners.push(listener);
    listener(this.known);
  }

  /** Calls the listener with the processes that share the partitions, after every heartbeat. */
  onInstances(listener: (all: string[]) => void): void {
    this.instances = listener;
  }

  /** @throws StartRefused when the console reports that the bus acknowledges messages before they are on disk */
  async start(): Promise<void> {
    await this.beat();
    this.timer = setInterval(
      guarded('heartbeat', this.options.log, () => this.beatAgain()),
      HEARTBEAT_MS,
    );
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    const body = { network: this.options.network, instance: this.instance };
    // If the request is lost, the console marks the adapter offline when its heartbeats stop.
    await tolerate('sign-off', this.options.log, () =>
      ask(this.options.connection, requests.signOff(this.options.network), body, 1000),
    );
  }

  private async beatAgain(): Promise<void> {
    try {
      await this.beat();
    } catch (error) {
      if (error instanceof StartRefused) this.options.onRefusal?.(error);
      throw error;
    }
  }

  private async beat(): Promise<void> {
    const body: SignOnBody = {
      network: this.options.network,
      instance: this.instance,
      build: this.options.build,
      capabilities: this.options.capabilities(),
      nativeConnected: this.options.nativeConnected(),
      ...(this.options.sharesPartitions ? { sharesPartitions: true } : {}),
    };
    try {
      const request = this.signedOn ? requests.heartbeat : requests.signOn;
      const reply = await ask(this.options.connection, request(this.options.network), body);
      if (!this.signedOn) this.options.log.info({ peers: reply.peers }, 'signed on');
      if (!this.signedOn && reply.ignored)
        this.options.log.warn(
          { ignored: reply.ignored },
          'the hub does not know these fields of the sign-on',
        );
      this.signedOn = true;
      this.foldings = new Map(reply.ids.map((one) => [one.network, one]));
      if (reply.failures) this.failures.read(reply.failures);
      this.learn(reply.peers);
      if (reply.instances) this.instances(reply.instances);
      if (!reply.durable) this.refuse();
    } catch (error) {
      if (error instanceof StartRefused) throw error;
      if (this.signedOn)
        this.options.log.warn(
          { reason: (error as Error).message },
          'the hub does not answer heartbeats: the adapter works on, and signs on again',
        );
      this.signedOn = false;
    }
  }

  private refuse(): void {
    const text = `the hub of ${this.options.network} runs on a nats-server that acknowledges messages before they are on disk: a power cut would lose accepted messages`;
    if (this.options.onRefusal)
      throw new StartRefused(
        `${text}. The operator of the hub must set "sync_interval: always" in nats-server.conf. To accept messages nevertheless, set BUS_UNSAFE=1`,
      );
    this.options.log.warn(`BUS_UNSAFE=1: messages are accepted although ${text}`);
  }

  private learn(peers: Network[]): void {
    if (peers.join() === this.known.join()) return;
    this.known = peers;
    for (const listener of this.listeners) runInBackground('peers', this.options.log, () => listener(peers));
  }
}
