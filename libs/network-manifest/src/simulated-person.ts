/** A person of a simulated network, controlled through the users' API of the process of the simulators. */
import { sleep } from '#service/retry';
import { SimulatedPhone, type FieldNames } from '#phones';
import type { Act } from '#simulators';
import { RemotePerson } from '#simulators/remote-person';
import type { NetworkPerson } from './person.js';

/** People of an installation that starts are paired within moments. */
const PAIRED_WITHIN_MS = 5000;
const PAUSE_MS = 100;

interface SimulatedPersonOptions extends Pick<
  NetworkPerson,
  'abilities' | 'untold' | 'nobody' | 'away' | 'lines'
> {
  /** Field names of the simulator in events that a person sends. */
  fields: FieldNames;
  /** The presence states of this network; absent: those of the open interface. */
  states?: { available: string; away: string };
  /** The network has contact requests; `mutual`: both become contacts of each other. */
  contacts?: 'one-way' | 'mutual';
  /** The text that a person writes to the bot account at sign-in, if the network lets it answer only people who wrote before. */
  firstWords?: string;
  /** A person reaches the bot account only after they have scanned a QR code. */
  scans?: true;
}

export function simulatedPerson(slug: string, options: SimulatedPersonOptions): NetworkPerson {
  const { fields, states, contacts, firstWords, scans, ...rest } = options;
  return {
    ...rest,
    async dial({ usersUrl = '', channel }, { native }) {
      const person = await RemotePerson.find(usersUrl, slug, native);
      const act = async (what: Act): Promise<void> => {
        await person.act(what);
      };
      const speakFirst = async () => {
        if (firstWords !== undefined && channel !== undefined)
          await act({ do: 'write', to: channel, text: firstWords });
      };
      if (!scans || (await hasPaired(person))) await speakFirst();
      return {
        phone: new SimulatedPhone(person, channel, { states, fields }),
        ...(scans
          ? {
              scan: async (text: string) => {
                await act({ do: 'add', who: text });
                if (await hasPaired(person)) await speakFirst();
              },
            }
          : {}),
        ...(contacts
          ? {
              befriend: (who: string) => act({ do: 'add', who }),
              accept: (who: string) => act({ do: 'answer', who, yes: true }),
            }
          : {}),
        ...(contacts === 'mutual'
          ? {
              hasContact: async (who: string) =>
                (await person.contacts()).some((contact) => contact.native === who),
            }
          : {}),
      };
    },
  };
}

async function hasPaired(person: RemotePerson): Promise<boolean> {
  const until = Date.now() + PAIRED_WITHIN_MS;
  while ((await person.contacts()).length === 0) {
    if (Date.now() >= until) return false;
    await sleep(PAUSE_MS);
  }
  return true;
}
