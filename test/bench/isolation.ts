/** One network hangs and one is killed: how far does the p99 of the others move? Five networks at 50 messages a second each. */
import { FiveNetworks } from '../support/five-networks.js';
import { latencies, round, type Row } from './measure.js';

const HEALTHY = ['wechat-yixin', 'yixin-far', 'far-wechat'];
const PER_SECOND = 50;
const SECONDS = 10;

export async function isolationBench(): Promise<{ rows: Row[]; p99Moved: number }> {
  const five = await FiveNetworks.start();
  try {
    await five.talk(PER_SECOND, 3);
    await five.settled();
    const calm = await five.talk(PER_SECOND, SECONDS);
    await five.settled();
    const storm = await five.talk(PER_SECOND, SECONDS, async () => {
      five.open.service.hang(true);
      await five.fetion.app.child.crash();
      await new Promise((resolve) => setTimeout(resolve, (SECONDS - 2) * 1000));
      await five.fetion.app.child.start();
      five.open.service.hang(false);
    });
    await five.settled();
    const [before, during] = [
      latencies(five.latencies(HEALTHY, calm)),
      latencies(five.latencies(HEALTHY, storm)),
    ];
    const p99Moved = round(during.p99 / before.p99 - 1);
    return {
      p99Moved,
      rows: [
        { part: 'isolation', what: 'five networks, all well: the three that stay so', ...before },
        { part: 'isolation', what: 'one hung, one killed: the same three', ...during, p99Moved },
      ],
    };
  } finally {
    await five.close();
  }
}
