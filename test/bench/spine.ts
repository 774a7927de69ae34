/** (c) Test network -> kit -> switch -> kit -> test network: every promise kept, every process its own. */
import type { TestNetwork } from '#adapter-contract';
import { HubFixture } from '../support/hub-fixture.js';
import type { Latency, Throughput } from './ceiling.js';
import { CONVERSATIONS, latencies, offer } from './measure.js';

const FILL = 'x'.repeat(480);

export class Spine {
  private constructor(
    private readonly hub: HubFixture,
    private readonly north: TestNetwork,
    private readonly south: TestNetwork,
  ) {}

  /** @param server as of `HubFixture.open` */
  static async open(server: Parameters<typeof HubFixture.open>[0] = {}): Promise<Spine> {
    const hub = await HubFixture.open(server);
    await hub.switch(server.unsafeForTests ? { BUS_UNSAFE: '1' } : {});
    const [north, south] = [await hub.testNetwork('north'), await hub.testNetwork('south')];
    return new Spine(hub, north, south);
  }

  async run(count: number, rate: number): Promise<Throughput & Latency> {
    const run = `sp${Date.now()}`;
    const sentAt = new Float64Array(count);
    const took: number[] = [];
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    this.south.onAct = ({ kind, text }) => {
      if (kind !== 'message' || !text?.startsWith(run)) return;
      took.push(performance.now() - (sentAt[Number(text.split(' ')[1])] ?? 0));
      if (took.length === count) finish();
    };
    const start = performance.now();
    let sent = 0;
    await offer(
      count,
      rate,
      (index) => {
        sentAt[index] = performance.now();
        sent++;
        this.north.act({
          kind: 'message',
          from: `n${index % CONVERSATIONS}`,
          to: `s${index % CONVERSATIONS}@south`,
          text: `${run} ${index} ${FILL}`,
          quiet: true,
        });
      },
      () => sent - took.length > 1500,
    );
    await finished;
    return { perSecond: Math.round(count / ((performance.now() - start) / 1000)), ...latencies(took) };
  }

  async close(): Promise<void> {
    await this.hub.close();
    await this.north.close();
    await this.south.close();
  }
}
