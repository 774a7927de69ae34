import { FormDialog, ReasonItem } from './form-dialog';

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
export default function AskReason({ run, ...dialog }: AskReasonProps) {
  return (
    <FormDialog<{ reason: string }> {...dialog} run={({ reason }) => run(reason.trim())}>
      <ReasonItem />
    </FormDialog>
  );
}
