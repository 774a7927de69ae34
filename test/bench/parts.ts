/** All parts of the bench. `npm run bench` runs them in full; `npm test` runs what they call with a hundredth of the counts. */
import { clearingBench } from './clearing.js';
import { DatabaseFixture } from '../support/database-fixture.js';
import { FiveNetworks } from '../support/five-networks.js';
import { StandaloneFixture } from '../support/standalone-fixture.js';
import { Exchange, type ExchangeOptions } from './exchange.js';
import { fetionSessionsBench } from './fetion-sessions.js';
import { handlersBench } from './handlers.js';
import { heldReadBench } from './held-read.js';
import { isolationBench } from './isolation.js';
import { LARGE_FILES, mediaBench } from './media.js';
import { networksBench, REAL } from './networks.js';
import { spineBench, switchBench, syncBench, type Measured } from './path.js';
import { resolveBench, resolveExchange } from './resolve.js';
import type { Scale } from './scale.js';
import { smsLinkBench } from './sms-link.js';

export interface BenchPart {
  name: string;
  /** One line for the help. */
  does: string;
  run(scale: Scale): Promise<Measured>;
}

export const PARTS: readonly BenchPart[] = [
  {
    name: 'switch',
    does: '(a) the raw ceiling and (b) the switch in the middle',
    run: (scale) => on([{ ...WHOLE, networks: false, records: false }], ([it]) => switchBench(it, scale)),
  },
  {
    name: 'handlers',
    does: 'one event through a Nest handler, beside a direct call',
    run: handlersBench,
  },
  {
    name: 'spine',
    does: '(a) the raw ceiling and (c) test network to test network, recorded and cleared',
    run: (scale) => on([WHOLE], ([it]) => spineBench(it, scale)),
  },
  {
    name: 'sync',
    does: '(b) and (c) on a server that writes before it acknowledges, beside one that does not',
    run: (scale) =>
      on([{ ...WHOLE, safe: false }, WHOLE], ([unsafe, safe]) => syncBench(unsafe, safe, scale)),
  },
  {
    name: 'networks',
    does: '(d) Prosody and Synapse, alone and through us',
    run: (scale) =>
      closing(StandaloneFixture.open(REAL.map(({ slug }) => slug)), (whole) => networksBench(whole, scale)),
  },
  {
    name: 'isolation',
    does: 'one of five networks hangs, one is killed: the p99 of the others',
    run: (scale) => closing(FiveNetworks.start(), (five) => isolationBench(five, scale)),
  },
  {
    name: 'held',
    does: 'one conversation waits for an answer of its network: the p99 of the others',
    run: (scale) => on([{ ...WHOLE, records: false }], ([it]) => heldReadBench(it, scale)),
  },
  {
    name: 'fetion',
    does: '10,000 idle Fetion ghost sessions: start and memory',
    run: fetionSessionsBench,
  },
  {
    name: 'sms',
    does: 'messages over one SMPP link, beside npm smpp alone',
    run: smsLinkBench,
  },
  {
    name: 'media',
    does: '100 MB network to network beside a plain object-store copy; memory; text meanwhile',
    run: (scale) => on([{ ...WHOLE, records: false, env: LARGE_FILES }], ([it]) => mediaBench(it, scale)),
  },
  {
    name: 'resolve',
    does: 'who has a number, of 10 million links (BENCH_LINKS): remembered, and cold',
    run: (scale) => closing(resolveExchange(), (exchange) => resolveBench(exchange, scale)),
  },
  {
    name: 'clearing',
    does: 'a million records rated and closed, twice, beside a plain read and copy of them',
    run: (scale) => closing(DatabaseFixture.open(), (database) => clearingBench(database, scale)),
  },
];

const WHOLE: ExchangeOptions = { safe: true, networks: true, records: true };

/** Opens one exchange after the other, and closes them whatever happens. */
async function on<const Options extends readonly ExchangeOptions[]>(
  options: Options,
  measure: (exchanges: { [At in keyof Options]: Exchange }) => Promise<Measured>,
): Promise<Measured> {
  const opened: Exchange[] = [];
  try {
    for (const one of options) opened.push(await Exchange.open(one));
    return await measure(opened as { [At in keyof Options]: Exchange });
  } finally {
    for (const one of opened) await one.close();
  }
}

async function closing<T extends { close(): Promise<void> }>(
  opening: Promise<T>,
  measure: (opened: T) => Promise<Measured>,
): Promise<Measured> {
  const opened = await opening;
  try {
    return await measure(opened);
  } finally {
    await opened.close();
  }
}
