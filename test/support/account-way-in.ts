/** The way in of an account on a platform of the WeChat family: unencrypted callbacks with a text. */
import type { WayIn } from '#adapter-contract';
import type { Hub } from '#adapter-kit';
import { OfficialAccountAdapter, type PlatformProfile } from '#official-account';
import { network } from '#protocol';
import { HubDouble } from '../../libs/bot-contacts/src/testing/hub-double.js';

export function accountWayIn(profile: PlatformProfile): (slow: (hub: Hub) => Hub) => Promise<WayIn> {
  return async (slow) => {
    const double = new HubDouble({ talked: true });
    const settings = {
      ACCOUNT_ID: 'wx0',
      ACCOUNT_SECRET: 's',
      ACCOUNT_TOKEN: 'token',
      ACCOUNT_AGENT_ID: 1,
      ACCOUNT_AES_KEY: 'a'.repeat(43),
      ACCOUNT_MODE: 'plain' as const,
    };
    const account = new OfficialAccountAdapter(
      network(profile.name),
      profile,
      settings,
      'http://127.0.0.1:9',
      double.log,
    );
    Object.assign(account, { keepChecking: () => undefined });
    await account.start(slow(double.hub));
    let count = 0;
    return {
      write: (person, text) =>
        account.callback({ native: textOf(`person-${person}`, text, ++count), encrypted: false }),
      close: () => account.stop(),
    };
  };
}

function textOf(person: string, text: string, id: number): string {
  return (
    `<xml><ToUserName>gh_7f083739789a</ToUserName><FromUserName>${person}</FromUserName>` +
    `<CreateTime>1348831860</CreateTime><MsgType>text</MsgType><Content>${text}</Content><MsgId>${id}</MsgId></xml>`
  );
}
