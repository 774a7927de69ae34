/**
 * How many seconds each test file takes: what it took last time on this machine, else what is declared here for files that
 * take long, else the usual time of its tier.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const REMEMBERED = join('node_modules', '.cache', 'hutong', 'test-seconds.json');

/** On two idle cores. A new file of more than twenty seconds is added; most take less and need no line. */
const DECLARED = {
  'test/media.e2e-spec.ts': 60,
  'test/pairs.e2e-spec.ts': 60,
  'test/wall.e2e-spec.ts': 60,
  'test/load.e2e-spec.ts': 50,
  'test/what-leaves.e2e-spec.ts': 40,
  'test/vanished.e2e-spec.ts': 40,
  'test/promises.e2e-spec.ts': 35,
  'test/media-faults.e2e-spec.ts': 30,
  'test/spine.e2e-spec.ts': 30,
};
const USUAL = [
  ['.contract.', 25],
  ['.e2e-spec.ts', 20],
  ['.int-spec.ts', 10],
  ['', 2],
];

/** @returns seconds by path, empty where nothing was measured yet */
export function rememberedSeconds() {
  try {
    return JSON.parse(readFileSync(REMEMBERED, 'utf8'));
  } catch {
    return {};
  }
}

export function rememberSeconds(files) {
  const seconds = rememberedSeconds();
  for (const file of files) seconds[file.path] = Math.round(file.seconds * 10) / 10;
  mkdirSync(dirname(REMEMBERED), { recursive: true });
  writeFileSync(REMEMBERED, JSON.stringify(seconds));
}

/** @param remembered as `rememberedSeconds` answers */
export function expectedSeconds(path, remembered) {
  return remembered[path] ?? DECLARED[path] ?? USUAL.find(([part]) => path.includes(part))[1];
}
