/** The registration file of the application service (Matrix spec, Application Service API, "Registration"). */
import { stringify } from 'yaml';
import { GHOST_PREFIX } from './user-ids.js';

export interface RegistrationInput {
  id: string;
  url: string;
  asToken: string;
  hsToken: string;
  serverName: string;
}

export function registrationFile({ id, url, asToken, hsToken, serverName }: RegistrationInput): string {
  const server = serverName.replaceAll(/[.+*?^${}()|[\]\\]/g, '\\$&');
  return stringify({
    id,
    url,
    as_token: asToken,
    hs_token: hsToken,
    sender_localpart: GHOST_PREFIX,
    rate_limited: false,
    receive_ephemeral: true,
    // COMPAT(Synapse before 1.150): the name from before the spec took it in.
    'de.sorunome.msc2409.push_ephemeral': true,
    protocols: ['hutong'],
    namespaces: {
      users: [{ exclusive: true, regex: `@${GHOST_PREFIX}_.*:${server}` }],
      aliases: [{ exclusive: true, regex: `#${GHOST_PREFIX}_.*:${server}` }],
      rooms: [],
    },
  });
}
