import { networkOf, type HubEvent } from '#protocol';
import { limitsFor } from '../limits/limit-rules.js';
import { end, pass, type Step } from './step.js';

/** Not too much of one sender, of one network, nor to too many. After `deduplicate`: what comes again does not count again. */
export const checkLimits: Step = (event, { source, registry, limits, now, acceptedAt }) => {
  // Receipts, typing and presence follow from messages, which are limited.
  if (!isLimited(event)) return pass(event);
  const destination = networkOf(event.data.to);
  const { risk, limitedTowards } = registry.members.get(source) ?? {};
  if (risk === 'suspended')
    return end('57', `too many complaints about ${source}: its messages are stopped (risk suspended)`);
  const agreed = registry.agreements.of(source, destination, now)?.limits;
  const isPairLimited = limitedTowards?.includes(destination) === true;
  // A limited pair is not limited twice: a tenth is a tenth.
  const applied = isPairLimited ? 'throttled' : risk;
  const refusal = limits.judge(event, limitsFor(agreed, applied), acceptedAt);
  if (refusal === undefined) return pass(event);
  if (risk === 'throttled') return end('65', `${refusal} (a tenth, while too many complain)`);
  const pair = `${source} to ${destination}`;
  return end(
    '65',
    isPairLimited ? `${refusal} (a tenth from ${pair}, while too many there complain)` : refusal,
  );
};

/** What has a class of traffic (traffic.ts), without working out which. */
function isLimited(event: HubEvent): boolean {
  switch (event.type) {
    case 'im.hutong.message.v1':
    case 'im.hutong.contact.v1':
    case 'im.hutong.group.v1':
    case 'im.hutong.call.v1':
      return true;
    case 'im.hutong.receipt.v1':
    case 'im.hutong.typing.v1':
    case 'im.hutong.presence.v1':
    case 'im.hutong.report.v1':
    case 'im.hutong.notice.v1':
      return false;
  }
}
