/** A person of a simulated network, controlled through the users' API of the process of the simulators. */
import { SimulatedPhone, type FieldNames } from '#phones';
import type { Act } from '#simulators';
import { RemotePerson } from '#simulators/remote-person';
import type { NetworkPerson } from './person.js';

interface SimulatedPersonOptions extends Pick<NetworkPerson, 'abilities' | 'nobody' | 'away' | 'lines'> {
  /** Field names of the simulator in events that a person sends. */
  fields: FieldNames;
  /** The presence states of this network; absent: those of the open interface. */
  states?: { available: string; away: string };
  /** The network has contact requests; `mutual`: both become contacts of each other. */
  contacts?: 'one-way' | 'mutual';
  /** The text that a person writes to the bot account at sign-in, if the network lets it answer only people who wrote before. */
  firstWords?: string;
}

export function simulatedPerson(slug: string, options: SimulatedPersonOptions): NetworkPerson {
  const { fields, states, contacts, firstWords, ...rest } = options;
  return {
    ...rest,
    async dial({ usersUrl = '', channel }, { native }) {
      const person = await RemotePerson.find(usersUrl, slug, native);
      const act = async (what: Act): Promise<void> => {
        await person.act(what);
      };
      if (firstWords !== undefined && channel !== undefined)
        await act({ do: 'write', to: channel, text: firstWords });
      return {
        phone: new SimulatedPhone(person, channel, { states, fields }),
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
