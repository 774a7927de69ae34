import { Checkbox, Form, InputNumber, Select } from 'antd';
import { answer, api } from '../../api/client';
import type { Schemas } from '../../api/contract';
import { FormDialog } from '../../parts/form-dialog';
import { ReasonField } from '../../parts/reason-field';
import { useFirst } from '../../parts/use-first';
import { useText } from '../../text/use-text';
import { LADDER_STEPS, LADDER_WORD, type LadderStep } from './ladder';
import { networkTexts } from './text';
import { useClassWord } from '../../parts/terms/traffic';

type Policy = Schemas['StandIn'];
type TrafficClass = NonNullable<Policy['classes']>[number];

const CLASSES = ['message', 'contact', 'sms', 'media', 'group', 'call'] as const satisfies TrafficClass[];
/** Bounds of the API. */
const MOST_HOURS = 48;
const MOST_MESSAGES = 1_000_000;

interface Fields {
  hours: number;
  messages: number;
  classes: TrafficClass[];
  waitsForWindow: boolean;
  ladder: LadderStep[];
  reason: string;
}

interface StandInDialogProps {
  network: string;
  version: { value: Policy; etag: string };
  changed: () => Promise<unknown>;
  close: () => void;
}

export default function StandInDialog({ network, version, changed, close }: StandInDialogProps) {
  const say = useText(networkTexts);
  const classWord = useClassWord();
  const { value: policy, etag } = useFirst(version) ?? version;
  const run = async ({ hours, messages, classes, waitsForWindow, ladder, reason }: Fields) => {
    // All classes are stored as none, so that a class of a later version is stored, too.
    const body = {
      hours,
      messages,
      closedWindow: waitsForWindow ? ('when-window-opens' as const) : ('refuse' as const),
      ladder,
      reason,
      ...(classes.length < CLASSES.length && { classes }),
    };
    const params = { path: { network }, header: { 'If-Match': etag } };
    await answer(api.PUT('/v1/networks/{network}/stand-in', { params, body }));
    await changed();
  };
  return (
    <FormDialog<Fields>
      title={say('changeStandIn')}
      action={say('save')}
      initial={{
        hours: policy.hours,
        messages: policy.messages,
        classes: policy.classes ?? [...CLASSES],
        waitsForWindow: policy.closedWindow === 'when-window-opens',
        ladder: policy.ladder ?? [],
      }}
      run={run}
      close={close}
    >
      <p>{say('standInEffect', { network })}</p>
      <Form.Item
        name="hours"
        label={say('standInHours')}
        extra={say('standInHoursHelp')}
        rules={[{ required: true, message: say('numberMissing') }]}
      >
        <InputNumber min={0} max={MOST_HOURS} precision={0} />
      </Form.Item>
      <Form.Item
        name="messages"
        label={say('standInMessages')}
        rules={[{ required: true, message: say('numberMissing') }]}
      >
        <InputNumber min={0} max={MOST_MESSAGES} precision={0} />
      </Form.Item>
      <Form.Item name="classes" label={say('standInClasses')}>
        <Checkbox.Group options={CLASSES.map((value) => ({ value, label: classWord(value) }))} />
      </Form.Item>
      <Form.Item name="waitsForWindow" label={say('closedWindow')} valuePropName="checked">
        <Checkbox>{say('waitForWindow')}</Checkbox>
      </Form.Item>
      <Form.Item name="ladder" label={say('ladder')} extra={say('ladderHelp')}>
        <Select
          mode="multiple"
          allowClear
          options={LADDER_STEPS.map((value) => ({ value, label: say(LADDER_WORD[value]) }))}
        />
      </Form.Item>
      <ReasonField />
    </FormDialog>
  );
}
