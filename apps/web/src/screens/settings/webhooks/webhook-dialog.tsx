import { Checkbox, Form, Input, Switch } from 'antd';
import { answer, api } from '../../../api/client';
import { FormDialog } from '../../../parts/form-dialog';
import { ReasonField } from '../../../parts/reason-field';
import { useText } from '../../../text/use-text';
import type { EventKind, Webhook } from './queries';
import { eventKindTexts, webhookTexts } from './text';

interface Fields {
  url: string;
  kinds: EventKind[];
  note?: string;
  enabled?: boolean;
  reason: string;
}

interface WebhookDialogProps {
  /** undefined: a new one. */
  webhook: Webhook | undefined;
  close: () => void;
  /** Called with the secret of a new one, which no later request shows. */
  done: (secret: string | undefined) => Promise<void>;
}

const KINDS = Object.keys(eventKindTexts).filter((kind) => kind !== 'webhook.test') as EventKind[];

export default function WebhookDialog({ webhook, close, done }: WebhookDialogProps) {
  const say = useText(webhookTexts);
  const run = async ({ url, kinds, note = '', enabled = true, reason }: Fields) => {
    const terms = { url, kinds, note, reason };
    if (!webhook) return done((await answer(api.POST('/v1/webhooks', { body: terms }))).secret);
    const params = { path: { id: webhook.id } };
    await answer(api.PUT('/v1/webhooks/{id}', { params, body: { ...terms, enabled } }));
    return done(undefined);
  };
  const title = say(webhook ? 'change' : 'add');
  return (
    <FormDialog<Fields>
      title={title}
      action={title}
      initial={webhook ?? { kinds: [] }}
      run={run}
      close={close}
    >
      <Form.Item
        name="url"
        label={say('url')}
        extra={say('urlHelp')}
        rules={[{ required: true, whitespace: true, message: say('needed') }]}
      >
        <Input
          maxLength={500}
          inputMode="url"
          autoComplete="off"
          placeholder="https://noc.example.cn/hutong-events"
        />
      </Form.Item>
      <Form.Item
        name="kinds"
        label={say('kinds')}
        rules={[{ type: 'array', min: 1, message: say('kindsNeeded') }]}
      >
        <Checkbox.Group options={KINDS.map((kind) => ({ value: kind, label: say(kind) }))} />
      </Form.Item>
      <Form.Item name="note" label={say('note')}>
        <Input maxLength={200} />
      </Form.Item>
      {webhook && (
        <Form.Item name="enabled" label={say('enabled')} valuePropName="checked">
          <Switch />
        </Form.Item>
      )}
      <ReasonField />
    </FormDialog>
  );
}
