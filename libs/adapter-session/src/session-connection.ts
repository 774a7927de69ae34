/**
 * One TCP connection of a session, from the moment when it is open until it is closed; it is never opened again. A
 * fault closes it, and with it end all requests that are under way: the next connection begins from nothing.
 */
import type { Duplex } from 'node:stream';
import { toHubError } from '#protocol';
import { guarded, runInBackground, tolerate, type Log } from '#service';
import type { Clock } from './clock.js';
import { FrameReader } from './frame-reader.js';
import { RequestWindow, type MakeFrame, type RequestOptions } from './request-window.js';
import type { SessionLimits, SessionProtocol } from './session-protocol.js';

/** A request of the peer. It is answered on the connection on which it came; when that is closed, the answer is dropped. */
export interface PeerRequest<Frame> {
  frame: Frame;
  answer: (response: Frame) => void;
}

export interface ConnectionOptions<Frame> {
  protocol: SessionProtocol<Frame>;
  limits: SessionLimits;
  clock: Clock;
  log: Log;
  /**
   * Called for the peer's requests in the order of the wire, without waiting for the end of the one before. Answers
   * each when its content is stored. What it throws is logged, and the request stays without an answer.
   */
  onRequest: (request: PeerRequest<Frame>, connection: SessionConnection<Frame>) => void | Promise<void>;
  /** A final response after the time limit of its request, or to none. Default: a log line. */
  onUnmatched?: (response: Frame) => void | Promise<void>;
  onClosed: (why: string, connection: SessionConnection<Frame>) => void;
}

export class SessionConnection<Frame> {
  private readonly requests: RequestWindow<Frame>;
  private readonly reader: FrameReader<Frame>;
  private peerRequests = 0;
  private peerBytes = 0;
  private receivedAt: number;
  private readonly address: string;
  open = true;

  constructor(
    private readonly socket: Duplex,
    private readonly options: ConnectionOptions<Frame>,
  ) {
    const { protocol, limits, clock, log } = options;
    this.receivedAt = clock.now();
    // A socket that is closed has forgotten it.
    this.address = remoteAddressOf(socket);
    this.reader = new FrameReader(protocol.codec);
    this.requests = new RequestWindow(protocol, limits, clock, (frame) => this.write(frame));
    socket.on(
      'data',
      guarded('bytes of a session', log, (chunk: Buffer) => this.received(chunk)),
    );
    socket.on('error', () => socket.destroy());
    for (const event of ['end', 'close'])
      socket.on(
        event,
        guarded('end of a session', log, () => this.close('the peer closed the connection')),
      );
  }

  /** Of the peer; empty where it is not connected over IP. */
  get remoteAddress(): string {
    return this.address;
  }

  /** Milliseconds since the peer last sent anything. */
  get silentMs(): number {
    return this.options.clock.now() - this.receivedAt;
  }

  /** @see RequestWindow.nextSequence */
  nextSequence(): number {
    return this.requests.nextSequence();
  }

  /** @see RequestWindow.request */
  request(make: MakeFrame<Frame>, options?: RequestOptions): Promise<Frame> {
    return this.requests.request(make, options);
  }

  close(why: string): void {
    if (!this.open) return;
    this.open = false;
    this.socket.destroy();
    this.requests.end(why);
    this.options.onClosed(why, this);
  }

  private write(frame: Frame): void {
    if (!this.open || !this.socket.writable) return;
    this.socket.write(this.options.protocol.codec.encode(frame));
    // A peer that sends requests and does not read the answers would fill the memory of this process.
    if (this.socket.writableLength > this.options.limits.unsentBytes)
      this.close('the peer does not read what is sent to it');
  }

  private received(chunk: Buffer): void {
    this.receivedAt = this.options.clock.now();
    try {
      for (const frame of this.reader.read(chunk)) {
        this.take(frame);
        if (!this.open) return;
      }
    } catch (thrown) {
      this.close(toHubError(thrown).detail);
    }
  }

  private take(frame: Frame): void {
    const { protocol } = this.options;
    switch (protocol.kindOf(frame)) {
      case 'request': {
        const answer = protocol.automaticAnswer?.(frame);
        if (answer) return this.write(answer);
        return this.handle(frame);
      }
      case 'response':
        if (!this.requests.settle(frame)) this.unmatched(frame);
        return;
      case 'provisional':
        return;
    }
  }

  private handle(frame: Frame): void {
    const { limits, log, onRequest, protocol } = this.options;
    const bytes = this.reader.frameBytes;
    if (this.peerRequests >= limits.peerRequests || this.peerBytes + bytes > limits.peerBytes)
      return this.close(`${this.peerRequests} requests of the peer are not answered yet`);
    this.peerRequests++;
    this.peerBytes += bytes;
    const task = `request of ${protocol.peer}`;
    const work = () => onRequest({ frame, answer: (response) => this.write(response) }, this);
    runInBackground(task, log, async () => {
      await tolerate(task, log, work);
      this.peerRequests--;
      this.peerBytes -= bytes;
    });
  }

  private unmatched(response: Frame): void {
    const { log, onUnmatched, protocol } = this.options;
    const operation = protocol.nameOf(response);
    if (onUnmatched) runInBackground(`late response of ${protocol.peer}`, log, () => onUnmatched(response));
    else log.info({ operation }, `${protocol.peer}: a response to no outstanding request`);
  }
}

/** @returns empty where it is not connected over IP */
export function remoteAddressOf(socket: Duplex): string {
  return 'remoteAddress' in socket && typeof socket.remoteAddress === 'string' ? socket.remoteAddress : '';
}
