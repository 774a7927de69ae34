/** One TCP connection to a SIP-C server: requests matched with their answers by call id and sequence, frames handed up. */
import { connect, type Socket } from 'node:net';
import { HubError, toHubError } from '#protocol';
import { noAnswer } from './fetion.errors.js';
import { FrameReader, header, printFrame, type Frame, type Header } from './sipc-frame.js';

interface Waiting {
  method: string;
  resolve: (frame: Frame) => void;
  reject: (error: HubError) => void;
  timer: NodeJS.Timeout;
}

export interface Question {
  method: string;
  headers: Header[];
  body: string;
  replyMs: number;
}

const CONNECT_MS = 10_000;

export class SipcLink {
  private readonly waiting = new Map<string, Waiting>();
  private calls = 0;
  open = true;

  private constructor(
    private readonly socket: Socket,
    /** Our own Fetion number. */
    private readonly sid: string,
    private readonly onRequest: (link: SipcLink, frame: Frame) => void,
    private readonly onClosed: (link: SipcLink, why: string) => void,
  ) {
    const reader = new FrameReader();
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.received(reader, chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.close('the server closed the connection'));
  }

  /** @throws HubError 91 */
  static dial(
    { host, port, sid }: { host: string; port: number; sid: string },
    onRequest: (link: SipcLink, frame: Frame) => void,
    onClosed: (link: SipcLink, why: string) => void,
  ): Promise<SipcLink> {
    return new Promise((resolve, reject) => {
      const refuse = (cause?: Error) => {
        socket.destroy();
        reject(new HubError('91', 'the SIP-C server cannot be reached', { cause }));
      };
      const socket = connect({ host, port, timeout: CONNECT_MS });
      socket.once('error', refuse);
      socket.once('timeout', refuse);
      socket.once('connect', () => {
        socket.setTimeout(0);
        socket.removeAllListeners();
        resolve(new SipcLink(socket, sid, onRequest, onClosed));
      });
    });
  }

  /** The number of a new call. The steps of one call are counted by `step`. */
  newCall(): number {
    return ++this.calls;
  }

  /**
   * @returns the final answer, whatever its code
   * @throws HubError 91 when it was not sent, 103 when it was and nothing came back
   */
  ask({ method, headers, body, replyMs }: Question, call = this.newCall(), step = 1): Promise<Frame> {
    if (!this.open) return Promise.reject(new HubError('91', 'the SIP-C connection is closed'));
    const sequence = `${step} ${method}`;
    const frame: Frame = {
      start: { kind: 'request', method, target: 'fetion.com.cn' },
      headers: [['F', this.sid], ['I', String(call)], ['Q', sequence], ...headers],
      body,
    };
    return new Promise((resolve, reject) => {
      const key = `${call} ${sequence}`;
      const timer = setTimeout(() => this.settle(key)?.reject(noAnswer(method)), replyMs);
      this.waiting.set(key, { method, resolve, reject, timer });
      this.socket.write(printFrame(frame));
    });
  }

  /** Acknowledges what the server asked on this connection. */
  answer(frame: Frame, code: number, reason: string): void {
    const headers = ['F', 'I', 'Q'].flatMap((name): Header[] => {
      const value = header(frame, name);
      return value === undefined ? [] : [[name, value]];
    });
    if (this.socket.writable)
      this.socket.write(printFrame({ start: { kind: 'response', code, reason }, headers, body: '' }));
  }

  close(why: string): void {
    if (!this.open) return;
    this.open = false;
    for (const key of this.waiting.keys()) {
      const waiting = this.settle(key);
      // It was written: whether the server worked on it, nobody can tell.
      waiting?.reject(noAnswer(waiting.method));
    }
    this.socket.destroy();
    this.onClosed(this, why);
  }

  private received(reader: FrameReader, chunk: Buffer): void {
    try {
      for (const frame of reader.read(chunk)) this.take(frame);
    } catch (thrown) {
      this.close(toHubError(thrown).detail);
    }
  }

  private take(frame: Frame): void {
    if (frame.start.kind === 'request') return this.onRequest(this, frame);
    // 100: it is being worked on; 188: a part of a long answer, of which we need nothing.
    if (frame.start.code < 200) return;
    this.settle(`${header(frame, 'I')} ${header(frame, 'Q')}`)?.resolve(frame);
  }

  private settle(key: string): Waiting | undefined {
    const waiting = this.waiting.get(key);
    if (waiting) clearTimeout(waiting.timer);
    this.waiting.delete(key);
    return waiting;
  }
}
