import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Radio } from 'antd';
import { answer, api, versioned } from '../../api/client';
import { proposalIn } from '../../api/proposal';
import { FormDialog } from '../../parts/form-dialog';
import { Loaded } from '../../parts/screen';
import { useFirst } from '../../parts/use-first';
import { useText } from '../../text/use-text';
import { linesOf, MOST_LISTED } from './lines';
import { peopleTexts } from './text';

const PATH = '/v1/subscribers/consent';
const REACHES = ['all', 'contacts', 'nobody'] as const;

interface Consent {
  reach: (typeof REACHES)[number];
  contacts: string[];
  blocked: string[];
}

interface ConsentDialogProps {
  address: string;
  mayChange: boolean;
  changed: (proposal: string | undefined) => Promise<void>;
  close: () => void;
}

function ListItem({ name, label }: { name: 'contacts' | 'blocked'; label: string }) {
  const say = useText(peopleTexts);
  const few = (_: unknown, text: string) =>
    linesOf(text).length > MOST_LISTED
      ? Promise.reject(new Error(say('tooMany', { most: MOST_LISTED })))
      : Promise.resolve();
  return (
    <Form.Item name={name} label={label} rules={[{ validator: few }]}>
      <Input.TextArea rows={4} className="code" />
    </Form.Item>
  );
}

interface EditorProps extends Omit<ConsentDialogProps, 'mayChange'> {
  consent: Consent;
  etag: string;
}

function Editor({ address, consent, etag, changed, close }: EditorProps) {
  const say = useText(peopleTexts);
  const run = async (fields: { reach: Consent['reach']; contacts: string; blocked: string }) => {
    const body = {
      address,
      reach: fields.reach,
      contacts: linesOf(fields.contacts),
      blocked: linesOf(fields.blocked),
    };
    const done = await answer(api.PUT(PATH, { params: { header: { 'If-Match': etag } }, body }));
    await changed(proposalIn(done));
  };
  return (
    <FormDialog
      title={say('consentTitle', { address })}
      action={say('save')}
      initial={{
        reach: consent.reach,
        contacts: consent.contacts.join('\n'),
        blocked: consent.blocked.join('\n'),
      }}
      run={run}
      close={close}
    >
      <p>{say('consentEffect')}</p>
      <Form.Item name="reach" label={say('reach')}>
        <Radio.Group options={REACHES.map((value) => ({ value, label: say(value) }))} />
      </Form.Item>
      <ListItem name="contacts" label={say('contactList')} />
      <ListItem name="blocked" label={say('blockedList')} />
    </FormDialog>
  );
}

function Shown({ consent: { reach, contacts, blocked } }: { consent: Consent }) {
  const say = useText(peopleTexts);
  return (
    <>
      <p>
        {say('reach')}: {say(reach)}
      </p>
      <p>{say('contactCount', { count: contacts.length })}</p>
      <pre className="hostile">{contacts.join('\n')}</pre>
      <p>{say('blockedCount', { count: blocked.length })}</p>
      <pre className="hostile">{blocked.join('\n')}</pre>
    </>
  );
}

export default function ConsentDialog({ address, mayChange, changed, close }: ConsentDialogProps) {
  const say = useText(peopleTexts);
  const query = useQuery({
    queryKey: ['consent', address],
    queryFn: () => versioned(api.GET(PATH, { params: { query: { address } } })),
    staleTime: 0,
  });
  const opened = useFirst(query.isFetching ? undefined : query.data);
  if (mayChange && opened)
    return (
      <Editor address={address} consent={opened.value} etag={opened.etag} changed={changed} close={close} />
    );
  return (
    <Modal
      open
      title={say('consentTitle', { address })}
      onCancel={close}
      footer={<Button onClick={close}>{say('close')}</Button>}
    >
      <Loaded query={query}>{({ value }) => <Shown consent={value} />}</Loaded>
    </Modal>
  );
}
