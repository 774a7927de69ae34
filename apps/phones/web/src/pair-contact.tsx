/** The owner of the phone pairs a contact of the hub: a QR code of the hub, which this phone, or a real one, scans. */
import { useState } from 'react';
import { QrCode } from '../../../web/src/parts/qr-code/qr-code.js';
import type { PhoneView } from '../../shared/events.js';
import { useDo, usePage } from './context.js';

export function PairContact({ phone }: { phone: PhoneView }) {
  const { words, api } = usePage();
  const carryOut = useDo();
  const [code, setCode] = useState<string>();
  const [scanned, setScanned] = useState(false);
  if (scanned) return <p role="status">{words.paired}</p>;
  if (code === undefined)
    return (
      <div className="write-from">
        <button type="button" onClick={() => carryOut(async () => setCode(await api.pair(phone.id)))}>
          {words.pairCode}
        </button>
      </div>
    );
  const scan = async () => {
    await api.scan(phone.id, code);
    setScanned(true);
  };
  return (
    <div className="write-from">
      <QrCode text={code} label={words.pairCode} />
      <button type="button" onClick={() => carryOut(scan)}>
        {words.pairScan}
      </button>
    </div>
  );
}
