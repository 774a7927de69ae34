/** Links that the carrier dials itself, one at a time. */
import { connect, type Socket } from 'node:net';
import { inBackground, pause } from '#simulators';
import type { GatewayLink } from './gateway-link.js';

/** A link that logs in at the service when it is connected. */
export type DialledLink = GatewayLink & { logIn(): void };

export class Dialer {
  private link: DialledLink | undefined;
  private isPaused = false;
  private readonly closing = new AbortController();
  /** Port of the service on the loopback interface; undefined: it is not known yet. */
  port: number | undefined;

  /**
   * @param make a link of the protocol
   * @param retryMs time until the service is dialled again after a link has ended
   * @param ended called after that time
   */
  constructor(
    private readonly make: (socket: Socket, onClose: () => void) => DialledLink,
    private readonly retryMs: number,
    private readonly ended: () => void,
  ) {}

  get isOpen(): boolean {
    return this.link?.isOpen ?? false;
  }

  /** Unless there is a link. */
  dial(): void {
    if (this.link || this.isPaused || this.port === undefined || this.closing.signal.aborted) return;
    const socket = connect(this.port, '127.0.0.1');
    const link = this.make(socket, () => {
      this.link = undefined;
      this.pauseThenGoOn();
    });
    this.link = link;
    socket.once('connect', () => link.logIn());
  }

  cut(): void {
    this.link?.cut();
  }

  close(): void {
    this.closing.abort();
    this.cut();
  }

  private pauseThenGoOn(): void {
    this.isPaused = true;
    inBackground('dialling the service', async () => {
      await pause(this.retryMs, this.closing.signal);
      this.isPaused = false;
      if (!this.closing.signal.aborted) this.ended();
    });
  }
}
