/** `npm run engines`: fetches every engine ahead of time and says where each came from. Fails when one cannot be had. */
import { helpIfAsked } from '#service';
import { findFfmpeg, findNatsServer, findPostgres, findProsody, findSynapse } from '#engines';

helpIfAsked(`npm run engines: finds nats-server, PostgreSQL, Prosody, Synapse and ffmpeg on this machine, and downloads what is missing.
Says where each came from, and ends with 1 when one cannot be had. HUTONG_CACHE: where downloaded engines are kept.
`);

const say = (text: string) => process.stdout.write(`${text}\n`);
const searches = {
  'nats-server': await findNatsServer(say),
  PostgreSQL: findPostgres(say),
  Prosody: await findProsody(say),
  Synapse: await findSynapse(say),
  ffmpeg: await findFfmpeg(say),
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
