import type { Say, Search } from '#engines';

/** Where an engine is missing: a failure in CI, a counted and visible skip on a person's machine. */
export async function engineOrSkip<Paths>(
  name: string,
  find: (say: Say) => Promise<Search<Paths>>,
): Promise<Paths | undefined> {
  const search = await find(() => undefined);
  if (search.kind === 'found') return search.paths;
  if (process.env['CI']) throw new Error(`${name} cannot be had: ${search.why}. ${search.remedy}`);
  process.stderr.write(`SKIPPING what needs ${name}: ${search.why}. ${search.remedy}\n`);
  return undefined;
}
