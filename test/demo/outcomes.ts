/** Reads the hub's outcomes of each message from the bus: how long the delivery took, and what was lost in degradation. */
import { readFileSync } from 'node:fs';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { decodeOutcome, type Address, type Outcome } from '#protocol';

export class Outcomes {
  private readonly heard: Outcome[] = [];

  private constructor(private readonly nc: NatsConnection) {
    nc.subscribe('hub.report.>', {
      callback: (error, message) => void (error ?? this.hear(message.data)),
    });
  }

  static async listen(nats: { url: string; credsFile: string }): Promise<Outcomes> {
    const authenticator = credsAuthenticator(readFileSync(nats.credsFile));
    return new Outcomes(await connect({ servers: nats.url, authenticator }));
  }

  get count(): number {
    return this.heard.length;
  }

  /** The first final outcome of a message of this pair after the given number of outcomes: `submitted` comes before the invited person joins. */
  async next(after: number, from: Address, to: Address, patienceMs = 20_000): Promise<Outcome | undefined> {
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      const found = this.heard
        .slice(after)
        .find((one) => isFinal(one) && one.from.address === from && one.to === to);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return undefined;
  }

  close(): Promise<void> {
    return this.nc.close();
  }

  private hear(data: Uint8Array): void {
    // A question of the kit to the leader of the stream, which is refused there.
    if (data.length === 0) return;
    this.heard.push(decodeOutcome(data));
  }
}

function isFinal({ kind, stage }: Outcome): boolean {
  return kind === 'message' && stage !== 'stored' && stage !== 'submitted';
}
