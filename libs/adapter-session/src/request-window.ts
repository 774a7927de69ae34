/** Our requests on one connection: at most `window` of them are outstanding, the others wait in the order in which they came. */
import { HubError, toHubError } from '#protocol';
import type { Clock } from './clock.js';
import type { SessionLimits, SessionProtocol } from './session-protocol.js';

/** Makes the frame at the moment when it is sent. @param sequence counts the requests of this connection from 1 */
export type MakeFrame<Frame> = (sequence: number) => Frame;

export interface RequestOptions {
  /** Instead of the session's own limit, ms. */
  responseMs?: number;
  /**
   * How often the frame is sent, at most: again each time when `responseMs` have passed without a response. Only for
   * peers that recognise a repeated frame by its number. Default: once.
   */
  attempts?: number;
  /** Sent at once and not counted: for logins and keep-alives, which must not wait behind messages. */
  outsideWindow?: boolean;
}

interface Outstanding<Frame> {
  name: string;
  frame: Frame;
  responseMs: number;
  attemptsLeft: number;
  inWindow: boolean;
  resolve: (response: Frame) => void;
  reject: (error: HubError) => void;
  cancelTimer: () => void;
}

interface Waiting<Frame> {
  make: MakeFrame<Frame>;
  responseMs: number;
  attempts: number;
  resolve: (response: Frame) => void;
  reject: (error: unknown) => void;
  cancelTimer: () => void;
}

/** Sequence numbers of SMPP, the narrowest of the protocols, end here. */
const LAST_SEQUENCE = 0x7fff_ffff;

export class RequestWindow<Frame> {
  private readonly outstanding = new Map<string, Outstanding<Frame>>();
  private readonly waiting = new Set<Waiting<Frame>>();
  private inWindow = 0;
  private sequence = 0;
  private ended: string | undefined;

  constructor(
    private readonly protocol: SessionProtocol<Frame>,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
    private readonly writeFrame: (frame: Frame) => void,
  ) {}

  /** A number for protocols that spend several frames on one number, or send a frame again under its old one. */
  nextSequence(): number {
    this.sequence = this.sequence === LAST_SEQUENCE ? 1 : this.sequence + 1;
    return this.sequence;
  }

  /**
   * @returns the final response, whatever it says
   * @throws HubError 91 when the request was not sent, 103 when it was and no response came
   */
  request(make: MakeFrame<Frame>, options: RequestOptions = {}): Promise<Frame> {
    const { responseMs = this.limits.responseMs, attempts = 1, outsideWindow = false } = options;
    return new Promise((resolve, reject) => {
      const cancelTimer = () => undefined;
      const waiting: Waiting<Frame> = { make, responseMs, attempts, resolve, reject, cancelTimer };
      if (this.ended !== undefined) return reject(this.notSent(this.ended));
      if (outsideWindow || this.inWindow < this.limits.window) return this.send(waiting, !outsideWindow);
      if (this.waiting.size >= this.limits.queue)
        return reject(this.notSent(`${this.waiting.size} requests wait already`));
      waiting.cancelTimer = this.clock.after(responseMs, () => {
        this.waiting.delete(waiting);
        reject(this.notSent(`waited ${responseMs} ms for the window`));
      });
      this.waiting.add(waiting);
    });
  }

  /** @returns false when no outstanding request has this response: it came too late, or belongs to none */
  settle(response: Frame): boolean {
    const request = this.remove(this.protocol.correlationId(response));
    request?.resolve(response);
    return request !== undefined;
  }

  /** The connection is gone: every request ends. */
  end(why: string): void {
    this.ended = why;
    for (const id of this.outstanding.keys()) {
      const request = this.remove(id);
      request?.reject(this.noAnswer(request.name));
    }
    for (const waiting of this.waiting) {
      waiting.cancelTimer();
      waiting.reject(this.notSent(why));
    }
    this.waiting.clear();
  }

  private send(waiting: Waiting<Frame>, inWindow: boolean): void {
    const { make, responseMs, attempts: attemptsLeft, resolve, reject } = waiting;
    try {
      const frame = make(this.nextSequence());
      const id = this.protocol.correlationId(frame);
      const name = this.protocol.nameOf(frame);
      if (this.outstanding.has(id)) throw new HubError('96', `${name}: two requests with the number ${id}`);
      const cancelTimer = () => undefined;
      const request = { name, frame, responseMs, attemptsLeft, inWindow, resolve, reject, cancelTimer };
      this.outstanding.set(id, request);
      if (inWindow) this.inWindow++;
      this.attempt(id, request);
    } catch (thrown) {
      reject(thrown);
    }
  }

  private attempt(id: string, request: Outstanding<Frame>): void {
    request.attemptsLeft--;
    request.cancelTimer = this.clock.after(request.responseMs, () => {
      if (request.attemptsLeft > 0) this.attempt(id, request);
      else this.remove(id)?.reject(this.noAnswer(request.name));
    });
    try {
      this.writeFrame(request.frame);
    } catch (thrown) {
      this.remove(id)?.reject(toHubError(thrown));
    }
  }

  private remove(id: string): Outstanding<Frame> | undefined {
    const request = this.outstanding.get(id);
    if (!request) return undefined;
    this.outstanding.delete(id);
    request.cancelTimer();
    if (request.inWindow) this.inWindow--;
    this.sendWaiting();
    return request;
  }

  private sendWaiting(): void {
    if (this.ended !== undefined) return;
    for (const waiting of this.waiting) {
      if (this.inWindow >= this.limits.window) return;
      this.waiting.delete(waiting);
      waiting.cancelTimer();
      this.send(waiting, true);
    }
  }

  private notSent(why: string): HubError {
    return new HubError('91', `${this.protocol.peer}: not sent, ${why}`);
  }

  /** The frame was written. Whether the peer acted on it is unknown, so the caller must not send it again blindly. */
  private noAnswer(name: string): HubError {
    return new HubError('103', `${this.protocol.peer} gave no answer to ${name}`);
  }
}
