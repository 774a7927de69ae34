/** "Is typing" (RFC 3994). Pure. */
import { readXml } from '#service';
import { localChild, localName } from './imdn.js';

export const COMPOSING_TYPE = 'application/im-iscomposing+xml';
const NAMESPACE = 'urn:ietf:params:xml:ns:im-iscomposing';
/** Without `refresh`, a state holds for so long (§4). */
const USUAL_REFRESH_S = 120;
const LONGEST_REFRESH_S = 600;

export interface Composing {
  state: 'composing' | 'stopped';
  ttlMs: number;
}

export function readComposing(text: string): Composing | undefined {
  const root = readXml(text);
  if (!root || localName(root.name) !== 'isComposing') return undefined;
  const state = localChild(root, 'state')?.text.trim();
  const refresh = Number(localChild(root, 'refresh')?.text ?? USUAL_REFRESH_S);
  const seconds = refresh > 0 ? Math.min(refresh, LONGEST_REFRESH_S) : USUAL_REFRESH_S;
  // An unknown state means idle (§3.2).
  return { state: state === 'active' ? 'composing' : 'stopped', ttlMs: Math.round(seconds * 1000) };
}

export function printComposing(active: boolean, ttlMs: number): string {
  const state = active
    ? `<state>active</state><contenttype>text/plain</contenttype><refresh>${Math.max(1, Math.round(ttlMs / 1000))}</refresh>`
    : '<state>idle</state>';
  return `<?xml version="1.0" encoding="UTF-8"?>\r\n<isComposing xmlns="${NAMESPACE}">${state}</isComposing>`;
}
