import { Form, Input } from 'antd';
import { answer, api } from '../../api/client';
import { instantOf } from '../../format/zoned';
import { FormDialog } from '../../parts/form-dialog';
import { ReasonField } from '../../parts/reason-field';
import { usePreferences } from '../../text/preferences';
import { useText } from '../../text/use-text';
import { networkTexts } from './text';

interface Fields {
  /** `2026-12-31` */
  day: string;
  notice?: string;
  reason: string;
}

interface LeaveDialogProps {
  network: string;
  /** true: the operator announces the departure; false: an admin proposes one, also within the notice period. */
  isOwn: boolean;
  left: (done: unknown) => Promise<void>;
  close: () => void;
}

export default function LeaveDialog({ network, isOwn, left, close }: LeaveDialogProps) {
  const say = useText(networkTexts);
  const { timeZone } = usePreferences();
  const run = async ({ day, notice, reason }: Fields) => {
    const at = instantOf(`${day}T00:00`, timeZone);
    const params = { path: { network } };
    const done = isOwn
      ? await answer(
          api.POST('/v1/networks/{network}/leave', {
            params,
            body: { at, reason, ...(notice?.trim() && { notice: notice.trim() }) },
          }),
        )
      : await answer(api.POST('/v1/networks/{network}/leave/propose', { params, body: { at, reason } }));
    await left(done);
  };
  return (
    <FormDialog<Fields>
      title={say(isOwn ? 'leave' : 'proposeLeave')}
      action={say(isOwn ? 'leave' : 'proposeLeave')}
      dangerous
      run={run}
      close={close}
    >
      <p>{say(isOwn ? 'leaveEffect' : 'proposeLeaveEffect', { network })}</p>
      <Form.Item
        name="day"
        label={say('leaveDay')}
        extra={say('leaveDayHelp', { zone: timeZone })}
        rules={[{ required: true, message: say('leaveDayMissing') }]}
      >
        <Input type="date" />
      </Form.Item>
      {isOwn && (
        <Form.Item name="notice" label={say('leaveNotice')} extra={say('leaveNoticeHelp')}>
          <Input.TextArea rows={3} maxLength={1000} />
        </Form.Item>
      )}
      <ReasonField />
    </FormDialog>
  );
}
