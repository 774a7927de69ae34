/**
 * What each test file needs. Seconds: what it took last time on this machine, else what is declared here for files that take
 * long, else the usual time of its tier. Cores: as declared, else as usual in its tier.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const REMEMBERED = join('node_modules', '.cache', 'hutong', 'test-seconds.json');

/**
 * On two idle cores: seconds, and how many cores the file needs meanwhile, with all that it starts. A new file of more than twenty
 * seconds is added; most take less and need no line.
 */
const DECLARED = {
  'test/web.e2e-spec.ts': [85, 1],
  'test/web-members.e2e-spec.ts': [85, 1],
  'test/wall.e2e-spec.ts': [60, 1.1],
  'test/media.e2e-spec.ts': [45, 1],
  'test/promises.e2e-spec.ts': [50, 0.7],
  'test/load.e2e-spec.ts': [45, 0.8],
  'test/pairs.e2e-spec.ts': [40, 1.2],
  'test/vanished.e2e-spec.ts': [40, 0.4],
  'test/isolation.e2e-spec.ts': [30, 0.9],
  'apps/adapter-matrix/test/synapse.contract.e2e-spec.ts': [55, 0.5],
  'libs/bus/src/bus.int-spec.ts': [45, 0.1],
  'test/certification.e2e-spec.ts': [39, 0.3],
  'test/media-faults.e2e-spec.ts': [35, 0.5],
  'test/broken-adapters.e2e-spec.ts': [35, 0.2],
  'test/flood.e2e-spec.ts': [30, 0.7],
  'test/power-cut.e2e-spec.ts': [25, 0.8],
  'test/spine.e2e-spec.ts': [25, 0.8],
  'test/start.e2e-spec.ts': [25, 0.8],
};
/** Unit tests compute all the time; the others wait for servers. */
const USUAL = [
  ['.contract.', [20, 0.4]],
  ['.e2e-spec.ts', [20, 0.5]],
  ['.int-spec.ts', [10, 0.4]],
  ['', [2, 1]],
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
  return remembered[path] ?? declared(path)[0];
}

/** @returns how many cores the file needs while it runs */
export function expectedCores(path) {
  return declared(path)[1];
}

function declared(path) {
  return DECLARED[path] ?? USUAL.find(([part]) => path.includes(part))[1];
}
