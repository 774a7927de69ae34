/** JSON with whole numbers of 64 bits. */
import type { Outgoing } from '#simulators';

export type Fields = Record<string, unknown>;

export function wire(body: object): Outgoing {
  return { status: 200, type: 'application/json', body: jsonOf(body) };
}

export function jsonOf(body: object): string {
  return JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'bigint' ? JSON.rawJSON(String(value)) : value,
  );
}

export function refused(ret: number, errmsg: string): Outgoing {
  return wire({ ret, errmsg });
}

export const NOTHING: Outgoing = { status: 404, type: 'text/plain', body: '' };
