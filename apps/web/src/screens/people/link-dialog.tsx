import { answer, api } from '../../api/client';
import { proposalIn } from '../../api/proposal';
import { FormDialog } from '../../parts/form-dialog';
import { useText } from '../../text/use-text';
import type { LinkAction } from './number-panel';
import { peopleTexts } from './text';

interface LinkDialogProps {
  action: LinkAction;
  number: string;
  address: string;
  changed: (proposal: string | undefined) => Promise<void>;
  close: () => void;
}

const EFFECTS = {
  hide: 'hideEffect',
  unhide: 'unhideEffect',
  removeLink: 'removeLinkEffect',
} as const satisfies Record<LinkAction, keyof typeof peopleTexts>;

function carryOut(action: LinkAction, number: string, address: string): Promise<unknown> {
  const path = '/v1/subscribers/links';
  return action === 'removeLink'
    ? answer(api.DELETE(path, { params: { query: { number, address } } }))
    : answer(api.PATCH(path, { body: { number, address, findable: action === 'unhide' } }));
}

/** Confirmation of a change of a link. An operator's takes effect at once, an admin's is proposed. */
export default function LinkDialog({ action, number, address, changed, close }: LinkDialogProps) {
  const say = useText(peopleTexts);
  return (
    <FormDialog
      title={say(action)}
      action={say(action)}
      dangerous={action === 'removeLink'}
      run={async () => changed(proposalIn(await carryOut(action, number, address)))}
      close={close}
    >
      <p className="hostile">{say(EFFECTS[action], { number, address })}</p>
    </FormDialog>
  );
}
