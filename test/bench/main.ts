/** `npm run bench`: measures each part beside its ceiling in the same run. Compare the ratios: times depend on the machine. */
import { parseArgs } from 'node:util';
import type { Row } from './measure.js';
import { PARTS } from './parts.js';

const NAMES = PARTS.map(({ name }) => name);
const LINES = PARTS.map(({ name, does }) => `                    ${name.padEnd(9)} ${does}`).join('\n');

const HELP = `npm run bench [-- options]

  --only <part>   one of: ${NAMES.join(', ')}
${LINES}
  --share <n>     part of the full amounts, 0.01 to 1 (default: 1)
  --json          one JSON document on standard output instead of a table
  --help          print this text
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    share: { type: 'string', default: '1' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const share = Number(values.share);
const wrong =
  values.only !== undefined && !NAMES.includes(values.only)
    ? `no part "${values.only}"; one of: ${NAMES.join(', ')}`
    : share >= 0.01 && share <= 1
      ? undefined
      : `--share ${values.share}: a number from 0.01 to 1`;
if (wrong !== undefined) {
  process.stderr.write(`${wrong}\n`);
  process.exit(2);
}

const scale = { share, note: (text: string) => process.stderr.write(`${text}\n`) };
const rows: Row[] = [];
const figures: Record<string, number> = {};
for (const part of PARTS) {
  if (values.only !== undefined && values.only !== part.name) continue;
  scale.note(`${part.name}: ${part.does} ...`);
  const measured = await part.run(scale);
  rows.push(...measured.rows);
  Object.assign(figures, measured.figures);
}

if (values.json) process.stdout.write(`${JSON.stringify({ ...figures, rows }, null, 2)}\n`);
else {
  process.stdout.write(
    '\nmsg/s is at full load; p50 and p99 (ms) are at 1,000 a second, or as the row says. cpuUs and steadyCpuUs: CPU time\n' +
      'of all processes that the bench started, for one message, us, at full load and at 1,000 a second.\n',
  );
  console.table(rows);
}
process.exit(0);
