/** `npm run engines`: finds or downloads every engine and prints where it came from. Fails if one is missing. */
import { helpIfAsked } from '#service';
import {
  findChromium,
  findFfmpeg,
  findJanus,
  findNatsServer,
  findPostgres,
  findProsody,
  findSynapse,
} from '#engines';

helpIfAsked(`npm run engines: finds nats-server, PostgreSQL, Prosody, Synapse, ffmpeg, Janus and Chromium on this machine, and downloads those that are missing.
Prints where each came from. Exit code 1: an engine is missing and cannot be downloaded.
HUTONG_CACHE is the folder of downloaded engines (default: ~/.cache/hutong).
`);

const say = (text: string) => process.stdout.write(`${text}\n`);
const searches = {
  'nats-server': await findNatsServer(say),
  PostgreSQL: findPostgres(say),
  Prosody: await findProsody(say),
  Synapse: await findSynapse(say),
  ffmpeg: await findFfmpeg(say),
  Janus: await findJanus(say),
  Chromium: await findChromium(say),
};
let missing = 0;
for (const [engine, search] of Object.entries(searches)) {
  if (search.kind === 'found') say(`${engine} ${search.version} (${search.from})`);
  else {
    missing++;
    say(`${engine} MISSING: ${search.why}. ${search.remedy}`);
  }
}
process.exit(missing === 0 ? 0 : 1);
