import { useQuery } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { useId } from 'react';
import { answer, api } from '../../api/client';
import { networksQuery } from '../../api/lists';
import { proposalIn } from '../../api/proposal';
import { FormDialog } from '../../parts/form-dialog';
import { ReasonField } from '../../parts/reason-field';
import { useText } from '../../text/use-text';
import { NumberItem } from './number-item';
import { subjectOf } from './subject';
import { peopleTexts } from './text';

interface Fields {
  number: string;
  /** Network, or address in it. */
  to: string;
  reason: string;
}

interface PortDialogProps {
  proposed: (change: string | undefined) => void;
  close: () => void;
}

/** Proposes that a number leads to another network, or to one address in it. */
export default function PortDialog({ proposed, close }: PortDialogProps) {
  const say = useText(peopleTexts);
  const networks = useQuery(networksQuery).data?.rows ?? [];
  const list = useId();
  const run = async ({ number, to, reason }: Fields) => {
    const address = subjectOf(to);
    const terms = {
      number: subjectOf(number) ?? number,
      ...(address === undefined ? { network: to.trim() } : { address }),
    };
    proposed(proposalIn(await answer(api.POST('/v1/routes/ported', { body: { terms, reason } }))));
  };
  return (
    <FormDialog<Fields> title={say('port')} action={say('port')} run={run} close={close}>
      <p>{say('portEffect')}</p>
      <NumberItem />
      <Form.Item
        name="to"
        label={say('portTo')}
        extra={say('portToHelp')}
        rules={[{ required: true, whitespace: true, message: say('portToMissing') }]}
      >
        <Input list={list} maxLength={1000} />
      </Form.Item>
      <datalist id={list}>
        {networks.map(({ network, name }) => (
          <option key={network} value={network}>
            {name}
          </option>
        ))}
      </datalist>
      <ReasonField />
    </FormDialog>
  );
}
