/** Wire of the test network, on the side of its adapter: dials, logs in, sends acts and matches their answers. */
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Connectivity } from '#adapter-kit';
import { HubError, toHubError, type ResultCode } from '#protocol';
import { runInBackground, type Log } from '#service';
import { TEST_TOKEN, writeLine, type LinkLine, type TestAct } from './test-network.js';

const ANSWER_MS = 5000;
const RECONNECT_MS = 100;

export class TestConnection {
  private socket: Socket | undefined;
  /** Folder for the attachments that the adapter delivers; absent before the login. */
  private welcomed: { files: string } | undefined;
  private stopped = false;
  private readonly pending = new Map<string, { resolve: () => void; reject: (error: HubError) => void }>();

  /** @param take hands an act of a subscriber to the hub; resolves when it is on the bus */
  constructor(
    private readonly port: number,
    private readonly connectivity: Connectivity,
    private readonly log: Log,
    private readonly take: (act: TestAct) => Promise<void>,
  ) {
    this.dial();
  }

  /** @throws HubError 91 while the adapter is not logged in */
  newFile(): string {
    if (!this.welcomed) throw new HubError('91', 'not logged in to the test network');
    return join(this.welcomed.files, randomUUID());
  }

  stop(): void {
    this.stopped = true;
    this.socket?.destroy();
  }

  /** @throws HubError that the test network answers; 91 without an answer */
  do(act: TestAct, key: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.answered(key, '91'), ANSWER_MS);
      this.pending.set(key, {
        resolve: () => (clearTimeout(timer), resolve()),
        reject: (error) => (clearTimeout(timer), reject(error)),
      });
      this.write({ op: 'do', act, key });
    });
  }

  /** Resolves when the network answers, however long that takes. @throws HubError 91 when the connection ends before */
  ask(about: string): Promise<void> {
    const key = randomUUID();
    return new Promise((resolve, reject) => {
      this.pending.set(key, { resolve, reject });
      this.write({ op: 'ask', about, key });
    });
  }

  private answered(key: string, error: string | undefined): void {
    const waiting = this.pending.get(key);
    this.pending.delete(key);
    if (error === undefined) waiting?.resolve();
    else waiting?.reject(new HubError(error as ResultCode, 'the test network said so'));
  }

  private dial(): void {
    if (this.stopped) return;
    const socket = connect(this.port, '127.0.0.1', () => {
      socket.setNoDelay(true);
      this.write({ op: 'login', token: TEST_TOKEN });
    });
    this.socket = socket;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.welcomed = undefined;
      this.connectivity.connected = false;
      for (const key of this.pending.keys()) this.answered(key, '91');
      setTimeout(() => this.dial(), RECONNECT_MS);
    });
    createInterface({ input: socket })
      .on('error', () => socket.destroy())
      .on('line', (line) => this.receive(JSON.parse(line) as LinkLine));
  }

  private receive(line: LinkLine): void {
    if (line.op === 'welcome') {
      this.welcomed = line;
      this.connectivity.connected = true;
    } else if (line.op === 'done') this.answered(line.key, line.error);
    else if (line.op === 'event') {
      // Acknowledged only when it is on the bus (promise 1); without an acknowledgement the network sends it again.
      runInBackground('acts', this.log, async () => {
        try {
          await this.take(line.act);
        } catch (error) {
          this.refused(line, toHubError(error));
          return;
        }
        this.write({ op: 'ack', n: line.n });
      });
    }
  }

  private refused(line: Extract<LinkLine, { op: 'event' }>, error: HubError): void {
    this.log.warn({ code: error.code, reason: error.detail }, 'act refused');
    if (error.verdict !== 'retry') this.write({ op: 'ack', n: line.n });
  }

  private write(line: LinkLine): void {
    if (this.socket) writeLine(this.socket, line);
  }
}
