/** The adapter of the toy network: its gateway. It declares text only; the kit turns all other content into text. */
import { connect, type Socket } from 'node:net';
import { HubError, levels, nativeOf, reportWords, toHubError, type ResultCode } from '#protocol';
import type { Capabilities, MessageEvent, Network, ReportEvent } from '#protocol';
import { Connectivity, type Adapter, type Delivered, type DeliveryContext } from '#adapter-kit';
import type { Hub, ReportShowing } from '#adapter-kit';
import { sayingOf } from './from-canonical.js';
import { draftOf } from './to-canonical.js';
import { onLines, writeLine } from './wire.js';

export const TOY_CAPABILITIES: Capabilities = {
  version: 'toy-1',
  language: 'en',
  features: levels(0, { text: 2 }),
  limits: {},
};
const CODES: Record<string, ResultCode> = { nobody: '14', silence: '91' };
const [ANSWER_MS, RECONNECT_MS] = [5000, 500];

export class ToyAdapter implements Adapter, ReportShowing {
  readonly connectivity = new Connectivity();
  private hub!: Hub;
  private socket: Socket | undefined;
  private readonly answers = new Map<string, (answer: string) => void>();

  constructor(
    readonly network: Network,
    private readonly settings: { TOY_PORT: number; TOY_SECRET: string },
  ) {}

  readonly capabilities = () => TOY_CAPABILITIES;

  async start(hub: Hub): Promise<void> {
    this.hub = hub;
    this.dial();
  }

  async stop(): Promise<void> {
    this.socket?.removeAllListeners('close').destroy();
  }

  async deliver(event: MessageEvent, { idempotencyKey }: DeliveryContext): Promise<Delivered> {
    await this.say(idempotencyKey, ...sayingOf(event));
    return { native: [idempotencyKey] };
  }

  showReport({ id, data: { from, to, code } }: ReportEvent): Promise<void> {
    return this.say(id, from.address, nativeOf(to), reportWords(code, 'en'));
  }

  /** Resolves at the network's OK. Without an answer the kit tries again: the network recognises a repeated id. */
  private async say(id: string, from: string, to: string, text: string): Promise<void> {
    const answer = await new Promise<string>((resolve) => {
      this.answers.set(id, resolve);
      setTimeout(resolve, ANSWER_MS, 'silence').unref();
      this.socket?.write(writeLine('SAY', id, from, to, text));
    });
    this.answers.delete(id);
    if (answer !== 'OK') throw new HubError(CODES[answer] ?? '100', `the network said ${answer}`);
  }

  private dial(): void {
    const { TOY_PORT, TOY_SECRET } = this.settings;
    this.socket = connect(TOY_PORT, '127.0.0.1').on('close', () => {
      this.connectivity.connected = false;
      for (const answered of this.answers.values()) answered('silence');
      setTimeout(() => this.dial(), RECONNECT_MS);
    });
    this.socket.write(writeLine('HELLO', 'hutong', TOY_SECRET));
    onLines(this.socket, (verb, id = '', from = '', to = '', text = '') => {
      if (verb === 'WELCOME') this.connectivity.connected = true;
      if (verb === 'OK' || verb === 'NO') this.answers.get(id)?.(from || verb);
      if (verb === 'SAY') void this.take(id, from, to, text);
    });
  }

  /** Confirms a line when it is stored. If it cannot be stored now, the network sends it again after the reconnect. */
  private async take(id: string, from: string, to: string, text: string): Promise<void> {
    try {
      await this.hub.submitMessage(draftOf(this.network, id, from, to, text));
    } catch (thrown) {
      const { code, detail, verdict } = toHubError(thrown);
      this.hub.log.warn({ code, reason: detail }, 'not taken');
      if (verdict === 'retry') return void this.socket?.destroy();
      await this.say(`no-${id}`, to, from, reportWords(code, 'en')).catch(() => undefined);
    }
    this.socket?.write(writeLine('OK', id));
  }
}
