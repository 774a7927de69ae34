/** What can go wrong with the service, switched while it runs. */
import type { SipcServer } from './sipc-server.js';

export class Faults {
  /** Every byte in a packet of its own. */
  splitFrames = false;
  /** Frames are held for so many milliseconds and leave together; 0 is off. */
  joinFor = 0;
  /** The sign-in over HTTP wants a picture code. */
  captchaAtSignIn = false;
  /** The login over SIP-C wants a picture code. */
  captchaAtLogin = false;
  /** Every answer to a challenge is wrong: 401 again and again. */
  refuseLogins = false;
  /** Takes requests and answers nothing. */
  silent = false;
  /** 503 to every request, over HTTP as well. */
  unavailable = false;
  /** Every message is pushed twice with the same XI. */
  doublePushes = false;

  private messagesLost = 0;
  private repliesLost = 0;
  private refusals = { code: 503, left: 0 };

  constructor(private readonly server: () => SipcServer) {}

  /** The next messages that clients send go nowhere and are not answered. */
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

  /** All of this off again. */
  heal(): void {
    this.splitFrames = this.captchaAtSignIn = this.captchaAtLogin = this.refuseLogins = false;
    this.silent = this.unavailable = this.doublePushes = false;
    this.joinFor = this.messagesLost = this.repliesLost = this.refusals.left = 0;
  }

  /** For the service: what becomes of the message that just came. */
  fateOfMessage(): 'normal' | 'lost' | 'no reply' | number {
    if (this.messagesLost > 0) return (this.messagesLost--, 'lost');
    if (this.repliesLost > 0) return (this.repliesLost--, 'no reply');
    if (this.refusals.left > 0) return (this.refusals.left--, this.refusals.code);
    return 'normal';
  }
}
