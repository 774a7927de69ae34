/** Whether several processes of an adapter may share the partitions of its network. */
import { factsOf } from '#bus';
import { consumers, MEMBER_API, STREAMS, type Network } from '#protocol';
import { StartRefused } from '#service';

/**
 * @param creds of the bus, if the adapter has any
 * @throws StartRefused when the adapter cannot share, or its credentials do not permit to read the consumers of the partitions
 */
export function checkSharing(
  { network, sharesPartitions }: { network: Network; sharesPartitions?: true },
  creds: string | undefined,
): void {
  if (!sharesPartitions)
    throw new StartRefused(
      `ADAPTER_PROCESSES=several, but one process of the ${network} adapter works at a time (its page says why). Leave the setting out: further processes then wait, and one of them continues when the first one ends`,
    );
  const next = `${MEMBER_API}.CONSUMER.MSG.NEXT.${STREAMS.out}`;
  const single = `${next}.${consumers.adapter(network)}`;
  if (creds !== undefined && factsOf(creds).publishes.includes(single))
    throw new StartRefused(
      `the bus credentials of ${network} were issued before processes could share partitions, and do not permit it. Issue new ones at the console (POST /v1/networks/${network}/credentials)`,
    );
}
