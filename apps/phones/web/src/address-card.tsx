/** How people of other networks start a chat with the owner of this phone: a code to scan, and the address for each network. */
import { QrCode } from '../../../web/src/parts/qr-code/qr-code.js';
import type { PhoneView } from '../../shared/events.js';
import { usePage } from './context.js';
import { PairContact } from './pair-contact.js';
import { IconButton } from './icons.js';

export function AddressCard({ phone, onClose }: { phone: PhoneView; onClose: () => void }) {
  const { words, phones, open, language, showChat } = usePage();
  const others = phones.flatMap(({ id, name, networkName, contacts }) =>
    contacts
      .filter(({ chat }) => chat === phone.address)
      .map(({ reach, link }) => ({ id, name, network: networkName[language], reach, link })),
  );
  const ways = new Map(others.map(({ network, reach, link }) => [network, { reach, link }]));
  return (
    <div className="address-card">
      <IconButton name="close" label={words.back} onClick={onClose} />
      <h3>{phone.name}</h3>
      {phone.pairs && <PairContact phone={phone} />}
      <QrCode text={phone.address} label={phone.address} />
      <code>{phone.address}</code>
      <p>{words.writeFrom}</p>
      <div className="write-from">
        {others
          .filter(({ id }) => open.includes(id))
          .map(({ id, name, network }) => (
            <button
              key={id}
              type="button"
              onClick={() => {
                showChat(id, phone.address);
                onClose();
              }}
            >
              {network} · {name}
            </button>
          ))}
      </div>
      <p>{words.addressHint}</p>
      <dl>
        {[...ways].map(([network, { reach, link }]) => (
          <div key={network}>
            <dt>{network}</dt>
            <dd>{link === undefined ? reach : <a href={link}>{reach}</a>}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
