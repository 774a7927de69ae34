/** Proof of the secret that both sides of a CMPP link know (QB-GF-028-2003, 8.4.1). Pure. */
import { md5 } from '../md5.js';
import { tenDigits } from '../beijing-time.js';

/** What the service provider sends. */
export function authenticatorSource(account: string, secret: string, timestamp: number): Buffer {
  return md5(account, Buffer.alloc(9), secret, tenDigits(timestamp));
}

/**
 * What the gateway may answer: the document does not say in how many bytes the status is hashed, and gateways differ.
 */
export function authenticatorsOfGateway(status: number, source: Buffer, secret: string): Buffer[] {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(status);
  return [md5(four.subarray(3), source, secret), md5(four, source, secret)];
}
