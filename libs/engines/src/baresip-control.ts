/** The TCP connection over which baresip is controlled (module ctrl_tcp): JSON in netstrings, one command at a time. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from './engine.js';

interface Answer {
  response?: boolean;
  data?: string;
}

const TRIES = 50;

export class BaresipControl {
  private heard = Buffer.alloc(0);
  private settle: ((answer: string | EngineError) => void) | undefined;
  private last: Promise<unknown> = Promise.resolve();

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.settle?.(new EngineError('baresip has ended the connection')));
  }

  /**
   * COMPAT(baresip, 1.0.0): it has one connection, and the end of an earlier one may end this one. So one connection is kept, and
   * is good when the first command was answered.
   */
  static async open(port: number): Promise<BaresipControl> {
    for (let left = TRIES; ; left--) {
      const control = new BaresipControl(connect({ port, host: '127.0.0.1', noDelay: true }));
      try {
        await control.command('about', '');
        return control;
      } catch (error) {
        control.close();
        if (!(error instanceof EngineError) || left <= 1) throw error;
        await sleep(40);
      }
    }
  }

  /** @returns what it answers. @throws EngineError when the connection ends */
  async command(command: string, params: string): Promise<string> {
    const send = () => this.send(JSON.stringify({ command, params, token: 'hutong' }));
    const answer = this.last.then(send);
    this.last = Promise.allSettled([answer]);
    return answer;
  }

  close(): void {
    this.socket.destroy();
  }

  private async send(words: string): Promise<string> {
    try {
      return await new Promise<string>((resolve, reject) => {
        this.settle = (answer) => (answer instanceof EngineError ? reject(answer) : resolve(answer));
        if (this.socket.destroyed) this.settle(new EngineError('baresip has ended the connection'));
        else this.socket.write(`${Buffer.byteLength(words)}:${words},`);
      });
    } finally {
      this.settle = undefined;
    }
  }

  /** Events come in between, and are left out. */
  private take(chunk: Buffer): void {
    this.heard = Buffer.concat([this.heard, chunk]);
    for (let next = this.next(); next !== undefined; next = this.next()) {
      const { response, data = '' } = JSON.parse(next) as Answer;
      if (response) this.settle?.(data);
    }
  }

  /** `<length>:<bytes>,` */
  private next(): string | undefined {
    const colon = this.heard.indexOf(':');
    const length = Number(this.heard.toString('utf8', 0, Math.max(0, colon)));
    if (colon < 1 || !Number.isInteger(length) || this.heard.length < colon + length + 2) return undefined;
    const text = this.heard.toString('utf8', colon + 1, colon + 1 + length);
    this.heard = this.heard.subarray(colon + length + 2);
    return text;
  }
}
