/** Stands in for the media gateway on a hub: its links lead nowhere, and tests say what people do on the pages. */
import type { CallGateway } from '#adapter-contract';
import { answer, ask, type BusConnection } from '#bus';
import { errorReply, GatewayCommand, network, requests, type CallCommand, type CallSignal } from '#protocol';

export async function fakeGateway(link: BusConnection, slug: string): Promise<CallGateway> {
  const commands: CallCommand[] = [];
  const linkOf = ({ call, side }: Pick<CallCommand, 'call' | 'side'>) =>
    `https://hub.example/call/${call}/${side}`;
  await answer(
    link,
    requests.gatewayCommand().subject,
    (body) => {
      const { network: from, command } = GatewayCommand.parse(body);
      if (from === slug) commands.push(command);
      return Promise.resolve({ code: '00', ...(command.do === 'open' ? { url: linkOf(command) } : {}) });
    },
    errorReply,
  );
  const act = (signal: CallSignal) => ask(link, requests.gatewaySignal(), { network: network(slug), signal });
  return { commands, linkOf, act };
}
