import { levels, type Capabilities } from '#protocol';

/**
 * What SIP phones with MESSAGE show: text, "is typing", presence, receipts. A message is one request, which a phone need not
 * take when it is larger than a datagram (RFC 3428 §8: 1300 bytes); beyond that it goes over TCP where the phone has it.
 */
export const SIP_CAPABILITIES: Capabilities = {
  version: 'sip-1',
  language: 'zh',
  originalTime: true,
  // Behind the trunk: "accepted" (202) at once, and a notification later if the other network sends one.
  lateOutcomes: { stages: ['delivered', 'read', 'failed'] },
  ids: 'case-insensitive',
  numbersPlus: true,
  features: levels(0, { text: 2, typing: 2, presence: 2, contact: 1, delivered: 2, read: 2, call: 2 }),
  limits: { textBytes: 700 },
};
