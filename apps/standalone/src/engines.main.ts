/** `npm run engines`: fetches every engine ahead of time and says where each came from. Fails when one cannot be had. */
import { findFfmpeg, findNatsServer, findPostgres, findProsody, findSynapse } from '#engines';

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
