/** One link of a service to the gateway: the time to log in, the keep-alive, and the channel for what the carrier sends. */
import type { Socket } from 'node:net';
import type { Surroundings } from './gateway.js';
import { Channel } from './outbox.js';
import { takeSubmit, type SubmitRequest } from './repeated-submits.js';
import type { Repeats } from './repeats.js';
import { Wire, type Framing } from './wire.js';

export interface LinkRules extends Framing {
  /** Packets of the carrier without an answer. */
  window: number;
  hasIds: boolean;
}

export abstract class GatewayLink {
  private readonly wire: Wire;
  private readonly loginTimer: NodeJS.Timeout;
  private readonly quietTimer: NodeJS.Timeout;
  private silentTimes = 0;
  protected readonly channel: Channel;
  protected isLoggedIn = false;

  constructor(
    socket: Socket,
    protected readonly around: Surroundings,
    rules: LinkRules,
    onClose: () => void,
  ) {
    const { outbox, faults, times } = around;
    this.wire = new Wire(socket, rules, () => faults.splitFrames, {
      onFrame: (frame) => {
        this.silentTimes = 0;
        this.quietTimer.refresh();
        this.packet(frame);
      },
      onClose: () => {
        clearTimeout(this.loginTimer);
        clearTimeout(this.quietTimer);
        outbox.detach(this.channel);
        onClose();
      },
    });
    this.channel = new Channel(outbox, {
      window: rules.window,
      hasIds: rules.hasIds,
      write: (frame) => this.wire.send(frame),
      broken: () => this.cut(),
      twice: () => faults.take('duplicate'),
    });
    this.loginTimer = setTimeout(() => this.cut(), times.loginMs);
    this.quietTimer = setTimeout(() => this.askWhetherAlive(), times.keepAliveMs);
  }

  get isOpen(): boolean {
    return this.isLoggedIn;
  }

  cut(): void {
    this.isLoggedIn = false;
    this.wire.close();
  }

  protected send(frame: Buffer): void {
    this.wire.send(frame);
  }

  protected takeSubmit(request: Omit<SubmitRequest, 'link' | 'send' | 'cut'>, repeats: Repeats): void {
    const link = { link: this, send: (answer: Buffer) => this.send(answer), cut: () => this.cut() };
    takeSubmit({ ...request, ...link }, repeats, this.around.intake);
  }

  /** Closes the link after what was sent. */
  protected end(): void {
    this.isLoggedIn = false;
    this.around.outbox.detach(this.channel);
    this.wire.end();
  }

  /** @param receives the carrier may send messages and reports over this link */
  protected loggedIn(receives: boolean): void {
    clearTimeout(this.loginTimer);
    this.isLoggedIn = true;
    if (receives) this.around.outbox.attach(this.channel);
  }

  /** One packet. @throws Malformed */
  protected abstract packet(frame: Buffer): void;

  /** The packet that asks whether the service is alive; undefined where the protocol has none. */
  protected abstract alive(sequence: number): Buffer | undefined;

  private askWhetherAlive(): void {
    const question = this.alive(this.channel.nextSequence());
    if (!question || ++this.silentTimes > this.around.times.silentTimes) return this.cut();
    this.send(question);
    this.quietTimer.refresh();
  }
}
