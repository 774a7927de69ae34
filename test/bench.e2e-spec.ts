/**
 * The parts of `npm run bench` that need an exchange of test networks, or little. The others are in the tests that start what
 * they need: `isolation` and `networks` (chat), `resolve` (portability).
 */
import { clearingBench } from './bench/clearing.js';
import { Exchange } from './bench/exchange.js';
import { fetionSessionsBench } from './bench/fetion-sessions.js';
import { handlersBench } from './bench/handlers.js';
import { heldReadBench } from './bench/held-read.js';
import { mediaBench } from './bench/media.js';
import { smsLinkBench } from './bench/sms-link.js';
import { spineBench, switchBench, syncBench } from './bench/path.js';
import { expectMeasured, SMOKE } from './support/bench-smoke.js';
import type { DatabaseFixture } from './support/database-fixture.js';

let exchange: Exchange;

beforeAll(async () => {
  exchange = await Exchange.open({ safe: true, networks: true, records: true });
});

afterAll(async () => {
  await exchange?.close();
});

test('switch', async () => expectMeasured(await switchBench(exchange, SMOKE)));
test('handlers', async () => expectMeasured(await handlersBench(SMOKE)));
test('spine', async () => expectMeasured(await spineBench(exchange, SMOKE)));
// Twice the same exchange: a second one would only cost time.
test('sync', async () => expectMeasured(await syncBench(exchange, exchange, SMOKE)));
// It ends only if all the others arrive while one conversation is held, and fails if that one does too.
test('held', async () => expectMeasured(await heldReadBench(exchange, SMOKE)));
test('media', async () => expectMeasured(await mediaBench(exchange, SMOKE)));
test('fetion', async () => expectMeasured(await fetionSessionsBench(SMOKE)));
test('sms', async () => expectMeasured(await smsLinkBench(SMOKE)));
test('clearing', async () =>
  expectMeasured(await clearingBench(exchange.database as DatabaseFixture, SMOKE)));
