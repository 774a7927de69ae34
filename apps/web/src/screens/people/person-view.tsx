import { Alert } from 'antd';
import { useState } from 'react';
import { Panel } from '../../parts/screen';
import { Proposed } from '../../parts/proposed';
import { useText } from '../../text/use-text';
import { AddressPanel } from './address-panel';
import { NumberPanel } from './number-panel';
import type { Person } from './queries';
import { peopleTexts } from './text';

interface PersonViewProps {
  person: Person;
  /** Reads the person again, after a change. */
  renew: () => Promise<unknown>;
}

/** One person: the numbers with the reason why each leads where it leads, and the addresses with consent and blocks. */
export function PersonView({ person: { numbers, addresses, more }, renew }: PersonViewProps) {
  const say = useText(peopleTexts);
  const [proposal, setProposal] = useState<string>();
  const changed = async (change: string | undefined) => {
    setProposal(change);
    if (change === undefined) await renew();
  };
  return (
    <>
      <Proposed change={proposal} />
      {more && <Alert type="info" showIcon title={say('inPart')} />}
      {numbers.map((number) => (
        <NumberPanel key={number.number} number={number} changed={changed} />
      ))}
      {numbers.length === 0 && (
        <Panel title={say('numbers')}>
          <p className="quiet">{say('noNumbers')}</p>
        </Panel>
      )}
      {addresses.map((address) => (
        <AddressPanel key={address.address} address={address} changed={changed} />
      ))}
      {addresses.length === 0 && (
        <Panel title={say('addresses')}>
          <p className="quiet">{say('noAddresses')}</p>
        </Panel>
      )}
    </>
  );
}
