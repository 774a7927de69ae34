/** Makes what a bus of one's own needs: the seeds, nats-server's configuration that trusts them, and the hub's credentials. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BusAuthority } from '#bus';
import { busFiles } from './bus-files.js';
import { alreadyThere, seedsIn, writeFiles } from './write-files.js';

const HELP = `Usage: node dist/apps/console/src/bus-setup/bus-setup.main.js --out FOLDER [--tls] [--owner UID:GID]

Writes one folder for each service, readable to its owner alone:
  console/authority.json                  the seeds; BUS_AUTHORITY of the console
  console, switch, recorder, clearing, media-gateway: hub.creds
                                          NATS_CREDS of each; those of media-gateway read attachments and nothing else
  nats/nats-server.conf                   with --tls it expects /tls/server.crt and /tls/server.key
--owner: who owns the folders of the apps. What is there already is not overwritten: with the seeds of an earlier run, only the
credentials of services that have none yet are written.
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

const { out } = values;
const seeds = seedsIn(out);
const files = await busFiles(seeds ? new BusAuthority(seeds) : BusAuthority.create(), { tls: values.tls });
const there = alreadyThere(out, files);
if (!seeds && there.length > 0)
  refuse(`${there.join(', ')}: there already, but not the seeds that they were made with; nothing changed\n`);
const missing = Object.fromEntries(
  Object.entries(files).filter(([name]) => !there.includes(join(out, name))),
);
if (Object.keys(missing).length === 0)
  process.stderr.write(`${there.join(', ')}: there already, nothing changed\n`);
const by = owner ? { uid: Number(owner[1]), gid: Number(owner[2]) } : undefined;
for (const path of writeFiles(out, missing, by)) process.stdout.write(`${path}\n`);
