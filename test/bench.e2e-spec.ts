/**
 * The parts of `npm run bench` that need an exchange of test networks, or little. The others are in the tests that start what
 * they need: `isolation` and `networks` (chat), `resolve` (portability).
 */
import { clearingBench } from './bench/clearing.js';
import { Exchange } from './bench/exchange.js';
import { fetionSessionsBench } from './bench/fetion-sessions.js';
import { handlersBench } from './bench/handlers.js';
import { mediaBench } from './bench/media.js';
import { spineBench, switchBench, syncBench } from './bench/path.js';
import { expectMeasured, SMOKE } from './support/bench-smoke.js';
import type { DatabaseFixture } from './support/database-fixture.js';

let safe: Exchange;
let unsafe: Exchange;

beforeAll(async () => {
  safe = await Exchange.open({ safe: true, networks: true, records: true });
  unsafe = await Exchange.open({ safe: false, networks: true, records: false });
});

afterAll(async () => {
  await safe?.close();
  await unsafe?.close();
});

test('switch', async () => expectMeasured(await switchBench(safe, SMOKE)));
test('handlers', async () => expectMeasured(await handlersBench(SMOKE)));
test('spine', async () => expectMeasured(await spineBench(safe, SMOKE)));
test('sync', async () => expectMeasured(await syncBench(unsafe, safe, SMOKE)));
test('media', async () => expectMeasured(await mediaBench(safe, SMOKE)));
test('fetion', async () => expectMeasured(await fetionSessionsBench(SMOKE)));
test('clearing', async () => expectMeasured(await clearingBench(safe.database as DatabaseFixture, SMOKE)));
