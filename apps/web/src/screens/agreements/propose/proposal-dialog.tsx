import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Alert, Button, Form, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { preview, propose, type Preview, type Proposal } from '../../../api/exchange';
import { Effect } from '../../../parts/effect/effect';
import { inBackground } from '../../../parts/in-background';
import { ProblemAlert } from '../../../parts/problem-alert';
import { ReasonField } from '../../../parts/reason-field';
import { useText } from '../../../text/use-text';
import { placedFaults, type FieldPath } from './faults';
import { proposeTexts } from './text';

interface ProposalDialogProps<Fields extends object> {
  title: string;
  initial: Partial<Fields>;
  /** A text says why the fields make no proposal. */
  toProposal: (fields: Fields) => Proposal | { fault: string };
  /** The form field of a field of the terms. */
  placeOf: (field: string, proposal: Proposal) => FieldPath | undefined;
  close: () => void;
  children?: ReactNode;
}

type Stage =
  | { at: 'editing' }
  | { at: 'busy' }
  | { at: 'refused'; error: unknown }
  | { at: 'faulty'; fault: string }
  | { at: 'previewed'; effect: Preview; proposal: Proposal };

/**
 * A form for a proposal. The API checks the terms when the effect is previewed, with the rules of the proposal; its faults stand at
 * their fields. What was previewed is what is proposed: a change of a field needs another preview.
 */
export function ProposalDialog<Fields extends object>(props: ProposalDialogProps<Fields>) {
  const say = useText(proposeTexts);
  const [form] = Form.useForm();
  const [stage, setStage] = useState<Stage>({ at: 'editing' });
  const queries = useQueryClient();
  const navigate = useNavigate();

  const refuse = (error: unknown, proposal: Proposal) => {
    const { placed, all } = placedFaults(error, (field) =>
      field === 'reason' ? ['reason'] : props.placeOf(field, proposal),
    );
    form.setFields(placed);
    setStage(all ? { at: 'editing' } : { at: 'refused', error });
  };
  const look = async (fields: Fields) => {
    const proposal = props.toProposal(fields);
    if ('fault' in proposal) return setStage({ at: 'faulty', fault: proposal.fault });
    setStage({ at: 'busy' });
    // Faults of the preview before.
    form.setFields(form.getFieldsError().map(({ name }) => ({ name, errors: [] })));
    try {
      setStage({ at: 'previewed', effect: await preview(proposal), proposal });
    } catch (error) {
      refuse(error, proposal);
    }
  };
  const send = async (proposal: Proposal) => {
    setStage({ at: 'busy' });
    try {
      const { id } = await propose(proposal, String(form.getFieldValue('reason')).trim());
      await queries.invalidateQueries({ queryKey: ['changes'] });
      await navigate({ to: '/changes', search: { filter: id } });
    } catch (error) {
      refuse(error, proposal);
    }
  };
  const previewed = stage.at === 'previewed' ? stage : undefined;
  return (
    <Modal
      open
      width={760}
      title={props.title}
      onCancel={props.close}
      footer={[
        <Button key="cancel" onClick={props.close}>
          {say('cancel')}
        </Button>,
        <Button
          key="preview"
          type={previewed ? 'default' : 'primary'}
          loading={stage.at === 'busy'}
          onClick={() => form.submit()}
        >
          {say('preview')}
        </Button>,
        previewed && (
          <Button key="propose" type="primary" onClick={() => inBackground(send(previewed.proposal))}>
            {say('propose')}
          </Button>
        ),
      ]}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={props.initial}
        onFinish={(fields: Fields) => inBackground(look(fields))}
        onValuesChange={() => setStage({ at: 'editing' })}
      >
        <p className="quiet">{say('follows')}</p>
        {props.children}
        <ReasonField />
      </Form>
      {stage.at === 'faulty' && <Alert type="warning" showIcon title={stage.fault} />}
      {stage.at === 'refused' && <ProblemAlert error={stage.error} />}
      {previewed && <Effect preview={previewed.effect} />}
    </Modal>
  );
}
