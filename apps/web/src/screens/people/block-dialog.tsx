import { answer, api } from '../../api/client';
import { proposalIn } from '../../api/proposal';
import { FormDialog } from '../../parts/form-dialog';
import { ReasonField } from '../../parts/reason-field';
import { useText } from '../../text/use-text';
import { peopleTexts } from './text';

interface BlockDialogProps {
  address: string;
  /** Network that the address cannot write to; null: all networks. */
  network: string | null;
  /** Id of the block that is to end; undefined: a new block. */
  lift?: string;
  changed: (proposal: string | undefined) => Promise<void>;
  close: () => void;
}

/** Blocks an address or lifts a block: an operator for the own network at once, an admin by a proposal. */
export default function BlockDialog({ address, network, lift, changed, close }: BlockDialogProps) {
  const say = useText(peopleTexts);
  const action = lift === undefined ? 'block' : 'unblock';
  const run = async ({ reason }: { reason?: string }) => {
    const done =
      lift === undefined
        ? await answer(api.POST('/v1/blocked', { body: { address, network, reason: reason?.trim() ?? '' } }))
        : await answer(api.DELETE('/v1/blocked/{id}', { params: { path: { id: lift } } }));
    await changed(proposalIn(done));
  };
  return (
    <FormDialog<{ reason?: string }>
      title={say(action)}
      action={say(action)}
      dangerous={action === 'block'}
      run={run}
      close={close}
    >
      <p className="hostile">
        {say(action === 'block' ? 'blockEffect' : 'unblockEffect', {
          address,
          network: network ?? say('everyNetwork'),
        })}
      </p>
      {action === 'block' && <ReasonField />}
    </FormDialog>
  );
}
