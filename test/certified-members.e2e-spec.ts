/**
 * Our own adapters are certified like anybody's: over the bus, by an ordinary client of their network as loopback. `npm test`
 * certifies one of each class, `npm run torture` all. The expectation is docs/generated/certified-networks.md.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '#certification';
import type { Phone } from '#phones';
import { nativeOf } from '#protocol';
import { certifiedRow } from '../apps/standalone/src/certified-networks.js';
import { NETWORKS } from '../apps/standalone/src/networks.js';
import { TORTURE } from './support/amounts.js';
import { openCast, PLAYED, type Actor } from './support/cast.js';
import { firstOfEach } from './support/of-each-class.js';
import { StandaloneFixture } from './support/standalone-fixture.js';
import { until } from './support/until.js';

/**
 * Networks are of one class when the same kind of account stands for people. Each certification takes 15 s of CPU time, so what
 * differs in the cases that are tried is left to the contract suites and to `npm run torture`.
 */
function classOf({ slug }: (typeof PLAYED)[number]): string {
  const simulator = NETWORKS.find((one) => one.slug === slug)?.standalone?.simulator;
  return simulator?.channel !== undefined ? 'one account for all' : 'an account for each';
}

const OF_EACH_CLASS = firstOfEach(classOf, PLAYED).map(({ slug }) => slug);
const SLUGS = TORTURE ? PLAYED.map(({ slug }) => slug) : OF_EACH_CLASS;
/** Networks that are certified at the same time: each mostly waits, but a case waits a limited time for an answer. */
const AT_ONCE = 2;
/** Time for one network when the machine has much else to do. A report is long, so it is not read more often than needed. */
const [LONGEST_MS, ASKED_EVERY_MS] = [300_000, 500];

let whole: StandaloneFixture;
let actors: Record<string, Actor>;
const reports = new Map(SLUGS.map((slug) => [slug, Promise.withResolvers<Report>()]));
const running: Promise<void>[] = [];

beforeAll(async () => {
  whole = await StandaloneFixture.open(SLUGS);
  actors = await openCast(whole, SLUGS);
  const waiting = SLUGS.values();
  for (let n = 0; n < AT_ONCE; n++) running.push(certifyEach(waiting));
});
afterAll(async () => {
  await Promise.all(running);
  for (const { phone } of Object.values(actors ?? {})) await phone.hangUp();
  await whole?.close();
});

async function certifyEach(slugs: Iterable<string>): Promise<void> {
  for (const slug of slugs) {
    const actor = actors[slug];
    const report = actor ? certified(actor) : Promise.reject(new Error(`nobody acts for ${slug}`));
    reports.get(slug)?.resolve(report);
    await Promise.allSettled([report]);
  }
}

interface Shown {
  state: string;
  report: Report;
}

async function certified({ slug, phone, address, person }: Actor): Promise<Report> {
  const path = `/v1/networks/${slug}/certifications`;
  const loopback = nativeOf(address);
  const { body } = await whole.console<{ id: string }>('POST', path, { loopback, stranger: person.nobody });
  const hangUp = answersEverything(phone);
  try {
    let shown: Shown | undefined;
    await until(
      `${slug} to be judged`,
      async () => {
        shown = (await whole.console<Shown>('GET', `${path}/${body.id}`)).body;
        return shown.state !== 'running';
      },
      LONGEST_MS,
      ASKED_EVERY_MS,
    );
    if (!shown) throw new Error(`${slug} has no report`);
    return shown.report;
  } finally {
    hangUp();
  }
}

/** A person who answers every message with the same text. @returns a function that stops them */
function answersEverything(phone: Phone): () => void {
  let read = phone.timeline.length;
  let last: Promise<unknown> = Promise.resolve();
  return phone.onSeen(() => {
    const fresh = phone.timeline.slice(read);
    read += fresh.length;
    for (const { kind, from, text } of fresh)
      if (kind === 'text' && text !== undefined) last = last.then(() => phone.write(from, text));
  });
}

/** Enough for all those before it. */
const TEST_MS = TORTURE ? undefined : 2 * LONGEST_MS;

test.each(SLUGS)(
  '%s passes the cases of level 1, as its line in the documentation says',
  async (slug) => {
    const report = await reports.get(slug)?.promise;
    const page = readFileSync(join('docs', 'generated', 'certified-networks.md'), 'utf8');
    expect(page.split('\n')).toContain(certifiedRow(slug, report?.cases ?? []));
  },
  TEST_MS,
);

// Level 2 has files, whose transfers get only the CPU time that nobody else wants; a case waits a limited time for them.
if (TORTURE)
  test.each(OF_EACH_CLASS)(
    '%s reaches level 3',
    async (slug) => {
      const report = await reports.get(slug)?.promise;
      const failed = report?.cases.filter(({ verdict }) => verdict === 'fail');
      expect(failed?.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
      expect(report?.level).toBe('L3');
    },
    TEST_MS,
  );
