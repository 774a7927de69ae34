/** Proof of the secret that both sides of an SMGP link know (SMGP V3.0.3, 6.2.2 and 6.2.7). Pure. */
import { tenDigits } from '../beijing-time.js';
import { md5 } from '../md5.js';

/** A shorter identifier is filled with NUL to 8 bytes; 7 more follow. */
const CLIENT_ID_BYTES = 8;

export function authenticatorClient(clientId: string, secret: string, timestamp: number): Buffer {
  const filled = Buffer.alloc(CLIENT_ID_BYTES + 7);
  filled.write(clientId, 'latin1');
  return md5(filled, secret, tenDigits(timestamp));
}

export function authenticatorServer(status: number, client: Buffer, secret: string): Buffer {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(status);
  return md5(four, client, secret);
}
