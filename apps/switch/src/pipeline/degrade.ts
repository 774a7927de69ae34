import { degradeMessage, refusedBy, type Refused } from '#degradation';
import { levelOf, networkOf, type Capabilities, type HubEvent } from '#protocol';
import { end, pass, type Ended, type Step } from './step.js';

/**
 * Refuses what the destination drops or rejects. Content that it cannot show is degraded once (promise 7): by its adapter if that
 * declares so, as every adapter on the kit does, otherwise here.
 */
export const degrade: Step = (event, { registry: { members } }) => {
  const capabilities = members.get(networkOf(event.data.to))?.capabilities;
  // The network has never signed on, so its capabilities are unknown: its adapter degrades the message.
  if (!capabilities) return pass(event);
  if (event.type !== 'im.hutong.message.v1')
    return shownAtAll(event, capabilities) ? pass(event) : end('12', 'the destination has no form for this');
  if (capabilities.degrades) {
    const refused = refusedBy(capabilities, event);
    return refused ? ended(refused) : pass(event);
  }
  const degraded = degradeMessage(event, capabilities, 'switch');
  return degraded.verdict === 'pass' ? pass(degraded.event) : ended(degraded);
};

function ended({ verdict, feature }: Refused): Ended {
  return end('12', `${feature} is ${verdict === 'drop' ? 'dropped' : 'rejected'} by the destination`);
}

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
    case 'im.hutong.call.v1':
      // 0: the network is told in words.
      return levelOf(capabilities, 'call') >= 0;
    case 'im.hutong.message.v1':
    case 'im.hutong.report.v1':
    case 'im.hutong.group.v1':
    case 'im.hutong.notice.v1':
      return true;
  }
}
