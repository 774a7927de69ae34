import type { Proposal } from '../../../api/exchange';
import { ProposalDialog } from './proposal-dialog';

/** A proposal without fields: the end of an agreement, the removal of a route. */
export default function Removal({
  title,
  proposal,
  close,
}: {
  title: string;
  proposal: Proposal;
  close: () => void;
}) {
  return (
    <ProposalDialog
      title={title}
      initial={{}}
      toProposal={() => proposal}
      placeOf={() => undefined}
      close={close}
    />
  );
}
