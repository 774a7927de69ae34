/** Makes what a bus of one's own needs: the seeds, nats-server's configuration that trusts them, and the hub's credentials. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BusAuthority } from '#bus';
import { jetstreamBlock } from '#engines';

const HELP = `Usage: node dist/apps/standalone/src/bus-setup.main.js --out FOLDER

Writes authority.json (seeds; BUS_AUTHORITY of the console), nats-server.conf, and hub.creds (NATS_CREDS of switch and console).
`;

const { values } = parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
if (values.help || values.out === undefined) {
  process.stderr.write(HELP);
  process.exit(values.help ? 0 : 2);
}
const folder = values.out;
mkdirSync(folder, { recursive: true });
if (existsSync(join(folder, 'authority.json'))) {
  process.stderr.write(`${join(folder, 'authority.json')} is there already: nothing changed\n`);
  process.exit(0);
}
const authority = BusAuthority.create();
const server = [
  'listen: "0.0.0.0:4222"',
  'http: "0.0.0.0:8222"',
  'max_payload: 1MB',
  jetstreamBlock('/data'),
  await authority.serverConfig(),
  '',
].join('\n');
const files = {
  'authority.json': JSON.stringify(authority.seeds),
  'nats-server.conf': server,
  'hub.creds': await authority.hubCredentials('hub'),
};
for (const [name, content] of Object.entries(files)) {
  // Readable in the container's group of apps; the volume itself is theirs alone.
  writeFileSync(join(folder, name), content, { mode: 0o644 });
  process.stdout.write(`${join(folder, name)}\n`);
}
