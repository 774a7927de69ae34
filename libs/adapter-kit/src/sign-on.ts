/** Sign-on and heartbeat: tells the hub that this adapter is there and what it can do; learns who the others are. */
import { randomUUID } from 'node:crypto';
import {
  ControlReply,
  HEARTBEAT_MS,
  HubError,
  type IdFolding,
  subjects,
  type Network,
  type SignOn as SignOnBody,
} from '#protocol';
import { ask, type BusConnection } from '#bus';
import { guarded, runInBackground, StartRefused, tolerate, type Log, type Refuse } from '#service';
import type { AnyAdapter } from './adapter.contract.js';

export class SignOn {
  readonly instance = `${process.pid}-${randomUUID().slice(0, 8)}`;
  private timer: NodeJS.Timeout | undefined;
  private signedOn = false;
  private known: Network[] = [];
  private foldings: ReadonlyMap<Network, IdFolding> = new Map();
  private readonly listeners: ((peers: Network[]) => void)[] = [];

  constructor(
    private readonly network: Network,
    private readonly adapter: AnyAdapter,
    private readonly link: BusConnection,
    private readonly log: Log,
    private readonly build: string,
    /** Undefined: BUS_UNSAFE=1, an unsafe bus is accepted. */
    private readonly onRefusal: Refuse | undefined,
  ) {}

  get isSignedOn(): boolean {
    return this.signedOn;
  }

  peers(): Network[] {
    return this.known;
  }

  /** How the ids of another network fold, as of the last heartbeat; undefined: it declares nothing, or nothing is known yet. */
  foldingOf(network: Network): IdFolding | undefined {
    return this.foldings.get(network);
  }

  onPeers(listener: (peers: Network[]) => void): void {
    this.listeners.push(listener);
    listener(this.known);
  }

  /** @throws StartRefused when the hub says that its bus does not keep what it acknowledges */
  async start(): Promise<void> {
    await this.beat();
    this.timer = setInterval(
      guarded('heartbeat', this.log, () => this.beatAgain()),
      HEARTBEAT_MS,
    );
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    const body = { network: this.network, instance: this.instance };
    // Nobody need hear it: the hub notices the silence.
    await tolerate('sign-off', this.log, () =>
      ask(this.link, subjects.control('signoff', this.network), body, ControlReply, 1000),
    );
  }

  private async beatAgain(): Promise<void> {
    try {
      await this.beat();
    } catch (error) {
      if (error instanceof StartRefused) this.onRefusal?.(error);
      throw error;
    }
  }

  private async beat(): Promise<void> {
    const body: SignOnBody = {
      network: this.network,
      instance: this.instance,
      build: this.build,
      capabilities: this.adapter.capabilities(),
      nativeConnected: this.adapter.connected(),
    };
    try {
      const reply = await ask(
        this.link,
        subjects.control(this.signedOn ? 'heartbeat' : 'signon', this.network),
        body,
        ControlReply,
      );
      if (reply.code !== '00') throw new HubError(reply.code, reply.detail ?? 'sign-on refused');
      if (!this.signedOn) this.log.info({ peers: reply.peers }, 'signed on');
      this.signedOn = true;
      this.foldings = new Map((reply.ids ?? []).map((one) => [one.network, one]));
      this.learn(reply.peers ?? []);
      if (reply.durable === false) this.refuse();
    } catch (error) {
      if (error instanceof StartRefused) throw error;
      if (this.signedOn)
        this.log.warn({ reason: (error as Error).message }, 'signed off: the hub does not answer');
      this.signedOn = false;
    }
  }

  private refuse(): void {
    const text = `the hub of ${this.network} runs on a nats-server that acknowledges messages before they are on disk: a power cut would lose accepted messages`;
    if (this.onRefusal)
      throw new StartRefused(
        `${text}. The operator of the hub must set "sync_interval: always" in nats-server.conf. To accept messages nevertheless, set BUS_UNSAFE=1`,
      );
    this.log.warn(`BUS_UNSAFE=1: messages are accepted although ${text}`);
  }

  private learn(peers: Network[]): void {
    if (peers.join() === this.known.join()) return;
    this.known = peers;
    for (const listener of this.listeners) runInBackground('peers', this.log, () => listener(peers));
  }
}
