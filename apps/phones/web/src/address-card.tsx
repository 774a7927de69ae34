/** How people of other networks start a chat with the owner of this phone: a code to scan, and the address for each network. */
import makeCode from 'qrcode-generator';
import { useMemo } from 'react';
import type { PhoneView } from '../../shared/events.js';
import { usePage } from './context.js';
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
      <Code text={phone.address} />
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

function Code({ text }: { text: string }) {
  const { size, path } = useMemo(() => drawn(text), [text]);
  return (
    <svg className="code" viewBox={`-2 -2 ${size + 4} ${size + 4}`} role="img" aria-label={text}>
      <path d={path} />
    </svg>
  );
}

function drawn(text: string): { size: number; path: string } {
  const code = makeCode(0, 'M');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const squares = Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => (code.isDark(y, x) ? `M${x} ${y}h1v1h-1z` : '')).join(''),
  );
  return { size, path: squares.join('') };
}
