/** An adapter asks whether a foreign subscriber exists; the switch asks the adapter of that subscriber's network. */
import { answer, ask, type BusLink } from '#bus';
import { networkInSubject, networkOf, ResolveReply, ResolveRequest, subjects, toHubError } from '#protocol';
import { isOpen } from './registry-index.js';
import type { RegistryView } from './registry-view.js';

export async function serveResolve(link: BusLink, registry: RegistryView): Promise<void> {
  await answer(
    link,
    'hub.control.resolve.*',
    async (body, subject): Promise<ResolveReply> => {
      const request = ResolveRequest.safeParse(body);
      if (!request.success) return { code: '30', detail: request.error.issues[0]?.message ?? 'malformed' };
      const destination = networkOf(request.data.address);
      const { members } = registry.current;
      const [now, member] = [new Date(), members.get(destination)];
      if (!isOpen(members.get(networkInSubject(subject)), now)) return { code: '36' };
      if (!member) return { code: '15', detail: `${destination} is not a member` };
      if (!isOpen(member, now)) return { code: '91', detail: `${destination} is ${member.status}` };
      return ask(link, subjects.ask('resolve', destination), request.data, ResolveReply, 4000);
    },
    (error): ResolveReply => ({ code: toHubError(error).code, detail: toHubError(error).detail }),
  );
}
