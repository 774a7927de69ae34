/** Codes of a challenge: six digits, stored as scrypt hashes, compared in constant time. */
import { randomInt, scrypt, timingSafeEqual } from 'node:crypto';

export const CODE = /^\d{6}$/;

export function newCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

/** @param salt id of the challenge */
export function hashOf(code: string, salt: string): Promise<string> {
  return new Promise((resolve, reject) =>
    scrypt(code, salt, 32, (error, key) => (error ? reject(error) : resolve(key.toString('base64url')))),
  );
}

export async function isCode(given: string, salt: string, hash: string): Promise<boolean> {
  return timingSafeEqual(Buffer.from(await hashOf(given, salt)), Buffer.from(hash));
}
