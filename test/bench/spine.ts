/** (c) Test network -> kit -> switch -> kit -> test network: every promise kept, every process its own. */
import type { Latency, Throughput } from './ceiling.js';
import type { Exchange } from './exchange.js';
import { CONVERSATIONS, latencies, offer } from './measure.js';

const FILL = 'x'.repeat(480);
/** Messages on their way at full load. */
const UNDER_WAY = 1500;

export class Spine {
  constructor(private readonly exchange: Exchange) {}

  /** Resolves when all messages have arrived, and their trace and detail records are stored. */
  async run(count: number, rate: number): Promise<Throughput & Latency> {
    const { north, south } = this.exchange;
    const run = `sp${Date.now()}`;
    const sentAt = new Float64Array(count);
    const took: number[] = [];
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    south.onAct = ({ kind, text }) => {
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
        north.act({
          kind: 'message',
          from: `n${index % CONVERSATIONS}`,
          to: `s${index % CONVERSATIONS}@south`,
          text: `${run} ${index} ${FILL}`,
          quiet: true,
        });
      },
      () => sent - took.length > UNDER_WAY,
    );
    await finished;
    const seconds = (performance.now() - start) / 1000;
    await this.exchange.recorded();
    return { perSecond: Math.round(count / seconds), ...latencies(took) };
  }
}
