import { FormDialog } from './form-dialog';
import { ReasonField } from './reason-field';

interface AskReasonProps {
  open: boolean;
  title: string;
  /** What will happen. */
  effect: string;
  action: string;
  dangerous?: boolean;
  run: (reason: string) => Promise<unknown>;
  close: () => void;
}

/** Confirmation of something that others must be able to understand later: it needs a reason. */
export default function AskReason({ open, effect, run, ...dialog }: AskReasonProps) {
  if (!open) return null;
  return (
    <FormDialog<{ reason: string }> {...dialog} run={({ reason }) => run(reason.trim())}>
      <p>{effect}</p>
      <ReasonField />
    </FormDialog>
  );
}
