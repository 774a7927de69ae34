/** A person of a simulated network, played through the users' API of the process of the simulators. */
import { SimulatedPhone, type FieldNames } from '#phones';
import type { Act } from '#simulators';
import { RemotePerson } from '#simulators/remote-person';
import type { NetworkPerson } from './person.js';

interface SimulatedPersonOptions extends Pick<NetworkPerson, 'abilities' | 'nobody' | 'away' | 'lines'> {
  /** How the simulator names the fields of what is sent. */
  fields: FieldNames;
  /** The presence states of this network; absent: those of the open interface. */
  states?: { available: string; away: string };
  /** People ask each other to be contacts: `mutual`, if the contact of one is then a contact of the other as well. */
  contacts?: 'one-way' | 'mutual';
  /** What the person writes to the channel when they sign in, where the network answers only those who wrote before. */
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
