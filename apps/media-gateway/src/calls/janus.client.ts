/** Janus, for call pages: connects again when the connection has ended, and gives each call a handle of the NoSIP plugin. */
import { HubError } from '#protocol';
import { backoff, runInBackground, sleep, tolerate, type Log } from '#service';
import { JanusConnection, type JanusReply } from './janus.connection.js';

const PLUGIN = 'janus.plugin.nosip';
const RECONNECT_MS = { first: 250, most: 5000 };

/** The media of one call: WebRTC on one side, plain RTP on the other. */
export interface CallMediaHandle {
  /** @returns the plain description for what the browser offers or answers. @throws HubError */
  generate(type: 'offer' | 'answer', browser: string): Promise<string>;
  /** @returns the description for the browser. @throws HubError */
  process(type: 'offer' | 'answer', plain: string): Promise<string>;
  /** Ends the media. Never throws. */
  release(): Promise<void>;
}

export class JanusClient {
  private connection: JanusConnection | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly url: string,
    private readonly secret: string | undefined,
    private readonly log: Log,
  ) {}

  get connected(): boolean {
    return this.connection !== undefined;
  }

  /** Connects, and stays connected until `stop`. */
  start(): void {
    runInBackground('connection to Janus', this.log, () => this.run());
  }

  stop(): void {
    this.stopping.abort();
    this.connection?.close();
  }

  /**
   * @param onEnd called once if the media ends by itself: the browser's connection failed, or Janus is gone
   * @throws HubError 91 without a connection
   */
  async attach(onEnd: (why: string) => void): Promise<CallMediaHandle> {
    const { connection } = this;
    if (!connection) throw new HubError('91', 'Janus is away');
    const { data } = await connection.request('attach', { plugin: PLUGIN });
    if (!data) throw new HubError('96', 'Janus gave no handle');
    return new NoSipHandle(connection, data.id, onEnd, this.log);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let attempt = 1; !signal.aborted; attempt++) {
      const connection = await tolerate('connection to Janus', this.log, () =>
        JanusConnection.open(this.url, this.secret, this.log),
      );
      if (connection && !signal.aborted) {
        attempt = 0;
        this.connection = connection;
        this.log.info('connected to Janus');
        await connection.ended;
        this.connection = undefined;
        if (!signal.aborted) this.log.warn('the connection to Janus has ended, and all calls with it');
      } else connection?.close();
      await sleep(backoff(attempt + 1, RECONNECT_MS.first, RECONNECT_MS.most), signal);
    }
  }
}

class NoSipHandle implements CallMediaHandle {
  private released = false;

  constructor(
    private readonly connection: JanusConnection,
    private readonly id: number,
    onEnd: (why: string) => void,
    private readonly log: Log,
  ) {
    connection.listen(id, ({ janus, reason }) => {
      if (!this.released && (janus === 'hangup' || janus === 'detached')) onEnd(reason ?? janus);
    });
  }

  async generate(type: 'offer' | 'answer', browser: string): Promise<string> {
    const reply = await this.message({ request: 'generate' }, { type, sdp: browser });
    const { sdp } = resultOf(reply);
    // There are none: the browser's checks tell Janus where it is.
    await this.connection.request('trickle', { handle_id: this.id, candidate: { completed: true } });
    if (typeof sdp !== 'string') throw new HubError('96', 'Janus gave no session description');
    return sdp;
  }

  async process(type: 'offer' | 'answer', plain: string): Promise<string> {
    const reply = await this.message({ request: 'process', type, sdp: plain });
    resultOf(reply);
    if (!reply.jsep) throw new HubError('96', 'Janus gave no session description for the browser');
    return reply.jsep.sdp;
  }

  async release(): Promise<void> {
    if (this.released) return;
    this.released = true;
    // Janus has ended it with the session.
    if (this.connection.isOver) return;
    this.connection.unlisten(this.id);
    await tolerate('end of the media of a call', this.log, () =>
      this.connection.request('detach', { handle_id: this.id }),
    );
  }

  private message(body: object, jsep?: { type: string; sdp: string }): Promise<JanusReply> {
    return this.connection.request(
      'message',
      { handle_id: this.id, body, ...(jsep ? { jsep: { ...jsep, trickle: true } } : {}) },
      true,
    );
  }
}

function resultOf({ plugindata }: JanusReply): Record<string, unknown> {
  const { result, error } = plugindata?.data ?? {};
  if (typeof result !== 'object' || result === null)
    throw new HubError(
      '96',
      `Janus refuses the session description: ${JSON.stringify(error ?? 'no result')}`,
    );
  return result as Record<string, unknown>;
}
