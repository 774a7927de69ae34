import { Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { FormDialog } from '../../parts/form-dialog';
import { useText } from '../../text/use-text';
import { NumberItem } from './number-item';
import { subjectOf } from './subject';
import { peopleTexts } from './text';

interface NewLinkDialogProps {
  address: string;
  changed: (proposal: string | undefined) => Promise<void>;
  close: () => void;
}

interface Codes {
  numberCode: string;
  addressCode: string;
}

/** The second step: the codes that the subscriber got at both ends. */
function CodesDialog({
  challenge,
  changed,
  close,
}: { challenge: string } & Omit<NewLinkDialogProps, 'address'>) {
  const say = useText(peopleTexts);
  const run = async (body: Codes) => {
    const path = { id: challenge };
    await answer(api.POST('/v1/subscribers/links/{id}/confirm', { params: { path }, body }));
    await changed(undefined);
  };
  return (
    <FormDialog<Codes> title={say('codes')} action={say('confirm')} run={run} close={close}>
      <p>{say('codesEffect')}</p>
      {(['numberCode', 'addressCode'] as const).map((name) => (
        <Form.Item
          key={name}
          name={name}
          label={say(name)}
          rules={[{ required: true, pattern: /^\d{6}$/, message: say('sixDigits') }]}
        >
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
        </Form.Item>
      ))}
    </FormDialog>
  );
}

/** Links a number with an address: the hub sends a code to each, and the subscriber gives both back. */
export default function NewLinkDialog({ address, changed, close }: NewLinkDialogProps) {
  const say = useText(peopleTexts);
  const [challenge, setChallenge] = useState<string>();
  if (challenge) return <CodesDialog challenge={challenge} changed={changed} close={close} />;
  const run = async ({ number, preferred = false }: { number: string; preferred?: boolean }) => {
    const body = { number: subjectOf(number) ?? number, address, preferred, findable: true };
    const { id } = await answer(api.POST('/v1/subscribers/links', { body }));
    // The dialog for the codes takes the place of this one.
    setChallenge(id);
    return 'keep-open';
  };
  return (
    <FormDialog<{ number: string; preferred?: boolean }>
      title={say('addLink')}
      action={say('addLink')}
      run={run}
      close={close}
    >
      <p className="hostile">{say('addLinkEffect', { address })}</p>
      <NumberItem />
      <Form.Item name="preferred" valuePropName="checked">
        <Checkbox>{say('makePreferred')}</Checkbox>
      </Form.Item>
    </FormDialog>
  );
}
