/** Makes what a bus of one's own needs: the seeds, nats-server's configuration that trusts them, and the hub's credentials. */
import { parseArgs } from 'node:util';
import { BusAuthority } from '#bus';
import { busFiles } from './bus-files.js';
import { alreadyThere, writeFiles } from './write-files.js';

const HELP = `Usage: node dist/apps/console/src/bus-setup/bus-setup.main.js --out FOLDER [--tls] [--owner UID:GID]

Writes one folder for each service, readable to its owner alone:
  console/authority.json                  the seeds; BUS_AUTHORITY of the console
  console, switch, clearing: hub.creds    NATS_CREDS of each
  nats/nats-server.conf                   with --tls it expects /tls/server.crt and /tls/server.key
--owner: who owns the folders of the apps. What is there already is not overwritten.
`;

function refuse(text: string): never {
  process.stderr.write(text);
  process.exit(2);
}

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    tls: { type: 'boolean', default: false },
    owner: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (values.out === undefined) refuse(HELP);
const owner = values.owner === undefined ? undefined : /^(\d+):(\d+)$/.exec(values.owner);
if (owner === null) refuse('--owner: expected UID:GID, as 1000:1000\n');

const files = await busFiles(BusAuthority.create(), { tls: values.tls });
const there = alreadyThere(values.out, files);
if (there.length > 0) {
  process.stderr.write(`${there.join(', ')}: there already, nothing changed\n`);
  process.exit(0);
}
const by = owner ? { uid: Number(owner[1]), gid: Number(owner[2]) } : undefined;
for (const path of writeFiles(values.out, files, by)) process.stdout.write(`${path}\n`);
