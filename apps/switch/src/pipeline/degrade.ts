import { degradeMessage } from '#degradation';
import { levelOf, networkOf, type Capabilities, type HubEvent } from '#protocol';
import { end, pass, type Step } from './step.js';

/** Changes what the destination cannot show into something that it can, and records that in the event (promise 7). */
export const degrade: Step = (event, { registry: { members } }) => {
  const capabilities = members.get(networkOf(event.data.to))?.capabilities;
  // The network has never signed on, so its capabilities are unknown: its adapter degrades the message.
  if (!capabilities) return pass(event);
  if (event.type !== 'im.hutong.message.v1')
    return shownAtAll(event, capabilities) ? pass(event) : end('12', 'the destination has no form for this');
  const degraded = degradeMessage(event, capabilities, 'switch');
  switch (degraded.verdict) {
    case 'pass':
      return pass(degraded.event);
    case 'drop':
    case 'reject':
      return end(
        '12',
        `${degraded.feature} is ${degraded.verdict === 'drop' ? 'dropped' : 'rejected'} by the destination`,
      );
  }
};

function shownAtAll(event: HubEvent, capabilities: Capabilities): boolean {
  switch (event.type) {
    case 'im.hutong.receipt.v1':
      return levelOf(capabilities, event.data.status) > 0;
    case 'im.hutong.typing.v1':
      return levelOf(capabilities, 'typing') > 0;
    case 'im.hutong.presence.v1':
      // A probe asks for presence and shows none.
      return event.data.probe === true || levelOf(capabilities, 'presence') > 0;
    case 'im.hutong.contact.v1':
      return levelOf(capabilities, 'contact') > 0;
    case 'im.hutong.message.v1':
    case 'im.hutong.report.v1':
    case 'im.hutong.group.v1':
    case 'im.hutong.notice.v1':
    case 'im.hutong.call.v1':
      return true;
  }
}
