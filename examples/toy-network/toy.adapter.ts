/** The toy network's adapter: its gateway. Text crosses; the kit puts all else in words. */
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import * as hutong from '#protocol';
import type { Adapter, Delivered, DeliveryContext, Hub, ReportShowing } from '#adapter-kit';
import { sayingOf } from './from-canonical.js';
import { draftOf } from './to-canonical.js';
import { readLine, writeLine } from './wire.js';

export const TOY_CAPABILITIES: hutong.Capabilities = {
  version: 'toy-1',
  language: 'en',
  features: hutong.levels(0, { text: 2 }),
  limits: {},
};
const CODES: Record<string, hutong.ResultCode> = { nobody: '14', silence: '91' };
const ANSWER_MS = 5000;
const RECONNECT_MS = 500;

export class ToyAdapter implements Adapter, ReportShowing {
  private hub!: Hub;
  private socket: Socket | undefined;
  private welcomed = false;
  private readonly answers = new Map<string, (answer: string) => void>();

  constructor(
    readonly network: hutong.Network,
    private readonly settings: { TOY_PORT: number; TOY_SECRET: string },
  ) {}

  capabilities(): hutong.Capabilities {
    return TOY_CAPABILITIES;
  }
  connected(): boolean {
    return this.welcomed;
  }
  async start(hub: Hub): Promise<void> {
    this.hub = hub;
    this.dial();
  }
  async stop(): Promise<void> {
    this.socket?.removeAllListeners('close').destroy();
  }

  async deliver(event: hutong.MessageEvent, context: DeliveryContext): Promise<Delivered> {
    const id = context.idempotencyKey;
    await this.say(id, ...sayingOf(event, context.delayedSince));
    return { native: [id] };
  }
  async showReport({ id, data }: hutong.ReportEvent): Promise<void> {
    const { from, to, code } = data;
    await this.say(id, from.address, hutong.nativeOf(to), hutong.reportWords(code, 'en'));
  }

  /** Resolves at the network's OK. Unanswered, it is tried again: the network knows an id that it has taken before. */
  private async say(id: string, from: string, to: string, text: string): Promise<void> {
    const answer = await new Promise<string>((resolve) => {
      this.answers.set(id, resolve);
      setTimeout(resolve, ANSWER_MS, 'silence').unref();
      this.socket?.write(writeLine('SAY', id, from, to, text));
    });
    this.answers.delete(id);
    if (answer !== 'OK') throw new hutong.HubError(CODES[answer] ?? '100', `the network said ${answer}`);
  }

  private dial(): void {
    const { TOY_PORT, TOY_SECRET } = this.settings;
    const socket = connect(TOY_PORT, '127.0.0.1', () =>
      socket.write(writeLine('HELLO', 'hutong', TOY_SECRET)),
    );
    this.socket = socket;
    socket.on('error', (error) => this.hub.log.warn({ reason: error.message }, 'toy network'));
    socket.on('close', () => {
      this.welcomed = false;
      for (const answer of this.answers.values()) answer('silence');
      setTimeout(() => this.dial(), RECONNECT_MS);
    });
    const lines = createInterface({ input: socket }).on('error', () => socket.destroy());
    lines.on('line', (line) => {
      const [verb, id = '', from = '', to = '', text = ''] = readLine(line);
      if (verb === 'WELCOME') this.welcomed = true;
      if (verb === 'OK') this.answers.get(id)?.('OK');
      if (verb === 'NO') this.answers.get(id)?.(from);
      if (verb === 'SAY') void this.take(id, from, to, text);
    });
  }

  /** Confirmed only when it is stored; what cannot be stored now is said again when we come back. */
  private async take(id: string, from: string, to: string, text: string): Promise<void> {
    try {
      await this.hub.submitMessage(draftOf(this.network, id, from, to, text));
    } catch (thrown) {
      const { code, detail, verdict } = hutong.toHubError(thrown);
      this.hub.log.warn({ code, reason: detail }, 'not taken');
      if (verdict === 'retry') return void this.socket?.destroy();
      await this.say(`no-${id}`, to, from, hutong.reportWords(code, 'en')).catch(() => undefined);
    }
    this.socket?.write(writeLine('OK', id));
  }
}
