/** Faults of the service, switched on and off while it runs. */
import type { SipcServer } from './sipc-server.js';

export class Faults {
  /** Sends every byte in a separate packet. */
  splitFrames = false;
  /** Time for which frames are held back and then sent together, ms. 0: off. */
  joinFor = 0;
  /** The sign-in over HTTP requires an image code. */
  captchaAtSignIn = false;
  /** The login over SIP-C requires an image code. */
  captchaAtLogin = false;
  /** Rejects every answer to a challenge with 401. */
  refuseLogins = false;
  /** Accepts requests and does not answer. */
  silent = false;
  /** 503 to every request, over HTTP as well. */
  unavailable = false;
  /** Every message is pushed twice with the same XI. */
  doublePushes = false;

  private messagesLost = 0;
  private repliesLost = 0;
  private refusals = { code: 503, left: 0 };

  constructor(private readonly server: () => SipcServer) {}

  /** The next messages from clients are dropped and not answered. */
  loseMessages(times: number): void {
    this.messagesLost = times;
  }

  /** The next messages that clients send are delivered, but the sender gets no answer. */
  loseReplies(times: number): void {
    this.repliesLost = times;
  }

  /** The next messages that clients send are not delivered and answered with this code. */
  refuseMessages(times: number, code = 503): void {
    this.refusals = { code, left: times };
  }

  /** As if the account had been logged in elsewhere. @returns false when it is not connected */
  deregister(sid: string): boolean {
    return this.server().deregister(sid);
  }

  /** Cuts the TCP connection of one account, or of all. */
  drop(sid?: string): void {
    this.server().drop(sid);
  }

  /** Switches all faults off. */
  heal(): void {
    this.splitFrames = this.captchaAtSignIn = this.captchaAtLogin = this.refuseLogins = false;
    this.silent = this.unavailable = this.doublePushes = false;
    this.joinFor = this.messagesLost = this.repliesLost = this.refusals.left = 0;
  }

  /** Called by the service for each message: the fault that applies to it. */
  fateOfMessage(): 'normal' | 'lost' | 'no reply' | number {
    if (this.messagesLost > 0) return (this.messagesLost--, 'lost');
    if (this.repliesLost > 0) return (this.repliesLost--, 'no reply');
    if (this.refusals.left > 0) return (this.refusals.left--, this.refusals.code);
    return 'normal';
  }
}
