/** Result codes <-> XMPP stanza errors (RFC 6120 §8.3; standards: XEP-0100 for gateways). */
import { xml, type Element } from '@xmpp/component';
import { HubError, isSuccess, RESULTS, type FailureCode, type ResultCode } from '#protocol';
import { NS } from './namespaces.js';

type ErrorType = 'cancel' | 'wait' | 'modify' | 'auth';

export const STANZA_ERRORS: Record<FailureCode, [ErrorType, string]> = {
  '12': ['cancel', 'feature-not-implemented'],
  '14': ['cancel', 'item-not-found'],
  '15': ['cancel', 'remote-server-not-found'],
  '25': ['cancel', 'item-not-found'],
  '30': ['modify', 'bad-request'],
  '31': ['auth', 'not-authorized'],
  '36': ['cancel', 'not-allowed'],
  '40': ['auth', 'forbidden'],
  '57': ['cancel', 'not-allowed'],
  '61': ['modify', 'not-acceptable'],
  '65': ['wait', 'resource-constraint'],
  '68': ['cancel', 'remote-server-timeout'],
  '71': ['cancel', 'service-unavailable'],
  '91': ['wait', 'remote-server-timeout'],
  '92': ['cancel', 'remote-server-not-found'],
  '93': ['cancel', 'policy-violation'],
  '96': ['wait', 'internal-server-error'],
  '100': ['cancel', 'undefined-condition'],
  '101': ['cancel', 'recipient-unavailable'],
  '102': ['wait', 'resource-constraint'],
  '103': ['cancel', 'undefined-condition'],
};

export function errorElement(code: ResultCode, detail?: string): Element {
  const [type, condition] = STANZA_ERRORS[isSuccess(code) ? '96' : code];
  const text = `${RESULTS[code].subscriber.en} (${code}${detail ? `: ${detail}` : ''})`;
  return xml(
    'error',
    { type },
    xml(condition, { xmlns: NS.stanzas }),
    xml('text', { xmlns: NS.stanzas, 'xml:lang': 'en' }, text),
  );
}

/** A stanza bounced to its sender. */
export function bounced(original: Element, code: ResultCode, detail?: string): Element {
  const { from, to, id } = original.attrs;
  return xml(
    original.name,
    { from: to, to: from, type: 'error', ...(id ? { id } : {}) },
    errorElement(code, detail),
  );
}

const CODE_OF: Record<string, FailureCode> = {
  'item-not-found': '14',
  // Servers answer this for unknown users, so as not to disclose who exists (RFC 6121 §8.5.1).
  'service-unavailable': '14',
  // The account exists: its person is offline, and the server keeps no messages.
  'recipient-unavailable': '100',
  gone: '14',
  forbidden: '40',
  'not-allowed': '40',
  'not-authorized': '40',
  'subscription-required': '40',
  'policy-violation': '40',
  'not-acceptable': '61',
  'resource-constraint': '65',
  'remote-server-not-found': '92',
  'remote-server-timeout': '91',
  'feature-not-implemented': '12',
  'bad-request': '30',
  'jid-malformed': '14',
};

/** What the network said about a stanza of ours. */
export function hubErrorOf(error: Element): HubError {
  const { code, detail } = failureIn(error);
  return new HubError(code, detail);
}

export function failureIn(error: Element): { code: FailureCode; detail: string } {
  const condition =
    error.getChildElements().find((child) => child.getNS() === NS.stanzas && child.name !== 'text')?.name ??
    'undefined-condition';
  const reason =
    condition === 'recipient-unavailable' ? ': the person is offline, and it keeps no messages' : '';
  return { code: CODE_OF[condition] ?? '100', detail: `the server answered ${condition}${reason}` };
}
