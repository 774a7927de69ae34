/** `npm run registration -- --server-name example.org --url http://127.0.0.1:9009 > hutong.yaml` */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { registrationFile } from './registration.js';

const HELP = `Writes the application service registration file for a Matrix homeserver to standard output.

  --server-name NAME   server name: the part of user ids after the colon (required)
  --url URL            URL at which the homeserver reaches the adapter (default: http://127.0.0.1:9009)
  --id ID              id of the application service (default: hutong)

Set MATRIX_AS_TOKEN and MATRIX_HS_TOKEN of the adapter to the tokens in the file. Put the file beside homeserver.yaml, add it to
app_service_config_files, and restart the homeserver. The file contains secrets: make it readable to the homeserver only.
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
