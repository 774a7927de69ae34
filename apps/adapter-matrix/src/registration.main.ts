/** `npm run registration -- --server-name example.org --url http://127.0.0.1:9009 > hutong.yaml` */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { registrationFile } from './registration.js';

const HELP = `Writes the application service registration file for a Matrix homeserver to standard output.

  --server-name NAME   the part after the colon in its user ids (required)
  --url URL            where the homeserver reaches the adapter (default http://127.0.0.1:9009)
  --id ID              id of the application service (default hutong)

Give the same tokens to the adapter as MATRIX_AS_TOKEN and MATRIX_HS_TOKEN, put the file beside homeserver.yaml, name
it under app_service_config_files, and restart the homeserver. The file holds secrets: keep it readable to few.
`;

const { values } = parseArgs({
  options: {
    'server-name': { type: 'string' },
    url: { type: 'string', default: 'http://127.0.0.1:9009' },
    id: { type: 'string', default: 'hutong' },
    help: { type: 'boolean', short: 'h' },
  },
});

if (values.help || values['server-name'] === undefined) {
  (values.help ? process.stdout : process.stderr).write(HELP);
  process.exit(values.help ? 0 : 2);
}

const token = () => randomBytes(32).toString('hex');
process.stdout.write(
  registrationFile({
    id: values.id,
    url: values.url,
    asToken: token(),
    hsToken: token(),
    serverName: values['server-name'],
  }),
);
