/** The adapters of XMPP and Matrix are certified like anybody's: over the bus, with an ordinary client on a real server as loopback. */
import { alice, bob, setTheStage, whole } from './support/alice-and-bob.js';
import { until } from './support/hub-fixture.js';
import type { Phone } from '#phones';

setTheStage({ acquainted: false });

interface Shown {
  state: string;
  level: string | null;
  report: { cases: { id: string; verdict: string; reason?: string }[] };
}

/** A person who answers every message with the same text. @returns a function that stops them */
function answersEverything(phone: Phone): () => void {
  let read = phone.timeline.length;
  let last: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    for (const { kind, from, text } of phone.timeline.slice(read)) {
      read++;
      if (kind === 'text' && text !== undefined) last = last.then(() => phone.write(from, text));
    }
  }, 20);
  return () => clearInterval(timer);
}

async function certified(slug: string, phone: Phone): Promise<Shown> {
  const hangUp = answersEverything(phone);
  const path = `/v1/networks/${slug}/certifications`;
  const { body } = await whole.console<{ id: string }>('POST', path, { loopback: phone.native });
  let shown: Shown | undefined;
  await until(`${slug} to be judged`, async () => {
    shown = (await whole.console<Shown>('GET', `${path}/${body.id}`)).body;
    return shown.state !== 'running';
  });
  hangUp();
  return shown as Shown;
}

test.each([
  ['xmpp', () => alice],
  ['matrix', () => bob],
])('%s reaches level 2', async (slug, phone) => {
  const { report, ...end } = await certified(slug, phone());
  const missed = report.cases.filter(({ verdict }) => verdict !== 'pass');
  expect(missed.map(({ id, verdict, reason }) => `${id}: ${verdict}: ${reason}`)).toEqual([
    'restart: skipped: nobody offered to kill the adapter and start it again: certify with --restart',
    'two-instances: skipped: nobody offered to start a second instance: certify with --second-instance',
    'group: skipped: the adapter does not declare group',
    'call: skipped: the adapter does not declare call',
  ]);
  expect(end).toMatchObject({ state: 'passed', level: 'L2' });
});
