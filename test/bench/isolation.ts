/** One network hangs and one is killed: how far does the p99 of the others move? Five networks at 50 messages a second each. */
import type { FiveNetworks } from '../support/five-networks.js';
import { latencies, round } from './measure.js';
import type { Measured } from './path.js';
import { scaled, shortened, type Scale } from './scale.js';

const HEALTHY = ['wechat-yixin', 'yixin-far', 'far-wechat'];
const PER_SECOND = 50;
const SECONDS = 10;
/** Of those, how long two networks are away. */
const AWAY_SECONDS = 8;

/** @param five they have introduced themselves, and nothing is on its way */
export async function isolationBench(five: FiveNetworks, scale: Scale): Promise<Measured> {
  const [perSecond, seconds] =
    scale.share < 1 ? [scaled(PER_SECOND * SECONDS, scale), 1] : [PER_SECOND, SECONDS];
  await five.talk(perSecond, Math.min(3, seconds));
  await five.settled();
  const calm = await five.talk(perSecond, seconds);
  await five.settled();
  const storm = await five.talk(perSecond, seconds, async () => {
    five.open.service.hang(true);
    await five.fetion.app.child.crash();
    await new Promise((resolve) => setTimeout(resolve, shortened(AWAY_SECONDS * 1000, scale)));
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
    figures: { p99Moved },
    rows: [
      { part: 'isolation', what: 'five networks, all well: the three that stay so', ...before },
      { part: 'isolation', what: 'one hung, one killed: the same three', ...during, p99Moved },
    ],
  };
}
